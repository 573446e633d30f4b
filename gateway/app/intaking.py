"""Intake: inbound subjects to decisions, joint confirmation, registrations. A rule proposes, people decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
from sqlalchemy import Connection

from consumers.rules.margin import County, Decisions, decide
from contracts.codes.areas import load_divisions
from contracts.errors import ExchangeError
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.app import receipting, registering, rosters
from gateway.app.actor import Actor
from gateway.app.importing import Order, keep_list
from gateway.app.office import Office
from gateway.app.opened import Noted, Opened, read_rows
from gateway.app.reasons import plain, plain_if_given
from gateway.app.registering import SUBJECTS
from gateway.state import arrivals, imports, proposals
from gateway.state.proposals import Confirmation, Proposal
from gateway.state.unit import UnitOfWork, canonical, stamp
from security.keystore import labels
from security.trust.trust import Trust

PARTNER = "rural-revitalization"
DECISION: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "household": pl.String(),
    "row": pl.String(),
    "id_number": pl.String(),
    "outcome": pl.String(),
    "reason": pl.String(),
    "flags": pl.List(pl.String()),
    "clause": pl.String(),
    "list": pl.String(),
    "file": pl.String(),
    "codes": pl.List(pl.String()),
}


@dataclass(frozen=True, slots=True)
class Inbound:
    """A month's inbound lists as they wait for intake."""

    list: str
    period: str
    sender: str
    rows: int
    rejected: int
    signed: bool
    proposal: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A proposal with its decisions, columns `DECISION`."""

    proposal: Proposal
    decisions: pl.DataFrame
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What stands after a confirmation.

    Attributes:
        state: `registered` when both halves are there, `half` when one is.
        sides: agency codes whose half is there.
        persons: candidates of the proposal; `new` those registered by this act.
    """

    proposal: str
    state: str
    sides: tuple[str, ...]
    persons: int
    new: int


def take(office: Office, actor: Actor, opened: Opened, trust: Trust) -> Noted:
    """Load an inbound edition into this home: rows re-sealed under the period's key and receipt `loaded`, in one transaction.
    Returns what the sender says of its lists.

    Raises:
        ExchangeError: E-CONTRACT-OTHER, E-AVRO and what opening raises.
    """
    verified = opened.verified
    header = verified.manifest.header
    list_code = opened.feed.row_sources[0]
    noted = Noted()
    frames = list(read_rows(office, opened, noted))
    columns = rosters.accepted_columns(list_code)
    rows = _as_list(pl.concat(frames), columns, f"{header.edition}.r{header.revision}") if frames else pl.DataFrame(schema=columns)
    with office.unit(actor) as work:
        there = imports.of_month(work.connection, header.period, list_code)
        newer = [part for part in there if _is_newer(work.connection, part.manifest, header.sequence)]
        uploaded = any(part.manifest is None for part in there)  # the sender's own word goes before a clerk's copy of it, and it is said
        if not newer:
            imports.replace(work.connection, list_code, header.period)
        if not newer and verified.manifest.kind != "withdrawn":
            table = ListFrames(list_code, header.period, "complete", rows, pl.DataFrame(schema=rosters.rejected_columns(list_code)))
            order = Order(replace=f"{header.edition}.r{header.revision}" if uploaded else None)
            keep_list(office, work, table, order, sender=header.sender.code, manifest=verified.digest)
        envelope = receipting.draft(office, work, verified, opened.leaves, trust.newest.version, "loaded", rows=rows.height)
        given = receipting.keep(work, verified, envelope)
        arrivals.settle(work.connection, verified.digest, "loaded", given.digest, given.rows)
        work.record("edition.loaded", manifest=f"sha256:{verified.digest}", rows=given.rows, receipt=f"sha256:{given.digest}")
    return noted


