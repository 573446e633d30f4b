"""The base of increments where the month before is not whole: towns that did not answer, months without the list (R11)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from contracts.frames import ListFrames
from producers.unconfirmed import Towns, in_towns

_PLACED = ("town", "village_code")


def of_towns(rows: pl.DataFrame, towns: Towns) -> pl.DataFrame:
    """Rows of these towns (codes and names); a row whose town nobody can tell may be of any."""
    told = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _PLACED if name not in rows.columns)
    return told.filter(in_towns(towns)).select(rows.columns)


def with_waiting(month: ListFrames, before: ListFrames, towns: Towns) -> ListFrames:
    """A month's list and, of the towns that have not answered in it, whom the month before has: nobody there has gone, and when the
    town answers again nobody there is new. Who stands in the month already, wherever, is not taken twice."""
    there = pl.concat([month.accepted.select("id_number"), month.rejected.select("id_number")]).drop_nulls()
    parts = (of_towns(rows, towns) for rows in (before.accepted, before.rejected))
    stay = [rows.join(there, on="id_number", how="anti", maintain_order="left") for rows in parts]
    return replace(
        month,
        accepted=pl.concat([month.accepted, _like(stay[0], month.accepted)]),
        rejected=pl.concat([month.rejected, _like(stay[1], month.rejected)]),
    )


def _like(rows: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col(name).cast(dtype) if name in rows.columns else pl.lit(None, dtype).alias(name) for name, dtype in other.schema.items()
    )
