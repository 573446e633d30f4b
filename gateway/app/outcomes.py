"""The answers owed to the sender of a monitoring list: one a subject, sent as editions of the outcome feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection

from consumers.rules.answers import outcomes
from contracts.errors import ExchangeError
from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.ids import AgencyId
from gateway import spool
from gateway.app import intaking, posting, rosters
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import documents, editions, imports, proposals
from gateway.state.editions import Edition
from gateway.state.proposals import Proposal
from gateway.state.unit import UnitOfWork, canonical
from producers.edition import Chain, EditionContent, seal
from security.header import LIFETIME, EditionHeader
from security.trust import own

FEED = "monitoring-outcomes"
ANSWERS = "VERIFY_ANSWER"


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers as rows of `consumers.rules.answers.OUTCOME`, and the edition they went out with, if they did."""

    rows: pl.DataFrame
    edition: Edition | None


def answer(office: Office, actor: Actor, *, dry: bool) -> Answered:
    """`intake outcomes`: one answer a subject of the last proposal. The same answers again are the same edition.

    Raises:
        ExchangeError: E-PROPOSAL-NONE, nothing has been decided yet; E-TRUST-*, E-PREKEY-NONE.
    """
    if dry:
        with office.reading() as connection:
            return Answered(_answers(office, connection, _last(connection)), None)
    with office.changing("intake outcomes"):
        with office.reading() as connection:
            proposal = _last(connection)
            rows = _answers(office, connection, proposal)
        with office.unit(actor) as work:
            edition = _seal(office, work, proposal, rows)
        posting.post(office, actor)
        with office.reading() as connection:
            return Answered(rows, editions.find(connection, edition.id))


def _last(connection: Connection) -> Proposal:
    found = proposals.latest(connection)
    if found is None:
        raise ExchangeError("E-PROPOSAL-NONE", digest="-")
    return found


def _answers(office: Office, connection: Connection, proposal: Proposal) -> pl.DataFrame:
    decided = intaking.decisions_of(office, proposal)
    day = date.fromisoformat(proposal.as_of)
    confirmed = (
        decided.filter(pl.col("outcome") == "CANDIDATE")["subject"].to_list()
        if len(intaking.halves(connection, proposal, office.agency.code)) == 2
        else []
    )
    return outcomes(decided, _lists(office, connection, proposal), confirmed, county=office.agency.county, at=day)


def _lists(office: Office, connection: Connection, proposal: Proposal) -> dict[str, ListFrames]:
    """The month's lists, with the towns' answers of the last month that has any."""
    lists = intaking.lists_of(office, connection, proposal.period)
    months = [month for month in imports.months_of(connection, ANSWERS) if month >= proposal.period]
    if months:
        lists[ANSWERS] = rosters.frames(office, rosters.month(connection, months[-1], [ANSWERS])[ANSWERS])
    return lists


def _seal(office: Office, work: UnitOfWork, proposal: Proposal, rows: pl.DataFrame) -> Edition:
    feed = find_feed(FEED)
    view = feed.views[0]
    recipient = AgencyId(office.agency.county, view.to)
    contract = rows.select(
        pl.col("subject").alias("person_no"),
        pl.col("household").alias("household_no"),
        "answer",
        "final",
        "check",
        pl.col("why").alias("reason"),
        "reason_text",
        "verified_income",
        "verified_on",
        pl.lit(date.fromisoformat(proposal.as_of)).alias("decided_on"),
        "clause",
    )
    plan = office.keys.mac("mac/lasting", canonical({"view": view.digest, "answers": contract.sort("person_no").write_ndjson()})).hex()
    last = editions.last_of_chain(work.connection, FEED, view.to)
    if last is not None and last.plan == plan:
        return last
    trust = believed(work.connection, work.at)
    key = trust.recipient_key(recipient, work.at)
    seq = last.seq + 1 if last else 1
    content = EditionContent(view, proposal.period, ())
    content.add(contract)
    header = EditionHeader(
        contract=view.digest,
        schema=view.schema_digest,
        edition=f"{recipient.county}.{FEED}.{view.to}.{proposal.period}.e{seq}",
        revision=1,
        sequence=seq,
        sender=office.agency,
        recipient=recipient,
        recipient_kid=key.kid,
        county=office.agency.county,
        feed=FEED,
        period=proposal.period,
        purpose=view.purpose,
        created=work.at,
        expires=work.at + LIFETIME,
    )
    made = content.finish(contract.clear().select(view.key))
    sealed = seal(
        made,
        header,
        Chain("event", last.manifest if last else None, trust.newest.version),
        key,
        own.signers(office.keys, "sign"),
        office.random,
    )
    spool.write(office.outbox, sealed.digest, sealed.manifest, sealed.chunks)
    entry = Edition(
        id=f"{header.edition}.r1",
        edition=header.edition,
        feed=FEED,
        period=proposal.period,
        recipient=view.to,
        revision=1,
        seq=seq,
        kind="event",
        state="sealed",
        rows=made.rows,
        unconfirmed=0,
        chunks=len(sealed.chunks),
        manifest=sealed.digest,
        plan=plan,
        inputs={},
        sources={},
        reason=None,
        at=work.now,
        by=work.account,
    )
    editions.add(work.connection, entry)
    documents.keep(work.connection, "manifest", sealed.digest, sealed.manifest, work.now)
    work.record(
        "edition.sealed",
        edition=entry.edition,
        revision=1,
        manifest=f"sha256:{sealed.digest}",
        recipient=str(recipient),
        rows=made.rows,
        plan=plan,
    )
    return entry
