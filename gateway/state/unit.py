"""The unit of work: state, outbox and ledger entry in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from contracts.errors import ExchangeError
from gateway import ledger

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One open transaction and its ledger entries.

    Attributes:
        connection: for the query modules of `gateway.state`.
        at: the time of the whole unit, read once.
        account: who acts, as the ledger names it.
        entries: ledger entries to be, appended together when the unit ends.
    """

    connection: Connection
    at: datetime
    account: str
    entries: list[bytes] = field(default_factory=list)

    @property
    def now(self) -> str:
        """`at` as the tables keep it: `2026-11-22T09:05:00Z`."""
        return stamp(self.at)

    def record(self, event: str, **facts: Fact) -> None:
        """One entry for the ledger (docs/spec/audit-events.md), in the order of the calls.

        Facts are digests, codes and counts, never personal values.
        """
        self.entries.append(canonical({"at": self.now, "by": self.account, "event": event, **facts}))

    def flush(self) -> None:
        """Append what was recorded so far: for whoever reads the ledger within the unit."""
        ledger.append(self.connection, self.entries)
        self.entries.clear()


@contextmanager
def begin(engine: Engine, at: datetime, account: str) -> Iterator[UnitOfWork]:
    """A unit that commits when the block ends and rolls back when it raises.

    Raises:
        ExchangeError: E-STORE, the database could not be written (disk full, locked, damaged).
    """
    try:
        with engine.begin() as connection:
            work = UnitOfWork(connection, at, account)
            yield work
            work.flush()
    except OperationalError as error:
        raise ExchangeError("E-STORE", why=_reason(error)) from error
    except DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for queries alone; never waits for a writer."""
    try:
        with engine.connect().execution_options(reading=True) as connection:
            yield connection
    except OperationalError as error:
        raise ExchangeError("E-STORE", why=_reason(error)) from error
    except DatabaseError as error:
        raise ExchangeError("E-STATE-DAMAGED") from error


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(value: Mapping[str, object] | list[object]) -> bytes:
    """Canonical JSON: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _reason(error: OperationalError) -> str:
    """The database's own words without statement or parameters."""
    return str(error.orig)[:80]
