"""The outbox: editions this home has sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from contracts.ids import Period
from gateway.state.tables import edition as table


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as sent.

    Attributes:
        id: `edition` and revision, `522722.assistance-persons.education.2023-03.r1`.
        edition: the same without the revision, as in header and manifest.
        seq: running number per feed and recipient, from 1.
        state: sealed | posted | received | loaded | rejected | withdrawn.
        rows, unconfirmed, chunks: counts.
        manifest: SHA-256 (hex) of the manifest's payload.
        plan: digest of the plan it carries out.
        inputs: list -> fingerprint of what went in.
        sources: list -> {"state", "held"}.
    """

    id: str
    edition: str
    feed: str
    period: Period
    recipient: str
    revision: int
    seq: int
    kind: str
    state: str
    rows: int
    unconfirmed: int
    chunks: int
    manifest: str
    plan: str
    inputs: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str | int]]
    reason: str | None
    at: str
    by: str


def add(connection: Connection, entry: Edition) -> None:
    values = {field: getattr(entry, field) for field in Edition.__slots__ if field not in {"period", "inputs", "sources"}}
    connection.execute(
        insert(table).values(**values, period=str(entry.period), inputs=json.dumps(entry.inputs), sources=json.dumps(entry.sources))
    )


def find(connection: Connection, id_: str) -> Edition | None:
    row = connection.execute(select(table).where(table.c.id == id_)).mappings().first()
    return None if row is None else _entry(row)


def by_manifest(connection: Connection, digest: str) -> Edition | None:
    row = connection.execute(select(table).where(table.c.manifest == digest)).mappings().first()
    return None if row is None else _entry(row)


def latest(connection: Connection, feed: str, recipient: str, period: Period) -> Edition | None:
    """The highest revision of a feed, recipient and month."""
    query = select(table).where(table.c.feed == feed, table.c.recipient == recipient, table.c.period == str(period))
    row = connection.execute(query.order_by(table.c.revision.desc()).limit(1)).mappings().first()
    return None if row is None else _entry(row)


def last_of_chain(connection: Connection, feed: str, recipient: str) -> Edition | None:
    """The edition with the highest `seq` of a feed and recipient."""
    row = (
        connection.execute(select(table).where(table.c.feed == feed, table.c.recipient == recipient).order_by(table.c.seq.desc()).limit(1))
        .mappings()
        .first()
    )
    return None if row is None else _entry(row)


def listed(connection: Connection, period: Period | None = None, state: str | None = None) -> list[Edition]:
    """Editions by month, feed, recipient and number."""
    query = select(table)
    if period is not None:
        query = query.where(table.c.period == str(period))
    if state is not None:
        query = query.where(table.c.state == state)
    rows = connection.execute(query.order_by(table.c.period, table.c.feed, table.c.recipient, table.c.seq)).mappings()
    return [_entry(row) for row in rows]


RANK = {"sealed": 0, "posted": 1, "received": 2, "loaded": 3, "rejected": 3, "withdrawn": 4}
"""How far an edition has come; receipts arrive in any order, and none leads back."""


def advance(connection: Connection, id_: str, state: str) -> None:
    """Move on to a state; never back: a late `received` undoes neither `loaded` nor `rejected`, and what was recalled stays so."""
    before = connection.scalar(select(table.c.state).where(table.c.id == id_))
    if before is None or RANK[before] >= RANK[state]:
        return
    connection.execute(update(table).where(table.c.id == id_).values(state=state))


def withdraw(connection: Connection, id_: str) -> None:
    """Mark an edition as recalled, whatever its state."""
    connection.execute(update(table).where(table.c.id == id_).values(state="withdrawn"))


def count(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _entry(row: RowMapping) -> Edition:
    values = dict(row)
    values["period"] = Period.parse(str(values["period"]))
    values["inputs"] = json.loads(str(values["inputs"]))
    values["sources"] = json.loads(str(values["sources"]))
    return Edition(**values)
