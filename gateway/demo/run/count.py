"""Counting in the partners' homes: what their sinks hold and what their receipts say, never what the sender thinks."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from gateway.demo.run.cast import CIVIL, RURAL, SINKS, Cast
from gateway.state import arrivals, proposals, receipts

OUTCOMES = ("CANDIDATE", "NOT_APPLICABLE", "NEEDS_REVIEW")


@dataclass(frozen=True, slots=True)
class Totals:
    """The county's two months as the partners hold them.

    Attributes:
        persons: distinct persons in the medical-insurance sink, who gets everybody.
        editions: editions loaded, all homes together.
        receipts: stage or result -> receipts given.
        rows: agency -> rows its receipts say were loaded.
        subjects: monitoring subjects that came in; `decisions` outcome -> subjects; `registered` persons; `outcomes` answers
            that rural revitalization holds.
    """

    persons: int
    editions: int
    receipts: Mapping[str, int]
    rows: Mapping[str, int]
    subjects: int
    decisions: Mapping[str, int]
    registered: int
    outcomes: int


def totals(cast: Cast) -> Totals:
    """Sum over all homes."""
    given: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    loaded = 0
    for agency in (CIVIL, *SINKS):
        with cast.office(agency).reading() as connection:
            loaded += sum(entry.state == "loaded" for entry in arrivals.everything(connection))
            for each in receipts.listed(connection, "out"):
                given["rejected" if each.result == "rejected" else each.stage] += 1
                rows[agency] += each.rows
    with cast.office(CIVIL).reading() as connection:
        made = {each.period: each for each in proposals.listed(connection)}
        registered = sum(entry.state == "registered" for entry in proposals.registrations(connection))
    decisions = Counter[str]()
    for proposal in made.values():
        decisions.update(dict(proposal.counts))
    with cast.office(CIVIL).reading() as connection:
        subjects = sum(entry.rows or 0 for entry in arrivals.everything(connection) if entry.feed == "monitoring-subjects")
    return Totals(
        persons=_scalar(cast, "medical-insurance", "SELECT count(DISTINCT id_number) FROM assistance_persons"),
        editions=loaded,
        receipts={name: given.get(name, 0) for name in ("received", "loaded", "rejected")},
        rows=dict(rows),
        subjects=subjects,
        decisions={name: decisions.get(name, 0) for name in OUTCOMES},
        registered=registered,
        outcomes=_scalar(cast, RURAL, "SELECT count(*) FROM monitoring_outcomes"),
    )


def _scalar(cast: Cast, agency: str, query: str) -> int:
    with closing(sqlite3.connect(cast.sinks / f"{agency}.db")) as database:
        return int(database.execute(query).fetchone()[0])
