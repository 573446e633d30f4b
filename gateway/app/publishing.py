"""Publishing: plan, seal, commit, post. A crash anywhere resumes from the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from contracts.avro_types import polars_schema
from contracts.errors import ExchangeError
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway import spool
from gateway.app import newcomers, planning, posting, rosters
from gateway.app.actor import Actor
from gateway.app.effective import Months
from gateway.app.office import Office
from gateway.app.planning import Plan, Planned, Wish
from gateway.app.reasons import plain_if_given
from gateway.app.rosters import Register, Shelf
from gateway.app.trust import believed
from gateway.state import documents, editions
from gateway.state.editions import Edition
from gateway.state.unit import UnitOfWork
from producers.assemble import assemble, survey
from producers.edition import Chain, Content, EditionContent, Sealed, seal
from producers.households import narrow
from producers.needs import fields_needed
from producers.views import apply_view
from security.header import LIFETIME, EditionHeader
from security.trust import own
from security.trust.trust import Trust

KEEP_ROWS = 200_000
"""Rows of a month up to which its frames are opened once and kept; larger months are opened batch by batch, twice."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did.

    Attributes:
        plan: as planned; `states` what became of each edition, in its order; `sent` the edition rows of those that exist.
        unposted: id and error of editions that the carrier did not take; they wait in the outbox for the next run.
    """

    plan: Plan
    states: tuple[str, ...]
    sent: tuple[Edition | None, ...]
    previews: tuple[str | None, ...]
    rows: tuple[int, ...]
    unposted: tuple[tuple[str, ExchangeError], ...] = ()


def publish(office: Office, actor: Actor, wish: Wish) -> Published:
    """Seal and post what is due.

    Raises:
        ExchangeError: what planning.plan raises; E-PUBLISH-NOTHING, no list of any feed is there; E-REASON-*; E-DISK, E-STORE, E-CARRIER-*.
    """
    wish = replace(wish, revise=plain_if_given(wish.revise), accept_fall=plain_if_given(wish.accept_fall))
    with office.changing("publish"):
        with office.reading() as connection:
            spool.sweep(office.outbox, {entry.manifest for entry in editions.listed(connection)})
            plan = planning.plan(office, connection, wish, dry=False)
            _some(plan)
            contents = _contents(office, connection, [each for each in plan.editions if each.is_due])
        _commit(office, actor, wish, contents)
        posted = posting.post(office, actor)
        with office.reading() as connection:
            found = tuple(editions.find(connection, f"{each.edition}.r{each.revision}") for each in plan.editions)
            unposted = tuple((posting.title(connection, name), error) for name, error in posted.failed)
    states = tuple(each.state if edition is None else edition.state for each, edition in zip(plan.editions, found, strict=True))
    rows = tuple(edition.rows if edition else 0 for edition in found)
    return Published(plan, states, found, tuple(None for _ in found), rows, unposted)


def rehearse(office: Office, wish: Wish, preview: Path | None) -> Published:
    """A dry run: what would go, and with `preview` the rows that each recipient would see. Changes nothing but that folder."""
    names: list[str | None] = []
    rows: list[int] = []
    with office.reading() as connection:
        plan = planning.plan(office, connection, wish, dry=True)
        _some(plan)
        if preview is not None:
            preview.mkdir(parents=True, exist_ok=True)
        for each in plan.editions:
            frames = [apply_view(batch, each.view, each.period) for batch in contract_rows(office, connection, each)]
            rows.append(sum(frame.height for frame in frames))
            name = f"{each.view.to}.{each.feed.name}.{each.period}.jsonl" if preview is not None else None
            names.append(name)
            if preview is not None and name is not None:
                text = "".join(frame.write_ndjson() for frame in frames if frame.height)
                (preview / name).write_text(text, "utf-8")
    states = tuple(each.state for each in plan.editions)
    return Published(plan, states, tuple(None for _ in states), tuple(names), tuple(rows))


def _some(plan: Plan) -> None:
    if not plan.editions:
        raise ExchangeError("E-PUBLISH-NOTHING", period=str(plan.wish.period))


def _contents(office: Office, connection: Connection, planned: Sequence[Planned]) -> list[tuple[Planned, Content]]:
    """Rows cut for every recipient, one pass over a feed's lists for all of its views."""
    made: list[tuple[Planned, Content]] = []
    register = Register(connection)
    shelf = Shelf(office, register, _needed(register, planned))
    for feed in dict.fromkeys(each.feed for each in planned):
        mine = [each for each in planned if each.feed == feed]
        months = Months(shelf, feed)
        builders = [EditionContent(each.view, each.period, each.sources) for each in mine]
        for batch in _rows(months, mine[0]):
            for builder in builders:
                builder.add(batch)
        for each, builder in zip(mine, builders, strict=True):
            made.append((each, builder.finish(_unconfirmed(months, each))))
        if _is_large(months, mine[0].period):
            shelf.forget()
    return made


def _needed(register: Register, planned: Sequence[Planned]) -> frozenset[str] | None:
    """Fields of the lists that this run reads; all of them where increments compare whole months."""
    if any(each.feed.kind == "increment" for each in planned):
        return None
    needed: frozenset[str] = frozenset()
    for feed in dict.fromkeys(each.feed for each in planned):
        mine = [each for each in planned if each.feed == feed]
        needed |= fields_needed(feed, [each.view for each in mine], absent=register.any_before(mine[0].period, feed.row_sources))
    return needed


