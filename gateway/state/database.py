"""Opening a home's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from contracts.errors import ExchangeError
from gateway import ledger
from gateway.state import tables

SCHEMA_VERSION = "3"
_FILE = "state.db"
_AGENCY, _STORE = "agency", "key-store"
_FOUNDING = 3
"""Entries of the ledger that `init` makes: the home, a root, a first trust list."""


def open_database(home: Path) -> Engine:
    """The engine over `state.db`: WAL, `synchronous=FULL`, writers queue for 30 s, readers (`reading=True`) never wait.

    Connecting makes the file where there is none, and raises E-STATE-DAMAGED where it is no database, E-STORE where it cannot be opened.
    """
    return _engine(home.resolve())


@lru_cache(maxsize=64)  # ten counties' homes in one process; each keeps about half a MiB of compiled statements
def _engine(home: Path) -> Engine:
    """One engine a home and process, so that compiled statements are kept."""
    # Connections are kept: closing the last one makes SQLite copy the whole log into the file each time.
    options = {"timeout": 30.0, "isolation_level": None}
    engine = create_engine(f"sqlite:///{home / _FILE}", poolclass=QueuePool, pool_size=2, connect_args=options)
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def create_schema(connection: Connection) -> None:
    """Make all tables in one transaction."""
    tables.metadata.create_all(connection)
    ledger.create(connection)
    connection.execute(insert(tables.meta).values(name="schema", value=SCHEMA_VERSION))


def upgrade(engine: Engine) -> None:
    """Bring the database of an earlier version of this program up to date, in one transaction."""
    with engine.begin() as connection:
        while (found := _version(connection)) in _STEPS:  # another process may have been first
            goal, added = _STEPS[found]
            tables.metadata.create_all(connection, tables=added)
            connection.execute(update(tables.meta).where(tables.meta.c.name == "schema").values(value=goal))


_STEPS: Mapping[str | None, tuple[str, list[Table]]] = {"1": ("2", [tables.layout]), "2": ("3", [tables.dead_letter])}
"""Version of a database -> the next one, and the tables that it adds."""


def _version(connection: Connection) -> str | None:
    known: str | None = None
    if inspect(connection).has_table("meta"):
        known = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "schema"))
    return known


def check_there(home: Path) -> None:
    """A home without its database is damaged; connecting would put an empty one in its place and hide that.

    Raises:
        ExchangeError: E-STATE-DAMAGED.
    """
    path = home / _FILE
    if not path.exists() or path.stat().st_size == 0:
        raise ExchangeError("E-STATE-DAMAGED")


def is_unused(home: Path) -> bool:
    """Whether a home's database holds nothing but what `init` itself enters: there is none, it was never committed, or nobody used it.

    A file that is no database is not taken for unused.
    """
    path = home / _FILE
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found:
            if not found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ledger_entry'").fetchone()[0]:
                return True
            return int(found.execute("SELECT count(*) FROM ledger_entry").fetchone()[0]) <= _FOUNDING
    except sqlite3.Error:
        return False


def set_owner(connection: Connection, agency: str, store: str) -> None:
    """Remember whose home this is, and which key store belongs to it.

    Args:
        store: the key store's id.
    """
    connection.execute(insert(tables.meta), [{"name": _AGENCY, "value": agency}, {"name": _STORE, "value": store}])


def check_owner(connection: Connection, agency: str, store: str) -> None:
    """Refuse a configuration or a key store of another home: what is signed under a wrong name harms others.

    Raises:
        ExchangeError: E-HOME-OTHER, E-STORE-OTHER.
    """
    known = {row.name: row.value for row in connection.execute(select(tables.meta).where(tables.meta.c.name.in_([_AGENCY, _STORE])))}
    if known.get(_AGENCY, agency) != agency:
        raise ExchangeError("E-HOME-OTHER", owner=known[_AGENCY], given=agency)
    if known.get(_STORE, store) != store:
        raise ExchangeError("E-STORE-OTHER")


def check_schema(connection: Connection) -> bool:
    """Refuse a database that this program does not understand; whether it is of an earlier version and wants `upgrade`.

    Raises:
        ExchangeError: E-STATE-DAMAGED, E-STATE-VERSION.
    """
    try:
        if not inspect(connection).has_table("meta"):
            raise ExchangeError("E-STATE-DAMAGED")
        version = _version(connection)
    except DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error
    if version in _STEPS:
        return True
    if version != SCHEMA_VERSION:
        raise ExchangeError("E-STATE-VERSION", found=str(version), known=SCHEMA_VERSION)
    return False


def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
    except sqlite3.OperationalError as error:  # no room, no permission: the database itself may be sound
        raise ExchangeError("E-STORE", why=str(error)[:80]) from error
    except sqlite3.DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def copy(engine: Engine, goal: Path) -> None:
    """A copy of the whole database as of one moment, by SQLite's own means; durable on return.

    Raises:
        ExchangeError: E-STORE, it could not be read or the copy not be written.
    """
    goal.unlink(missing_ok=True)
    try:
        source, target = sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True), sqlite3.connect(goal)
        with closing(source), closing(target):
            goal.chmod(0o600)
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise ExchangeError("E-STORE", why=str(error)[:80]) from error
