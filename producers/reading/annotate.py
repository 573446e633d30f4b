"""The file back to the clerk: every sheet as it was, marked cells with comments, and a sheet that sums up what there is to do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook

from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError
from contracts.findings import Finding
from producers.reading.content import SUMMARY, SUMMARY_HEADS, read_grids
from producers.reading.digest import grouped
from producers.reading.marked import COLUMN, Looks, write_sheet
from producers.reading.read import Reading

__all__ = ["COLUMN", "annotate"]

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME_LIMIT = 31
_SEVERITIES = {
    "zh": {"error": "错误", "warning": "提醒", "fixed": "已更正"},
    "en": {"error": "error", "warning": "warning", "fixed": "corrected"},
}


def annotate(path: Path, reading: Reading, out: Path, language: Language = "zh") -> None:
    """Write a copy of the file as .xlsx with every finding at its cell.

    Whatever the file was, every sheet is there, the hidden ones hidden, with its rows in their order. Text stays text (IDs among
    it) and is never a formula. A last sheet sums up, similar findings together with their true number, what was corrected among
    them; reading passes over it and over the added column, so that the mended copy can be sent as it is. What is said about a
    whole sheet or file is a comment in its first cell.

    Raises:
        ExchangeError: the refusal of a refused file, which has nothing to annotate; E-FILE-SIZE, more rows than a sheet can have.
        OSError: the file cannot be read or written.
    """
    if reading.verdict == "REJECT_FILE":
        raise ExchangeError(reading.findings[0].code, **reading.findings[0].facts)
    grids = read_grids(path)
    first = next((g.name for g in grids if g.visible), grids[0].name)
    by_sheet: dict[str, list[Finding]] = defaultdict(list)
    for finding in reading.findings:
        by_sheet[first if finding.sheet is None else finding.sheet].append(finding)
    headers: dict[str, list[int]] = defaultdict(list)
    for place in reading.places:
        headers[place.sheet].append(place.header_row)
    with xlsxwriter.Workbook(str(out), _SAFE) as book:
        looks = Looks.of(book, language)
        for grid, name in zip(grids, _names([g.name for g in grids]), strict=True):
            sheet = book.add_worksheet(name)
            if not grid.visible:
                sheet.hide()
            elif grid.name == first:
                sheet.activate()
                sheet.set_first_sheet()
            write_sheet(sheet, grid, by_sheet.pop(grid.name, ()), headers[grid.name], looks)
        if reading.findings:
            _sum_up(book, reading, looks)


def _names(given: Sequence[str]) -> list[str]:
    """Names that a workbook takes, as like the given ones as may be."""
    taken = {SUMMARY}
    names = []
    for number, name in enumerate(given, start=1):
        plain = _NOT_IN_A_NAME.sub("_", name).strip("'")[:_NAME_LIMIT] or f"Sheet{number}"
        if plain.lower() in taken or plain.lower() == "history":
            tail = f"_{number}"
            plain = plain[: _NAME_LIMIT - len(tail)] + tail
        taken.add(plain.lower())
        names.append(plain)
    return names


def _sum_up(book: Workbook, reading: Reading, looks: Looks) -> None:
    sheet = book.add_worksheet(SUMMARY)
    language = looks.language
    total = (
        f"共 {reading.rows} 行：{reading.accepted} 行可用，{reading.rejected} 行有错误"
        if language == "zh"
        else f"{reading.rows} rows: {reading.accepted} accepted, {reading.rejected} rejected"
    )
    sheet.write_string(0, 0, total)
    for column, head in enumerate(SUMMARY_HEADS[language]):
        sheet.write_string(1, column, head, looks.head)
    for row, group in enumerate(grouped(reading.findings), start=2):
        found = group.first
        more = " …" if group.count > len(group.places) else ""
        sheet.write_string(row, 0, _SEVERITIES[language][found.severity], looks.marked[found.severity])
        sheet.write_string(row, 1, found.code)
        sheet.write_number(row, 2, group.count)
        sheet.write_string(row, 3, " ".join(group.places) + more, looks.note)
        sheet.write_string(row, 4, found.message(language), looks.note)
        sheet.write_string(row, 5, found.fix(language), looks.note)
    for column, width in enumerate((8, 16, 8, 40, 50, 50)):
        sheet.set_column(column, column, width)
