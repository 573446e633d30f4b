"""`sqlite:///FILE`: one file a partner can open with anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, Table, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from consumers.sinks.database import DatabaseSink
from consumers.sinks.nested import flattened
from contracts.errors import ExchangeError

_BUSY_SECONDS = 30
_CODES = {
    "SQLITE_FULL": "E-SINK-FULL", "SQLITE_BUSY": "E-SINK-BUSY", "SQLITE_LOCKED": "E-SINK-BUSY", "SQLITE_NOTADB": "E-SINK-DAMAGED",
    "SQLITE_CORRUPT": "E-SINK-DAMAGED", "SQLITE_CANTOPEN": "E-SINK-OPEN", "SQLITE_READONLY": "E-SINK-OPEN", "SQLITE_PERM": "E-SINK-OPEN",
}


def open_sqlite(path: Path, *, busy_seconds: float = _BUSY_SECONDS) -> DatabaseSink:
    """Open or make the database file.

    The journal mode stays what the partner has set; a promise is kept with `synchronous=FULL` in either. Rows taken away are
    overwritten, not just unlinked.

    Raises:
        ExchangeError: E-SINK-OPEN no such folder or no permission, E-SINK-DAMAGED no SQLite database, E-SINK-BUSY, E-SINK-FULL.
    """
    if not path.parent.is_dir():
        raise ExchangeError("E-SINK-OPEN", place=path.name, why=f"{path.parent.name}/")
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, hide_parameters=True,
                           connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    sink = DatabaseSink(engine, _insert, _translator(path.name))
    sink.prepare()
    return sink


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own idea of transactions would leave table changes outside of them
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")


def _begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writes") else "BEGIN")


def _insert(conn: Connection, table: Table, frame: pl.DataFrame) -> None:
    quote = conn.dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in frame.columns)
    marks = ", ".join("?" * frame.width)
    conn.exec_driver_sql(f"INSERT INTO {quote.format_table(table)} ({names}) VALUES ({marks})",  # noqa: S608 (names only, quoted)
                         flattened(frame, dates_as_text=True).rows())


def _translator(place: str) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def translate() -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            name = getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__
            code = next((code for start, code in _CODES.items() if name.startswith(start)), "E-SINK-STORE")
            facts = {"place": place} if code in {"E-SINK-FULL", "E-SINK-BUSY"} else {"place": place, "why": name}
            raise ExchangeError(code, **facts) from None

    return translate