def waiting(office: Office) -> list[Inbound]:
    """`intake list`: the inbound lists there are, by month."""
    with office.reading() as connection:
        months = sorted({month for code in SUBJECTS for month in imports.months_of(connection, code)})
        found: list[Inbound] = []
        for month in months:
            made = proposals.latest(connection, month)
            for code in SUBJECTS:
                found += [
                    Inbound(
                        code,
                        str(month),
                        part.sender,
                        part.accepted,
                        part.rejected,
                        part.manifest is not None,
                        made.digest if made else None,
                    )
                    for part in imports.of_month(connection, month, code)
                ]
    return found


def propose(office: Office, actor: Actor, as_of: date | None) -> Decided:
    """`intake decide`: one decision a subject of the month that `as_of` lies in, the last month delivered when it is not given.

    The same lists give the same proposal.

    Raises:
        ExchangeError: E-INTAKE-NONE, no inbound list is there.
    """
    with office.changing("intake decide"):
        with office.reading() as connection:
            period = _month(connection, as_of)
            lists = lists_of(office, connection, period)
        day = as_of or period.end
        result = decide(lists, county(office), day)
        rows = result.rows.select(list(DECISION))
        digest = _digest(office, rows, day, lists)
        with office.unit(actor) as work:
            entry = _again(work, digest, period) or _enter(office, work, rows, result, digest, day, period)
    return Decided(entry, rows, result.missing)


def confirm(office: Office, actor: Actor, digest: str, by: str, document: str | None) -> Confirmed:
    """`intake confirm`: one named act. Without `document` it is this bureau's half; with it the partner's, given on paper.

    Raises:
        ExchangeError: E-PROPOSAL-NONE; E-PROPOSAL-STALE, there is a newer one, or the lists have changed since; E-REASON-*.
    """
    by, document = plain(by), plain_if_given(document)
    with office.changing("intake confirm"), office.unit(actor) as work:
        proposal = _named(work.connection, digest)
        decisions, lists = decisions_of(office, proposal), lists_of(office, work.connection, proposal.period)
        _check_stands(office, work.connection, proposal, decisions, lists)
        side = office.agency.code if document is None else PARTNER
        if proposals.confirm(work.connection, Confirmation(proposal.digest, side, by, document, work.now)):
            work.record("confirmation.given", proposal=f"sha256:{proposal.digest}", side=side, document=document)
        sides = halves(work.connection, proposal, office.agency.code)
        persons, new = registering.register(office, work, proposal, decisions, lists, sides)
    return Confirmed(proposal.digest, "registered" if len(sides) == 2 else "half", sides, persons, new)


def _check_stands(
    office: Office, connection: Connection, proposal: Proposal, decisions: pl.DataFrame, lists: dict[str, ListFrames]
) -> None:
    """Return if the proposal is the newest of its month and would be made again just so: nobody confirms what a recalled list said."""
    newest = proposals.latest(connection, proposal.period)
    stands = newest is not None and newest.digest == proposal.digest and any(code in lists for code in SUBJECTS)
    if stands:
        again = decide(lists, county(office), date.fromisoformat(proposal.as_of)).rows.select(list(DECISION))
        order = ["list", "file", "row", "subject"]
        stands = again.sort(order).equals(decisions.sort(order))
    if not stands:
        raise ExchangeError("E-PROPOSAL-STALE", digest=proposal.digest[:12])


def halves(connection: Connection, proposal: Proposal, own: str) -> tuple[str, ...]:
    """Sides whose half is there; the partner's signed edition is its own."""
    given = {each.side for each in proposals.confirmations(connection, proposal.digest)}
    if proposal.signed:
        given.add(PARTNER)
    return tuple(side for side in (own, PARTNER) if side in given)


def decisions_of(office: Office, proposal: Proposal) -> pl.DataFrame:
    """The decisions of a proposal, columns `DECISION`."""
    return office.vault.frame(proposal.package, DECISION)


