"""The workbook that the READMEs import: one roster of an invented county, as a system exports it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from contracts.ids import Period
from gateway.demo.county import county

WORKBOOK = "荔波县农村低保人员查询_202303.xlsx"
MONTH = Period(2023, 3)
PERSONS = 600
SEED = bytes(range(32))


def write_workbook(path: Path) -> int:
    """Write the roster of rural dibao persons for the month; returns the number of its rows."""
    made = county(lambda size: SEED[:size], PERSONS, [MONTH])
    layout = made.layout("DIBAO_RURAL_PERSON")
    cells = made.rows("DIBAO_RURAL_PERSON", MONTH).select(cell.cast(pl.String).alias(str(at)) for at, (_, cell) in enumerate(layout))
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("名册")
        sheet.write_string(0, 0, f"{made.place.name}农村低保人员查询 {MONTH.year}年{MONTH.month}月")
        sheet.write_row(1, 0, [header for (_, header), _ in layout])
        for at, row in enumerate(cells.iter_rows(), start=2):
            sheet.write_row(at, 0, row)
    return cells.height
