"""Receipts given and taken."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select, update
from sqlalchemy.dialects.sqlite import insert

from gateway.state.tables import receipt as table


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """One receipt.

    Attributes:
        digest: SHA-256 (hex) of its payload; the envelope is a document.
        direction: in (signed by a partner for us) or out (ours).
        party: the agency code at the other end.
        stage: received | loaded.
        result: accepted | rejected.
        posted: whether ours has reached the carrier.
    """

    digest: str
    direction: str
    manifest: str
    edition: str
    revision: int
    party: str
    stage: str
    result: str
    rows: int
    posted: bool
    at: str


def add(connection: Connection, entry: ReceiptEntry) -> bool:
    """Keep a receipt; True when it is new."""
    values = {field: getattr(entry, field) for field in ReceiptEntry.__slots__}
    return connection.execute(insert(table).values(**values).on_conflict_do_nothing()).rowcount > 0


def find(connection: Connection, digest: str) -> ReceiptEntry | None:
    row = connection.execute(select(table).where(table.c.digest == digest)).mappings().first()
    return None if row is None else _entry(row)


def of_manifest(connection: Connection, manifest: str) -> list[ReceiptEntry]:
    rows = connection.execute(select(table).where(table.c.manifest == manifest).order_by(table.c.number)).mappings()
    return [_entry(row) for row in rows]


def listed(connection: Connection, direction: str | None = None) -> list[ReceiptEntry]:
    query = select(table)
    if direction:
        query = query.where(table.c.direction == direction)
    return [_entry(row) for row in connection.execute(query.order_by(table.c.number)).mappings()]


def unposted(connection: Connection) -> list[ReceiptEntry]:
    rows = connection.execute(
        select(table).where(table.c.direction == "out", table.c.posted.is_(False)).order_by(table.c.number)
    ).mappings()
    return [_entry(row) for row in rows]


def mark_posted(connection: Connection, digest: str) -> None:
    connection.execute(update(table).where(table.c.digest == digest).values(posted=True))


def mark_unposted(connection: Connection, digest: str) -> None:
    connection.execute(update(table).where(table.c.digest == digest).values(posted=False))


def last_given(connection: Connection, party: str) -> str | None:
    """Digest of the last receipt this home gave to a party: the `prev` of its next one."""
    query = select(table.c.digest).where(table.c.direction == "out", table.c.party == party)
    return connection.scalar(query.order_by(table.c.number.desc()).limit(1))


def _entry(row: RowMapping) -> ReceiptEntry:
    return ReceiptEntry(**{name: value for name, value in row.items() if name != "number"})
