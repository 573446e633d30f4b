"""Households: heads, and sizes against who is listed (rules 16 and 17)."""

from __future__ import annotations

import polars as pl

from contracts.checks.table import Table
from contracts.values.cells import Mark, marks


def head_in_list(table: Table) -> None:
    """W-HEAD at an accepted row whose head is no row's own number in the list; rejected rows with a readable number count."""
    heads = table.value("head_id")
    present = heads.is_in(table.own_ids.drop_nulls().unique().to_list())
    table.add("head_id", marks("W-HEAD", (~present).fill_null(value=False) & ~table.rejected()))


def size_of_members(table: Table) -> None:
    """W-SIZE where the size is not the number of members listed in the cell."""
    if table.listing.size is None or not table.has(table.listing.size):
        return
    size, count = table.value(table.listing.size), table.value("members").list.len()
    _say(table, (size != count.cast(pl.Int32)).fill_null(value=False), size, count)


def size_of_household_rows(table: Table) -> None:
    """W-SIZE, once, at a household's first row, where its size is not the number of its rows."""
    if table.listing.size is None or not table.has(table.listing.size) or not table.has("household_no"):
        return
    frame = pl.DataFrame({"no": table.value("household_no"), "size": table.value(table.listing.size)})
    counted = frame.select(
        pl.len().over("no").cast(pl.Int32).alias("count"), pl.col("no").is_first_distinct().alias("first"), pl.col("no", "size")
    )
    wrong = (counted["first"] & counted["no"].is_not_null() & (counted["count"] != counted["size"])).fill_null(value=False)
    _say(table, wrong, counted["size"], counted["count"])


def _say(table: Table, wrong: pl.Series, size: pl.Series, count: pl.Series) -> None:
    rows = wrong.arg_true()
    if len(rows) and table.listing.size is not None:
        each = [{"size": s, "count": c} for s, c in zip(size.gather(rows).to_list(), count.gather(rows).to_list(), strict=True)]
        table.add(table.listing.size, (Mark("W-SIZE", rows, each=each),))
