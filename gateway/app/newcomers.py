"""Increments out of stored months: who is new, and who was owed from months when their row was held."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from contracts.feeds import Feed
from contracts.ids import Period
from gateway.app import rosters
from gateway.app.office import Office
from producers.increments import Increments, increments

_MONTHS_BACK = 24


def increments_of(office: Office, connection: Connection, feed: Feed, period: Period, months_back: int = _MONTHS_BACK) -> Increments:
    """Who is new in a month against the month before, published or not (R11).

    The register of owed persons follows from the months themselves: it is worked out from the earliest month on.
    """
    now = rosters.frames_of_month(office, connection, period, (*feed.row_sources, *feed.explained_by))
    before = rosters.frames_of_month(office, connection, period.previous, (*feed.row_sources, *feed.explained_by))
    return increments(
        {code: before[code] for code in feed.row_sources},
        {code: now[code] for code in feed.row_sources},
        period,
        exits=[month["EXIT_REGISTER"] for month in (before, now) if "EXIT_REGISTER" in month],
        changes=[now["CHANGE_LIST"]] if "CHANGE_LIST" in now else [],
        owed=_owed(office, connection, feed, period.previous, months_back - 1),
        seal=lambda text: office.keys.mac("mac/lasting", text.encode()).hex(),
    )


def _owed(office: Office, connection: Connection, feed: Feed, period: Period, months_back: int) -> pl.DataFrame | None:
    """The register as of the end of a month; None in the first month of all."""
    base = rosters.month(connection, period.previous, feed.row_sources)
    if months_back <= 0 or all(found.state == "missing" for found in base.values()):
        return None
    return increments_of(office, connection, feed, period, months_back).frames.owed
