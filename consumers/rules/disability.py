"""R8 Who is on dibao and holds a valid certificate of disability is owed additional aid by class (分类施保)."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.cases import first_that_holds, made, nothing
from consumers.rules.coverage import DIBAO, RANK
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, not_null
from consumers.rules.parameters import RuleParameters, parameters

FIELDS: Schema = {"disability_type": pl.String, "disability_level": pl.String, "valid_to": pl.String, "already_paid": pl.Boolean}
CERTIFICATE: Schema = {
    "id_number": pl.String, "disability_type": pl.String, "disability_level": pl.String, "valid_to": pl.String, "status": pl.String,
}  # fmt: skip
RECIPIENT: Schema = {**PLACE, "id_number": pl.String, "head_id": pl.String, "class_amount": pl.Int64}
_BY_STATUS = {"EXPIRED": "CERT_EXPIRED", "SUSPENDED": "CERT_SUSPENDED", "CANCELLED": "CERT_CANCELLED"}


def disability_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """One case a person on dibao who stands in `DISABILITY`, by ID; of several certificates the best.

    `case`: CANDIDATE (VALID_CERT) or NEEDS_REVIEW (CERT_EXPIRED, also when its last day has passed, CERT_SUSPENDED, CERT_CANCELLED,
    CERT_STATUS_UNKNOWN, LEVEL_NOT_IN_CLAUSE). `already_paid`: the roster shows a class amount above zero. Pure. Clause: 黔民发〔2020〕9号.
    """
    rule = rule or parameters("R8")
    window = rule.at(county, as_of)
    if window is None:
        return nothing(FIELDS)
    held = not_null(accepted(lists, ("DISABILITY",), CERTIFICATE), "id_number").drop("list")
    people = not_null(accepted(lists, DIBAO, RECIPIENT, among("id_number", held["id_number"])), "id_number")
    people = people.unique("id_number", keep="first", maintain_order=True)
    day = pl.col("valid_to").str.to_date("%Y-%m-%d", strict=False)
    doubts = {
        **{code: pl.col("status") == status for status, code in _BY_STATUS.items()},
        "CERT_EXPIRED ": day < as_of,
        "CERT_STATUS_UNKNOWN": (pl.col("status") != "VALID").fill_null(value=True),
        "LEVEL_NOT_IN_CLAUSE": ~pl.col("disability_level").is_in(window.words("levels")).fill_null(value=False),
    }
    held = held.with_columns(first_that_holds(doubts).str.strip_chars().alias("reason"))
    best = held.sort(pl.col("reason").is_not_null(), maintain_order=True).unique("id_number", keep="first", maintain_order=True)
    found = people.join(best, on="id_number", how="inner", maintain_order="left").with_columns(
        pl.when(pl.col("reason").is_null()).then(pl.lit("CANDIDATE")).otherwise(pl.lit("NEEDS_REVIEW")).alias("case"),
        pl.col("reason").fill_null("VALID_CERT"),
        pl.col("list").replace_strict(dict(zip(DIBAO, RANK[:2], strict=True)), return_dtype=pl.String).alias("category"),
        pl.col("head_id").alias("household"),
        (pl.col("class_amount") > 0).fill_null(value=False).alias("already_paid"),
    )
    return made(found, "R8", rule.clause, FIELDS)
