"""A database sink: rows, inbox and receipt in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import polars as pl
from sqlalchemy import Connection, Engine, Table, column, delete, insert, literal, select, table, update

from consumers.sink import Batches, EditionFacts, LoadCounts, MakeReceipt, StoredReceipt, Unconfirmed
from consumers.sinks.carry import carried
from consumers.sinks.rivals import Standing, judge
from consumers.sinks.tables import INBOX, fit_table, table_name
from contracts.errors import ExchangeError
from contracts.ids import Period

Insert = Callable[[Connection, Table, pl.DataFrame], None]
Translate = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class DatabaseSink:
    """`consumers.sink.Sink` on a SQLAlchemy engine.

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
                target = fit_table(conn, facts)
                _take_away(conn, facts, verdict.replaced)
                counts = self._fill(conn, facts, target, number, batches, unconfirmed)
            receipt = make_receipt(counts)
            conn.execute(update(INBOX).where(INBOX.c.id == number).values(
                rows=counts.rows, unconfirmed=counts.unconfirmed, receipt=receipt))
            return receipt

    def _fill(self, conn: Connection, facts: EditionFacts, target: Table, number: int, batches: Batches, unconfirmed: Unconfirmed,
              ) -> LoadCounts:
        names = list(facts.schema)
        own = (pl.lit(number).alias("_inbox"), pl.lit(str(facts.period)).alias("_period"), pl.lit(False).alias("_unconfirmed"))  # noqa: FBT003
        rows = 0
        for batch in batches:
            rows += batch.height
            if batch.height:
                self.insert_rows(conn, target, batch.select(*own, *names))
        if facts.kind != "snapshot":
            return LoadCounts(rows)
        keys = [frame for frame in unconfirmed() if frame.height]
        if not keys:
            return LoadCounts(rows)
        taken, unmatched = self._carry(conn, facts, target, number, pl.concat(keys).unique())
        return LoadCounts(rows, taken, unmatched)

    def _carry(self, conn: Connection, facts: EditionFacts, target: Table, number: int, keys: pl.DataFrame) -> tuple[int, int]:
        """Copy the unconfirmed rows of the nearest earlier month. The keys are matched in columns, the rows stay in the database."""
        here = _keys(conn, facts, target, number)
        earlier = conn.execute(
            select(INBOX.c.id).where(INBOX.c.feed == facts.feed, INBOX.c.sender == str(facts.sender), INBOX.c.kind == "snapshot",
                                     INBOX.c.standing, INBOX.c.period < str(facts.period))
            .order_by(INBOX.c.period.desc()).limit(1)).scalar()
        before = _keys(conn, facts, target, -1 if earlier is None else earlier)
        found, unmatched = carried(before, here, keys, facts.key)
        ids = found["_id"].to_list()
        fields = [target.c[name] for name in facts.schema]
        for start in range(0, len(ids), 500):
            copied = select(literal(number), literal(str(facts.period)), literal(True), *fields).where(  # noqa: FBT003
                target.c["_id"].in_(ids[start:start + 500])).order_by(target.c["_id"])
            conn.execute(insert(target).from_select(["_inbox", "_period", "_unconfirmed", *facts.schema], copied))
        return len(ids), unmatched

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
    return int(done.inserted_primary_key[0])


def _take_away(conn: Connection, facts: EditionFacts, replaced: frozenset[str]) -> None:
    """Rows of earlier revisions go; their line and receipt stay."""
    lines = conn.execute(select(INBOX.c.id, INBOX.c.kind).where(INBOX.c.manifest.in_(replaced))).all()
    numbers = [line.id for line in lines]
    conn.execute(update(INBOX).where(INBOX.c.id.in_(numbers)).values(standing=False))
    if any(line.kind != "withdrawn" for line in lines):
        rows = table(table_name(facts.feed), column("_inbox"))
        conn.execute(delete(rows).where(rows.c["_inbox"].in_(numbers)))


def _keys(conn: Connection, facts: EditionFacts, target: Table, number: int) -> pl.DataFrame:
    columns = ["_id", *facts.key]
    lines = conn.execute(select(*(target.c[name] for name in columns)).where(target.c["_inbox"] == number).order_by(target.c["_id"])).all()
    schema: dict[str, pl.DataType] = {"_id": pl.Int64(), **{name: facts.schema[name] for name in facts.key}}
    return pl.DataFrame([tuple(line) for line in lines], schema=schema, orient="row")
