"""What a recipient may have of last month: accepted rows, and rows of earlier months that were unconfirmed then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from contracts.avro_types import polars_schema
from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.schemas import load_schema
from contracts.views import View
from gateway.app import areas, rosters
from gateway.app.office import Office
from producers.assemble import assemble
from producers.unconfirmed import Towns, unconfirmed

_MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class Absence:
    """What explains that a row is absent and yet not gone.

    Attributes:
        held: rejected rows by list.
        waiting: lists of which nobody is gone yet, as `producers.unconfirmed` takes them.
    """

    held: Mapping[str, pl.DataFrame]
    waiting: Mapping[str, Towns | None]

    @property
    def nothing(self) -> bool:
        return not self.waiting and not any(frame.height for frame in self.held.values())


def absence(connection: Connection, feed: Feed, period: Period, lists: Mapping[str, ListFrames]) -> Absence:
    """Held rows and outstanding towns of a month."""
    held = {code: frames.rejected for code, frames in lists.items() if frames.rejected.height}
    waiting: dict[str, Towns | None] = {}
    for code, found in rosters.month(connection, period, feed.row_sources).items():
        if found.state == "missing":
            waiting[code] = None
        elif found.state == "partial" and (outstanding := _outstanding(connection, found)):
            waiting[code] = outstanding
    return Absence(held, waiting)


def keys(office: Office, connection: Connection, feed: Feed, view: View, period: Period, current: pl.DataFrame, lists: Mapping[str, ListFrames]) -> pl.DataFrame:
    """Keys of last month's rows that stay, unconfirmed (columns `view.key`).

    Args:
        current: this month's contract rows.
        lists: this month's frames by list.
    """
    why = absence(connection, feed, period, lists)
    if feed.kind != "snapshot" or why.nothing:
        return current.clear().select(view.key)
    last = rows(office, connection, feed, view, period.previous, _MONTHS_BACK)
    return unconfirmed(feed, view, period, current=current, last=last, held=why.held, waiting=why.waiting)


def rows(office: Office, connection: Connection, feed: Feed, view: View, period: Period, months_back: int) -> pl.DataFrame:
    """Contract rows of a month, with those of the months before that were unconfirmed in it: a person held for two months has not left."""
    found = rosters.month(connection, period, feed.sources)
    if months_back == 0 or all(found[code].state == "missing" for code in feed.row_sources):
        return pl.DataFrame(schema={**polars_schema(load_schema(feed.contract)), "_list": pl.String()})
    lists = {code: rosters.frames(office, each) for code, each in found.items()}
    current = assemble(feed, lists)
    why = absence(connection, feed, period, lists)
    if why.nothing:
        return current
    before = rows(office, connection, feed, view, period.previous, months_back - 1)
    stay = unconfirmed(feed, view, period, current=current, last=before, held=why.held, waiting=why.waiting)
    return pl.concat([current, before.join(stay, on=list(view.key), how="semi", maintain_order="left")])


def _outstanding(connection: Connection, found: rosters.MonthOfList) -> Towns:
    """Codes and names of the towns without a file or nil report, where the list comes by town."""
    if not all(part.town for part in found.parts) or any(part.complete for part in found.parts):
        return frozenset()
    answered = {part.town for part in found.parts}
    missing = {code: name for code, name in areas.towns(connection, found.period).items() if code not in answered}
    return frozenset(missing) | frozenset(missing.values())
