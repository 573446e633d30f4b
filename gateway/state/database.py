"""Opening a home's database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from contracts.errors import ExchangeError
from gateway import ledger
from gateway.state import tables

SCHEMA_VERSION = "1"


def open_database(home: Path) -> Engine:
    """The engine over `state.db`: WAL, `synchronous=FULL`, writers queue for 30 s, readers (`reading=True`) never wait.

    Raises:
        ExchangeError: E-STATE-DAMAGED the file is no database; E-STATE-VERSION a newer program wrote it.
    """
    engine = create_engine(f"sqlite:///{home / 'state.db'}", poolclass=NullPool, connect_args={"timeout": 30.0, "isolation_level": None})
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def create_schema(connection: Connection) -> None:
    """Make all tables in one transaction."""
    tables.metadata.create_all(connection)
    ledger.create(connection)
    connection.execute(insert(tables.meta).values(name="schema", value=SCHEMA_VERSION))


def check_schema(connection: Connection) -> None:
    """Refuse a database that this program does not understand.

    Raises:
        ExchangeError: E-STATE-DAMAGED, E-STATE-VERSION.
    """
    try:
        if not inspect(connection).has_table("meta"):
            raise ExchangeError("E-STATE-DAMAGED")
        version = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "schema"))
    except DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error
    if version != SCHEMA_VERSION:
        raise ExchangeError("E-STATE-VERSION", found=str(version), known=SCHEMA_VERSION)


def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
    except sqlite3.DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")
