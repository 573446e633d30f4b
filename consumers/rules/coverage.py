"""Who is on which roster (在保情况): the side of every rule that asks whether somebody is covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from consumers.rules.frames import PLACE, Lists, Schema, accepted, not_null, rejected
from consumers.rules.parameters import parameters

DIBAO = ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON")
COVERING = (*DIBAO, "TEKUN_PERSON", "CHILD")
ROSTERS = (*COVERING, "MARGIN_PERSON", "RETIREE")

PERSON: Schema = {
    **PLACE, "id_number": pl.String, "name": pl.String, "head_id": pl.String, "relation": pl.String,
    "category": pl.String, "cert_no": pl.String, "start_month": pl.String,
}  # fmt: skip
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
        rows: accepted rows: `list`, place, `id_number`, `name`, `head_id` (filled from the certificate's household where the
            row lacks it), `relation`, `category` (of `RANK`), `cert_no`, `start_month`, `rank`.
        held: rejected rows, the same columns, `_codes`, `_raw`.
    """

    rows: pl.DataFrame
    held: pl.DataFrame


def rosters(lists: Lists, names: tuple[str, ...] = ROSTERS) -> Rosters:
    """Accepted and rejected rows of the named rosters with their category."""
    rows = _with_category(accepted(lists, names, PERSON))
    heads = not_null(rows, "head_id", "cert_no").group_by("list", "cert_no").agg(pl.col("head_id").first().alias("_known"))
    rows = (
        rows.join(heads, on=["list", "cert_no"], how="left").with_columns(pl.coalesce("head_id", "_known").alias("head_id")).drop("_known")
    )
    return Rosters(rows, _with_category(rejected(lists, names, PERSON)))


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
    months = pl.col("cause").replace_strict(
        dict(window.numbers("months")), default=window.number("months_undecided"), return_dtype=pl.Int64
    )
    last = start.dt.offset_by(pl.format("{}mo", months)).dt.month_end()
    return not_null(rows, "head_id", "start_month").filter(start <= as_of, last >= as_of).select("head_id").unique()


def _with_category(frame: pl.DataFrame) -> pl.DataFrame:
    """The list says the category; only the children's list tells two apart by row (a row that says neither is taken as the second)."""
    fixed = pl.col("list").replace_strict(FIXED_CATEGORY, default=None, return_dtype=pl.String)
    child = pl.when(pl.col("category") == "ORPHAN").then(pl.lit("ORPHAN")).otherwise(pl.lit("DEFACTO_CHILD"))
    rank = pl.col("category").replace_strict({c: i for i, c in enumerate(RANK)}, return_dtype=pl.Int8)
    return frame.with_columns(pl.coalesce(fixed, child).alias("category")).with_columns(rank.alias("rank"))
