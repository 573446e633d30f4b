"""Cut rows to a view: filter, project, mask. The meaning of the named row filters stands here, once."""

from __future__ import annotations

from functools import lru_cache
from typing import assert_never

import polars as pl

from contracts.ids import Period
from contracts.views import AgeBetween, AgeOrStudent, CategoryIn, RowFilter, SupportModeIn, View
from security.masks import MASKS


def apply_view(frame: pl.DataFrame, view: View, period: Period) -> pl.DataFrame:
    """What one recipient sees of contract rows: filter, then project, then mask.

    Works on any batch of rows: what a row becomes depends on that row alone.

    Args:
        frame: contract rows (`producers.assemble`).
        view: of a feed.
        period: ages are full years on its last day.

    Returns:
        Exactly the view's fields, in its order.
    """
    condition, columns = _compiled(view, period)
    return frame.lazy().filter(condition).select(columns).collect()


def passes(view: View, period: Period) -> pl.Expr:
    """Whether a contract row is this recipient's at the end of a period; never null."""
    return _compiled(view, period)[0]


@lru_cache(maxsize=256)
def _compiled(view: View, period: Period) -> tuple[pl.Expr, list[pl.Expr]]:
    condition = pl.lit(value=True)
    for named in view.row_filter:
        condition &= meaning(named, period)
    return condition, [MASKS[f.mask](pl.col(f.name)).alias(f.name) if f.mask else pl.col(f.name) for f in view.fields]


def meaning(named: RowFilter, period: Period) -> pl.Expr:
    """The expression of a named row filter over contract rows. What is unknown does not pass."""
    match named:
        case CategoryIn(categories):
            found = pl.col("category").is_in(categories)
        case AgeBetween(low, high):
            found = age_at(pl.col("id_number"), period).is_between(low, high)
        case AgeOrStudent(low, high):
            found = age_at(pl.col("id_number"), period).is_between(low, high).fill_null(value=False) | pl.col("student")
        case SupportModeIn(category, modes):
            found = (pl.col("category") != category) | pl.col("support_mode").is_in(modes)
        case _:
            assert_never(named)
    return found.fill_null(value=False)


def age_at(id_number: pl.Expr, period: Period) -> pl.Expr:
    """Full years on the period's last day, from the birth date in an 18-digit ID number (GB 11643); null for no such number.

    Who is born on 29 February turns a year older on 1 March of other years.
    """
    day = period.end.year * 10_000 + period.end.month * 100 + period.end.day
    return (day - id_number.str.slice(6, 8).cast(pl.Int32, strict=False)) // 10_000
