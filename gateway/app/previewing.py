"""Seeing through a recipient's eyes: what the view would send, of one person or as a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from contracts.errors import ExchangeError
from contracts.feeds import find_feed
from contracts.ids import Period
from gateway.app import planning, publishing
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.planning import Wish
from gateway.state import imports
from producers.preview import Value, preview_of_person
from producers.views import apply_view

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What one recipient would see.

    Attributes:
        rows: as sent, masked.
        withheld: category and filters of rows that are kept back.
        known: whether the person stands in the feed's rows at all.
        total: rows the recipient would get in the whole month.
    """

    period: str
    rows: tuple[Mapping[str, Value], ...]
    withheld: tuple[tuple[str | None, tuple[str, ...]], ...]
    known: bool
    total: int


def preview(office: Office, actor: Actor, feed_name: str, to: str, period: Period | None, number: str | None) -> Seen:
    """What `to` would see of `feed_name` in a month (the last one imported when not given). Reading rows is entered in the ledger.

    Args:
        number: ID number of one person; None for the first rows.

    Raises:
        ExchangeError: E-FEED, E-VIEW, E-PUBLISH-NOTHING.
    """
    feed = find_feed(feed_name)
    view = feed.view_for(to)
    with office.changing("preview"):
        with office.reading() as connection:
            month = period or max((each for code in feed.row_sources for each in imports.months_of(connection, code)), default=None)
            if month is None:
                raise ExchangeError("E-PUBLISH-NOTHING", period="-")
            plan = planning.plan(office, connection, Wish(month, (feed_name,), revise="preview"), dry=True)
            planned = next((each for each in plan.editions if each.view.to == to), None)
            if planned is None:
                raise ExchangeError("E-PUBLISH-NOTHING", period=str(month))
            batches = list(publishing.contract_rows(office, connection, planned))
            if not batches:
                raise ExchangeError("E-PUBLISH-NOTHING", period=str(month))
            rows = pl.concat(batches)
        with office.unit(actor) as work:
            work.record("rows.previewed", feed=feed_name, recipient=to, period=str(month), person=number is not None)
    cut = apply_view(rows, view, month)
    if number is None:
        return Seen(str(month), tuple(cut.head(SAMPLE).iter_rows(named=True)), (), bool(cut.height), cut.height)
    found = preview_of_person(rows, view, month, number)
    return Seen(str(month), found.rows, found.withheld, found.known, cut.height)
