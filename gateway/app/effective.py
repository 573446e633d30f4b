"""What a recipient may have of last month: accepted rows, and rows of earlier months that were unconfirmed then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection

from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.ids import Period
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


@dataclass(slots=True)
class Months:
    """A feed's months as they are opened for one run: every month's lists and contract rows once, whoever asks."""

    office: Office
    connection: Connection
    feed: Feed
    _opened: dict[Period, tuple[Mapping[str, ListFrames], pl.DataFrame]] = field(default_factory=dict)

    def keys(self, view: View, period: Period) -> pl.DataFrame:
        """Keys of last month's rows that stay on the recipient's list, unconfirmed (columns `view.key`)."""
        lists, current = self.month(period)
        why = absence(self.connection, self.feed, period, lists)
        if self.feed.kind != "snapshot" or why.nothing:
            return current.clear().select(view.key)
        return self._staying(view, period, why, self.rows(view, period.previous, _MONTHS_BACK))

    def rows(self, view: View, period: Period, months_back: int) -> pl.DataFrame:
        """Contract rows of a month, with those of earlier months that were unconfirmed in it: a person held for two months has not left."""
        lists, current = self.month(period)
        if months_back == 0 or all(lists[code].state == "missing" for code in self.feed.row_sources):
            return current.clear()
        why = absence(self.connection, self.feed, period, lists)
        if why.nothing:
            return current
        before = self.rows(view, period.previous, months_back - 1)
        stay = self._staying(view, period, why, before)
        return pl.concat([current, before.join(stay, on=list(view.key), how="semi", maintain_order="left")])

    def month(self, period: Period) -> tuple[Mapping[str, ListFrames], pl.DataFrame]:
        """Lists and contract rows of a month."""
        if period not in self._opened:
            lists = rosters.frames_of_month(self.office, self.connection, period, self.feed.sources)
            there = {code: frames for code, frames in lists.items() if frames.state != "missing"}
            self._opened[period] = (lists, assemble(self.feed, there))
        return self._opened[period]

    def _staying(self, view: View, period: Period, why: Absence, before: pl.DataFrame) -> pl.DataFrame:
        held_before = {code: frames.rejected for code, frames in self.month(period.previous)[0].items()}
        current = self.month(period)[1]
        return unconfirmed(
            self.feed, view, period, current=current, last=before, held=why.held, waiting=why.waiting, held_before=held_before
        )


def _outstanding(connection: Connection, found: rosters.MonthOfList) -> Towns:
    """Codes and names of the towns without a file or nil report, where the list comes by town."""
    if not all(part.town for part in found.parts) or any(part.complete for part in found.parts):
        return frozenset()
    answered = {part.town for part in found.parts}
    missing = {code: name for code, name in areas.towns(connection, found.period).items() if code not in answered}
    return frozenset(missing) | frozenset(missing.values())
