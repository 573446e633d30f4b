"""What a recipient may have of last month: accepted rows, and rows of earlier months that were unconfirmed then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.views import View
from gateway.app.rosters import Shelf
from producers.assemble import assemble
from producers.households import narrow
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


@dataclass(slots=True)
class Months:
    """A feed's months as they are opened for one run: contract rows of every month once, whoever asks."""

    shelf: Shelf
    feed: Feed
    _rows: dict[Period, pl.DataFrame] = field(default_factory=dict)

    def current(self, period: Period) -> pl.DataFrame:
        """Contract rows of a month, from its accepted rows."""
        if period not in self._rows:
            there = {code: frames for code, frames in self.lists(period).items() if frames.state != "missing"}
            if self.feed.grain == "household":
                there = {code: narrow(frames) for code, frames in there.items()}
            self._rows[period] = assemble(self.feed, there)
        return self._rows[period]

    def lists(self, period: Period, *, held: bool | None = None) -> dict[str, ListFrames]:
        """The feed's lists of a month; held rows where they are asked for, or where households are counted with them."""
        if held is None:
            held = self.feed.grain == "household"
        return self.shelf.of_month(period, self.feed.sources, held=held)

    def keys(self, view: View, period: Period) -> pl.DataFrame:
        """Keys of last month's rows that stay on the recipient's list, unconfirmed (columns `view.key`)."""
        why = self.absence(period)
        if self.feed.kind != "snapshot" or why.nothing:
            return self.current(period).clear().select(view.key)
        return self._staying(view, period, why, self.rows(view, period.previous, _MONTHS_BACK))

    def rows(self, view: View, period: Period, months_back: int) -> pl.DataFrame:
        """Contract rows of a month, with those of earlier months that were unconfirmed in it: a person held for two months has not left."""
        current = self.current(period)
        if months_back == 0:
            return current.clear()
        found = self.shelf.register.month(period, self.feed.row_sources)
        if all(each.state == "missing" for each in found.values()):  # nothing was sent: the month before still stands
            return self.rows(view, period.previous, months_back - 1)
        why = self.absence(period)
        if why.nothing:
            return current
        before = self.rows(view, period.previous, months_back - 1)
        stay = self._staying(view, period, why, before)
        return pl.concat([current, before.join(stay, on=list(view.key), how="semi", maintain_order="left")])

    def absence(self, period: Period) -> Absence:
        """Held rows and outstanding towns of a month."""
        held = {code: frames.rejected for code, frames in self.lists(period, held=True).items() if frames.rejected.height}
        waiting: dict[str, Towns | None] = {}
        for code, found in self.shelf.register.month(period, self.feed.row_sources).items():
            if found.state == "missing":
                waiting[code] = None
            elif found.outstanding:
                waiting[code] = frozenset(found.outstanding) | frozenset(found.outstanding.values())
        return Absence(held, waiting)

    def _staying(self, view: View, period: Period, why: Absence, before: pl.DataFrame) -> pl.DataFrame:
        held_before = {code: frames.rejected for code, frames in self.lists(period.previous, held=True).items()}
        current = self.current(period)
        return unconfirmed(
            self.feed, view, period, current=current, last=before, held=why.held, waiting=why.waiting, held_before=held_before
        )
