"""Increments out of stored months: who is new, and who was owed from months when their row was held."""

from __future__ import annotations

import polars as pl

from contracts.errors import ExchangeError
from contracts.feeds import Feed
from contracts.ids import Period
from gateway.app.rosters import Shelf
from gateway.state import imports
from producers.increments import Increments, increments

RELATED = ("DIBAO_URBAN_PERSON",)
"""Lists that are not reported and yet tell that somebody only changed from one to another (TRANSFER)."""
_MONTHS_BACK = 24


def increments_of(shelf: Shelf, feed: Feed, period: Period, months_back: int = _MONTHS_BACK) -> Increments:
    """Who is new in a month against the month before, published or not (R11).

    The register of owed persons follows from the months themselves, worked out from the earliest one on that can be opened.
    """
    codes = (*feed.row_sources, *RELATED, *feed.explained_by)
    now = shelf.of_month(period, codes)
    before = shelf.of_month(period.previous, codes)
    return increments(
        {code: before[code] for code in (*feed.row_sources, *RELATED)},
        {code: now[code] for code in (*feed.row_sources, *RELATED)},
        period,
        exits=[month["EXIT_REGISTER"] for month in (before, now) if "EXIT_REGISTER" in month],
        changes=[now["CHANGE_LIST"]] if "CHANGE_LIST" in now else [],
        owed=_owed(shelf, feed, period.previous, months_back - 1),
        seal=lambda text: shelf.office.keys.mac("mac/lasting", text.encode()).hex(),
    )


def _owed(shelf: Shelf, feed: Feed, period: Period, months_back: int) -> pl.DataFrame | None:
    """The register as of the end of a month; None in the first month of all, and where earlier months have been shredded."""
    earliest = min((month for code in feed.row_sources for month in imports.months_of(shelf.register.connection, code)), default=period)
    if months_back <= 0 or period <= earliest:
        return None
    try:
        return increments_of(shelf, feed, period, months_back).frames.owed
    except ExchangeError as error:
        if error.code == "E-KEY-DESTROYED":
            return None
        raise
