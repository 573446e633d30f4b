"""The tables of a database sink: one inbox of receipts, one table of rows a feed, one view of the current month.

Rows refer to the inbox by number, so that what belongs to an edition is found and taken away by that number alone.
"""

from __future__ import annotations

from typing import Any  # SQLAlchemy's column types are generic in the value

import polars as pl
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeEngine

from consumers.sinks.port import EditionFacts
from contracts.errors import ExchangeError

_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in a column typed INTEGER

INBOX = Table(
    "gateway_inbox", MetaData(),
    Column("id", _NUMBER, primary_key=True),
    Column("manifest", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("feed", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("grain", Text, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("unconfirmed", BigInteger, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    UniqueConstraint("manifest"),
)
"""One line an edition that was loaded. `standing` is false once a later revision stands in its place."""

OWN = ("_id", "_inbox", "_period", "_unconfirmed")


def table_name(feed: str) -> str:
    return feed.replace("-", "_")


def rows_table(facts: EditionFacts) -> Table:
    """The table as this edition's view wants it."""
    name = table_name(facts.feed)
    return Table(
        name, MetaData(),
        Column("_id", _NUMBER, primary_key=True),
        Column("_inbox", BigInteger, nullable=False, index=True),
        Column("_period", Text, nullable=False),
        Column("_unconfirmed", Boolean, nullable=False),
        *(Column(field, column_type(dtype)) for field, dtype in facts.schema.items()),
    )


def column_type(dtype: pl.DataType) -> TypeEngine[Any]:
    """SQL type of a field. Whole numbers are all of 64 bits, so that a view may widen one; nested values become JSON text."""
    if dtype.is_integer():
        return BigInteger()
    if dtype.is_float():
        return Double()
    if dtype == pl.Boolean:
        return Boolean()
    return Date() if dtype == pl.Date else Text()


def fit_table(conn: Connection, facts: EditionFacts) -> Table:
    """Make the feed's table, or widen it by fields that are new; fields that a view no longer has stay, null from now on.

    Raises:
        ExchangeError: E-SINK-TABLE, a table of that name is not ours, or a field has become another kind of value.
    """
    table = rows_table(facts)
    inspector = inspect(conn)
    if not inspector.has_table(table.name):
        table.create(conn)
        refresh_view(conn, facts, table)
        return table
    present = {column["name"]: column["type"] for column in inspector.get_columns(table.name)}
    for own in OWN:
        if own not in present:
            raise ExchangeError("E-SINK-TABLE", table=table.name, column=own)
    added = [column for column in table.columns if column.name not in present]
    for column in table.columns:
        if column.name in present and _family(column.type) != _family(present[column.name]):
            raise ExchangeError("E-SINK-TABLE", table=table.name, column=column.name)
    for column in added:
        quoted = conn.dialect.identifier_preparer.format_table(table)
        conn.execute(text(f"ALTER TABLE {quoted} ADD COLUMN {CreateColumn(column).compile(dialect=conn.dialect)}"))
    if added:
        refresh_view(conn, facts, table)
    return table


def _family(kind: TypeEngine[Any]) -> str:
    families = {"yes/no": Boolean, "date": Date, "fraction": Float, "whole": Integer}
    return next((name for name, family in families.items() if isinstance(kind, family)), "text")


def refresh_view(conn: Connection, facts: EditionFacts, table: Table) -> None:
    """`<feed>_current`: the rows of the latest month held of each sender, an empty month included. For snapshots alone."""
    if facts.kind != "snapshot":
        return
    quote = conn.dialect.identifier_preparer.quote
    view, rows = quote(f"{table.name}_current"), quote(table.name)
    if conn.dialect.name == "sqlite":
        conn.execute(text(f"DROP VIEW IF EXISTS {view}"))
        create = "CREATE VIEW"
    else:
        create = "CREATE OR REPLACE VIEW"  # keeps the rights that the partner has granted on it
    conn.execute(text(
        f"{create} {view} AS SELECT r.* FROM {rows} r JOIN gateway_inbox i ON i.id = r._inbox"  # noqa: S608 (quoted, our own names)
        f" WHERE i.period = (SELECT max(j.period) FROM gateway_inbox j WHERE j.feed = '{facts.feed}' AND j.sender = i.sender"
        " AND j.kind = 'snapshot' AND j.standing)",
    ))
