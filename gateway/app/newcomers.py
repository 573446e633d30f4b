"""Increments out of stored months: who is new, and who was owed from months when their row was held or their list missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from contracts.errors import ExchangeError
from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.app.rosters import MonthOfList, Shelf
from gateway.state import imports
from producers.increments import Increments, increments
from producers.increments.waiting import of_towns, with_waiting
from producers.unconfirmed import Towns

RELATED = ("DIBAO_URBAN_PERSON",)
"""Lists that are not reported and yet tell that somebody only changed from one to another (TRANSFER)."""
_MONTHS_BACK = 24


def increments_of(shelf: Shelf, feed: Feed, period: Period, months_back: int = _MONTHS_BACK) -> Increments:
    """Who is new in a month against the month before, published or not (R11).

    Towns that did not answer the month before stand in it as they last did. The register of owed persons follows from the months
    themselves, worked out from the earliest one on that can be opened.
    """
    rosters = (*feed.row_sources, *RELATED)
    now = shelf.of_month(period, (*rosters, *feed.explained_by))
    before = _base(shelf, period.previous, rosters) | shelf.of_month(period.previous, feed.explained_by)
    earlier = _month_before(shelf, feed, period.previous, months_back - 1)
    found = increments(
        {code: before[code] for code in rosters},
        {code: now[code] for code in rosters},
        period,
        exits=[month["EXIT_REGISTER"] for month in (before, now) if "EXIT_REGISTER" in month],
        changes=[now["CHANGE_LIST"]] if "CHANGE_LIST" in now else [],
        last=_last(shelf, period.previous, [code for code in rosters if before[code].state == "missing" != now[code].state]),
        skipped=earlier.missing if earlier else (),
        owed=earlier.frames.owed if earlier else None,
        seal=lambda text: shelf.office.keys.mac("mac/lasting", text.encode()).hex(),
    )
    return _without_waiting(shelf, found, before, period)


def _base(shelf: Shelf, period: Period, codes: Sequence[str], months_back: int = _MONTHS_BACK) -> dict[str, ListFrames]:
    """A month's lists, with whom the months before have of towns that had not answered."""
    found = shelf.of_month(period, codes)
    for code, month in shelf.register.month(period, codes).items():
        if month.outstanding and months_back:
            earlier = _base(shelf, period.previous, [code], months_back - 1)[code]
            found[code] = with_waiting(found[code], earlier, _towns(month))
    return found


def _last(shelf: Shelf, period: Period, codes: Sequence[str]) -> dict[str, ListFrames]:
    """Of lists that are missing in a month, the last earlier month that has them."""
    found: dict[str, ListFrames] = {}
    for code in codes:
        earlier = [month for month in imports.months_of(shelf.register.connection, code) if month < period]
        if earlier:
            found[code] = _base(shelf, earlier[-1], [code])[code]
    return found


def _without_waiting(shelf: Shelf, found: Increments, before: dict[str, ListFrames], period: Period) -> Increments:
    """Of towns that are still to come nobody has gone."""
    exits = found.frames.exits
    for code, month in shelf.register.month(period, list(before)).items():
        if month.outstanding:
            stay = of_towns(before[code].accepted, _towns(month)).select("id_number", pl.lit(code).alias("list"))
            exits = exits.join(stay, on=["id_number", "list"], how="anti", maintain_order="left")
    return replace(found, frames=replace(found.frames, exits=exits))


def _towns(month: MonthOfList) -> Towns:
    return frozenset(month.outstanding) | frozenset(month.outstanding.values())


def _month_before(shelf: Shelf, feed: Feed, period: Period, months_back: int) -> Increments | None:
    """What a month's increments leave for the next; None in the first month of all, and where earlier months have been shredded."""
    earliest = min((month for code in feed.row_sources for month in imports.months_of(shelf.register.connection, code)), default=period)
    if months_back <= 0 or period <= earliest:
        return None
    try:
        return increments_of(shelf, feed, period, months_back)
    except ExchangeError as error:
        if error.code == "E-KEY-DESTROYED":
            return None
        raise
