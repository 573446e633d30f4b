"""An empty workbook for a source list: its headers, IDs as text, code words to choose from."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from contracts.codes import load_tables
from contracts.lists import ListField, SourceList
from contracts.lists.headers import LEVEL
from contracts.lists.source import source_list

_ROWS = 5_000
"""Rows that are formatted and checked while typing."""

_LIST_LIMIT = 255
"""Characters that a drop-down list may have when it stands in the cell's own rule."""


def template(code: str, out: Path) -> None:
    """Write an empty workbook for a list.

    Columns in the order of the list, two header rows where a group says whose it is; every column is formatted as text, so
    that no number loses digits; fields with a code table offer its words. What the reader derives has no column.

    Raises:
        ExchangeError: E-LIST, no such list.
        OSError: the file cannot be written.
    """
    listing = source_list(code)
    columns = _columns(listing)
    with xlsxwriter.Workbook(str(out)) as book:
        sheet = book.add_worksheet(listing.title_zh[:31])
        depth = max(len(levels) for levels, _ in columns)
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(columns) - 1, 20, text)
        _header(book, sheet, columns, depth)
        sheet.freeze_panes(depth, 0)
        for column, (levels, field) in enumerate(columns):
            _offer(sheet, depth, column, field)
            if field.name in (listing.id_field, listing.name_field):
                row = 0 if len(levels) == 1 else depth - 1
                sheet.write_comment(row, column, "必填" if field.type == "name" else "必填；请按文本填写 18 位号码")


def _columns(listing: SourceList) -> list[tuple[list[str], ListField]]:
    found = []
    for field in listing.fields.values():
        for headers in (field.headers, field.partner):
            if headers:
                path = headers[0].partition("#")[0]
                found.append(([p.strip() for p in path.split(LEVEL)], field))
    return found


def _header(book: Workbook, sheet: Worksheet, columns: list[tuple[list[str], ListField]], depth: int) -> None:
    look = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "bg_color": "#D9E1F2", "num_format": "@"}
    )
    for column, (levels, _) in enumerate(columns):
        if depth > 1 and len(levels) == 1:
            sheet.merge_range(0, column, depth - 1, column, levels[0], look)
        else:
            sheet.write_string(depth - 1, column, levels[-1], look)
    if depth == 1:
        return
    for group, members in groupby(enumerate(columns), key=lambda c: c[1][0][0] if len(c[1][0]) > 1 else None):
        indices = [i for i, _ in members]
        if group is None:
            continue
        if len(indices) > 1:
            sheet.merge_range(0, indices[0], 0, indices[-1], group, look)
        else:
            sheet.write_string(0, indices[0], group, look)


def _offer(sheet: Worksheet, first: int, column: int, field: ListField) -> None:
    words = _words(field)
    if words and sum(len(w) + 1 for w in words) <= _LIST_LIMIT:
        sheet.data_validation(first, column, first + _ROWS, column, {"validate": "list", "source": words, "error_type": "warning"})


def _words(field: ListField) -> list[str]:
    if field.words:
        return list(field.words)
    if field.table is None:
        return []
    return [c.zh for c in load_tables()[field.table].codes if not field.only or c.code in field.only]
