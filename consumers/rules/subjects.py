"""The subjects (监测对象) that are owed a decision and an answer: every row of the sender's list and of the towns' tables."""

from __future__ import annotations

import polars as pl

from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, rejected

MONITOR: Schema = {
    **PLACE, "person_no": pl.String, "household_no": pl.String, "name": pl.String, "id_number": pl.String,
    "household_size": pl.Int32, "hukou_county": pl.String, "town": pl.String, "village": pl.String,
    "risk_identified_on": pl.String, "risk_cleared": pl.Boolean, "risk_cleared_on": pl.String,
}  # fmt: skip


def subjects(lists: Lists) -> pl.DataFrame:
    """One row a subject: rejected rows are subjects too, a town's row about somebody the sender lists is none.

    Columns: `subject` (unique; the sender's person number, else `file#row`; a number given twice is marked `#2`),
    `household`, `row` (`sheet!row`), `list`, the columns of `MONITOR`, `codes` List(String), `held` Boolean,
    `id_broken` Boolean (rejected for its number).
    """
    found = _rows(lists, "MONITOR_PERSON")
    if "MONITOR_TOWN" in lists:
        found = pl.concat([found, _only_from_towns(_rows(lists, "MONITOR_TOWN"), found)])
    named = pl.coalesce("person_no", pl.format("{}#{}", pl.col("_file").fill_null(""), pl.col("_row")))
    found = found.with_columns(
        named.alias("subject"),
        pl.col("household_no").alias("household"),
        pl.format("{}!{}", pl.col("_sheet").fill_null(""), pl.col("_row")).alias("row"),
    )
    # Accepted rows stand before the rejected ones here, so that of a number given twice an accepted row keeps it.
    if found["subject"].n_unique() < found.height:
        times = pl.col("subject").cum_count().over("subject")
        again = pl.when(times > 1).then(pl.format("{}#{}", "subject", times)).otherwise("subject")
        found = found.sort("held", maintain_order=True).with_columns(again.alias("subject"))
    return found.sort("list", *PLACE, nulls_last=True, maintain_order=True)


def _rows(lists: Lists, name: str) -> pl.DataFrame:
    """Accepted, then rejected rows of one list, with `codes`, `held` and `id_broken`."""
    good = accepted(lists, (name,), MONITOR)
    bad = rejected(lists, (name,), MONITOR).drop("_raw").rename({"_codes": "codes"})
    none = pl.lit([], dtype=pl.List(pl.String)).alias("codes")
    faults = pl.element().str.starts_with("E-ID-") & (pl.element() != "E-ID-DUP")
    broken = pl.col("id_number").is_null() & pl.col("codes").list.eval(faults).list.any()
    return pl.concat(
        [
            good.with_columns(none, pl.lit(value=False).alias("held"), pl.lit(value=False).alias("id_broken")),
            bad.with_columns(pl.lit(value=True).alias("held"), broken.alias("id_broken")),
        ]
    )


def _only_from_towns(towns: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Rows of towns' tables whose person stands nowhere in the sender's list.

    By ID; where the town's ID is unreadable, by name, place and size of the household together.
    """
    rest = towns.filter(~among("id_number", listed["id_number"]))
    unreadable = pl.col("id_number").is_null()
    if not rest.select(unreadable.any()).item():
        return rest
    same = ["name", "town", "village", "household_size"]
    strangers = rest.filter(unreadable).join(listed.select(same), on=same, how="anti", maintain_order="left")
    return pl.concat([rest.filter(~unreadable), strangers])
