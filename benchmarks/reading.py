"""`check_us_per_row` and `check_vs_calamine`: reading and checking files as staff send them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.clock import together
from benchmarks.figure import Figure
from benchmarks.job import PERIOD, demo
from gateway.demo.county import County
from producers.reading import Reading, read_file

CSV_COLUMNS = 15
CSV_GOAL_US = 15.0
WORKBOOK_GOAL = 3.0
LIST = "DIBAO_RURAL_PERSON"


def figures(persons: int, repeats: int) -> list[Figure]:
    """A CSV of fifteen columns, and the system's workbook of 44, of the county's rural persons."""
    made = demo(persons)
    with tempfile.TemporaryDirectory(prefix="reading") as name:
        table, book = Path(name) / "农村低保人员.csv", Path(name) / "农村低保人员.xlsx"
        rows = _csv(made, table)
        cells = _workbook(made, book)
        timings = together({
            "csv": lambda: _reading(table, rows), "workbook": lambda: _reading(book, rows),
            "calamine": lambda: lambda: CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python(skip_empty_area=False),
        }, repeats)
    mine, theirs = timings["workbook"], timings["calamine"]
    return [
        Figure("check_us_per_row", timings["csv"].process / rows * 1e6, "us", "lower", CSV_GOAL_US, {
            "rows": rows, "columns": CSV_COLUMNS, **timings["csv"].detail(rows)}),
        Figure("check_vs_calamine", mine.process / theirs.process, "ratio", "lower", WORKBOOK_GOAL, {
            "rows": rows, "cells": cells, "ours": mine.detail(rows), "calamine": theirs.detail(rows),
            "wall_ratio": round(mine.wall / theirs.wall, 3)}),
    ]


def _reading(path: Path, rows: int) -> Callable[[], object]:
    def run() -> Reading:
        read = read_file(path, as_list=LIST, period=PERIOD, areas=None, previous=None)
        assert sum(table.accepted.height + table.rejected.height for table in read.tables) == rows
        return read

    return run


def _csv(made: County, path: Path) -> int:
    layout = made.layout(LIST)
    carried = [pair for pair in layout if pair[1].meta.root_names() not in ([], ["pid"])][:CSV_COLUMNS]
    cells = made.rows(LIST, PERIOD).select(cell.alias(header[1]) for header, cell in carried)
    assert cells.width == CSV_COLUMNS
    cells.write_csv(path, include_bom=True)
    return cells.height


def _workbook(made: County, path: Path) -> int:
    layout = made.layout(LIST)
    cells = made.rows(LIST, PERIOD).select(cell.alias(str(i)) for i, (_, cell) in enumerate(layout))
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("人员")
    sheet.write_row(0, 0, [header[1] for header, _ in layout])
    for at, row in enumerate(cells.iter_rows(), 1):
        sheet.write_row(at, 0, row)
    workbook.close()
    return cells.height * cells.width
