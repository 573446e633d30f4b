"""What came and could not be used, with its place on the carrier and the cause: set aside, so that the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from gateway.state.tables import dead_letter


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One thing that was set aside.

    Attributes:
        place: where it lay: file of a folder, or topic, partition and offset.
        edition: what it claimed to be, `?` where it said nothing readable.
        at: when it was first met.
    """

    place: str
    code: str
    edition: str
    at: str


def keep(connection: Connection, place: str, code: str, edition: str, now: str) -> bool:
    """Set it aside; True when it is new."""
    values = {"place": place, "code": code, "edition": edition, "at": now}
    return connection.execute(insert(dead_letter).values(**values).on_conflict_do_nothing()).rowcount > 0


def everything(connection: Connection) -> list[DeadLetter]:
    """All of them, in the order they were met."""
    rows = connection.execute(select(dead_letter).order_by(dead_letter.c.at, dead_letter.c.place, dead_letter.c.code))
    return [DeadLetter(row.place, row.code, row.edition, row.at) for row in rows]
