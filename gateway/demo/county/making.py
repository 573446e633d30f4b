"""From a seed to a county: its lists month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.demo.county import defects, monitoring, registers, rosters
from gateway.demo.county.books import BOOKS, shelf
from gateway.demo.county.draws import Draws
from gateway.demo.county.households import Calendar
from gateway.demo.county.layouts import Column, columns
from gateway.demo.county.place import LIBO, Place
from gateway.demo.county.world import World, residents, world


@dataclass(frozen=True, slots=True)
class County:
    """A county of invented people over some months.

    Lists are made when they are asked for; a month's residents are kept, since every list of the month draws on them.
    """

    world: World
    _residents: dict[int, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def place(self) -> Place:
        return self.world.place

    @property
    def periods(self) -> tuple[Period, ...]:
        return self.world.calendar.periods

    def codes(self, period: Period) -> tuple[str, ...]:
        """Source-list codes that the county has for a month."""
        return tuple(table.list for book in BOOKS if self._month(period) >= book.first for table in book.tables)

    def lists(self, period: Period) -> Mapping[str, ListFrames]:
        """Every list of a month.

        Raises:
            ValueError: not a month of this county.
        """
        return {code: self.frames(code, period) for code in self.codes(period)}

    def frames(self, code: str, period: Period) -> ListFrames:
        """One list of a month, as reading its file would give it: `_sheet`, `_row`, `_file`, fields; rejected rows apart."""
        book, table = shelf(code)
        rows = self.rows(code, period)
        cells = [cell.cast(pl.String).alias(f"{upper}/{lower}" if upper else lower) for (upper, lower), cell in self.layout(code)]
        raw = pl.struct(cells).struct.json_encode()
        placed = rows.select(
            pl.lit(table.sheet.format(m=period.month)).alias("_sheet"),
            pl.int_range(table.first_row, table.first_row + pl.len(), dtype=pl.Int32).alias("_row"),
            pl.lit(book.called(period, self.place)).alias("_file"),
            pl.all(),
        )
        return defects.split(placed, code, period, raw)

    def rows(self, code: str, period: Period) -> pl.DataFrame:
        """A list's rows in the order of its file: `pid`, the canonical fields as they truly are, `_defect`."""
        month = self._month(period)
        return defects.marked(self._made(code, month), code, self.world.draws, month)

    def layout(self, code: str) -> list[Column]:
        """Headers and cells of a list's file."""
        return columns(code, self.world.draws, self.place)

    def _month(self, period: Period) -> int:
        return self.periods.index(period)

    def _of(self, month: int) -> pl.DataFrame:
        if month not in self._residents:
            self._residents[month] = residents(self.world, month)
        return self._residents[month]

    def _made(self, code: str, month: int) -> pl.DataFrame:
        made, here = self.world, self._of(month)
        makers: dict[str, Callable[[], pl.DataFrame]] = {
            "DIBAO_RURAL_PERSON": lambda: rosters.dibao_person(made, here, "RURAL"),
            "DIBAO_URBAN_PERSON": lambda: rosters.dibao_person(made, here, "URBAN"),
            "DIBAO_RURAL_HOUSEHOLD": lambda: rosters.dibao_household(here),
            "TEKUN_PERSON": lambda: rosters.tekun_person(made, here),
            "MARGIN_HOUSEHOLD": lambda: rosters.margin_household(here),
            "MARGIN_PERSON": lambda: rosters.margin_person(made, here),
            "CHILD": lambda: rosters.child(made, here),
            "RETIREE": lambda: rosters.retiree(made, here),
            "MONITOR_PERSON": lambda: monitoring.monitor_person(made, here, month),
            "DEATH": lambda: registers.death(made, month),
            "EXIT_REGISTER": lambda: registers.exit_register(made, month),
            "TAPER": lambda: registers.taper(made, here, month),
            "CHANGE_LIST": lambda: registers.change_list(made, self._of(month - 1), here, month),
        }
        return makers[code]()


def county(random_source: Callable[[int], bytes], persons: int, periods: Sequence[Period], place: Place = LIBO) -> County:
    """A county with exactly `persons` people on its assistance rosters in the first month (some 500 to 3 million).

    Args:
        random_source: asked once for 32 bytes, on which everything depends.
        periods: months in a row.

    Raises:
        ValueError: months not in a row, or more people than the ID numbers of a county allow.
    """
    months = tuple(periods)
    if not months or any(b != a.shift(1) for a, b in pairwise(months)):
        raise ValueError("a county needs months in a row")
    return County(world(Draws(random_source(32)), persons, Calendar(months), place))
