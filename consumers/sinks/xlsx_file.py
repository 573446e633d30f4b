"""Rows as a workbook for people: headings in words, IDs as text, amounts in yuan."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import xlsxwriter

from consumers.sinks.nested import flattened
from consumers.sinks.record import Record
from contracts.errors import ExchangeError

ROW_LIMIT = 1_048_575
"""Rows of a worksheet below its heading."""
CELL_LIMIT = 32_767
_NEVER = datetime(2000, 1, 1)  # noqa: DTZ001 (workbooks know no zones; the same rows give the same file)
_UNCONFIRMED = "未确认"
_MARK = "_unconfirmed"


def write_xlsx(rows: Path, target: Path, record: Record) -> None:
    """Render the rows, one worksheet row at a time in memory.

    Raises:
        ExchangeError: E-SINK-ROWS too many for a worksheet; E-SINK-STORE a text too long for a cell.
        xlsxwriter.exceptions.FileCreateError, OSError: the disk's.
    """
    frame = flattened(pl.read_parquet(rows), dates_as_text=True)
    _check(frame, record)
    options = {"constant_memory": True, "tmpdir": str(target.parent), "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(target), options)
    try:
        book.use_zip64()
        book.set_properties({"created": _NEVER})
        _fill(book, frame, record)
        book.close()
    except BaseException:
        for sheet in book.worksheets():
            with suppress(OSError):  # what it buffers does not fit on the disk either; left open it would try again at any time
                sheet.row_data_fh.close()
        raise


def _fill(book: xlsxwriter.Workbook, frame: pl.DataFrame, record: Record) -> None:
    sheet = book.add_worksheet(record.period)
    bold, text, yuan = book.add_format({"bold": True}), book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.00"})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        sheet.set_column(column, column, 20, text if frame.schema[name] == pl.String else yuan if name in record.money else None)
        sheet.write_string(0, column, _UNCONFIRMED if name == _MARK else record.titles.get(name, name), bold)
    for row, values in enumerate(frame.iter_rows(), start=1):
        for column, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(row, column, value, text)
            elif isinstance(value, bool):
                sheet.write_string(row, column, "是" if value else "否")
            elif frame.columns[column] in record.money:
                sheet.write_number(row, column, float(Decimal(value) / 100), yuan)
            else:
                sheet.write_number(row, column, value)


def _check(frame: pl.DataFrame, record: Record) -> None:
    if frame.height > ROW_LIMIT:
        raise ExchangeError("E-SINK-ROWS", feed=record.feed, period=record.period, rows=frame.height, limit=ROW_LIMIT)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    for name in texts:
        longest = frame[name].str.len_chars().max()
        if isinstance(longest, int) and longest > CELL_LIMIT:
            raise ExchangeError("E-SINK-STORE", place=name, why=f"{longest} > {CELL_LIMIT}")
