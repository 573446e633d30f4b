"""Amounts against last month's (rule 12)."""

from __future__ import annotations

import polars as pl

from contracts.checks.table import Table
from contracts.values.cells import marks


def hundredfold(table: Table) -> None:
    """W-AMOUNT where an amount is about a hundred times what the same person or household had last month. Silent without last month."""
    before = table.previous.get(table.listing.code)
    if before is None or before.accepted.is_empty():
        return
    key = table.listing.id_field
    old = before.accepted.unique(key, keep="first")
    for field in table.listing.fields.values():
        if field.type == "amount" and table.has(field.name) and field.name in old.columns:
            now = pl.DataFrame({key: table.value(key), "now": table.value(field.name)})
            then = now.join(old.select(key, pl.col(field.name).alias("then")), on=key, how="left", maintain_order="left")["then"]
            ratio = now["now"].cast(pl.Float64) / then.cast(pl.Float64)
            table.add(field.name, marks("W-AMOUNT", ((then > 0) & (ratio >= 80) & (ratio <= 125)).fill_null(value=False)))
