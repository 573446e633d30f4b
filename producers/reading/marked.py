"""One sheet written again: its cells as they were, the marked ones with colour and comment, and a column that says what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.values.cells import Kind
from producers.reading.grid import Grid
from producers.reading.sheetxml import position

COLUMN = "错误说明"
"""Header of the added column; reading passes over it."""

MAX_ROWS = 1 << 20
"""Rows of a workbook's sheet."""

MAX_COMMENTS = 20_000
"""Comments of one sheet; a spreadsheet program takes minutes over more. The column says everything all the same."""

_MAX_TEXT = 32_767
_MAX_MERGED = 100_000
_FILLS = {"error": "#FFC7CE", "warning": "#FFEB9C", "fixed": "#DDEBF7"}
_MAX_CONSTANT = 255
"""Characters of a text inside a formula."""

_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?: [0-9:.]+)?")
_ARITHMETIC = re.compile(r"(?:SUM|ROUND|[A-Z]{0,3}[0-9]+|[+\-*/().,:$ ])+")
_LONG_NUMBER = 11
"""Digits from which a number cell is written as text, so that mending it does not lose digits again."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Formats of one workbook, and the language of what is said."""

    text: Format
    day: Format
    marked: Mapping[str, Format]
    note: Format
    head: Format
    language: Language

    @classmethod
    def of(cls, book: Workbook, language: Language) -> Looks:
        return cls(
            book.add_format({"num_format": "@"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            {s: book.add_format({"num_format": "@", "bg_color": c}) for s, c in _FILLS.items()},
            book.add_format({"text_wrap": True, "font_color": "#9C0006"}),
            book.add_format({"bold": True, "bg_color": "#D9E1F2", "text_wrap": True}),
            language,
        )


def write_sheet(sheet: Worksheet, grid: Grid, findings: Iterable[Finding], headers: Sequence[int], looks: Looks) -> None:
    """Write one sheet.

    Args:
        findings: of this sheet; those without a cell stand in a comment at its first.
        headers: rows of the headers of the lists in it, from 0.

    Raises:
        ExchangeError: E-FILE-SIZE, more rows than a workbook's sheet can have.
    """
    if grid.height > MAX_ROWS:
        raise ExchangeError("E-FILE-SIZE", size=f"{grid.height} rows", limit=f"{MAX_ROWS}")
    at: dict[tuple[int, int], Finding] = {}
    lines: dict[int, list[str]] = defaultdict(list)
    whole: list[str] = []
    for finding in findings:
        if finding.cell is None:
            whole.append(line(finding, looks.language))
        else:
            where = position(finding.cell)
            at[where] = finding
            lines[where[0]].append(line(finding, looks.language))
    _merge(sheet, grid, looks)
    width = _cells(sheet, grid, at, looks)
    for row in headers:
        sheet.write_string(row, width, COLUMN, looks.note)
    for row, texts in lines.items():
        if row not in headers:
            sheet.write_string(row, width, "；".join(texts)[:_MAX_TEXT], looks.note)
    _comments(sheet, at, whole, looks)
    _layout(sheet, grid, width)


def line(finding: Finding, language: Language) -> str:
    """What is wrong and what to do, in one line."""
    colon, stop = ("：", "。") if language == "zh" else (": ", ". ")
    where = f"{finding.cell}{colon}" if finding.cell else ""
    return f"{where}{finding.message(language)}{stop}{finding.fix(language)} [{finding.code}]"


def _comments(sheet: Worksheet, at: Mapping[tuple[int, int], Finding], whole: Sequence[str], looks: Looks) -> None:
    if whole:
        sheet.write_comment(0, 0, "；".join(whole)[:_MAX_TEXT], {"x_scale": 3})
    ranked = sorted(at.items(), key=lambda item: item[1].severity == "fixed")[:MAX_COMMENTS]
    for where, finding in ranked:
        if where != (0, 0) or not whole:
            sheet.write_comment(*where, line(finding, looks.language), {"x_scale": 2})


def _merge(sheet: Worksheet, grid: Grid, looks: Looks) -> None:
    """Merged cells as they were; a range that overlaps another, or whole empty regions, are left out."""
    left = _MAX_MERGED
    for first_row, first_column, last_row, last_column in grid.extras.merged:
        area = (last_row - first_row + 1) * (last_column - first_column + 1)
        if last_row < grid.height and last_column < len(grid.columns) and 1 < area <= left:
            left -= area
            with suppress(OverlappingRange):
                sheet.merge_range(first_row, first_column, last_row, last_column, "", looks.text)


def _cells(sheet: Worksheet, grid: Grid, at: Mapping[tuple[int, int], Finding], looks: Looks) -> int:
    """Write the cells that hold something; the number of columns that do."""
    special = {**grid.extras.errors, **grid.extras.formulas}
    width = 0
    for column, cells in enumerate(grid.columns):
        rows = cells.text.is_not_null().arg_true()
        if len(rows):
            width = column + 1
        kinds = [0] * len(rows) if cells.kind is None else cells.kind.gather(rows).to_list()
        for row, text, kind in zip(rows.to_list(), cells.text.gather(rows).to_list(), kinds, strict=True):
            if (row, column) not in special:
                found = at.get((row, column))
                _value(sheet, (row, column), text, kind, looks.text if found is None else looks.marked[found.severity], looks)
    for row, column in special:
        if row < grid.height and column < len(grid.columns):
            width = max(width, column + 1)
            _special(sheet, grid, (row, column), _look(at.get((row, column)), looks))
    for (row, column), found in at.items():
        empty = row >= grid.height or column >= len(grid.columns) or grid.columns[column].text[row] is None
        if empty and (row, column) not in special:
            sheet.write_blank(row, column, None, looks.marked[found.severity])
    return max([width, *(c + 1 for _, c in at)])


def _look(finding: Finding | None, looks: Looks) -> Format:
    return looks.text if finding is None else looks.marked[finding.severity]


def _value(sheet: Worksheet, where: tuple[int, int], text: str, kind: int, look: Format, looks: Looks) -> None:
    """A cell as it was stored; a long number as text, so that mending it loses no further digit."""
    if kind == Kind.NUMBER and len(text) < _LONG_NUMBER and text not in ("nan", "inf", "-inf"):
        sheet.write_number(*where, float(text))
    elif kind == Kind.BOOL:
        sheet.write_boolean(*where, text == "TRUE", look)
    elif kind == Kind.DATE and _DAY.fullmatch(text):
        sheet.write_datetime(*where, dt.datetime.fromisoformat(text), looks.day if look is looks.text else look)
    else:
        sheet.write_string(*where, text[:_MAX_TEXT], look)


def _special(sheet: Worksheet, grid: Grid, where: tuple[int, int], look: Format) -> None:
    """A formula, or an error value.

    Sums stay as they are. Of any other formula its value stays, as a formula that can do nothing: no name, no other file, no
    program is called when somebody opens the file, and who reads it again still sees that it was none.
    """
    row, column = where
    text = grid.columns[column].text[row]
    formula = grid.extras.formulas.get(where)
    error = grid.extras.errors.get(where)
    if formula is None:
        sheet.write_string(row, column, error or "#N/A", look)
    elif _ARITHMETIC.fullmatch(formula) and error is None:
        sheet.write_formula(row, column, f"={formula}", look, text or "")
    elif error is not None:
        sheet.write_formula(row, column, "=NA()", look, "#N/A")
    else:
        number = grid.columns[column].of(Kind.NUMBER)[row]
        constant = text if number and text else '"' + (text or "").replace('"', '""')[:_MAX_CONSTANT] + '"'
        sheet.write_formula(row, column, f"={constant}", look, float(text) if number and text else text or "")


def _layout(sheet: Worksheet, grid: Grid, width: int) -> None:
    for row in grid.extras.hidden_rows:
        if row < grid.height:
            sheet.set_row(row, None, None, {"hidden": True})
    for column in range(width):
        hidden = column in grid.extras.hidden_columns
        sheet.set_column(column, column, None if hidden else 20, None, {"hidden": hidden})
    sheet.set_column(width, width, 60)
