"""Who is still owed: held in the month that would have reported them, to be reported when their row is first accepted."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from producers.increments.month import Month, absent, among, not_null, same_person
from producers.increments.result import OWED

Seal = Callable[[str], str]


def held_newcomers(base: Month, current: Month) -> pl.DataFrame:
    """Held rows of the month about persons who stand neither in the base nor, under their number, among the accepted."""
    held = current.held.select(current.accepted.columns)
    fresh = absent(absent(held, base.ids), current.accepted).filter(~among("id_number", base.accepted["head_id"]))
    if fresh.is_empty():
        return fresh
    seen = pl.concat([same_person(fresh, base.rows), same_person(fresh, current.accepted)])
    return fresh.join(seen, on=["_file", "_sheet", "_row"], how="anti", nulls_equal=True, maintain_order="left")


def entries(name: str, since: str, rows: pl.DataFrame, seal: Seal) -> pl.DataFrame:
    """The owed persons' entries, one a key; `ref` (month, file, sheet!row) keeps the keys of one row together. No value in the clear
    but the sealed keys."""
    ref = pl.format("{}/{}/{}!{}", pl.lit(since), pl.col("_file").fill_null(""), pl.col("_sheet").fill_null(""), "_row")
    made = keys(rows, seal).with_columns(pl.lit(name).alias("list"), pl.lit(since).alias("since"), ref.alias("ref"))
    return made.select(*OWED)


def keys(rows: pl.DataFrame, seal: Seal) -> pl.DataFrame:
    """The rows once for each sealed key that may name their person later: the ID; name and certificate; else name and head."""
    parts = (
        not_null(rows, "id_number").with_columns(pl.format("I|{}", "id_number").alias("key")),
        not_null(rows, "name", "cert_no").with_columns(pl.format("C|{}|{}", "name", "cert_no").alias("key")),
        not_null(rows, "name", "head_id").with_columns(pl.format("H|{}|{}", "name", "head_id").alias("key")),
    )
    every = pl.concat(parts)
    return every.with_columns(pl.Series("key", [seal(k) for k in every["key"].to_list()], dtype=pl.String))


def settle(name: str, owed: pl.DataFrame, candidates: pl.DataFrame, seal: Seal) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Which accepted rows pay a debt, and what of this list stays owed.

    Returns: (`id_number`, `since`, `owed_type`), (the entries of the list that nobody's row met).
    """
    ours = owed.filter(pl.col("list") == name)
    if ours.is_empty() or candidates.is_empty():
        return pl.DataFrame(schema={"id_number": pl.String, "since": pl.String, "owed_type": pl.String}), ours
    hits = keys(candidates, seal).select("id_number", "key").join(ours, on="key")
    paid = hits.sort("since").unique("id_number", keep="first", maintain_order=True)
    rest = ours.join(hits.select("ref").unique(), on="ref", how="anti")
    return paid.select("id_number", "since", pl.col("change_type").alias("owed_type")), rest
