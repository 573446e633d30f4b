"""`postgresql://…`: a partner's own server. Rows go in by COPY."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from consumers.sinks.database import DatabaseSink
from consumers.sinks.nested import flattened
from contracts.errors import ExchangeError

if TYPE_CHECKING:
    from psycopg import Connection as Driver

_BUSY_SECONDS = 30
_LOCK = 0x726F73746572
"""Key of the advisory lock that makes writers of one database follow one another."""
_CODES = {"53100": "E-SINK-FULL", "55P03": "E-SINK-BUSY", "40P01": "E-SINK-BUSY"}


def open_postgresql(url: str, *, busy_seconds: int = _BUSY_SECONDS) -> DatabaseSink:
    """Connect and make the inbox where there is none, in the first schema of the role's search path.

    Raises:
        ExchangeError: E-SINK-URL, E-SINK-DRIVER, E-SINK-OPEN no server, no such database or no permission, E-SINK-BUSY.
    """
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise ExchangeError("E-SINK-URL", given="postgresql") from None
    try:
        engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
    except ModuleNotFoundError:
        raise ExchangeError("E-SINK-DRIVER", kind="PostgreSQL", package="psycopg[binary]") from None
    _serialise(engine, busy_seconds)
    sink = DatabaseSink(engine, _insert, _translator(f"{address.host or 'localhost'}/{address.database or ''}"))
    sink.prepare()
    return sink


def _serialise(engine: Engine, busy_seconds: int) -> None:
    def begin(conn: Connection) -> None:
        if conn.get_execution_options().get("writes"):
            conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{busy_seconds}s'")
            conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    event.listen(engine, "begin", begin)


def _insert(conn: Connection, table: Table, frame: pl.DataFrame) -> None:
    quote = conn.dialect.identifier_preparer
    names = ", ".join(quote.quote(name) for name in frame.columns)
    data = io.BytesIO()
    flattened(frame, dates_as_text=False).write_csv(data, include_header=False, quote_style="non_numeric")
    driver: Driver[tuple[object, ...]] | None = conn.connection.driver_connection
    assert driver is not None  # noqa: S101 (checked out above)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote.format_table(table)} ({names}) FROM STDIN (FORMAT csv)".encode()) as copy:
        copy.write(data.getbuffer())


def _translator(place: str) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def translate() -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _refusal(getattr(error.orig, "sqlstate", None), place) from None
        except Exception as error:
            state = getattr(error, "sqlstate", None)  # COPY goes past SQLAlchemy, and so do its errors
            if not isinstance(state, str):
                raise
            raise _refusal(state, place) from None

    return translate


def _refusal(state: str | None, place: str) -> ExchangeError:
    """By SQLSTATE alone: what the server says may quote a row. No state at all is a connection that could not be made."""
    if state in _CODES:
        return ExchangeError(_CODES[state], place=place)
    opening = state is None or state[:2] in {"08", "28", "3D", "42", "57"}
    return ExchangeError("E-SINK-OPEN" if opening else "E-SINK-STORE", place=place, why=state or "connection")
