"""The file back to the clerk: original rows in their order, marked cells with comments, and a column that says what is wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.values.cells import Kind
from producers.reading.content import read_grids
from producers.reading.grid import Grid
from producers.reading.read import Reading
from producers.reading.sheetxml import position

COLUMN = "错误说明"
"""Header of the added column; reading passes over it."""

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True}
_FILLS = {"error": "#FFC7CE", "warning": "#FFEB9C", "fixed": "#DDEBF7"}
_MAX_TEXT = 32_767
_ARITHMETIC = re.compile(r"(?:SUM|ROUND|[A-Z]{0,3}[0-9]+|[+\-*/().,:$ ])+")
_LONG_NUMBER = 11
"""Digits from which a number cell is written as text, so that mending it does not lose digits again."""


@dataclass(frozen=True, slots=True)
class _Looks:
    text: Format
    marked: Mapping[str, Format]
    note: Format
    language: Language


def annotate(path: Path, reading: Reading, out: Path, language: Language = "zh") -> None:
    """Write an .xlsx with everything of the file and every finding at its cell.

    All text is written as text (never as formula or link) in cells formatted as text, long numbers too. A formula of plain
    arithmetic stays one, so that it is found again; any other stands as its text. What is said of a whole sheet or file is a
    comment in its first cell.

    Raises:
        ExchangeError: the refusal of a refused file, which has nothing to annotate.
        OSError: the file cannot be read or written.
    """
    if reading.verdict == "REJECT_FILE":
        raise ExchangeError(reading.findings[0].code, **reading.findings[0].facts)
    grids = read_grids(path)
    first = next((g.name for g in grids if g.visible), grids[0].name)
    by_sheet: dict[str, list[Finding]] = defaultdict(list)
    for finding in reading.findings:
        by_sheet[first if finding.sheet is None else finding.sheet].append(finding)
    header = {p.sheet: p.header_row for p in reversed(reading.places)}
    with xlsxwriter.Workbook(str(out), _SAFE) as book:
        looks = _Looks(
            book.add_format({"num_format": "@"}),
            {s: book.add_format({"num_format": "@", "bg_color": c}) for s, c in _FILLS.items()},
            book.add_format({"text_wrap": True, "font_color": "#9C0006"}),
            language,
        )
        for number, grid in enumerate(grids):
            sheet = book.add_worksheet(grid.name or f"Sheet{number + 1}")
            if not grid.visible:
                sheet.hide()
            elif grid.name == first:
                sheet.activate()
                sheet.set_first_sheet()
            _write(sheet, grid, by_sheet.get(grid.name, []), header.get(grid.name), looks)


def _write(sheet: Worksheet, grid: Grid, findings: Iterable[Finding], header: int | None, looks: _Looks) -> None:
    at: dict[tuple[int, int], Finding] = {}
    lines: dict[int, list[str]] = defaultdict(list)
    whole: list[str] = []
    for finding in findings:
        if finding.cell is None:
            whole.append(_line(finding, looks.language))
        else:
            where = position(finding.cell)
            at[where] = finding
            lines[where[0]].append(_line(finding, looks.language))
    _merge(sheet, grid, looks)
    for column, cells in enumerate(grid.columns):
        kinds = cells.kind.to_list() if cells.kind is not None else [0] * len(cells)
        for row, (text, kind) in enumerate(zip(cells.text.to_list(), kinds, strict=True)):
            _cell(sheet, grid, (row, column), text, _look(at.get((row, column)), looks), number=kind == Kind.NUMBER)
    width = len(grid.columns)
    if header is not None:
        sheet.write_string(header, width, COLUMN, looks.note)
    for row, texts in lines.items():
        if row != header:
            sheet.write_string(row, width, "；".join(texts)[:_MAX_TEXT], looks.note)
    if whole:
        sheet.write_comment(0, 0, "；".join(whole)[:_MAX_TEXT], {"x_scale": 3})
    for where, finding in at.items():
        if where != (0, 0) or not whole:
            sheet.write_comment(*where, _line(finding, looks.language), {"x_scale": 2})
    _layout(sheet, grid)


def _merge(sheet: Worksheet, grid: Grid, looks: _Looks) -> None:
    """Merged cells as they were; a range that overlaps another is left out."""
    for first_row, first_column, last_row, last_column in grid.extras.merged:
        if last_row < grid.height and last_column < len(grid.columns):
            with suppress(OverlappingRange):
                sheet.merge_range(first_row, first_column, last_row, last_column, "", looks.text)


def _look(finding: Finding | None, looks: _Looks) -> Format:
    return looks.text if finding is None else looks.marked[finding.severity]


def _cell(sheet: Worksheet, grid: Grid, where: tuple[int, int], text: str | None, look: Format, *, number: bool) -> None:
    formula = grid.extras.formulas.get(where)
    if formula and _ARITHMETIC.fullmatch(formula):
        sheet.write_formula(*where, f"={formula}", look, text or "")
        return
    text = f"={formula}" if formula else grid.extras.errors.get(where, text)
    if text is None:
        sheet.write_blank(*where, None, look)
    elif number and not formula and len(text) < _LONG_NUMBER:
        sheet.write_number(*where, float(text))
    else:
        sheet.write_string(*where, text[:_MAX_TEXT], look)


def _line(finding: Finding, language: Language) -> str:
    colon, stop = ("：", "。") if language == "zh" else (": ", ". ")
    where = f"{finding.cell}{colon}" if finding.cell else ""
    return f"{where}{finding.message(language)}{stop}{finding.fix(language)} [{finding.code}]"


def _layout(sheet: Worksheet, grid: Grid) -> None:
    for row in grid.extras.hidden_rows:
        if row < grid.height:
            sheet.set_row(row, None, None, {"hidden": True})
    for column in range(len(grid.columns)):
        sheet.set_column(
            column, column, 20 if column not in grid.extras.hidden_columns else None, None, {"hidden": column in grid.extras.hidden_columns}
        )
    sheet.set_column(len(grid.columns), len(grid.columns), 60)
