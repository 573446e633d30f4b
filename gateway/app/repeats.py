"""A further part of a list: whom an earlier part has already is kept once, and said at the row that says it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from contracts.findings import Finding
from contracts.frames import ListFrames
from contracts.lists.source import source_list
from producers.reading import Reading
from producers.reading.grid import letters

CODE = "E-ID-DUP"
_AGAIN: dict[str, pl.DataType] = {"_sheet": pl.String(), "_row": pl.Int32(), "earlier": pl.String()}


def none() -> pl.DataFrame:
    """Nobody stands twice."""
    return pl.DataFrame(schema=_AGAIN)


def taken_out(part: ListFrames, known: ListFrames) -> tuple[ListFrames, pl.DataFrame]:
    """The part with the rows whose ID is known among its rejected ones (E-ID-DUP), and where they stand: `_sheet`, `_row`, and
    `earlier`, the file and row that has the ID."""
    listing = source_list(part.list)
    own = listing.id_field
    if own not in part.accepted.columns or "id-once" not in listing.checks:  # on some lists a person may stand twice
        return part, none()
    place = pl.format("{} {}", pl.col("_file").fill_null(""), pl.col("_row")).alias("earlier")
    taken = pl.concat([frame.select(own, place) for frame in (known.accepted, known.rejected)]).drop_nulls(own)
    taken = taken.unique(own, keep="first", maintain_order=True)
    again = part.accepted.join(taken, on=own, how="inner", maintain_order="left")
    if not again.height:
        return part, none()
    marked = again.with_columns(pl.lit([CODE], dtype=pl.List(pl.String)).alias("_codes"), pl.lit("{}").alias("_raw"))
    left = part.accepted.join(taken, on=own, how="anti", maintain_order="left")
    rejected = pl.concat([part.rejected, marked.select(part.rejected.columns)])
    return replace(part, accepted=left, rejected=rejected), again.select(list(_AGAIN))


def reported(reading: Reading, again: Mapping[str, pl.DataFrame]) -> Reading:
    """The reading with those rows rejected and a finding at the ID of each.

    Args:
        again: list -> its rows that stand in an earlier part, as `taken_out` gives them.
    """
    findings = [finding for code, rows in again.items() for finding in _findings(reading, code, rows)]
    tables = tuple(
        replace(table, accepted=table.accepted.join(again[table.list], on=["_sheet", "_row"], how="anti", maintain_order="left"),
                rejected=_with(table.rejected, table.accepted.join(again[table.list], on=["_sheet", "_row"], how="semi")))
        if table.list in again else table
        for table in reading.tables
    )  # fmt: skip
    return replace(reading, findings=(*reading.findings, *findings), tables=tables, verdict="ACCEPT_PARTIAL")


def _with(rejected: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    marked = rows.with_columns(pl.lit([CODE], dtype=pl.List(pl.String)).alias("_codes"), pl.lit("{}").alias("_raw"))
    return pl.concat([rejected, marked.select(rejected.columns)])


def _findings(reading: Reading, code: str, rows: pl.DataFrame) -> list[Finding]:
    own = source_list(code).id_field
    columns = {place.sheet: (place.columns.get(own, 0), place.headers) for place in reading.places if place.list == code}
    found = []
    for sheet, row, earlier in rows.iter_rows():
        column, headers = columns.get(sheet, (0, ()))
        name = headers[column] if column < len(headers) else own
        found.append(Finding(sheet, f"{letters(column)}{row}", CODE, own, {"column": name, "other": earlier}))
    return found
