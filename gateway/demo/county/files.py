"""The county's lists as the files that staff send."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from contracts.ids import Period
from gateway.demo.county import defects
from gateway.demo.county.books import AREA_BOOK, BOOKS, Book, Table, filled
from gateway.demo.county.layouts import Header
from gateway.demo.county.making import County
from gateway.demo.county.place import area_table

NIL = "本月无新增"
"""What stands in a workbook that has no rows: an empty month is said, not left blank."""


@dataclass(frozen=True, slots=True)
class CountyFile:
    """A written file: the lists in it and the month it was made for (None: the village table)."""

    path: Path
    lists: tuple[str, ...]
    period: Period | None


def write_files(county: County, directory: Path) -> list[CountyFile]:
    """Write every file of every month into `directory` (made if missing), the village table first.

    The same county gives the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    areas = directory / AREA_BOOK.format(code=county.place.code)
    area_table(county.place).write_csv(areas, include_bom=True)
    written = [CountyFile(areas, ("AREA_TABLE",), None)]
    for month, period in enumerate(county.periods):
        for book in BOOKS:
            if month < book.first:
                continue
            path = directory / book.called(period, county.place)
            if book.format == "csv":
                _write_csv(county, period, book, path)
            else:
                _write_workbook(county, period, book, path)
            written.append(CountyFile(path, tuple(table.list for table in book.tables), period))
    return written


@dataclass(frozen=True, slots=True)
class _Cells:
    """What stands in a sheet.

    Attributes:
        values: columns in the order of `headers`.
        formulas: (row index, column index) of cells that hold a formula instead of their value.
    """

    headers: list[Header]
    values: pl.DataFrame
    formulas: tuple[tuple[int, int], ...]


def _cells(county: County, period: Period, code: str) -> _Cells:
    layout = county.layout(code)
    rows = county.rows(code, period)
    field = defects.FORMULAS.get(code)
    at = [i for i, (_, cell) in enumerate(layout) if cell.meta.root_names() == [field]]
    wrong: list[int] = rows["_defect"].eq_missing("E-FILE-FORMULA").arg_true().to_list() if at else []
    return _Cells([header for header, _ in layout], rows.select(cell.alias(str(i)) for i, (_, cell) in enumerate(layout)),
                  tuple((row, at[0]) for row in wrong))


def _write_csv(county: County, period: Period, book: Book, path: Path) -> None:
    table = book.tables[0]
    cells = _cells(county, period, table.list)
    headers = cells.headers
    text = io.BytesIO()
    for title in table.titles:
        text.write((filled(title, period, county.place) + "," * (len(headers) - 1) + "\r\n").encode())
    text.write((",".join(lower for _, lower in headers) + "\r\n").encode())
    cells.values.write_csv(text, include_header=False, line_terminator="\r\n")
    body = text.getvalue()
    path.write_bytes(body if book.encoding == "utf-8" else body.decode().encode(book.encoding))


def _write_workbook(county: County, period: Period, book: Book, path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": datetime(period.year, period.month, 1)})  # noqa: DTZ001 - a workbook has no time zone
    for table in book.tables:
        _write_sheet(workbook, county, period, table)
    if book.hidden_sheet:
        _write_old_data(workbook, county, period, book)
    workbook.close()


def _write_sheet(workbook: xlsxwriter.Workbook, county: County, period: Period, table: Table) -> None:
    cells = _cells(county, period, table.list)
    sheet = workbook.add_worksheet(table.sheet.format(m=period.month))
    for row, title in enumerate(table.titles):
        if title:
            sheet.merge_range(row, 0, row, len(cells.headers) - 1, filled(title, period, county.place))
    _write_headers(sheet, cells.headers, len(table.titles), table.levels)
    first = table.first_row - 1
    for at, column in enumerate(cells.values.iter_columns()):
        _write_column(sheet, first, at, column)
    for row, at in cells.formulas:
        value = cells.values[row, at]
        sheet.write_formula(first + row, at, f"={value}+0", None, value)
    height = cells.values.height
    if table.hidden_row is not None and table.hidden_row < height:
        sheet.set_row(first + table.hidden_row, None, None, {"hidden": True})
    row = first + height
    if not height:
        sheet.write_string(row, 0, NIL)
        row += 1
    if table.total:
        _write_total(sheet, row, first, cells.values)
        row += 1
    for note in table.notes:
        sheet.write_string(row, 0, note)
        row += 1


def _write_old_data(workbook: xlsxwriter.Workbook, county: County, period: Period, book: Book) -> None:
    """A hidden sheet with some rows of the last table, forgotten there: not to be read."""
    cells = _cells(county, period, book.tables[-1].list)
    sheet = workbook.add_worksheet(book.hidden_sheet)
    _write_headers(sheet, cells.headers[:3], 0, 1)
    for at in range(3):
        _write_column(sheet, 1, at, cells.values.to_series(at).head(20))
    sheet.hide()


def _write_headers(sheet: xlsxwriter.worksheet.Worksheet, headers: list[Header], row: int, levels: int) -> None:
    """One header row, or two with merged groups above."""
    for at, (upper, lower) in enumerate(headers):
        if levels == 1 or upper:
            sheet.write_string(row + levels - 1, at, lower)
        else:
            sheet.merge_range(row, at, row + 1, at, lower)
    if levels == 1:
        return
    for group in dict.fromkeys(upper for upper, _ in headers if upper):
        columns = [at for at, (upper, _) in enumerate(headers) if upper == group]
        sheet.merge_range(row, columns[0], row, columns[-1], group)


def _write_column(sheet: xlsxwriter.worksheet.Worksheet, first: int, at: int, column: pl.Series) -> None:
    """Text as text, numbers as numbers; an ID in scientific notation as the number cell it would be."""
    if column.dtype != pl.String:
        for row, value in enumerate(column, first):
            if value is not None:
                sheet.write_number(row, at, value)
        return
    spoilt = {int(i) for i in column.str.contains("E+17", literal=True).arg_true()}
    for row, text in enumerate(column):
        if text is None:
            continue
        if row in spoilt:
            sheet.write_number(first + row, at, float(text))
        else:
            sheet.write_string(first + row, at, text)


def _write_total(sheet: xlsxwriter.worksheet.Worksheet, row: int, first: int, cells: pl.DataFrame) -> None:
    """合计, with a formula over the first column of numbers after the row number."""
    sheet.write_string(row, 0, "合计")
    sheet.write_string(row, 1, f"{cells.height}人")
    numeric = [at for at, dtype in enumerate(cells.dtypes) if at > 1 and dtype.is_numeric()]
    if numeric:
        letter = xlsxwriter.utility.xl_col_to_name(numeric[0])
        sheet.write_formula(row, numeric[0], f"=SUM({letter}{first + 1}:{letter}{row})", None, 0)
