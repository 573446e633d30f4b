"""SpreadsheetML 2003 (`<?mso-application progid="Excel.Sheet"?>`): the one-file XML that many exports write under the name .xls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from contracts.errors import ExchangeError
from producers.reading import xmlpass
from producers.reading.grid import MAX_COLUMNS, Grid, Value, bound_columns
from producers.reading.page import Page

MAX_SHEETS = 1_000
_MAX_ROWS = 1 << 20


def read_sheetml(blocks: Iterable[str]) -> list[Grid]:
    """Every worksheet.

    Raises:
        ExchangeError: E-FILE-CORRUPT, not well-formed or rows and cells that go backwards; E-FILE-SIZE; E-FILE-TYPE, no worksheet.
    """
    reader = _Reader()
    xmlpass.parse(blocks, reader.start, reader.end, reader.words)
    if not reader.pages:
        raise ExchangeError("E-FILE-TYPE")
    return [page.grid() for page in reader.pages]


class _Reader:
    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.page = Page("")
        self.row: list[Value] | None = None
        self.covered: dict[int, int] = {}
        self.columns = 0
        self.column = 0
        self.across = 0
        self.span = 0
        self.type = ""
        self.text: list[str] | None = None
        self.beside = 0
        self.visible: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Worksheet":
            if len(self.pages) >= MAX_SHEETS:
                raise ExchangeError("E-FILE-SIZE", size=f"{MAX_SHEETS + 1} sheets", limit=f"{MAX_SHEETS}")
            before = self.pages[-1].cells if self.pages else 0
            self.page = Page(attributes.get("Name", f"Sheet{len(self.pages) + 1}"), before=before)
            self.pages.append(self.page)
            self.columns = 0
        elif name == "Column":
            first = _number(attributes, "Index", self.columns + 1)
            self.columns = first + _number(attributes, "Span", 0)
            if attributes.get("Hidden") == "1":
                self.page.extent.hide_columns(first, self.columns)
        elif name == "Row":
            self._row(attributes)
        elif name == "Cell" and self.row is not None:
            self._cell(attributes)
        elif name == "Comment":
            self.beside += 1
        elif name == "Data" and not self.beside:
            self.type, self.text = attributes.get("Type", "String"), []
        elif name == "Visible":
            self.visible = []

    def words(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)
        elif self.visible is not None:
            self.visible.append(text)

    def end(self, name: str) -> None:
        if name == "Data" and self.text is not None and not self.beside:
            self._value("".join(self.text))
            self.text = None
        elif name == "Comment":
            self.beside -= 1
        elif name == "Cell":
            self.column += 1 + self.across
        elif name == "Row" and self.row is not None:
            self.page.row(self.row)
            self.page.skip(self.span)
            self.row = None
        elif name == "Visible" and self.visible is not None:
            self.page.visible = "Hidden" not in "".join(self.visible)
            self.visible = None

    def _row(self, attributes: dict[str, str]) -> None:
        index = _number(attributes, "Index", self.page.next_row + 1) - 1
        self.span = _number(attributes, "Span", 0)
        if index < self.page.next_row or index + self.span >= _MAX_ROWS:
            raise ExchangeError("E-FILE-CORRUPT")
        self.page.skip(index - self.page.next_row)
        if attributes.get("Hidden") == "1":
            self.page.extent.hide_rows(index, self.span + 1)
        self.row, self.column, self.across = [], 0, 0

    def _cell(self, attributes: dict[str, str]) -> None:
        if "Index" in attributes:
            column = _number(attributes, "Index", 1) - 1
            if column < self.column:
                raise ExchangeError("E-FILE-CORRUPT")
            self.column = column
        else:
            while self.covered.get(self.column, -1) >= self.page.next_row:
                self.column += 1
        bound_columns(self.column + 1)
        self.across = min(_number(attributes, "MergeAcross", 0), MAX_COLUMNS)
        down = min(_number(attributes, "MergeDown", 0), _MAX_ROWS)
        row = self.page.next_row
        if self.across or down:
            self.page.merged.append((row, self.column, row + down, self.column + self.across))
        if down:
            self.covered.update(dict.fromkeys(range(self.column, self.column + self.across + 1), row + down))
        if "Formula" in attributes:
            self.page.extent.formula((row, self.column), attributes["Formula"].removeprefix("="))

    def _value(self, text: str) -> None:
        if self.row is None:
            return
        self.row += [None] * (self.column + 1 - len(self.row))
        if self.type == "Error":
            self.page.extent.errors[self.page.next_row, self.column] = text[:16] or "#N/A"
        else:
            self.row[self.column] = _typed(self.type, text)


def _typed(kind: str, text: str) -> Value:
    """A value of its type; text where it is none."""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text.strip() == "1" if kind == "Boolean" else text or None


def _number(attributes: dict[str, str], name: str, otherwise: int) -> int:
    value = attributes.get(name, "").strip()
    if not value:
        return otherwise
    if not value.isascii() or not value.isdigit() or len(value) > 8:
        raise ExchangeError("E-FILE-CORRUPT")
    return int(value)
