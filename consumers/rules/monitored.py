"""What changed on the monitoring list from one month to the next (监测对象动态)."""

from __future__ import annotations

import polars as pl

from consumers.rules.cases import made, nothing
from consumers.rules.frames import PLACE, Lists, Schema, accepted, not_null, rejected

FIELDS: Schema = {"person_no": pl.String}
LIST = "MONITOR_PERSON"
CLAUSE = "黔民发〔2023〕2号 二（三）三"
ROW: Schema = {
    **PLACE, "household_no": pl.String, "person_no": pl.String, "name": pl.String, "id_number": pl.String, "risk_cleared": pl.Boolean,
}  # fmt: skip


def monitoring_changes(before: Lists, now: Lists) -> pl.DataFrame:
    """Cases of rule MONITOR: accepted rows of this month against all rows of the month before, by the sender's numbers.

    `case`: NEW_HOUSEHOLD and NEW_PERSON (a person each), ID_COMPLETED (had no ID), ID_CORRECTED (another ID, or one that could not be
    read), CLEARED (a household whose risk is cleared now and was not). Nothing without both months. Pure.
    """
    if any(LIST not in lists or lists[LIST].state == "missing" for lists in (before, now)):
        return nothing(FIELDS)
    held = rejected(before, (LIST,), ROW)
    broken = pl.col("_codes").list.eval(pl.element().str.starts_with("E-ID-")).list.any()
    held = held.with_columns((broken & pl.col("id_number").is_null()).alias("_broken")).drop("_codes", "_raw")
    old = pl.concat([accepted(before, (LIST,), ROW).with_columns(pl.lit(value=False).alias("_broken")), held])
    new = accepted(now, (LIST,), ROW)
    parts = [each.with_columns(pl.col("household_no").alias("household")) for each in (_persons(old, new), _cleared(old, new))]
    return pl.concat([made(each, "MONITOR", CLAUSE, FIELDS) for each in parts])


def _persons(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    key = ["household_no", "person_no"]
    was = not_null(old, *key).unique(key, keep="first", maintain_order=True)
    was = was.select(*key, "_broken", was="id_number", there=pl.lit(value=True))
    known = old.select("household_no", home=pl.lit(value=True)).unique()
    told = new.join(was, on=key, how="left", maintain_order="left").join(known, on="household_no", how="left", maintain_order="left")
    moved = pl.col("id_number").is_in(old["id_number"].drop_nulls().implode())
    has = pl.col("id_number").is_not_null()
    case = (
        pl.when(pl.col("there").is_null() & moved).then(None)  # known under another number: nobody new
        .when(pl.col("home").is_null()).then(pl.lit("NEW_HOUSEHOLD"))
        .when(pl.col("there").is_null()).then(pl.lit("NEW_PERSON"))
        .when(has & pl.col("_broken")).then(pl.lit("ID_CORRECTED"))
        .when(has & pl.col("was").is_null()).then(pl.lit("ID_COMPLETED"))
        .when(has & (pl.col("was") != pl.col("id_number"))).then(pl.lit("ID_CORRECTED"))
    )  # fmt: skip
    return told.with_columns(case.alias("case")).filter(pl.col("case").is_not_null())


def _cleared(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Households of which a row says that the risk is cleared and none said so the month before, one row each."""
    was = not_null(old, "household_no").group_by("household_no").agg(pl.col("risk_cleared").any().alias("was"))
    now = not_null(new, "household_no").filter(pl.col("risk_cleared")).unique("household_no", keep="first", maintain_order=True)
    found = now.join(was, on="household_no", how="inner", maintain_order="left").filter(~pl.col("was"))
    return found.with_columns(pl.lit("CLEARED").alias("case"), *(pl.lit(None, pl.String).alias(c) for c in ("id_number", "person_no")))
