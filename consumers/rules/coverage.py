"""Who is on which roster (在保情况): the side of every rule that asks whether somebody is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from consumers.rules.frames import Lists, Schema, accepted, not_null, rejected
from consumers.rules.parameters import parameters

DIBAO = ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON")
COVERING = (*DIBAO, "TEKUN_PERSON", "CHILD")
ROSTERS = (*COVERING, "MARGIN_PERSON", "RETIREE")

PERSON: Schema = {"id_number": pl.String, "name": pl.String, "head_id": pl.String, "relation": pl.String, "cert_no": pl.String}
FIXED_CATEGORY = {
    "DIBAO_RURAL_PERSON": "DIBAO_RURAL", "DIBAO_URBAN_PERSON": "DIBAO_URBAN", "TEKUN_PERSON": "TEKUN",
    "MARGIN_PERSON": "MARGIN", "RETIREE": "RETIREE_60S",
}  # fmt: skip
# Where somebody stands on several rosters, the first of these names the coverage.
RANK = ("DIBAO_RURAL", "DIBAO_URBAN", "TEKUN", "ORPHAN", "DEFACTO_CHILD", "MARGIN", "RETIREE_60S")


@dataclass(frozen=True, slots=True)
class Rosters:
    """The rosters of a month.

    Attributes:
        rows: accepted rows: `list`, the columns of `PERSON`, `category` of `RANK`, `rank` Int8.
        held: rejected rows, the same columns, `_codes`, `_raw`.
    """

    rows: pl.DataFrame
    held: pl.DataFrame


def rosters(lists: Lists, names: tuple[str, ...] = ROSTERS, keep: pl.Expr | None = None, schema: Schema = PERSON) -> Rosters:
    """Accepted rows (those that `keep` wants) and rejected rows of the named rosters with their category."""
    return Rosters(accepted(lists, names, schema, keep, _category), rejected(lists, names, schema, _category))


def by_person(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a person (ID): that of the first category by `RANK`."""
    return not_null(rows, "id_number").sort("rank", maintain_order=True).unique("id_number", keep="first", maintain_order=True)


def tapering(lists: Lists, as_of: date, county: str) -> pl.DataFrame:
    """Heads (`head_id`) whose household is in delayed exit (渐退) on the day, by R6's months from the starting month on.

    The clause does not say whether the starting month counts, so the mark lasts the month longer.
    """
    window = parameters("R6").at(county, as_of)
    if window is None or "TAPER" not in lists:
        return pl.DataFrame(schema={"head_id": pl.String})
    rows = accepted(lists, ("TAPER",), {"head_id": pl.String, "cause": pl.String, "start_month": pl.String})
    start = (pl.col("start_month") + "-01").str.to_date("%Y-%m-%d", strict=False)
    by_cause, undecided = dict(window.numbers("months")), window.number("months_undecided")
    months = pl.col("cause").replace_strict(by_cause, default=undecided, return_dtype=pl.Int64)
    last = start.dt.offset_by(pl.format("{}mo", months)).dt.month_end()
    return not_null(rows, "head_id", "start_month").filter(start <= as_of, last >= as_of).select("head_id").unique()


def _category(name: str, columns: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """The list says the category; only the children's list tells two apart by row (a row that says neither is the second)."""
    if name in FIXED_CATEGORY or "category" not in columns:
        fixed = FIXED_CATEGORY.get(name, "DEFACTO_CHILD")
        return pl.lit(fixed).alias("category"), pl.lit(RANK.index(fixed), dtype=pl.Int8).alias("rank")
    orphan = pl.when(pl.col("category") == "ORPHAN")
    ranks = [pl.lit(RANK.index(c), dtype=pl.Int8) for c in ("ORPHAN", "DEFACTO_CHILD")]
    category = orphan.then(pl.lit("ORPHAN")).otherwise(pl.lit("DEFACTO_CHILD"))
    return category.alias("category"), orphan.then(ranks[0]).otherwise(ranks[1]).alias("rank")
