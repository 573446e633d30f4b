"""The fall guard (降幅核查, R22): a roster that shrinks too much waits for a person who accepts the fall with a reason; growth is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from contracts.frames import ListFrames
from producers.unconfirmed import Towns, in_towns

Lists = Mapping[str, ListFrames]

# More than a fifth in one category against last month; exactly a fifth passes.
LIMIT = Fraction(1, 5)
FEW = 5
"""Persons that one town may lose without a word: a village is small."""

CATEGORY = {
    "DIBAO_RURAL_PERSON": "DIBAO_RURAL", "DIBAO_URBAN_PERSON": "DIBAO_URBAN", "TEKUN_PERSON": "TEKUN",
    "MARGIN_PERSON": "MARGIN", "RETIREE": "RETIREE_60S",
}  # fmt: skip
BY_ROW = ("CHILD",)


@dataclass(frozen=True, slots=True)
class Fall:
    """A category that lost more persons than the guard lets pass.

    Attributes:
        before, now: persons last month and this month, held rows counted.
        town: where one town alone is meant, its code.
    """

    category: str
    before: int
    now: int
    town: str | None = None

    @property
    def share(self) -> Fraction:
        """Lost share of last month's persons, 0 to 1."""
        return Fraction(self.before - self.now, self.before)

    @property
    def percent(self) -> int:
        """The share in whole per cent, rounded up: what a sentence says is never less than what is meant."""
        return -(-100 * (self.before - self.now) // self.before)


def falls(before: Lists, now: Lists, limit: Fraction = LIMIT) -> tuple[Fall, ...]:
    """Categories that fell by more than the limit from last month's lists to this month's, by name.

    A held row is a person known but unreadable, so it counts in both months. A list that is missing in either month says nothing;
    one declared empty (nil) counts as nobody. Pure.
    """
    have = set(_delivered(before)) & set(_delivered(now))
    old, new = persons({n: before[n] for n in have}), persons({n: now[n] for n in have})
    return falls_of(old, new, limit)


def falls_of(before: Mapping[str, int], now: Mapping[str, int], limit: Fraction = LIMIT) -> tuple[Fall, ...]:
    """The same from persons by category; a category that is gone altogether has fallen to nobody."""
    found = (Fall(category, count, now.get(category, 0)) for category, count in sorted(before.items()) if count > 0)
    return tuple(fall for fall in found if fall.share > limit)


@dataclass(frozen=True, slots=True)
class Growth:
    """A category that gained more persons than is usual. It ends nobody's aid, so it is said and holds nothing back."""

    category: str
    before: int
    now: int

    @property
    def percent(self) -> int:
        """Gained share of last month's persons in whole per cent, rounded down."""
        return 100 * (self.now - self.before) // self.before


def growths_of(before: Mapping[str, int], now: Mapping[str, int], limit: Fraction = LIMIT) -> tuple[Growth, ...]:
    """Categories that grew by more than the limit, by name; from nobody is no growth."""
    found = (Growth(category, before.get(category, 0), count) for category, count in sorted(now.items()))
    return tuple(each for each in found if each.before and Fraction(each.now - each.before, each.before) > limit)


def of_towns(frames: ListFrames, towns: Towns) -> ListFrames:
    """The list's rows of these towns (codes and names); rows whose town nobody can tell are of none."""
    return replace(frames, accepted=_of_towns(frames.accepted, towns), rejected=_of_towns(frames.rejected, towns))


def _of_towns(rows: pl.DataFrame, towns: Towns) -> pl.DataFrame:
    placed = [name for name in ("town", "village_code") if name in rows.columns]
    if not placed:
        return rows.clear()
    told = rows if len(placed) == 2 else rows.with_columns(pl.lit(None, pl.String).alias({"town", "village_code"}.difference(placed).pop()))
    known = pl.any_horizontal(pl.col(name).is_not_null() for name in placed)
    return told.filter(known & in_towns(towns)).select(rows.columns)


def town_falls(before: ListFrames, now: ListFrames, towns: Mapping[str, str], *, whole_towns_only: bool) -> tuple[Fall, ...]:
    """Towns that lost more of a list's persons than the limit and at least `FEW`, by name; or, of a list that does not come by town,
    towns of which nobody is left.

    Args:
        towns: code -> name of the towns to look at.
    """
    then, here = _by_town(before, towns), _by_town(now, towns)
    found = (Fall(now.list, count, here.get(town, 0), town) for town, count in sorted(then.items()) if count >= FEW)
    gone = (fall for fall in found if fall.share > LIMIT and fall.before - fall.now >= FEW)
    return tuple(fall for fall in gone if not whole_towns_only or fall.now == 0)


def _by_town(frames: ListFrames, towns: Mapping[str, str]) -> dict[str, int]:
    """Rows by the name of their town, accepted and held ones."""
    if "village_code" not in frames.accepted.columns:
        return {}
    code = pl.col("village_code").str.slice(0, 9)
    named = code.replace_strict(dict(towns), default=None, return_dtype=pl.String)
    if "town" in frames.accepted.columns:
        told = pl.when(pl.col("town").is_in(list(towns.values()))).then("town")
        named = pl.coalesce(named, told)
    rows = pl.concat([part.select(named.alias("town")) for part in (frames.accepted, frames.rejected)])
    return {str(town): int(count) for town, count in rows.drop_nulls().group_by("town").len().iter_rows()}


def persons(lists: Lists) -> dict[str, int]:
    """Persons by category: distinct IDs of accepted rows and of held rows, and each held row without a readable ID as one."""
    counts: dict[str, int] = {}
    for name, frames in lists.items():
        for category, count in _persons_of(name, frames):
            counts[category] = counts.get(category, 0) + count
    return counts


def _delivered(lists: Lists) -> list[str]:
    return [name for name, frames in lists.items() if frames.state != "missing" and (name in CATEGORY or name in BY_ROW)]


def _persons_of(name: str, frames: ListFrames) -> list[tuple[str, int]]:
    if name in CATEGORY:
        category: pl.Expr = pl.lit(CATEGORY[name])
    elif name in BY_ROW:
        category = pl.when(pl.col("category") == "ORPHAN").then(pl.lit("ORPHAN")).otherwise(pl.lit("DEFACTO_CHILD"))
    else:
        return []
    columns = [pl.col("id_number"), category.alias("category")]
    duplicate = pl.col("_codes").list.contains("E-ID-DUP")
    parts = [frames.accepted.select(columns)] if frames.accepted.height else []
    parts += [frames.rejected.filter(~duplicate).select(columns)] if frames.rejected.height else []
    if not parts:
        return []
    known, unreadable = pl.col("id_number").drop_nulls().n_unique(), pl.col("id_number").null_count()
    each = pl.concat(parts).group_by("category").agg((known + unreadable).alias("persons"))
    return [(str(c), int(n)) for c, n in each.iter_rows()]
