"""A database sink: rows, inbox and receipt in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import polars as pl
from sqlalchemy import Connection, Engine, Table, column, delete, insert, select, table, update

from consumers.sinks.port import Batches, EditionFacts, LoadCounts, MakeReceipt, StoredReceipt, Unconfirmed
from consumers.sinks.rivals import Standing, judge
from consumers.sinks.tables import INBOX, fit_table, table_name
from consumers.sinks.takeover import Target, take_over
from contracts.errors import ExchangeError
from contracts.ids import Period

Insert = Callable[[Connection, Table, pl.DataFrame], None]
Translate = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class DatabaseSink:
    """`consumers.sinks.port.Sink` on a SQLAlchemy engine.

    Attributes:
        engine: begins a write transaction when the connection has the execution option `writes`.
        insert_rows: puts a frame with exactly the named columns into a table, the fast way of this database.
        translate: turns what the driver raises into E-SINK-…, without a value of any row in it.
    """

    engine: Engine
    insert_rows: Insert
    translate: Translate

    def prepare(self) -> None:
        """Make the inbox where there is none."""
        with self.translate(), self._writing() as conn:
            INBOX.create(conn, checkfirst=True)

    def find(self, manifest: str) -> bytes | None:
        with self.translate(), self.engine.connect() as conn:
            return _stored(conn, manifest)

    def receipts(self) -> Iterator[StoredReceipt]:
        with self.translate(), self.engine.connect() as conn:
            lines = conn.execute(select(INBOX).order_by(INBOX.c.id)).all()
        for line in lines:
            yield StoredReceipt(line.manifest, line.edition, line.revision, line.feed, Period.parse(line.period), bytes(line.receipt))

    def load(self, facts: EditionFacts, batches: Batches, unconfirmed: Unconfirmed, make_receipt: MakeReceipt) -> bytes:
        with self.translate(), self._writing() as conn:
            stored = _stored(conn, facts.manifest)
            if stored is not None:
                return stored
            _check_owner(conn, facts)
            verdict = judge(facts, _standing(conn, facts))
            number = _enter(conn, facts, standing=not verdict.superseded)
            if verdict.superseded or facts.kind == "withdrawn":
                counts = LoadCounts(sum(batch.height for batch in batches), superseded=verdict.superseded)
                if not verdict.superseded:
                    _take_away(conn, facts, verdict.replaced)
            else:
                target = Target(conn, facts, fit_table(conn, facts), number)
                _take_away(conn, facts, verdict.replaced)
                counts = self._fill(target, batches, unconfirmed)
            receipt = make_receipt(counts)
            conn.execute(update(INBOX).where(INBOX.c.id == number).values(
                rows=counts.rows, unconfirmed=counts.unconfirmed, receipt=receipt))
            return receipt

    def _fill(self, target: Target, batches: Batches, unconfirmed: Unconfirmed) -> LoadCounts:
        own = (pl.lit(target.number).alias("_inbox"), pl.lit(str(target.facts.period)).alias("_period"),
               pl.lit(value=False).alias("_unconfirmed"))
        rows = 0
        for batch in batches:
            rows += batch.height
            if batch.height:
                self.insert_rows(target.conn, target.table, batch.select(*own, *target.facts.schema))
        if target.facts.kind != "snapshot":
            return LoadCounts(rows)
        keys = [frame for frame in unconfirmed() if frame.height]
        taken, unmatched = take_over(target, pl.concat(keys).unique()) if keys else (0, 0)
        return LoadCounts(rows, taken, unmatched)

    def _writing(self) -> AbstractContextManager[Connection]:
        return self.engine.execution_options(writes=True).begin()

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _stored(conn: Connection, manifest: str) -> bytes | None:
    receipt = conn.execute(select(INBOX.c.receipt).where(INBOX.c.manifest == manifest)).scalar()
    return None if receipt is None else bytes(receipt)


def _check_owner(conn: Connection, facts: EditionFacts) -> None:
    owner = conn.execute(select(INBOX.c.recipient).where(INBOX.c.recipient != str(facts.recipient)).limit(1)).scalar()
    if owner is not None:
        raise ExchangeError("E-SINK-OWNER", owner=owner, given=str(facts.recipient))


def _standing(conn: Connection, facts: EditionFacts) -> list[Standing]:
    lines = conn.execute(select(INBOX).where(INBOX.c.feed == facts.feed, INBOX.c.sender == str(facts.sender), INBOX.c.standing)).all()
    return [Standing(line.manifest, line.edition, line.revision, line.period, line.kind) for line in lines]


def _enter(conn: Connection, facts: EditionFacts, *, standing: bool) -> int:
    done = conn.execute(insert(INBOX).values(
        manifest=facts.manifest, edition=facts.edition, revision=facts.revision, feed=facts.feed, period=str(facts.period),
        sender=str(facts.sender), recipient=str(facts.recipient), kind=facts.kind, grain=facts.grain, standing=standing,
        rows=0, unconfirmed=0, receipt=b""))
    key = done.inserted_primary_key
    assert key is not None  # noqa: S101 (a single insert always has one)
    return int(key[0])


def _take_away(conn: Connection, facts: EditionFacts, replaced: frozenset[str]) -> None:
    """Rows of earlier revisions go; their line and receipt stay."""
    lines = conn.execute(select(INBOX.c.id, INBOX.c.kind).where(INBOX.c.manifest.in_(replaced))).all()
    numbers = [line.id for line in lines]
    conn.execute(update(INBOX).where(INBOX.c.id.in_(numbers)).values(standing=False))
    if any(line.kind != "withdrawn" for line in lines):
        rows = table(table_name(facts.feed), column("_inbox"))
        conn.execute(delete(rows).where(rows.c["_inbox"].in_(numbers)))
