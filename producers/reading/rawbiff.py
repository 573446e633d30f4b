"""Bare BIFF streams (versions 2 to 5 without a compound file around them): what old exporting components write under the name .xls."""

from __future__ import annotations

import datetime as dt
import struct

import xlrd
from xlrd.biffh import XLRDError

from contracts.errors import ExchangeError
from producers.reading.biff import Silence
from producers.reading.grid import Grid, Value
from producers.reading.page import Page

STARTS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
"""The first record of such a stream: BOF of version 2, 3, 4 or 5, with its length."""

MAX_RAW = 32 << 20
"""Bytes; its cells are held as Python objects."""

_DAMAGE = (XLRDError, AssertionError, IndexError, KeyError, TypeError, ValueError, struct.error, UnicodeDecodeError, OverflowError)


def read_raw(data: bytes) -> list[Grid]:
    """Every sheet. Texts without a code page are GB 18030, as the components that write them run on Chinese Windows.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=Silence(), encoding_override="gb18030", formatting_info=False)
        grids: list[Grid] = []
        before = 0
        for sheet in book.sheets():
            page = Page(sheet.name or f"Sheet{len(grids) + 1}", visible=not sheet.visibility, before=before)
            for row in range(sheet.nrows):
                values: list[Value] = []
                for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
                    values.append(_value(kind, value, book.datemode))
                    if kind == xlrd.XL_CELL_ERROR:
                        page.extent.errors[row, column] = xlrd.error_text_from_code.get(value, "#N/A")
                page.row(values)
            before = page.cells
            grids.append(page.grid())
    except _DAMAGE as error:
        if "encrypted" in str(error).lower():
            raise ExchangeError("E-FILE-PWD") from error
        raise ExchangeError("E-FILE-CORRUPT") from error
    if not grids:
        raise ExchangeError("E-FILE-CORRUPT")
    return grids


def _value(kind: int, value: object, epoch: int) -> Value:
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        day = xlrd.xldate_as_datetime(value, epoch)
        return day if isinstance(day, dt.datetime) else None
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) and isinstance(value, str | float) else None
