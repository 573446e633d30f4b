"""What a folder sink writes down about an edition, beside its rows: `edition.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from consumers.sinks.port import EditionFacts, LoadCounts
from consumers.sinks.rivals import Standing
from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period

FILE = "edition.json"
RECEIPT = "receipt.dsse.json"
ROWS = "rows.parquet"


@dataclass(frozen=True, slots=True)
class Record:
    """One loaded edition.

    Attributes:
        number: order of loading, from 1.
        replaced: manifests whose rows this one took the place of.
        titles, money: how to show it to people, as in `EditionFacts`.
    """

    manifest: str
    edition: str
    revision: int
    feed: str
    period: str
    sender: str
    recipient: str
    kind: str
    grain: str
    number: int
    superseded: bool
    rows: int
    unconfirmed: int
    replaced: tuple[str, ...]
    titles: Mapping[str, str]
    money: tuple[str, ...]

    @classmethod
    def of(cls, facts: EditionFacts, counts: LoadCounts, replaced: frozenset[str], number: int) -> Self:
        return cls(facts.manifest, facts.edition, facts.revision, facts.feed, str(facts.period), str(facts.sender), str(facts.recipient),
                   facts.kind, facts.grain, number, counts.superseded, counts.rows, counts.unconfirmed, tuple(sorted(replaced)),
                   dict(facts.titles), tuple(sorted(facts.money)))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The record of an edition's folder.

        Raises:
            ExchangeError: E-SINK-DAMAGED, there is none, or it is not what we wrote.
        """
        try:
            table = json.loads((folder / FILE).read_text("utf-8"))
            record = cls(**{**table, "replaced": tuple(table["replaced"]), "money": tuple(table["money"])})
            Period.parse(record.period)
            AgencyId.parse(record.sender)
            AgencyId.parse(record.recipient)
            if record.manifest != folder.name:
                raise ValueError("another edition's record")
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, ExchangeError) as error:
            raise ExchangeError("E-SINK-DAMAGED", place=f"{folder.parent.name}/{folder.name}", why=type(error).__name__) from None
        return record

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    @property
    def shows_rows(self) -> bool:
        return self.kind != "withdrawn" and not self.superseded

    @property
    def place(self) -> Standing:
        return Standing(self.manifest, self.edition, self.revision, self.period, self.kind)
