"""The inbox: editions this home has received, and what it refused."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.ids import Period
from gateway.state.tables import arrival as table
from gateway.state.tables import refusal
from security.manifest_chain import Link


@dataclass(frozen=True, slots=True)
class ArrivalEntry:
    """One edition as received.

    Attributes:
        manifest: SHA-256 (hex) of the manifest's payload; `prev` that of the one before in its chain.
        sender: `county/code`.
        state: waiting (nothing vouches for it yet) | received | loaded | rejected.
        receipt: digest of the final receipt sent.
    """

    manifest: str
    edition: str
    revision: int
    seq: int
    prev: str | None
    sender: str
    feed: str
    period: Period
    kind: str
    state: str
    code: str | None
    rows: int | None
    receipt: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that came and could not be believed."""

    name: str
    edition: str
    code: str
    at: str


def add(connection: Connection, entry: ArrivalEntry) -> None:
    values = {field: getattr(entry, field) for field in ArrivalEntry.__slots__ if field != "period"}
    connection.execute(insert(table).values(**values, period=str(entry.period)))


def find(connection: Connection, manifest: str) -> ArrivalEntry | None:
    row = connection.execute(select(table).where(table.c.manifest == manifest)).mappings().first()
    return None if row is None else _entry(row)


def settle(connection: Connection, manifest: str, state: str, receipt: str | None, rows: int | None, code: str | None = None) -> None:
    connection.execute(update(table).where(table.c.manifest == manifest).values(state=state, receipt=receipt, rows=rows, code=code))


def in_state(connection: Connection, *states: str) -> list[ArrivalEntry]:
    """Arrivals in these states, by sender, feed and seq."""
    rows = connection.execute(select(table).where(table.c.state.in_(states)).order_by(table.c.sender, table.c.feed, table.c.seq)).mappings()
    return [_entry(row) for row in rows]


def links(connection: Connection, sender: str, feed: str) -> list[Link]:
    """What the chain check needs: the verified manifests taken from a sender for a feed, those that wait left out."""
    query = select(table).where(table.c.sender == sender, table.c.feed == feed, table.c.state != "waiting")
    return [Link(row.seq, row.manifest, row.prev, row.edition, row.revision) for row in connection.execute(query)]


def everything(connection: Connection) -> list[ArrivalEntry]:
    """All arrivals, by sender, feed and seq."""
    rows = connection.execute(select(table).order_by(table.c.sender, table.c.feed, table.c.seq)).mappings()
    return [_entry(row) for row in rows]


def refuse(connection: Connection, name: str, edition: str, code: str, now: str) -> bool:
    """Remember a refusal; True when it is new."""
    done = connection.execute(upsert(refusal).values(name=name, edition=edition, code=code, at=now).on_conflict_do_nothing())
    return done.rowcount > 0


def refused(connection: Connection) -> list[Refusal]:
    return [
        Refusal(row.name, row.edition, row.code, row.at)
        for row in connection.execute(select(refusal).order_by(refusal.c.at, refusal.c.name))
    ]


def _entry(row: RowMapping) -> ArrivalEntry:
    values = dict(row)
    values["period"] = Period.parse(str(values["period"]))
    return ArrivalEntry(**values)
