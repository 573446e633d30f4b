"""R6 Delayed exit (渐退): how long a household whose income rose by work stays covered."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.cases import first_that_holds, made, nothing
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among
from consumers.rules.parameters import RuleParameters, Window, parameters

FIELDS: Schema = {"months": pl.Int64, "start_month": pl.String, "end_date": pl.String, "over": pl.Boolean}
ENTRY: Schema = {
    **PLACE, "head_id": pl.String, "cause": pl.String, "start_month": pl.String, "income_per_capita": pl.Int64,
}  # fmt: skip


def taper_cases(
    lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None, standard: RuleParameters | None = None
) -> pl.DataFrame:
    """One case a household of `TAPER`, `id_number` its head's.

    `case`: TAPER with `months`, `end_date` (last day of the last month) and `over` (it lies before the day); NOT_APPLICABLE
    (INCOME_NOT_ABOVE_STANDARD); NEEDS_REVIEW (STANDARD_UNKNOWN, INCOME_MISSING, CAUSE_NOT_IN_CLAUSE, TWO_CAUSES, START_MISSING). The
    standard is that of the roster the head is on, rural where none says. Pure. Clause: 黔民发〔2023〕2号 二（一）三.
    """
    rule = rule or parameters("R6")
    window = rule.at(county, as_of)
    if window is None:
        return nothing(FIELDS)
    rows = accepted(lists, ("TAPER",), ENTRY)
    urban = accepted(lists, ("DIBAO_URBAN_PERSON",), {"head_id": pl.String}, among("head_id", rows["head_id"]))
    rows = rows.with_columns(
        pl.when(among("head_id", urban["head_id"])).then(pl.lit("URBAN")).otherwise(pl.lit("RURAL")).alias("place"),
        pl.col("head_id").alias("id_number"),
        pl.col("head_id").alias("household"),
    )
    return made(_judged(rows, window, (standard or parameters("STANDARD")).at(county, as_of), as_of), "R6", rule.clause, FIELDS)


def _judged(rows: pl.DataFrame, window: Window, standard: Window | None, as_of: date) -> pl.DataFrame:
    lines = dict(standard.numbers("monthly")) if standard else {}
    line = pl.col("place").replace_strict(lines, default=None, return_dtype=pl.Int64)
    start = (pl.col("start_month") + "-01").str.to_date("%Y-%m-%d", strict=False)
    months = pl.col("cause").replace_strict(dict(window.numbers("months")), default=None, return_dtype=pl.Int64)
    income = pl.col("income_per_capita")
    doubts = {
        "INCOME_NOT_ABOVE_STANDARD": income <= line,
        "TWO_CAUSES": pl.col("cause") == "BOTH",
        "CAUSE_NOT_IN_CLAUSE": months.is_null(),
        "INCOME_MISSING": income.is_null(),
        "STANDARD_UNKNOWN": line.is_null(),
        "START_MISSING": start.is_null(),
    }
    counted = 1 if window.number("starting_month_counts") else 0
    last = start.dt.offset_by(pl.format("{}mo", months - counted)).dt.month_end()
    judged = rows.with_columns(first_that_holds(doubts).alias("reason"), months.alias("months"), last.alias("_last"))
    is_taper = pl.col("reason").is_null()
    case = (
        pl.when(is_taper).then(pl.lit("TAPER"))
        .when(pl.col("reason") == "INCOME_NOT_ABOVE_STANDARD").then(pl.lit("NOT_APPLICABLE"))
        .otherwise(pl.lit("NEEDS_REVIEW"))
    )  # fmt: skip
    return judged.with_columns(
        case.alias("case"),
        pl.when(is_taper).then("cause").otherwise("reason").alias("reason"),
        pl.when(is_taper).then("months").alias("months"),
        pl.when(is_taper).then(pl.col("_last").dt.to_string("iso")).alias("end_date"),
        pl.when(is_taper).then(pl.col("_last") < as_of).alias("over"),
    )
