"""Appending to the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, text

from contracts.errors import ExchangeError
from gateway.ledger import reading
from gateway.ledger.tables import entry, node
from security.log.merkle import leaf_hash, node_hash

MAX_BODY = 1 << 16
"""Bytes of one entry."""
_POSTGRESQL_LOCK = 0x6C656467657231  # "ledger1"


def append(connection: Connection, bodies: Sequence[bytes]) -> range:
    """Append entries in order; returns their indices. They exist when the caller's transaction commits.

    One writer at a time: on SQLite the transaction must have begun IMMEDIATE, on PostgreSQL an advisory lock is taken until its end.

    Raises:
        ExchangeError: E-LEDGER-ENTRY, an empty or too long body.
    """
    if any(not 1 <= len(body) <= MAX_BODY for body in bodies):
        raise ExchangeError("E-LEDGER-ENTRY", limit=MAX_BODY)
    if not bodies:
        return range(0)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
    first = reading.size(connection)
    pending = {level: hash_ for (level, _), hash_ in reading.nodes(connection, _merging(first, len(bodies))).items()}
    rows: list[dict[str, object]] = []
    for index, body in enumerate(bodies, first):
        level, place, hash_ = 0, index, leaf_hash(body)
        rows.append({"lv": level, "i": place, "h": hash_})
        while place & 1:
            hash_ = node_hash(pending.pop(level), hash_)
            level, place = level + 1, place >> 1
            rows.append({"lv": level, "i": place, "h": hash_})
        pending[level] = hash_
    connection.execute(insert(entry), [{"i": index, "body": body} for index, body in enumerate(bodies, first)])
    connection.execute(insert(node), rows)
    return range(first, first + len(bodies))


def _merging(size: int, count: int) -> set[tuple[int, int]]:
    """The complete subtrees without a parent in a tree of `size` leaves that get one from `count` more: one or two, mostly."""
    levels = (level for level in range(size.bit_length()) if size >> level & 1)
    return {(level, (size >> level) - 1) for level in levels if size >> (level + 1) != (size + count) >> (level + 1)}
