"""The subjects (监测对象) that are owed a decision and an answer: every row of the sender's list and of the towns' tables."""

from __future__ import annotations

import polars as pl

from consumers.rules.frames import PLACE, Lists, Schema, accepted, not_null, rejected

MONITOR: Schema = {
    **PLACE, "person_no": pl.String, "household_no": pl.String, "name": pl.String, "id_number": pl.String,
    "household_size": pl.Int32, "hukou_county": pl.String, "town": pl.String, "village": pl.String,
    "risk_identified_on": pl.String, "risk_cleared": pl.Boolean, "risk_cleared_on": pl.String,
}  # fmt: skip


def subjects(lists: Lists) -> pl.DataFrame:
    """One row a subject: rejected rows are subjects too, a town's row about somebody the sender lists is none.

    Columns: `subject` (unique; the sender's person number, else `file#row`; a number given twice is marked `#2`),
    `household`, `row` (`sheet!row`), `list`, the columns of `MONITOR`, `held` Boolean, `codes` List(String).
    """
    listed = _rows(lists, "MONITOR_PERSON")
    found = pl.concat([listed, _only_from_towns(_rows(lists, "MONITOR_TOWN"), listed)])
    named = pl.coalesce("person_no", pl.format("{}#{}", pl.col("_file").fill_null(""), pl.col("_row")))
    return (
        found.with_row_index("_order")
        .with_columns(named.alias("subject"))
        .sort("held", "_order")
        .with_columns(pl.col("subject").cum_count().over("subject").alias("_times"))
        .with_columns(
            pl.when(pl.col("_times") > 1).then(pl.format("{}#{}", "subject", "_times")).otherwise("subject").alias("subject"),
            pl.col("household_no").alias("household"),
            pl.format("{}!{}", pl.col("_sheet").fill_null(""), pl.col("_row")).alias("row"),
        )
        .sort("_order")
        .drop("_times", "_order")
    )


def _rows(lists: Lists, name: str) -> pl.DataFrame:
    """Accepted and rejected rows of one list in the order of its file, with `held` and `codes`."""
    good = accepted(lists, (name,), MONITOR).with_columns(
        pl.lit(value=False).alias("held"), pl.lit([], dtype=pl.List(pl.String)).alias("codes")
    )
    bad = rejected(lists, (name,), MONITOR).with_columns(pl.lit(value=True).alias("held")).rename({"_codes": "codes"}).drop("_raw")
    return pl.concat([good, bad.select(good.columns)]).sort("_file", "_sheet", "_row", nulls_last=True, maintain_order=True)


def _only_from_towns(towns: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Rows of towns' tables whose person stands nowhere in the sender's list.

    By ID; where the town's ID is unreadable, by name, place and size of the household together.
    """
    rest = towns.join(not_null(listed, "id_number").select("id_number"), on="id_number", how="anti", nulls_equal=False)
    same = ["name", "town", "village", "household_size"]
    unreadable = pl.col("id_number").is_null()
    known = rest.filter(unreadable).join(listed.select(same), on=same, how="semi", nulls_equal=False)
    return rest.join(known.select("_file", "_sheet", "_row"), on=["_file", "_sheet", "_row"], how="anti", nulls_equal=True)
