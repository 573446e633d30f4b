"""R2 Who is on dibao may be recognised as low-income without more ado (低收入对象直接认定)."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.cases import made, nothing
from consumers.rules.coverage import DIBAO, PERSON, RANK
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, not_null
from consumers.rules.parameters import RuleParameters, parameters

FIELDS: Schema = {}


def low_income_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """One CANDIDATE (`reason` ON_DIBAO) a person on dibao, by ID; of a 单人保 household only who is covered: rosters hold those alone.

    Who is on the funeral list is left to R4, who is low-income already (`MARGIN_PERSON`, `REVIEW_LOWINCOME`) is none. Tekun and
    children are not in the clause. Outside its window nobody is a case. Pure. Clause: 黔南州民政局2021年度低保核查通知 三.
    """
    rule = rule or parameters("R2")
    if rule.at(county, as_of) is None:
        return nothing(FIELDS)
    rows = not_null(accepted(lists, DIBAO, {**PLACE, **PERSON}), "id_number").unique("id_number", keep="first", maintain_order=True)
    other = accepted(lists, ("DEATH", "MARGIN_PERSON", "REVIEW_LOWINCOME"), {"id_number": pl.String})
    rows = rows.filter(~among("id_number", other["id_number"])).with_columns(
        pl.lit("CANDIDATE").alias("case"),
        pl.lit("ON_DIBAO").alias("reason"),
        pl.col("list").replace_strict(dict(zip(DIBAO, RANK[:2], strict=True)), return_dtype=pl.String).alias("category"),
        pl.col("head_id").alias("household"),
    )
    return made(rows, "R2", rule.clause, FIELDS)
