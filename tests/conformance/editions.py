"""Editions for sinks: a small view, frames of it, and receipts that no two makings repeat."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from consumers.sink import EditionFacts, Kind, LoadCounts, Sink
from contracts.ids import AgencyId, Period

CIVIL_AFFAIRS = AgencyId("522722", "civil-affairs")
EDUCATION = AgencyId("522722", "education")
HOUSING = AgencyId("522722", "housing")
VIEW: dict[str, pl.DataType] = {"id_number": pl.String(), "category": pl.String(), "name": pl.String(), "amount": pl.Int64()}
KEY = ("id_number", "category")

Row = tuple[str | None, str | None, str | None, int | None]


def facts(manifest: int, period: str, *, revision: int = 1, kind: Kind = "snapshot", edition: str | None = None,
          feed: str = "assistance-persons", sender: AgencyId = CIVIL_AFFAIRS, recipient: AgencyId = EDUCATION,
          view: dict[str, pl.DataType] | None = None, key: tuple[str, ...] = KEY) -> EditionFacts:
    """An edition called by a number; its id is that of its feed and month unless another is given."""
    return EditionFacts(f"{manifest:064x}", edition or f"{feed}-{period}", revision, feed, Period.parse(period), sender, recipient, kind,
                        "person", key, VIEW if view is None else view, {"name": "姓名"}, frozenset({"amount"}))


def person(number: int, *, name: str | None = "张三", amount: int | None = 73500, category: str = "DIBAO_RURAL") -> Row:
    """An invented person. The ID number is nobody's, for it has no date in it, but eighteen digits that a spreadsheet would spoil."""
    return f"522722{number:08d}9001", category, name, amount


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=VIEW, orient="row")


def keys(rows: Sequence[Row]) -> pl.DataFrame:
    return frame(rows).select(KEY)


@dataclass(slots=True)
class Loader:
    """Loads into a sink and counts what it was asked for. Each receipt that is made says how many were made before it."""

    sink: Sink
    made: Iterator[int] = field(default_factory=itertools.count)
    asked: list[LoadCounts] = field(default_factory=list)
    read: int = 0

    def load(self, edition: EditionFacts, rows: Sequence[Row], unconfirmed: Sequence[Row] = (), *, batch: int = 2) -> bytes:
        return self.sink.load(edition, self._batches(frame(rows), batch), lambda: [keys(unconfirmed)], self._receipt)

    def _batches(self, rows: pl.DataFrame, batch: int) -> Iterable[pl.DataFrame]:
        for part in rows.iter_slices(batch):
            self.read += 1
            yield part

    def _receipt(self, counts: LoadCounts) -> bytes:
        self.asked.append(counts)
        return f"receipt {next(self.made)}: {counts}".encode()
