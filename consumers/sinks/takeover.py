"""Unconfirmed rows in a database: matched in columns, copied by the database itself."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Table, insert, literal, select

from consumers.sinks.carry import carried
from consumers.sinks.port import EditionFacts
from consumers.sinks.tables import INBOX

_STEP = 500
"""Row numbers in one statement; SQLite of old allows 999."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows of one edition go: the open transaction, the feed's table, and the edition's number in the inbox."""

    conn: Connection
    facts: EditionFacts
    table: Table
    number: int


def take_over(target: Target, keys: pl.DataFrame) -> tuple[int, int]:
    """Copy the rows of the nearest earlier month whose keys are unconfirmed.

    Returns:
        Rows copied, and keys that matched nothing.
    """
    here = _keys(target, target.number)
    found, unmatched = carried(_keys(target, _earlier(target)), here, keys, target.facts.key)
    ids = found["_id"].to_list()
    names = list(target.facts.schema)
    columns = [target.table.c[name] for name in names]
    own = (literal(target.number), literal(str(target.facts.period)), literal(value=True))
    for start in range(0, len(ids), _STEP):
        rows = select(*own, *columns).where(target.table.c["_id"].in_(ids[start:start + _STEP])).order_by(target.table.c["_id"])
        target.conn.execute(insert(target.table).from_select(["_inbox", "_period", "_unconfirmed", *names], rows))
    return len(ids), unmatched


def _earlier(target: Target) -> int:
    """Inbox number of the snapshot of the nearest earlier month; 0, which no edition has, when there is none."""
    facts = target.facts
    query = select(INBOX.c.id).where(
        INBOX.c.feed == facts.feed, INBOX.c.sender == str(facts.sender), INBOX.c.kind == "snapshot", INBOX.c.standing,
        INBOX.c.period < str(facts.period))
    return target.conn.execute(query.order_by(INBOX.c.period.desc()).limit(1)).scalar() or 0


def _keys(target: Target, number: int) -> pl.DataFrame:
    key = target.facts.key
    query = select(*(target.table.c[name] for name in ("_id", *key))).where(target.table.c["_inbox"] == number)
    lines = target.conn.execute(query.order_by(target.table.c["_id"])).all()
    schema: dict[str, pl.DataType] = {"_id": pl.Int64(), **{name: target.facts.schema[name] for name in key}}
    return pl.DataFrame([tuple(line) for line in lines], schema=schema, orient="row")
