"""All rules whose answer is a case, asked about one month at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from consumers.rules import crossings, disability, lowincome, monitored, payees, payments, taper
from consumers.rules.cases import CASE
from consumers.rules.coverage import DIBAO, PERSON, ROSTERS
from consumers.rules.deaths import NOTICE, death_cases
from consumers.rules.frames import PLACE, Lists, Schema
from consumers.rules.parameters import RuleParameters, parameters

Asked = Callable[[Lists, str, date, RuleParameters], pl.DataFrame]
REGISTERS = ("DEATH", "DISABILITY", "TAPER")
"""Lists that stay true until the next one comes: a month without one is held against the last."""
LISTS = (*ROSTERS, "DIBAO_RURAL_HOUSEHOLD", *REGISTERS, "PAYMENT_RESULT", "MONITOR_PERSON")
"""Lists that cases come from."""
READ = frozenset(
    {
        *PLACE, *PERSON, *NOTICE, *disability.CERTIFICATE, *disability.RECIPIENT, *payments.PAYMENT, *payees.GUARDIANS, *taper.ENTRY,
        *monitored.ROW, "category", "covered_size", "institution",
    }
)  # fmt: skip
"""Fields of the lists that any of the rules reads."""
R4_FIELDS: Schema = {
    "death_date": pl.String, "r4_due": pl.String, "r4_overdue": pl.Boolean, "r5_due": pl.String, "r5_overdue": pl.Boolean,
    "payee_hold_from": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that makes cases.

    Attributes:
        needs: it says nothing where none of these lists is there; reads: what it looks at besides.
        fields: columns of its cases beside `CASE`.
    """

    name: str
    ask: Asked
    needs: tuple[str, ...]
    fields: Schema
    reads: tuple[str, ...] = ()


_RULES = (
    _Rule("R2", lowincome.low_income_cases, DIBAO, lowincome.FIELDS),
    _Rule("R4", death_cases, ("DEATH",), R4_FIELDS, (*ROSTERS, "DIBAO_RURAL_HOUSEHOLD", "MONITOR_PERSON")),
    _Rule("R6", taper.taper_cases, ("TAPER",), taper.FIELDS),
    _Rule("R8", disability.disability_cases, ("DISABILITY",), disability.FIELDS),
    _Rule("R14", payments.payment_cases, ("PAYMENT_RESULT",), payments.LATE_FIELDS),
    _Rule("R15", payments.idle_cases, ("PAYMENT_RESULT",), payments.IDLE_FIELDS),
    _Rule("R16", payees.payee_cases, ("PAYMENT_RESULT",), payees.FIELDS),
    _Rule("R18", crossings.crossing_cases, ROSTERS, crossings.FIELDS),
)


LOCAL = frozenset({*(rule.name for rule in _RULES if rule.name != "R4"), "STANDARD"})
"""Parameters that a county may have of its own; those of the dead and of R1 are the same for the answers that go out."""


@dataclass(frozen=True, slots=True)
class Casebook:
    """Cases of a month.

    Attributes:
        cases: rule (R2, R4 …, MONITOR) -> its cases, columns `CASE` and the rule's own, in the order of the rules.
        inactive: rules that have no parameters for the day; of R4 each case says so itself.
    """

    cases: Mapping[str, pl.DataFrame]
    inactive: tuple[str, ...]


def needed(only: Collection[str] = ()) -> frozenset[str]:
    """Lists that the rules read, or those of the named rules."""
    if not only:
        return frozenset(LISTS)
    return frozenset(name for rule in _RULES if rule.name in only for name in (*rule.needs, *rule.reads))


def casebook(
    lists: Lists, before: Lists, county: str, as_of: date, only: Collection[str] = (), local: Mapping[str, RuleParameters] | None = None
) -> Casebook:
    """Every rule's cases; pure.

    Args:
        lists: of the month; before: those of the month before (for what changed on the monitoring list).
        only: rules to ask; all when none are named.
        local: parameters of the county by rule name (of `LOCAL`), where it has its own.
    """
    own = local or {}
    found: dict[str, pl.DataFrame] = {}
    inactive = []
    for rule in (each for each in _RULES if not only or each.name in only):
        if not any(name in lists and lists[name].state != "missing" for name in rule.needs):
            continue
        asked = own.get(rule.name) or parameters(rule.name)
        if asked.at(county, as_of) is None:
            inactive.append(rule.name)
        ask = partial(taper.taper_cases, standard=own.get("STANDARD")) if rule.name == "R6" else rule.ask
        found[rule.name] = columns(ask(lists, county, as_of, asked), rule.fields)
    changes = monitored.monitoring_changes(before, lists)
    if changes.height and not only:
        found["MONITOR"] = changes
    return Casebook(found, tuple(inactive))


def columns(cases: pl.DataFrame, fields: Schema) -> pl.DataFrame:
    """Cases in the columns `CASE` and those of their rule."""
    return cases.select(*CASE, *fields)
