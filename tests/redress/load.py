"""A sample file and its truth as a document."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import xlrd
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from tests.redress.cells import Cell, Value, place_of
from tests.redress.document import Column, Document, Line, Sheet, Table
from tests.redress.truths import Part, TableTruth, Truth


@dataclass(slots=True)
class _Raw:
    """A sheet as it lies in the file; rows and columns count from 1."""

    key: str
    name: str
    state: str
    rows: list[list[Cell]]
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def source(file: str, sheet: str | None) -> str:
    """First member of an origin."""
    return f"{file}!{sheet or ''}"


def load(path: Path, truth: Truth) -> Document:
    """Read a sample file of persons."""
    kind = truth["format"]
    raws = _xlsx(path) if kind == "xlsx" else _xls(path) if kind == "xls" else [_csv(path, truth["encoding"] or "utf-8")]
    sheets = [_sheet(raw, [t for t in truth["tables"] if t["sheet"] == raw.name]) for raw in raws]
    return Document(path.stem, sheets, kind)


def _xlsx(path: Path) -> list[_Raw]:
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    found = []
    for sheet in formulas.worksheets:
        cached: Worksheet = values[sheet.title]
        rows = [
            [_cell(source(path.name, sheet.title), cell, cached.cell(cell.row or 1, cell.column or 1).value) for cell in row]
            for row in sheet.iter_rows()
        ]
        found.append(
            _Raw(
                source(path.name, sheet.title),
                sheet.title,
                sheet.sheet_state,
                rows,
                {r for r, d in sheet.row_dimensions.items() if d.hidden},
                {c for d in sheet.column_dimensions.values() if d.hidden for c in range(d.min or 0, (d.max or 0) + 1)},
                [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges],
            )
        )
    return found


def _cell(key: str, cell: SheetCell | MergedCell, cached: object) -> Cell:
    origin = (key, cell.row or 1, cell.column or 1)
    if isinstance(cell, MergedCell):
        return Cell(origin=origin)
    if cell.data_type == "f":
        return Cell(_value(cached), str(cell.value), origin=origin)
    return Cell(_value(cell.value), error=cell.data_type == "e", origin=origin)


def _value(value: object) -> Value:
    return value if value is None or isinstance(value, Value) else str(value)


def _xls(path: Path) -> list[_Raw]:
    book = xlrd.open_workbook(str(path), formatting_info=True)
    found = []
    for sheet in book.sheets():
        rows = []
        for r in range(sheet.nrows):
            row = []
            for c in range(sheet.ncols):
                kind, value = sheet.cell_type(r, c), sheet.cell_value(r, c)
                read: Value = None if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else value
                if kind == xlrd.XL_CELL_DATE:
                    read = xlrd.xldate_as_datetime(value, book.datemode)
                elif kind == xlrd.XL_CELL_ERROR:
                    read = xlrd.error_text_from_code[value]
                row.append(Cell(read, error=kind == xlrd.XL_CELL_ERROR, origin=(source(path.name, sheet.name), r + 1, c + 1)))
            rows.append(row)
        hidden = {r + 1 for r, i in sheet.rowinfo_map.items() if i.hidden}
        columns = {c + 1 for c, i in sheet.colinfo_map.items() if i.hidden}
        found.append(_Raw(source(path.name, sheet.name), sheet.name, "hidden" if sheet.visibility else "visible", rows, hidden, columns))
    return found


def _csv(path: Path, encoding: str) -> _Raw:
    with path.open(encoding=encoding, newline="") as stream:
        text = list(csv.reader(stream))
    key = source(path.name, "")
    return _Raw(key, "", "visible", [[Cell(v or None, origin=(key, r, c)) for c, v in enumerate(row, 1)] for r, row in enumerate(text, 1)])


def _sheet(raw: _Raw, tables: list[TableTruth]) -> Sheet:
    if not tables:
        return Sheet(raw.name, raw.state, [], raw.rows)
    table = tables[0]
    return Sheet(raw.name, raw.state, [_table(raw, table, table["parts"][0])])


def _table(raw: _Raw, truth: TableTruth, part: Part) -> Table:
    fields = truth["accepted"]["fields"]
    at = fields.index("_row") if "_row" in fields else -1
    data = {int(str(r[at])) for r in truth["accepted"]["rows"]} | {r["row"] for r in truth["rejected"]["rows"]}
    columns = []
    for described in part["columns"]:
        number = place_of(described["col"] + "1")[1]
        group = described.get("group")
        levels = (group, described["header"]) if group else (described["header"],)
        row = max((r for r in part["header_rows"] if _at(raw, r, number).value), default=part["header_rows"][-1])
        columns.append(Column(number, levels, described["field"], (raw.key, row, number), number in raw.hidden_columns))
    above = [[str(c.value) if c.value is not None else "" for c in row] for row in raw.rows[: part["header_rows"][0] - 1]]
    lines: dict[int, Line] = {}
    for r in range(part["header_rows"][-1] + 1, len(raw.rows) + 1):
        cells = {c.key: _at(raw, r, c.key) for c in columns}
        empty = all(c.value is None or not str(c.value).strip() for c in cells.values())
        lines[r] = Line("data" if r in data else "blank" if empty else "other", cells, (raw.key, r), r in raw.hidden_rows)
    merges = [(c1, lines[r1], lines[r2]) for r1, c1, r2, c2 in raw.merged if c1 == c2 and r1 in lines and r2 in lines and r1 < r2]
    return Table(truth["feed"], columns, [[t for t in row if t] for row in above], list(lines.values()), merges)


def _at(raw: _Raw, row: int, column: int) -> Cell:
    cells = raw.rows[row - 1] if row <= len(raw.rows) else []
    return cells[column - 1] if column <= len(cells) else Cell(origin=(raw.key, row, column))
