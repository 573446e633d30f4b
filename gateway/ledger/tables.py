"""The ledger's two tables and the triggers that keep them append-only.

A trigger stops mistakes and injected statements, not whoever owns the file: against those stand the signed checkpoints and `audit`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, MetaData, Table, event

metadata = MetaData()

entry = Table(
    "ledger_entry",
    metadata,
    Column("i", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),  # from 0, no holes
    Column("body", LargeBinary, nullable=False),
    sqlite_strict=True,
)

node = Table(  # roots of complete subtrees, leaves at level 0
    "ledger_node",
    metadata,
    Column("lv", Integer, primary_key=True, autoincrement=False),
    Column("i", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("h", LargeBinary, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

_SQLITE = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
"""
_POSTGRESQL = "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION ledger_append_only()"


def create(connection: Connection) -> None:
    """Make the tables, and their triggers with them; those there already stay as they are."""
    metadata.create_all(connection)


def _guard(table: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(_SQLITE.format(table=table.name, verb=verb))
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL_FUNCTION)
        connection.exec_driver_sql(_POSTGRESQL.format(table=table.name))


event.listen(entry, "after_create", _guard)
event.listen(node, "after_create", _guard)