def lists_of(office: Office, connection: Connection, period: Period) -> dict[str, ListFrames]:
    """Every list of a month that is there."""
    codes = sorted({part.list for part in imports.of_month(connection, period)})
    return rosters.frames_of_month(office, connection, period, codes)


def county(office: Office) -> County:
    """This home's county with its name."""
    code = office.agency.county
    division = load_divisions().get(code)
    return County(code, division.name if division else None)


def _again(work: UnitOfWork, digest: str, period: Period) -> Proposal | None:
    """The proposal that says the same, the newest of its month once more."""
    found, newest = proposals.find(work.connection, digest), proposals.latest(work.connection, period)
    if found is not None and newest is not None and newest.digest != digest:
        at = _moment(work, newest)
        proposals.put_last(work.connection, digest, at)
        work.record("decisions.restored", proposal=f"sha256:{digest}", period=str(period))
        return replace(found, at=at)
    return found


def _moment(work: UnitOfWork, newest: Proposal | None) -> str:
    """Now, or the second after the newest proposal: its order is told by its time."""
    if newest is None or newest.at < work.now:
        return work.now
    return stamp(datetime.strptime(newest.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) + timedelta(seconds=1))


def _enter(office: Office, work: UnitOfWork, rows: pl.DataFrame, result: Decisions, digest: str, day: date, period: Period) -> Proposal:
    package = office.vault.seal(f"decisions.{period}", labels.self_(period), period, [rows], DECISION, work.at)
    counts = {str(outcome): int(count) for outcome, count in result.rows.group_by("outcome").len().sort("outcome").iter_rows()}
    main = imports.of_month(work.connection, period, SUBJECTS[0])
    signed = bool(main) and all(part.manifest is not None for part in main)
    at = _moment(work, proposals.latest(work.connection, period))
    entry = Proposal(digest, day.isoformat(), period, package, counts, signed, at, work.account)
    proposals.add(work.connection, entry)
    work.record(
        "decisions.proposed",
        proposal=f"sha256:{digest}",
        period=str(period),
        as_of=day.isoformat(),
        subjects=rows.height,
        **{k.lower(): v for k, v in counts.items()},
    )
    return entry


def _digest(office: Office, rows: pl.DataFrame, day: date, lists: dict[str, ListFrames]) -> str:
    text = canonical({"as_of": day.isoformat(), "lists": sorted(lists), "decisions": rows.sort("subject").write_ndjson()})
    return office.keys.mac("mac/lasting", text).hex()


def _month(connection: Connection, as_of: date | None) -> Period:
    months = sorted({month for code in SUBJECTS for month in imports.months_of(connection, code)})
    if as_of is not None:
        months = [month for month in months if month.end <= as_of or month == Period(as_of.year, as_of.month)]
    if not months:
        raise ExchangeError("E-INTAKE-NONE")
    return months[-1]


def _named(connection: Connection, digest: str) -> Proposal:
    wanted = digest.removeprefix("sha256:")
    found = [each for each in proposals.listed(connection) if len(wanted) >= 8 and each.digest.startswith(wanted)]
    if len(found) != 1:
        raise ExchangeError("E-PROPOSAL-NONE", digest=wanted[:12])
    return found[0]


def _as_list(rows: pl.DataFrame, columns: dict[str, pl.DataType], file: str) -> pl.DataFrame:
    """Contract rows under the columns of the source list they came from; the place is the row's number in the edition."""
    place = {"_sheet": pl.lit(""), "_row": pl.int_range(1, pl.len() + 1, dtype=pl.Int32), "_file": pl.lit(file)}
    return rows.select(
        place[name].alias(name) if name in place else pl.col(name).cast(dtype) if name in rows.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in columns.items()
    )


def _is_newer(connection: Connection, manifest: str | None, seq: int) -> bool:
    """Whether what is there came with a later edition of the same chain."""
    there = arrivals.find(connection, manifest) if manifest else None
    return there is not None and there.seq > seq