def _unconfirmed(months: Months, planned: Planned) -> pl.DataFrame:
    """Keys that stay; held rows and the month before are only opened where something is held or outstanding."""
    states = {str(source["list"]): source["state"] for source in planned.sources}
    doubtful = any(states[code] in {"missing", "partial"} for code in planned.feed.row_sources)
    if planned.feed.kind != "snapshot" or not doubtful or not months.shelf.register.any_before(planned.period, planned.feed.row_sources):
        schema = polars_schema(planned.view.schema)
        return pl.DataFrame(schema={name: schema[name] for name in planned.view.key})
    return months.keys(planned.view, planned.period)


def _is_large(months: Months, period: Period) -> bool:
    return sum(found.accepted for found in months.shelf.register.month(period, months.feed.sources).values()) > KEEP_ROWS


def _rows(months: Months, planned: Planned) -> Iterator[pl.DataFrame]:
    """Contract rows of a feed and month, batch by batch where the month is large and the feed's grain allows."""
    feed = planned.feed
    if planned.state == "no-base":
        return
    if feed.kind == "increment":
        new = newcomers.increments_of(months.shelf, feed, planned.period)
        lists = months.lists(planned.period)
        yield assemble(feed, {code: lists[code] for code in feed.row_sources}, changes=new.frames.rows)
    elif not _is_large(months, planned.period):
        yield months.current(planned.period)
    elif feed.grain == "household":
        yield assemble(feed, _narrowed(months, planned.period))
    else:
        whole = survey(feed, _batches(months, planned.period))
        for batch in _batches(months, planned.period):
            yield assemble(feed, {batch.list: batch}, whole=whole)


def _batches(months: Months, period: Period) -> Iterator[ListFrames]:
    """The feed's lists chunk by chunk, accepted rows alone."""
    for code, found in months.shelf.register.month(period, months.feed.row_sources).items():
        none = pl.DataFrame(schema=rosters.rejected_columns(code))
        for frame in rosters.accepted_batches(months.shelf.office, found, months.shelf.only):
            yield ListFrames(code, period, found.state, frame, none)


def _narrowed(months: Months, period: Period) -> dict[str, ListFrames]:
    """Whole lists of a large month in the columns that households are made of, opened chunk by chunk."""
    lists: dict[str, ListFrames] = {}
    for code, found in months.shelf.register.month(period, months.feed.sources).items():
        if found.state == "missing":
            continue
        held = months.shelf.frames(replace(found, parts=tuple(replace(part, accepted_package=None) for part in found.parts)))
        batches = rosters.accepted_batches(months.shelf.office, found, months.shelf.only)
        parts = [narrow(replace(held, accepted=frame)).accepted for frame in batches]
        lists[code] = narrow(replace(held, accepted=pl.concat([narrow(held).accepted, *parts])))
    return lists


def _commit(office: Office, actor: Actor, wish: Wish, contents: Sequence[tuple[Planned, Content]]) -> None:
    """Seal, spool, and commit all editions of the run in one transaction; a crash before it leaves only packages nobody names."""
    if not contents:
        return
    with office.unit(actor) as work:
        trust = believed(work.connection, work.at)
        for planned, content in contents:
            sealed, header = _seal(office, work, trust, planned, content)
            spool.write(office.outbox, sealed.digest, sealed.manifest, sealed.chunks)
            _enter(work, wish, planned, content, sealed, header)


def _seal(office: Office, work: UnitOfWork, trust: Trust, planned: Planned, content: Content) -> tuple[Sealed, EditionHeader]:
    last = editions.last_of_chain(work.connection, planned.feed.name, planned.view.to)
    recipient = trust.recipient_key(planned.recipient, work.at)
    header = EditionHeader(
        contract=planned.view.digest,
        schema=planned.view.schema_digest,
        edition=planned.edition,
        revision=planned.revision,
        sequence=last.seq + 1 if last else 1,
        sender=office.agency,
        recipient=planned.recipient,
        recipient_kid=recipient.kid,
        county=office.agency.county,
        feed=planned.feed.name,
        period=planned.period,
        purpose=planned.view.purpose,
        created=work.at,
        expires=work.at + LIFETIME,
    )
    chain = Chain(planned.feed.kind, last.manifest if last else None, trust.newest.version)
    return seal(content, header, chain, recipient, own.signers(office.keys, "sign"), office.random), header


def _enter(work: UnitOfWork, wish: Wish, planned: Planned, content: Content, sealed: Sealed, header: EditionHeader) -> None:
    sources = {str(source["list"]): {"state": source["state"], "held": source["held"]} for source in planned.sources}
    entry = Edition(
        id=f"{planned.edition}.r{header.revision}",
        edition=planned.edition,
        feed=planned.feed.name,
        period=planned.period,
        recipient=planned.view.to,
        revision=header.revision,
        seq=header.sequence,
        kind=planned.feed.kind,
        state="sealed",
        rows=content.rows,
        unconfirmed=content.unconfirmed,
        chunks=len(content.payloads),
        manifest=sealed.digest,
        plan=planned.digest,
        inputs=planned.inputs,
        sources=sources,
        reason=wish.revise or wish.accept_fall,
        at=work.now,
        by=work.account,
    )
    editions.add(work.connection, entry)
    documents.keep(work.connection, "manifest", sealed.digest, sealed.manifest, work.now)
    work.record(
        "edition.sealed",
        edition=entry.edition,
        revision=entry.revision,
        manifest=f"sha256:{sealed.digest}",
        recipient=str(planned.recipient),
        rows=content.rows,
        plan=planned.digest,
    )


def contract_rows(office: Office, connection: Connection, planned: Planned) -> Iterator[pl.DataFrame]:
    """Contract rows of a planned edition before its view, in batches."""
    return _rows(Months(Shelf(office, Register(connection)), planned.feed), planned)
