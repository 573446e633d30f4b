"""The answers owed to the sender of a monitoring list: one a subject, sent as editions of the outcome feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection

from consumers.rules.answers import outcomes
from consumers.rules.coverage import ROSTERS
from contracts.errors import ExchangeError
from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.ids import AgencyId
from contracts.views import View
from gateway import spool
from gateway.app import intaking, posting, restored, rosters
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
from security.trust.trust import Trust

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
    """The month's lists; a roster or funeral list that it lacks as last held; the towns' answers of the last month that has any."""
    lists = intaking.lists_of(office, connection, proposal.period)
    for code in {*ROSTERS, "DEATH"} - set(lists):
        earlier = [month for month in imports.months_of(connection, code) if month < proposal.period]
        if earlier:
            lists[code] = rosters.frames(office, connection, earlier[-1], code)
    months = [month for month in imports.months_of(connection, ANSWERS) if month >= proposal.period]
    if months:
        lists[ANSWERS] = rosters.frames(office, connection, months[-1], ANSWERS)
    return lists


def _seal(office: Office, work: UnitOfWork, proposal: Proposal, rows: pl.DataFrame) -> Edition:
    """The edition that carries the answers; the last one when it says the same."""
    view = find_feed(FEED).views[0]
    contract = _contract(rows, proposal)
    plan = office.keys.mac("mac/lasting", canonical({"view": view.digest, "answers": contract.sort("person_no").write_ndjson()})).hex()
    last = editions.last_of_chain(work.connection, FEED, view.to)
    if last is not None and last.plan == plan:
        return last
    restored.check(work.connection)
    content = EditionContent(view, proposal.period, ())
    content.add(contract)
    made = content.finish(contract.clear().select(view.key))
    trust = believed(work.connection, work.at)
    header = _header(office, work, proposal, view, trust, last.seq + 1 if last else 1)
    chain = Chain("event", last.manifest if last else None, trust.newest.version)
    key = trust.recipient_key(header.recipient, work.at)
    sealed = seal(made, header, chain, key, own.signers(office.keys, "sign"), office.random)
    spool.write(office.outbox, sealed.digest, sealed.manifest, sealed.chunks)
    entry = Edition(
        id=f"{header.edition}.r1", edition=header.edition, feed=FEED, period=proposal.period, recipient=view.to, revision=1,
        seq=header.sequence, kind="event", state="sealed", rows=made.rows, unconfirmed=0, chunks=len(sealed.chunks), manifest=sealed.digest,
        plan=plan, inputs={}, sources={}, reason=None, at=work.now, by=work.account,
    )  # fmt: skip
    editions.add(work.connection, entry)
    documents.keep(work.connection, "manifest", sealed.digest, sealed.manifest, work.now)
    work.record(
        "edition.sealed", edition=entry.edition, revision=1, manifest=f"sha256:{sealed.digest}", recipient=str(header.recipient),
        rows=made.rows, plan=plan,
    )  # fmt: skip
    return entry


def _contract(rows: pl.DataFrame, proposal: Proposal) -> pl.DataFrame:
    """Answers under the names of the outcome contract."""
    renamed = {"subject": "person_no", "household": "household_no", "why": "reason"}
    carried = ("answer", "final", "check", "reason_text", "verified_income", "verified_on", "clause")
    decided_on = pl.lit(date.fromisoformat(proposal.as_of)).alias("decided_on")
    return rows.select(*(pl.col(old).alias(new) for old, new in renamed.items()), *carried, decided_on)


def _header(office: Office, work: UnitOfWork, proposal: Proposal, view: View, trust: Trust, sequence: int) -> EditionHeader:
    recipient = AgencyId(office.agency.county, view.to)
    return EditionHeader(
        contract=view.digest, schema=view.schema_digest, edition=f"{recipient.county}.{FEED}.{view.to}.{proposal.period}.e{sequence}",
        revision=1, sequence=sequence, sender=office.agency, recipient=recipient, recipient_kid=trust.recipient_key(recipient, work.at).kid,
        county=office.agency.county, feed=FEED, period=proposal.period, purpose=view.purpose, created=work.at, expires=work.at + LIFETIME,
    )  # fmt: skip
