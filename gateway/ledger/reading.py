"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, literal, or_, select

from contracts.errors import ExchangeError
from gateway.ledger.tables import entry, node

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its index from 0 and its body (docs/spec/audit-events.md)."""

    index: int
    body: bytes


def size(connection: Connection) -> int:
    """Number of entries."""
    return int(connection.scalar(select(func.coalesce(func.max(entry.c.i) + 1, 0))) or 0)


def entries(connection: Connection, first: int = 0, end: int | None = None) -> Iterator[Entry]:
    """Entries `first` up to but not including `end`, in order, a batch at a time."""
    while True:
        stop = first + _BATCH if end is None else min(end, first + _BATCH)
        rows = connection.execute(select(entry.c.i, entry.c.body).where(entry.c.i >= first, entry.c.i < stop).order_by(entry.c.i)).all()
        yield from (Entry(row.i, bytes(row.body)) for row in rows)
        if not rows or stop == end:
            return
        first = stop


def naming(connection: Connection, texts: Iterable[str]) -> list[Entry]:
    """The entries whose body contains any of `texts`, digests for instance, ascending. Reads the whole table: 1 s a million."""
    wanted = [text.encode() for text in texts]
    if not wanted:
        return []
    inside = func.instr if connection.dialect.name == "sqlite" else func.strpos
    column = entry.c.body if connection.dialect.name == "sqlite" else func.encode(entry.c.body, "escape")
    needles = [literal(each) if connection.dialect.name == "sqlite" else literal(each.decode()) for each in wanted]
    rows = connection.execute(
        select(entry.c.i, entry.c.body).where(or_(*(inside(column, needle) > 0 for needle in needles))).order_by(entry.c.i)
    )
    return [Entry(row.i, bytes(row.body)) for row in rows]


def nodes(connection: Connection, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of the subtrees (level, index) asked for, in one query.

    Raises:
        ExchangeError: E-LEDGER-DAMAGED, one is missing.
    """
    if not wanted:
        return {}
    levels: dict[int, list[int]] = {}
    for level, index in wanted:
        levels.setdefault(level, []).append(index)
    rows = connection.execute(
        select(node.c.lv, node.c.i, node.c.h).where(or_(*(and_(node.c.lv == level, node.c.i.in_(each)) for level, each in levels.items())))
    )
    found = {(row.lv, row.i): bytes(row.h) for row in rows}
    if found.keys() != wanted:
        level, index = min(wanted - found.keys())
        raise ExchangeError("E-LEDGER-DAMAGED", where=f"node {level}/{index}")
    return found
