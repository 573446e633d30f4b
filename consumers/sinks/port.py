"""The port of a partner's own tables: where the rows of collected editions go.

The commit point of collecting is in the sink (design §4): rows and the signed receipt become visible together or not at all,
so that after a crash the home reads from the sink what has happened. A sink belongs to one recipient agency.

Meaning of a load, by kind of edition:

* `snapshot`: its rows are the feed's rows of that month, in place of whatever the sink held for that month; other months stay.
  Rows of the nearest earlier month whose keys the sender could not confirm are taken over, marked `_unconfirmed`.
* `increment`, `event`: its rows are added; a later revision takes the place of its own earlier one.
* `withdrawn`: the rows of its edition go away; its receipt stays.

An edition that arrives after a later revision of itself leaves the rows alone (`superseded`), but is receipted. The current
view of a feed is the latest month held, whatever order the months came in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self

import polars as pl

from contracts.ids import AgencyId, Period

Kind = Literal["snapshot", "increment", "event", "withdrawn"]

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FEED = re.compile(r"[a-z][a-z0-9-]{0,50}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,61}")


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What a sink must know of the edition it loads, all of it from the verified manifest and the pinned view.

    Attributes:
        manifest: SHA-256 of the manifest's payload, 64 lower-case hex digits; names this revision.
        edition: id shared by all revisions of one edition.
        revision: from 1.
        schema: the view's fields in order, without columns of the sink's own (those begin with an underscore).
        key: fields that tell one row's subject from another's; `unconfirmed` frames have just these.
        titles: heading per field, in formats made for people.
        money: fields in 分 that those formats show in yuan.

    Raises:
        ValueError: a digest, feed or field that cannot be one. A programming error: verified input never has them.
    """

    manifest: str
    edition: str
    revision: int
    feed: str
    period: Period
    sender: AgencyId
    recipient: AgencyId
    kind: Kind
    grain: str
    key: tuple[str, ...]
    schema: Mapping[str, pl.DataType]
    titles: Mapping[str, str] = field(default_factory=dict)
    money: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.manifest) or not _FEED.fullmatch(self.feed) or self.revision < 1:
            raise ValueError(f"no edition: {self.manifest!r} of {self.feed!r}")
        if bad := [name for name in self.schema if not _FIELD.fullmatch(name)]:
            raise ValueError(f"no field names: {bad}")
        if stray := set(self.key) - set(self.schema):
            raise ValueError(f"keys outside the view: {sorted(stray)}")


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a load did, for the receipt. Counts only, no persons.

    Attributes:
        rows: rows of the edition itself.
        unconfirmed: rows taken over from the nearest earlier month.
        unmatched: unconfirmed keys of which the sink had no such row.
        superseded: a later revision was already there; the rows were read and counted and not kept.
    """

    rows: int
    unconfirmed: int = 0
    unmatched: int = 0
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as the sink keeps it, for a home that catches up after a crash."""

    manifest: str
    edition: str
    revision: int
    feed: str
    period: Period
    receipt: bytes


Batches = Iterable[pl.DataFrame]
Unconfirmed = Callable[[], Iterable[pl.DataFrame]]
MakeReceipt = Callable[[LoadCounts], bytes]


class Sink(Protocol):
    """A partner's tables. One writer at a time: the home's lock sees to it."""

    def find(self, manifest: str) -> bytes | None:
        """The stored receipt of this manifest digest, byte for byte, or None when it was never loaded."""
        ...

    def load(self, facts: EditionFacts, batches: Batches, unconfirmed: Unconfirmed, make_receipt: MakeReceipt) -> bytes:
        """Load one edition, all or nothing, and answer its receipt.

        Loading a manifest that is already there touches nothing, reads no batch and answers the stored receipt.

        Args:
            batches: frames with exactly the columns of `facts.schema`, read once, one at a time. What they raise passes
                through and leaves the sink as it was.
            unconfirmed: asked once, after the last batch; frames with exactly the columns `facts.key`. Looked at for snapshots.
            make_receipt: called once, last, with what was done; its bytes are stored with the rows. To refill another sink,
                return the receipt that exists.

        Raises:
            ExchangeError: E-SINK-FULL, E-SINK-BUSY, E-SINK-STORE, E-SINK-OPEN, E-SINK-OWNER, E-SINK-TABLE, E-SINK-REVISION,
                E-SINK-ROWS; nothing was kept.
        """
        ...

    def receipts(self) -> Iterator[StoredReceipt]:
        """All receipts, in the order of their loading as far as the sink knows it."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
