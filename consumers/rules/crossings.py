"""R18 One person on two rosters (重复享受): a case for civil affairs, never silently merged."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.cases import made, nothing
from consumers.rules.coverage import PERSON, RANK, ROSTERS, rosters
from consumers.rules.frames import PLACE, Lists, Schema, not_null
from consumers.rules.parameters import RuleParameters, Window, parameters

FIELDS: Schema = {"categories": pl.List(pl.String)}
_GROUPS = {"DIBAO_RURAL": "DIBAO", "DIBAO_URBAN": "DIBAO"}
_WORST = ("CONFLICT", "DIFFERENCE_ONLY", "REVIEW")
_PARAMETER = {"CONFLICT": "conflict", "DIFFERENCE_ONLY": "difference_only", "REVIEW": "review"}


def crossing_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """One case a person (ID) whom accepted rows put on two and more rosters, with `categories` in alphabetical order.

    `case` by the worst pair: CONFLICT, DIFFERENCE_ONLY (only the difference is paid), REVIEW; `reason` TWO_ROSTERS, or NAMES_DIFFER where
    the rows name different persons (a mistyped number perhaps). Place and household are those of the first roster by `RANK`. Pure.
    """
    rule = rule or parameters("R18")
    window = rule.at(county, as_of)
    if window is None:
        return nothing(FIELDS)
    rows = not_null(rosters(lists, ROSTERS, schema={**PLACE, **PERSON}).rows, "id_number")
    twice = rows.filter(pl.col("category").n_unique().over("id_number") > 1)
    if twice.is_empty():
        return nothing(FIELDS)
    judged = _one_each(twice).join(_verdicts(twice, window), on="id_number", how="left", maintain_order="left")
    return made(judged, "R18", rule.clause, FIELDS)


def _one_each(twice: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("name").n_unique()
    each = twice.sort("rank", maintain_order=True).group_by("id_number", maintain_order=True)
    return each.agg(
        *(pl.col(c).first() for c in PLACE),
        pl.col("category").unique().sort().alias("categories"),
        pl.col("head_id").drop_nulls().first().alias("household"),
        pl.when(names > 1).then(pl.lit("NAMES_DIFFER")).otherwise(pl.lit("TWO_ROSTERS")).alias("reason"),
    )


def _verdicts(twice: pl.DataFrame, window: Window) -> pl.DataFrame:
    """`id_number`, `case`: the worst of a person's pairs; a pair that is named nowhere is REVIEW."""
    table = {pair: case for case in reversed(_WORST) for pair in _pairs(window.words(_PARAMETER[case]))}
    each = twice.select("id_number", "category").unique()
    pairs = each.join(each, on="id_number").filter(pl.col("category") < pl.col("category_right"))
    key = pl.format("{}+{}", "category", "category_right")
    case = key.replace_strict(table, default="REVIEW", return_dtype=pl.String)
    order = pl.col("case").replace_strict({name: i for i, name in enumerate(_WORST)}, return_dtype=pl.Int8)
    worst = pairs.with_columns(case.alias("case")).sort(order).unique("id_number", keep="first", maintain_order=True)
    return worst.select("id_number", "case")


def _pairs(written: list[str]) -> list[str]:
    """Pairs of categories in alphabetical order; a group stands for each of its members."""
    found = []
    for pair in written:
        left, _, right = pair.partition("+")
        found += ["+".join(sorted((a, b))) for a in _members(left) for b in _members(right)]
    return found


def _members(name: str) -> list[str]:
    return [category for category in RANK if name in (category, _GROUPS.get(category))]
