"""Recomputing the whole tree from the entries: what `gateway fsck` asks of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from contracts.errors import ExchangeError
from gateway.ledger.tables import entry, node
from security.log.checkpoint import Checkpoint
from security.log.merkle import EMPTY_ROOT, leaf_hash, node_hash

_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Audit:
    """What was recomputed: number of entries, root over them (32 B), how many known checkpoints agree."""

    size: int
    root: bytes
    checkpoints: int


def audit(connection: Connection, known: Iterable[tuple[str, Checkpoint]] = ()) -> Audit:
    """Recompute every leaf and node and compare; then compare the roots of `known` checkpoints.

    1. indices run from 0 without a hole
    2. every leaf is the hash of its entry
    3. every node is the hash of its two children; none is missing, none too many
    4. each known checkpoint, with the name of who saw it, is the root at its size

    Someone who rewrites entries *and* nodes passes 1 to 3: only signed checkpoints held elsewhere (4) show it.

    Raises:
        ExchangeError: E-LEDGER-DAMAGED naming the first place; E-LEDGER-FORK naming who saw another history.
    """
    waiting = sorted(known, key=lambda each: each[1].size)
    matched = 0
    frontier: list[tuple[int, bytes]] = []  # (level, hash) of complete subtrees, largest first
    expected = 0
    for batch in _batches(connection):
        for index, body, stored in batch:
            if index != expected:
                raise _damaged(f"entry {expected}")
            leaf = leaf_hash(body)
            if stored != leaf:
                raise _damaged(f"entry {index}")
            matched += _compare(waiting[matched:], expected, frontier)
            expected += 1
            _push(frontier, leaf)
    matched += _compare(waiting[matched:], expected, frontier)
    if matched != len(waiting):
        who, state = waiting[matched]
        raise ExchangeError("E-LEDGER-FORK", who=who, size=state.size)
    _check_nodes(connection, expected)
    return Audit(expected, _root(frontier), matched)


def _batches(connection: Connection) -> Iterator[list[tuple[int, bytes, bytes | None]]]:
    first = -1
    joined = entry.outerjoin(node, (node.c.lv == 0) & (node.c.i == entry.c.i))
    while True:
        rows = connection.execute(
            select(entry.c.i, entry.c.body, node.c.h).select_from(joined).where(entry.c.i > first).order_by(entry.c.i).limit(_BATCH)
        ).all()
        if not rows:
            return
        yield [(row.i, bytes(row.body), None if row.h is None else bytes(row.h)) for row in rows]
        first = rows[-1].i


def _push(frontier: list[tuple[int, bytes]], leaf: bytes) -> None:
    level, hash_ = 0, leaf
    while frontier and frontier[-1][0] == level:
        hash_ = node_hash(frontier.pop()[1], hash_)
        level += 1
    frontier.append((level, hash_))


def _root(frontier: list[tuple[int, bytes]]) -> bytes:
    if not frontier:
        return EMPTY_ROOT
    hash_ = frontier[-1][1]
    for _, left in reversed(frontier[:-1]):
        hash_ = node_hash(left, hash_)
    return hash_


def _compare(waiting: list[tuple[str, Checkpoint]], size: int, frontier: list[tuple[int, bytes]]) -> int:
    """How many of the next checkpoints are of exactly `size` entries; each must have this root."""
    count = 0
    for who, state in waiting:
        if state.size != size:
            break
        if state.root != _root(frontier):
            raise ExchangeError("E-LEDGER-FORK", who=who, size=state.size)
        count += 1
    return count


def _check_nodes(connection: Connection, size: int) -> None:
    """Every level has size >> level nodes and each is the hash of the two below it."""
    highest = int(connection.scalar(select(func.coalesce(func.max(node.c.lv), 0))) or 0)
    for level in range(max(highest, size.bit_length()) + 1):
        count = size >> level
        held = connection.scalar(select(func.count()).where(node.c.lv == level))
        if held != count:
            raise _damaged(f"level {level}")
        if level == 0:
            continue
        for first in range(0, count, _BATCH):
            stop = min(count, first + _BATCH)
            below = _hashes(connection, level - 1, 2 * first, 2 * stop)
            for i, hash_ in enumerate(_hashes(connection, level, first, stop), first):
                if hash_ != node_hash(*below[2 * (i - first) : 2 * (i - first) + 2]):
                    raise _damaged(f"node {level}/{i}")


def _hashes(connection: Connection, level: int, first: int, stop: int) -> list[bytes]:
    """The hashes of one level from `first` up to but not including `stop`; all must be there."""
    within = (node.c.lv == level, node.c.i >= first, node.c.i < stop)
    found = [bytes(hash_) for hash_ in connection.scalars(select(node.c.h).where(*within).order_by(node.c.i))]
    if len(found) != stop - first:
        raise _damaged(f"level {level}")
    return found


def _damaged(where: str) -> ExchangeError:
    return ExchangeError("E-LEDGER-DAMAGED", where=where)
