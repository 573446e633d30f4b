"""The port every carrier implements: post, poll, probe. Synchronous, with deadlines (design §7).

A carrier moves bytes. It neither reads nor judges them, and what it says about them (sender, package, index) is a claim until
the signatures have been checked. What it promises, and what the conformance suite holds it to:

1. An item that `post` reports as posted survives a crash of either side, and arrives in every poll that starts before it.
2. Items of one sender to one recipient arrive in the order they were posted; a manifest before the chunks of its package.
3. Nothing half-written ever arrives. A package may arrive without some of its chunks, since others have write access to most
   carriers too: whoever counts them against the manifest notices.
4. Posting the same item again is harmless. Arrivals may repeat; never is one skipped.
5. No more than one record (at most 4 MiB) is held in memory, however large the package.
6. Whatever else lies on the carrier ends a poll for nobody and holds nothing else back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from contracts.errors import ExchangeError
from contracts.ids import AgencyId

Purpose = Literal["package", "receipt", "prekeys", "trust"]
RecordKind = Literal["manifest", "chunk", "receipt", "prekeys", "trust"]

CHUNK_LIMIT = 900_000
"""Bytes of a chunk on any carrier (design §6): what every Kafka client and broker lets through as shipped."""
RECORD_LIMIT = 4 * 1024 * 1024
"""Bytes of the largest record that is read at all; what is larger than its own kind allows is for the parser to refuse."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Chunks(Protocol):
    """The chunks of a package by index, read when asked for. A list of bytes is one; so is a spooled package."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to hand over.

    Attributes:
        purpose: `package` (manifest and chunks of one edition), `receipt`, `prekeys` or `trust`.
        name: 64 lower-case hex digits that tell it from all others: the digest of what is signed in `body`.
        sender: this home's agency.
        recipient: the one agency it is for; None is everyone in the county (prekeys and trust lists).
        body: the signed envelope: of the manifest, the receipt, the prekeys or the trust list.
        chunks: of a package, in order; empty otherwise (and for an edition that is withdrawn).
        feed: routes packages and receipts on carriers that have a channel per feed.

    Raises:
        ValueError: a name that is no digest, or a package for everyone. A programming error.
    """

    purpose: Purpose
    name: str
    sender: AgencyId
    recipient: AgencyId | None
    body: bytes
    chunks: Chunks = ()
    feed: str | None = None

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.name):
            raise ValueError(f"no digest: {self.name!r}")
        if self.recipient is None and self.purpose in {"package", "receipt"}:
            raise ValueError(f"a {self.purpose} is for one agency")


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one item.

    Attributes:
        outcome: `posted` now, `present` already (from before a crash, or sent again), or `failed`.
        error: why it failed; the item is to be posted again later.
    """

    name: str
    outcome: Literal["posted", "present", "failed"]
    error: ExchangeError | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record. Everything but `data` and `position` is claimed by whoever could write to the carrier.

    Attributes:
        kind: `manifest` and `chunk` make a package together; the others stand alone.
        data: at most RECORD_LIMIT bytes.
        sender: whose channel it came by.
        delivery: the same for a manifest and the chunks that came with it, another for anything else. Spool by it: a chunk
            of a forged package must never take the place of a good one.
        index: of a chunk, from 0.
        proof: of a chunk, its inclusion path, where the carrier carries one.
        position: commit it with the arrival; `poll(position)` goes on behind it. Inside a package it may lead back to the
            package's manifest.
        place: where it lay, for messages to people.
    """

    kind: RecordKind
    data: bytes
    sender: AgencyId
    delivery: str
    position: bytes
    place: str
    index: int | None = None
    proof: bytes | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something for this home that could not be read. Report it; nothing is held back by it.

    Attributes:
        error: E-CARRIER-LARGE, -SHAPE, -LINK; or, tried again at every poll, E-CARRIER-PARTIAL and E-CARRIER-REACH.
    """

    error: ExchangeError
    place: str
    position: bytes


@dataclass(frozen=True, slots=True)
class Health:
    """What a probe found.

    Attributes:
        place: the carrier, for messages.
        waiting: packages and receipts that lie there for this home, read or not.
        foreign: things that are not of the exchange and are passed over.
    """

    place: str
    waiting: int
    foreign: int


class Carrier(Protocol):
    """A way for sealed things to reach other homes. One home uses it at a time: the home's lock sees to it."""

    def post(self, items: Sequence[Outgoing], *, timeout: float = 300.0) -> list[Posted]:
        """Hand over each item whole or not at all, in order, and say what became of each. Raises nothing for one bad item.

        Args:
            timeout: seconds for all of them; what was not begun by then fails with E-CARRIER-TIMEOUT.

        Raises:
            ExchangeError: E-CARRIER-REACH, nothing could be handed over at all.
        """
        ...

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:
        """What is there for this home behind a position, oldest first, record by record; ends when there is no more.

        Args:
            after: a position of an earlier poll of this carrier; None, or one that makes no sense any more, starts from the
                beginning. Repeats are harmless, so in doubt it starts earlier.
            timeout: seconds that the carrier may take in all, not counting what is done with the records.

        Raises:
            ExchangeError: E-CARRIER-REACH, E-CARRIER-TIMEOUT; what came before counts.
        """
        ...

    def probe(self, *, timeout: float = 10.0) -> Health:
        """Whether it can be read and written now.

        Raises:
            ExchangeError: E-CARRIER-REACH or E-CARRIER-FULL, with the reason.
        """
        ...

    def close(self) -> None: ...
