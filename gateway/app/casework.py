"""Cases out of lists held against each other, and the register of recognitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from consumers.rules.casebook import LISTS, LOCAL, READ, REGISTERS, Casebook, casebook, needed
from consumers.rules.monitored import LIST as MONITORED
from consumers.rules.parameters import RuleParameters, parameters, read_parameters, with_local
from consumers.rules.words import CASE_REASONS, CASES
from consumers.sinks.register import write_register
from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.app import registering
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.rosters import Register, Shelf
from gateway.state import imports, proposals

FOLDER = "rules"
"""Where a home keeps its county's own parameters."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What follows from a month's lists on a day.

    Attributes:
        counts: (rule, case) -> number of cases; reasons: the same -> reason -> number, where cases have one; R14's states are its
            reasons.
        inactive: rules without parameters for the day.
        earlier: registers that the month lacks -> the month whose list was held against it instead.
    """

    as_of: str
    counts: Mapping[tuple[str, str], int]
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    inactive: tuple[str, ...]
    earlier: Mapping[str, str]


def cases(office: Office, actor: Actor, as_of: date | None, records: Path | None) -> Cases:
    """`cases`: every rule that reads lists against each other, on the month that `as_of` lies in; when it is not given, on the last
    month with a funeral list, else the last with any list that cases come from.

    Args:
        records: file for the cases, one JSON object a line; it holds ID numbers, and writing it is entered in the ledger.

    Raises:
        ExchangeError: E-CASES-NONE, no list that cases come from is there; E-RULES-FILE.
    """
    with office.reading() as connection:
        period = Period(as_of.year, as_of.month) if as_of else _last_month(connection)
        if period is None or imports.earliest(connection, LISTS) is None:
            raise ExchangeError("E-CASES-NONE")
        day = as_of or period.end
        found, earlier = book_of(Shelf(office, Register(connection), READ), period, day)
    if records is not None:
        with office.changing("cases"):
            records.write_text("".join(frame.write_ndjson() for frame in found.cases.values() if frame.height), "utf-8")
            with office.unit(actor) as work:
                work.record("cases.exported", as_of=day.isoformat(), cases=sum(frame.height for frame in found.cases.values()))
    return Cases(day.isoformat(), *_counted(found), found.inactive, earlier)


def said(code: str, language: Language) -> str:
    """A case or a reason in words; the code where it has none."""
    found = CASES.get(code) or CASE_REASONS.get(code)
    return found.text(language) if found else code


def book_of(shelf: Shelf, period: Period, day: date, only: Collection[str] = ()) -> tuple[Casebook, dict[str, str]]:
    """The cases of a month (of these rules alone where any are named), and which registers were taken from which earlier month because
    it has none."""
    wanted = needed(only)
    lists = shelf.of_month(period, [code for code in LISTS if code in wanted])
    earlier = {}
    for code in wanted.intersection(REGISTERS):
        months = [month for month in imports.months_of(shelf.register.connection, code) if month < period]
        if lists[code].state == "missing" and months:
            lists[code] = shelf.of_month(months[-1], [code])[code]
            earlier[code] = str(months[-1])
    before = shelf.of_month(period.previous, [MONITORED] if not only else [])
    return casebook(_there(lists), _there(before), shelf.office.agency.county, day, only, own_parameters(shelf.office)), earlier


def own_parameters(office: Office) -> Mapping[str, RuleParameters]:
    """The county's own parameters of rules, from `rules/*.toml` in the home.

    Raises:
        ExchangeError: E-RULES-FILE, a file that cannot be read as parameters, or of a rule that has none of its own.
    """
    found = {}
    for path in sorted((office.place / FOLDER).glob("*.toml")):
        try:
            own = read_parameters(path.read_text("utf-8"))
        except (ValueError, KeyError, TypeError) as error:
            raise ExchangeError("E-RULES-FILE", file=path.name, why=str(error)[:80]) from error
        if own.rule not in LOCAL:
            raise ExchangeError("E-RULES-FILE", file=path.name, why=f"rule {own.rule[:20]}")
        found[own.rule] = with_local(parameters(own.rule), own)
    return found


def contradictions(office: Office, connection: Connection, period: Period) -> Mapping[str, Mapping[str, int]]:
    """Number of cases by case of R4 (dead and on a roster) and R18 (on two rosters) of a month."""
    book, _ = book_of(Shelf(office, Register(connection), READ), period, period.end, ("R4", "R18"))
    counts, _ = _counted(book)
    return {rule: {case: n for (of, case), n in counts.items() if of == rule} for rule in ("R4", "R18")}


def _there(lists: Mapping[str, ListFrames]) -> dict[str, ListFrames]:
    return {code: frames for code, frames in lists.items() if frames.state != "missing"}


def _last_month(connection: Connection) -> Period | None:
    notices = imports.months_of(connection, "DEATH")
    months = notices or [month for code in LISTS for month in imports.months_of(connection, code)]
    return max(months, default=None)


def _counted(found: Casebook) -> tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str], Mapping[str, int]]]:
    counts: dict[tuple[str, str], int] = {}
    reasons: dict[tuple[str, str], dict[str, int]] = {}
    for rule, frame in found.cases.items():
        by = "state" if rule == "R14" else "reason"
        for case, reason, count in frame.group_by("case", by).len().sort("case", by).iter_rows():
            key = (rule, str(case))
            counts[key] = counts.get(key, 0) + count
            if reason is not None:
                reasons.setdefault(key, {})[str(reason)] = count
    return counts, reasons


def registration_counts(office: Office) -> Mapping[tuple[str, str], int]:
    """`registrations list`: persons by month and state."""
    with office.reading() as connection:
        return Counter((entry.since, entry.state) for entry in proposals.registrations(connection))


def export_registrations(office: Office, actor: Actor, out: Path) -> int:
    """`registrations export`: a workbook with IDs as text; entered in the ledger. Returns the number of persons."""
    with office.changing("registrations export"):
        rows = registering.registered_rows(office)
        write_register([(row, entry.since, entry.state == "registered") for entry, row in rows], out)
        with office.unit(actor) as work:
            work.record("registrations.exported", persons=len(rows))
    return len(rows)
