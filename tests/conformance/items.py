"""Things to post: packages with invented chunks, receipts, prekeys, trust lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import AgencyId
from gateway.carriers.port import Arrival, Carrier, Chunks, Outgoing, Purpose, Unreadable

CIVIL_AFFAIRS = AgencyId("522722", "civil-affairs")
EDUCATION = AgencyId("522722", "education")
HOUSING = AgencyId("522722", "housing")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def package(title: str, chunks: Chunks | int = 2, *, to: AgencyId = EDUCATION, sender: AgencyId = CIVIL_AFFAIRS) -> Outgoing:
    """A package called by a title; so many chunks are made up for it."""
    made = [f"{title} chunk {index}".encode() * 50 for index in range(chunks)] if isinstance(chunks, int) else chunks
    return Outgoing("package", digest(title), sender, to, f"manifest of {title}".encode(), made, "assistance-persons")


def letter(purpose: Purpose, title: str, *, to: AgencyId | None = EDUCATION, sender: AgencyId = CIVIL_AFFAIRS) -> Outgoing:
    return Outgoing(purpose, digest(title), sender, to, f"{purpose} {title}".encode())


@dataclass(frozen=True, slots=True)
class Made:
    """Chunks that are made when they are asked for, so that no test holds them either."""

    count: int
    size: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int, /) -> bytes:
        return index.to_bytes(4, "big") * (self.size // 4)


def records(item: Outgoing) -> list[tuple[str, int | None, bytes]]:
    """What must arrive of an item."""
    if item.purpose != "package":
        return [(item.purpose, None, item.body)]
    return [("manifest", None, item.body), *(("chunk", index, item.chunks[index]) for index in range(len(item.chunks)))]


def arrived(found: Iterable[Arrival | Unreadable]) -> list[tuple[str, int | None, bytes]]:
    """What did arrive.

    Raises:
        AssertionError: something was unreadable.
    """
    plain: list[tuple[str, int | None, bytes]] = []
    for record in found:
        assert isinstance(record, Arrival), record
        plain.append((record.kind, record.index, record.data))
    return plain


def drain(carrier: Carrier, after: bytes | None = None) -> tuple[list[Arrival], list[Unreadable], bytes | None]:
    """All of a poll, apart, and the position at its end."""
    good: list[Arrival] = []
    bad: list[Unreadable] = []
    position = after
    for record in carrier.poll(after):
        position = record.position
        if isinstance(record, Arrival):
            good.append(record)
        else:
            bad.append(record)
    return good, bad, position
