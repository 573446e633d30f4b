"""`check_us_per_row` and `check_vs_calamine`: reading and checking files as staff send them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.clock import once, peak_mib, together
from benchmarks.figure import Figure
from benchmarks.job import PERIOD, demo
from gateway.demo.county import County
from producers.reading import Reading, read_file

CSV_COLUMNS = 15
CSV_ROWS, WORKBOOK_ROWS = 1_000_000, 50_000
CSV_GOAL_US = 15.0
CSV_MEMORY_MIB = 1024
WORKBOOK_GOAL = 3.0
LIST = "DIBAO_RURAL_PERSON"
_SHARE = 0.75
"""Rural persons of a county, a little less than there are."""


def figures(persons: int, repeats: int) -> list[Figure]:
    """A CSV of fifteen columns and a million rows, and the system's workbook of 44 columns and 50,000; fewer in a small county."""
    small = persons < 30_000
    return [_table(persons if small else CSV_ROWS, min(repeats, 3)), _book(persons if small else WORKBOOK_ROWS, repeats)]


def _table(rows: int, repeats: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="reading") as name:
        table = Path(name) / "农村低保人员.csv"
        made = int(_child("make", table, rows)["rows"])
        runs = sorted((_child("check", table, made) for _ in range(repeats)), key=lambda run: run["process_s"])
    middle, peak = runs[len(runs) // 2], max(run["peak_mib"] for run in runs)
    return Figure("check_us_per_row", middle["process_s"] / made * 1e6, "us", "lower", CSV_GOAL_US, {
        "rows": made, "columns": CSV_COLUMNS, **middle, "runs": len(runs), "peak_mib": round(peak), "peak_goal_mib": CSV_MEMORY_MIB,
        "peak_met": peak <= CSV_MEMORY_MIB})


def _book(rows: int, repeats: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="reading") as name:
        book = Path(name) / "农村低保人员.xlsx"
        made, width = _workbook(demo(int(rows / _SHARE)), book, rows)
        timings = together({
            "workbook": lambda: _reading(book, made),
            "calamine": lambda: lambda: CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python(skip_empty_area=False),
        }, repeats)
    mine, theirs = timings["workbook"], timings["calamine"]
    return Figure("check_vs_calamine", mine.process / theirs.process, "ratio", "lower", WORKBOOK_GOAL, {
        "rows": made, "columns": width, "ours": mine.detail(made), "calamine": theirs.detail(made),
        "wall_ratio": round(mine.wall / theirs.wall, 3)})


def _child(what: str, path: Path, rows: int) -> dict[str, float]:
    """A step in a process of its own, whose memory is its own."""
    command = [sys.executable, "-m", "benchmarks.reading", what, str(path), str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(what: str, path: Path, rows: int) -> dict[str, float]:
    """Make the table, or check it once."""
    if what == "make":
        return {"rows": _csv(demo(int(rows / _SHARE)), path, rows)}
    process, wall = once(_reading(path, rows))
    return {"process_s": process, "wall_s": wall, "peak_mib": peak_mib()}


def _reading(path: Path, rows: int) -> Callable[[], object]:
    def run() -> Reading:
        read = read_file(path, as_list=LIST, period=PERIOD, areas=None, previous=None)
        assert sum(table.accepted.height + table.rejected.height for table in read.tables) == rows
        return read

    return run


def _csv(made: County, path: Path, rows: int) -> int:
    layout = made.layout(LIST)
    carried = [pair for pair in layout if pair[1].meta.root_names() not in ([], ["pid"])][:CSV_COLUMNS]
    cells = made.rows(LIST, PERIOD).head(rows).select(cell.alias(header[1]) for header, cell in carried)
    assert cells.width == CSV_COLUMNS
    cells.write_csv(path, include_bom=True)
    return cells.height


def _workbook(made: County, path: Path, rows: int) -> tuple[int, int]:
    layout = made.layout(LIST)
    cells = made.rows(LIST, PERIOD).head(rows).select(cell.alias(str(i)) for i, (_, cell) in enumerate(layout))
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("人员")
    sheet.write_row(0, 0, [header[1] for header, _ in layout])
    for at, row in enumerate(cells.iter_rows(), 1):
        sheet.write_row(at, 0, row)
    workbook.close()
    return cells.height, cells.width


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
