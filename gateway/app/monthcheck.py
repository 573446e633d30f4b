"""The month's own checks: each list against the month before, and the lists against each other, before anything goes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.frames import ListFrames, ListState
from contracts.ids import Period
from contracts.lists import load_lists
from contracts.lists.source import source_list
from gateway.app import areas, casework
from gateway.app.guarding import Guard
from gateway.app.office import Office
from gateway.app.rosters import MonthOfList, Register, Shelf
from gateway.state import imports
from producers.difference import Difference, comparable, difference
from producers.fall import Fall, Growth, falls_of, growths_of, of_towns, persons, town_falls
from producers.reading import Reading

__all__ = ["Difference", "ListCheck", "MonthCheck", "contradictions", "header", "of_lists", "of_month", "of_reading"]

_MANY = 50
"""Rows from which on a month without any change is odd; a short list may well stay as it is."""
_PERSONS = ("person", "subject", "household")


@dataclass(frozen=True, slots=True)
class ListCheck:
    """One list of a month against the month before.

    Attributes:
        accepted, held: rows.
        towns: names of the towns still to come, where the list comes by town.
        difference: None where the month before has no such list, or the list names nobody once.
        falls, growths: categories beyond the guard's limit, of the towns that have answered; falls of single towns bear their name.
    """

    list: str
    period: Period
    state: ListState
    accepted: int
    held: int
    towns: tuple[str, ...]
    difference: Difference | None
    falls: tuple[Fall, ...]
    growths: tuple[Growth, ...]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        told = [_finding("W-MONTH-TOWNS", self, count=len(self.towns), towns="、".join(self.towns))] if self.towns else []
        if self.difference is not None and self.difference.nothing and not self.held and self.difference.now >= _MANY:
            told.append(_finding("W-MONTH-SAME", self, rows=self.difference.now))
        lost = self.difference.lost if self.difference else ()
        told += [_finding("W-MONTH-COLUMN", self, column=header(self.list, name)) for name in lost]
        for fall in self.falls:
            facts: dict[str, str | int] = {"before": fall.before, "now": fall.now}
            if fall.town is not None:
                told.append(_finding("W-MONTH-TOWN", self, town=fall.town, **facts))
            else:
                told.append(_finding("W-MONTH-FALL", self, category=fall.category, percent=fall.percent, **facts))
        told += [
            _finding("W-MONTH-GROWTH", self, category=each.category, before=each.before, now=each.now, percent=each.percent)
            for each in self.growths
        ]
        return tuple(told)


@dataclass(frozen=True, slots=True)
class MonthCheck:
    """A month before it goes out.

    Attributes:
        lists: in the order of their codes, those that are there.
        others: warnings about more than one list: contradictions, and what could not be opened.
    """

    lists: tuple[ListCheck, ...]
    others: tuple[Finding, ...] = ()

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return (*(finding for each in self.lists for finding in each.warnings), *self.others)


def header(code: str, name: str) -> str:
    """A field as its column is called."""
    field = source_list(code).fields.get(name)
    return field.headers[0] if field and field.headers else name


def of_month(office: Office, period: Period) -> MonthCheck:
    """Every list of a month, opened, and what they say against each other."""
    with office.reading() as connection:
        codes = sorted({part.list for part in imports.of_month(connection, period)})
        found = _lists(office, connection, period, codes)
        return MonthCheck(found.lists, (*found.others, *_contradictions(office, connection, period)))


def of_lists(office: Office, period: Period, codes: Sequence[str]) -> MonthCheck:
    """Some lists of a month as they are kept now."""
    with office.reading() as connection:
        return _lists(office, connection, period, codes)


def contradictions(office: Office, period: Period) -> tuple[Finding, ...]:
    """What the lists of a month say against each other, as warnings: who is dead and on a roster (R4), who is on two rosters (R18)."""
    with office.reading() as connection:
        return _contradictions(office, connection, period)


def of_reading(office: Office, reading: Reading) -> MonthCheck:
    """A file that is not kept, as if it were the month's. Of a file that speaks for one town, the other towns' people are left out."""
    period = reading.period
    if period is None or reading.verdict == "REJECT_FILE" or reading.nil:
        return MonthCheck(())
    with office.reading() as connection:
        shelf = Shelf(office, Register(connection))
        there = shelf.register.month(period.previous, [table.list for table in reading.tables])
        known = areas.towns(connection, period)
        found = []
        for table in reading.tables:
            frames = table.frames(period, "partial" if table.rejected.height else "complete")
            waiting = _others(frames, known)
            try:
                before = shelf.frames(there[table.list]) if there[table.list].state != "missing" else None
            except ExchangeError as error:
                return MonthCheck((), (_unread(table.list, period.previous, error),))
            found.append(_checked(frames, before, waiting, known, by_town=bool(waiting)))
        return MonthCheck(tuple(found))


def _contradictions(office: Office, connection: Connection, period: Period) -> tuple[Finding, ...]:
    try:
        cases = casework.contradictions(office, connection, period)
    except ExchangeError as error:
        return (_unread("", period, error),)
    facts: dict[str, str | int] = {"period": str(period), "day": period.end.isoformat()}
    found = []
    if crossing := cases["R18"]:
        numbers = {"conflict": "CONFLICT", "difference": "DIFFERENCE_ONLY", "review": "REVIEW"}
        found.append(Finding(None, None, "W-CROSSING", facts={**facts, **{name: crossing.get(case, 0) for name, case in numbers.items()}}))
    dead = {case: count for case, count in cases["R4"].items() if case not in {"NONE", "MONITOR_SUBJECT"}}
    if dead:
        review = dead.pop("NEEDS_REVIEW", 0)
        found.append(Finding(None, None, "W-DEAD-LISTED", facts={**facts, "persons": sum(dead.values()), "review": review}))
    return tuple(found)


def _unread(code: str, period: Period, error: ExchangeError) -> Finding:
    return Finding(None, None, "W-MONTH-UNREAD", facts={"list": code, "period": str(period), "code": error.code})


def _lists(office: Office, connection: Connection, period: Period, codes: Collection[str]) -> MonthCheck:
    register = Register(connection)
    shelf, guard = Shelf(office, register), Guard(office, register)
    known = areas.towns(connection, period)
    now, before = register.month(period, sorted(codes)), register.month(period.previous, sorted(codes))
    found: list[ListCheck] = []
    unread: list[Finding] = []
    for code in sorted(codes):
        try:
            found += [_kept(shelf, guard, now[code], before[code], known)] if now[code].state != "missing" else []
        except ExchangeError as error:  # a check that cannot be made says so and stands in nobody's way
            unread.append(_unread(code, period, error))
    return MonthCheck(tuple(found), tuple(unread))


def _kept(shelf: Shelf, guard: Guard, now: MonthOfList, before: MonthOfList, known: Mapping[str, str]) -> ListCheck:
    waiting = {**now.outstanding}
    then = shelf.frames(before) if before.state != "missing" and load_lists()[now.list].grain in _PERSONS else None
    checked = _checked(shelf.frames(now), then, waiting, known, by_town=any(len(part.towns) == 1 for part in now.parts))
    falls = [*falls_of(*guard.counts(now.list, now.period)), *(fall for fall in checked.falls if fall.town is not None)]
    shelf.forget()
    return ListCheck(
        now.list, now.period, now.state, now.accepted, now.held, tuple(now.outstanding.values()), checked.difference, tuple(falls),
        guard.growths(now.list, now.period),
    )  # fmt: skip


def _checked(
    now: ListFrames, before: ListFrames | None, waiting: Mapping[str, str], known: Mapping[str, str], *, by_town: bool
) -> ListCheck:
    """A list held against the month before.

    Args:
        waiting: towns (code -> name) that have yet to answer; known: all of the county.
    """
    told: Difference | None = None
    falls: tuple[Fall, ...] = ()
    growths: tuple[Growth, ...] = ()
    if before is not None:
        towns = frozenset(waiting) | frozenset(waiting.values())
        told = difference(before, now, towns) if comparable(now.list) else None
        answered = {code: name for code, name in known.items() if code not in waiting}
        here = frozenset(answered) | frozenset(answered.values())
        then, mine = (before, now) if not waiting else (of_towns(before, here), of_towns(now, here))
        counts = persons({before.list: then}), persons({now.list: mine})
        falls = (*falls_of(*counts), *town_falls(then, mine, answered, whole_towns_only=not by_town))
        growths = growths_of(*counts)
    return ListCheck(now.list, now.period, now.state, now.accepted.height, now.rejected.height, (), told, falls, growths)


def _others(frames: ListFrames, known: Mapping[str, str]) -> dict[str, str]:
    """The county's other towns, where every row of the file lies in one."""
    if "village_code" not in frames.accepted.columns or len(known) < 2:
        return {}
    own = set(frames.accepted["village_code"].str.slice(0, 9).drop_nulls().unique())
    return {code: name for code, name in known.items() if code not in own} if len(own) == 1 else {}


def _finding(code: str, check: ListCheck, **facts: str | int) -> Finding:
    return Finding(None, None, code, facts={"list": check.list, "period": str(check.period), **facts})
