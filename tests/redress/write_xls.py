"""Sheets as .xls (BIFF8), where `xlwt` happens to be installed: it is no longer kept, so that nothing depends on it."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from pathlib import Path

from tests.redress.layout import Placed

_ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


def can_write_xls() -> bool:
    """Whether `xlwt` is here."""
    return importlib.util.find_spec("xlwt") is not None


def write_xls(sheets: list[Placed], path: Path) -> None:
    """Write a workbook; formulas have no result until somebody computes them."""
    xlwt = importlib.import_module("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for sheet in sheets:
        page = book.add_sheet(sheet.name, cell_overwrite_ok=True)
        page.visibility = int(sheet.state != "visible")
        for r1, c1, r2, c2 in sheet.merged:
            page.merge(r1 - 1, r2 - 1, c1 - 1, c2 - 1)
        for (r, c), cell in sorted(sheet.cells.items()):
            value = cell.value
            if cell.formula is not None:
                page.write(r - 1, c - 1, xlwt.Formula(cell.formula.removeprefix("=")))
            elif cell.error:
                page.row(r - 1).set_cell_error(c - 1, _ERRORS[str(value)])
            elif isinstance(value, dt.date):
                page.write(r - 1, c - 1, value, day)
            else:
                page.write(r - 1, c - 1, value)
        for r in sheet.hidden_rows:
            page.row(r - 1).hidden = True
        for c in sheet.hidden_columns:
            page.col(c - 1).hidden = True
    book.save(str(path))
