"""Cases out of lists held against each other, and the register of recognitions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from consumers.rules.deaths import death_cases
from consumers.sinks.register import write_register
from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.app import intaking, registering
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.state import imports, proposals

NOTICES = "DEATH"
_RECORD = (
    "rule",
    "case",
    "id_number",
    "reason",
    "clause",
    "category",
    "death_date",
    "r4_due",
    "r4_overdue",
    "r5_due",
    "r5_overdue",
    "payee_hold_from",
    "row",
)


@dataclass(frozen=True, slots=True)
class Cases:
    """Number of cases by (rule, case) on a day."""

    as_of: str
    counts: Mapping[tuple[str, str], int]


def cases(office: Office, actor: Actor, as_of: date | None, records: Path | None) -> Cases:
    """`cases`: deaths (R4, R5) of the month that `as_of` lies in, the last month with a funeral list when it is not given.

    Args:
        records: file for the cases, one JSON object a line; it holds ID numbers, and writing it is entered in the ledger.

    Raises:
        ExchangeError: E-CASES-NONE, no funeral list is there.
    """
    with office.reading() as connection:
        months = imports.months_of(connection, NOTICES)
        period = Period(as_of.year, as_of.month) if as_of else months[-1] if months else None
        if period is None or not months:
            raise ExchangeError("E-CASES-NONE")
        lists = intaking.lists_of(office, connection, period)
    day = as_of or period.end
    found = death_cases(lists, office.agency.county, day)
    if records is not None:
        with office.changing("cases"):
            lines = (json.dumps({name: row[name] for name in _RECORD}, ensure_ascii=False) for row in found.iter_rows(named=True))
            records.write_text("".join(f"{line}\n" for line in lines), "utf-8")
            with office.unit(actor) as work:
                work.record("cases.exported", as_of=day.isoformat(), cases=found.height)
    return Cases(day.isoformat(), Counter((str(row["rule"]), str(row["case"])) for row in found.iter_rows(named=True)))


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
