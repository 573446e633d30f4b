"""Rows as CSV: UTF-8 with its mark, so that spreadsheet programs read Chinese; text in quotes; no text that could run."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from consumers.sinks.nested import flattened
from consumers.sinks.record import Record

_RUNS = r"^[=+\-@\t\r\n＝＋－＠]"
"""Beginnings that a spreadsheet takes for a formula (CWE-1236), full-width ones included, for some convert them."""


def write_csv(rows: Path, target: Path, _record: Record) -> None:
    """Render the rows. Headings are field names, amounts whole 分, empty is null; a quote mark (') before what could run.

    Raises:
        polars.exceptions.PolarsError, OSError: the disk's.
    """
    frame = flattened(pl.read_parquet(rows), dates_as_text=True)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = [pl.when(pl.col(name).str.contains(_RUNS)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name) for name in texts]
    frame.with_columns(safe).write_csv(target, include_bom=True, quote_style="non_numeric", line_terminator="\r\n")
