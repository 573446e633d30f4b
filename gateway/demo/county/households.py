"""Households of the county: how many of which kind, when they come, move, change and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from contracts.ids import Period
from gateway.demo.county.draws import NEVER, Draws
from gateway.demo.county.place import Place, villages

SHARES: Mapping[str, float] = {"URBAN": 0.13, "TEKUN": 0.032, "MARGIN": 0.07, "CHILD": 0.0055, "RETIREE": 0.0035}
"""Shares of the persons on rosters (domain figures of a mean county); the rest is RURAL."""

SUBJECTS = 1100 / 30_000
"""Monitoring subjects per person on a roster."""

OWN_SUBJECTS = 0.68
"""Share of them in households that are on no roster."""

NEWCOMERS = 0.011
"""Growth a month."""

_SIZES: Mapping[str, Mapping[str, int]] = {
    "RURAL": {"1": 40, "2": 22, "3": 17, "4": 13, "5": 8},
    "URBAN": {"1": 55, "2": 22, "3": 14, "4": 9},
    "MARGIN": {"1": 12, "2": 24, "3": 26, "4": 24, "5": 14},
    "MONITOR": {"1": 14, "2": 25, "3": 27, "4": 22, "5": 12},
    "TEKUN": {"1": 1}, "CHILD": {"1": 1}, "RETIREE": {"1": 1}, "OTHER": {"1": 1},
}
_LOST = ("INCOME", "INCOME", "INCOME", "PROPERTY", "VOLUNTARY", "MOVED_OUT")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a county; month index 0 is the first."""

    periods: tuple[Period, ...]

    @property
    def first(self) -> int:
        """Months since year 0 of the first period."""
        return self.periods[0].year * 12 + self.periods[0].month - 1

    def month(self, index: pl.Expr) -> pl.Expr:
        """`YYYY-MM` of a count of months since year 0."""
        return pl.concat_str(index // 12, pl.lit("-"), (index % 12 + 1).cast(pl.String).str.zfill(2))


def households(draws: Draws, persons: int, calendar: Calendar, place: Place) -> pl.DataFrame:
    """One row a household: `hid`, `kind`, `size`, `covered`, `enter` and everything that happens to it later (month indices).

    Exactly `persons` people are covered in the first month; every later month brings newcomers. `former` households left within
    the year before; a few of them return.
    """
    batches: list[pl.DataFrame] = []
    offset = 0
    for kind, people in _targets(persons).items():
        for enter in range(len(calendar.periods)):
            wanted = people if enter == 0 else round(people * NEWCOMERS)
            batches.append(_batch(draws, kind, wanted, enter, offset))
            offset += batches[-1].height
    batches.append(_batch(draws, "RURAL", persons // 100, NEVER, offset).with_columns(former=pl.lit(value=True)))
    together = pl.concat(batches, how="diagonal").with_columns(pl.col("former").fill_null(value=False))
    return _lives(_places(together, draws, place), draws, calendar)


def _targets(persons: int) -> dict[str, int]:
    targets = {kind: round(persons * share) for kind, share in SHARES.items()}
    targets["RURAL"] = persons - sum(targets.values())
    targets["MONITOR"] = round(persons * SUBJECTS * OWN_SUBJECTS)
    targets["OTHER"] = max(4, persons // 1000)
    return targets


def _batch(draws: Draws, kind: str, people: int, enter: int, offset: int) -> pl.DataFrame:
    """Households of one kind that together cover exactly `people` persons."""
    sizes = _SIZES[kind]
    least = min(int(size) for size in sizes)
    on = pl.col("hid")
    frame = pl.select(hid=pl.int_range(offset, offset + people // least, dtype=pl.UInt32)).with_columns(
        kind=pl.lit(kind),
        enter=pl.lit(enter, dtype=pl.Int32),
        size=draws.weighted("size", on, sizes).cast(pl.Int32),
    )
    partial = draws.below("partial", on, 100)
    dibao = kind in {"RURAL", "URBAN"}
    frame = frame.with_columns(
        # some dibao households have a member who is not covered, some are covered for one person alone (单人保)
        covered=pl.when((pl.col("size") > 2) & (partial < 14)).then(1)
        .when((pl.col("size") > 1) & (partial < 24)).then(pl.col("size") - 1)
        .otherwise("size") if dibao else pl.col("size"),
    ).with_columns(before=pl.col("covered").cum_sum() - pl.col("covered"))
    short = people - pl.col("before")
    return frame.filter(short > 0).with_columns(
        covered=pl.min_horizontal("covered", short).cast(pl.Int32),
        size=pl.when(pl.col("covered") > short).then(short).otherwise("size").cast(pl.Int32),
    ).drop("before")


def _places(frame: pl.DataFrame, draws: Draws, place: Place) -> pl.DataFrame:
    """A village for every household, another for those that move: `village` and `moved_from` are rows of the village table."""
    table = villages(place)
    seats = table.filter("urban").height
    on = pl.col("hid")
    rural = seats + draws.below("village", on, table.height - seats)
    elsewhere = seats + draws.below("village before", on, table.height - seats)
    home = pl.when(pl.col("kind") == "URBAN").then(draws.below("community", on, seats)).otherwise(rural)
    return frame.with_columns(
        village=home.cast(pl.UInt32),
        moved_from=elsewhere.cast(pl.UInt32),
        address_group=draws.pick("group", on, ("一", "二", "三", "四", "五", "六", "七")),
        address_number=draws.below("number", on, 90) + 1,
        phone=pl.format("199000{}", draws.below("phone", on, 100_000).cast(pl.String).str.zfill(5)),
        account=pl.format("629999{}", draws.below("account", on, 10**13).cast(pl.String).str.zfill(13)),
        bank=draws.pick("bank", on, ("荔波农村商业银行", "中国邮政储蓄银行")),
        reason=draws.weighted("reason", on, {"因病": 4, "因残": 3, "因学": 2, "年老体弱": 3, "缺劳动力": 2}),
        income_month=(draws.below("income", on, 420) + 60) * 100,
    )


def _lives(frame: pl.DataFrame, draws: Draws, calendar: Calendar) -> pl.DataFrame:
    """Start months, exits, moves, raises, delayed exits, transfers and returns."""
    on = pl.col("hid")
    kind = pl.col("kind")
    settled = (pl.col("enter") == 0) & ~pl.col("former")
    mobile = settled & kind.is_in(["RURAL", "MARGIN", "TEKUN"])
    assisted = settled & kind.is_in(["RURAL", "URBAN", "MARGIN"])
    old_single = settled & (kind == "RURAL") & (pl.col("size") == 1)

    def when(condition: pl.Expr, month: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(month).otherwise(NEVER).cast(pl.Int32)

    back = when(draws.chance("returns", on, 0.12 if len(calendar.periods) > 1 else 0.0), pl.lit(1))
    started = pl.lit(calendar.first) - 1 - draws.below("started", on, 110)
    return frame.with_columns(
        enter=pl.when("former").then(back).otherwise("enter"),
        leave=when(assisted, draws.month("leave", on, 0.008)),
        leave_reason=draws.pick("lost", on, _LOST),
        left_month=pl.lit(calendar.first) - 1 - draws.below("left", on, 11),
        move_at=when(mobile, draws.month("move", on, 0.004)),
        raise_at=when(assisted, draws.month("raise", on, 0.01)),
        taper_at=when(assisted & (kind == "RURAL") & (pl.col("covered") > 1), draws.month("taper", on, 0.002, first=0)),
        tekun_at=when(old_single, draws.month("to tekun", on, 0.004)),
    ).with_columns(
        start_index=pl.when("former").then(pl.lit(calendar.first) + pl.col("enter"))
        .when(pl.col("enter") > 0).then(pl.lit(calendar.first) + pl.col("enter")).otherwise(started),
        leave=pl.when(pl.col("tekun_at") < NEVER).then(NEVER).otherwise("leave").cast(pl.Int32),
    )


def kinds(names: Sequence[str]) -> pl.Expr:
    """Rows of these kinds."""
    return pl.col("kind").is_in(list(names))
