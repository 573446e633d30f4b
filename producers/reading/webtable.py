"""Tables of an HTML page that was saved as a workbook: one sheet, its tables one below the other, as a spreadsheet program shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from contracts.errors import ExchangeError
from producers.reading.grid import MAX_COLUMNS, Grid, Value, bound_columns
from producers.reading.markup import Aside, Tag, pieces
from producers.reading.page import Page

_SPACES = re.compile(r"[ \t\r\n\f]+")
_NAME = re.compile(r"<x:Name>([^<]{0,200})</x:Name>", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NOT_SHOWN_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*display\s*:\s*none", re.IGNORECASE)
_SHOWN_NUMBER = re.compile(r"[-+(]?[¥￥$]?\s*[-+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:E[-+]?[0-9]+)?\s*[)%元]?", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "br", "caption", "li", "center", "hr", "body", "form"})
_MAX_DEPTH = 64
_MAX_SPAN = 65_536


@dataclass(slots=True)
class _Table:
    """One table that is open, with its row and cell.

    Attributes:
        spans: column -> last row of the page that a cell above covers.
        merged: how many merged cells the page had before.
    """

    row: list[Value] | None = None
    column: int = 0
    cell: dict[str, str] | None = None
    text: list[str] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    columns: int = 0
    merged: int = 0


def read_page(blocks: Iterable[str], name: str | None = None) -> list[Grid]:
    """The sheet of one page; named as given, as the page itself says, else Sheet1.

    Raises:
        ExchangeError: E-FILE-TYPE, a page without any table; E-FILE-SIZE; E-FILE-CORRUPT, tables in tables without end.
    """
    reader = _Reader()
    for piece in pieces(blocks):
        if isinstance(piece, str):
            reader.words(piece)
        elif isinstance(piece, Aside):
            reader.aside(piece.text)
        elif piece.ends:
            reader.end(piece.name)
        else:
            reader.start(piece)
    if not reader.tables_seen:
        raise ExchangeError("E-FILE-TYPE")
    while reader.open:
        reader.end("table")
    reader.page.name = name or reader.name or "Sheet1"
    return [reader.page.grid()]


class _Reader:
    def __init__(self) -> None:
        self.page = Page("Sheet1")
        self.open: list[_Table] = []
        self.loose: list[str] = []
        self.name = ""
        self.tables_seen = 0
        self.hidden_classes: set[str] = set()

    def aside(self, text: str) -> None:
        """Comments and style sheets say the sheet's name and what is not shown."""
        if not self.name and (found := _NAME.search(text)):
            self.name = html.unescape(found[1]).strip()
        if "display" in text:
            self.hidden_classes.update(_NOT_SHOWN_CLASS.findall(text))

    def words(self, text: str) -> None:
        if not self.open:
            self.loose.append(text)
        elif self.open[-1].cell is not None:
            self.open[-1].text.append(text)

    def start(self, tag: Tag) -> None:
        name = tag.name
        table = self.open[-1] if self.open else None
        if name == "table":
            self._table()
        elif table is None:
            if name in _BLOCKS:
                self._flush_loose()
        elif name in ("td", "th"):
            self._cell(table, tag.attributes())
        elif name == "tr":
            self._end_row(table)
            self._row(table, tag.attributes())
        elif name == "caption":
            self._end_row(table)
            self._cell(table, {})
        elif name in _BLOCKS:
            table.text.append("\0")  # a line break that stays; no text holds a NUL here
        elif name == "col":
            self._col(table, tag.attributes())

    def end(self, name: str) -> None:
        table = self.open[-1] if self.open else None
        if table is None:
            if name in _BLOCKS:
                self._flush_loose()
        elif name in ("td", "th"):
            self._end_cell(table)
        elif name in ("tr", "thead", "tbody", "tfoot", "caption"):
            self._end_row(table)
        elif name == "table":
            self._end_table(table)

    def _table(self) -> None:
        self._flush_loose()
        if self.open:  # a table in a cell: what stood before it is a row of its own, if it says anything
            outer = self.open[-1]
            self._end_cell(outer)
            if outer.row is not None and any(v is not None for v in outer.row):
                self._end_row(outer)
            outer.row, outer.cell = None, None
        if len(self.open) >= _MAX_DEPTH:
            raise ExchangeError("E-FILE-CORRUPT")
        self.tables_seen += 1
        self.open.append(_Table(merged=len(self.page.merged)))

    def _end_table(self, table: _Table) -> None:
        self._end_row(table)
        last = self.page.next_row - 1  # a cell ends with its table, however many rows it says
        self.page.merged[table.merged :] = [(r, c, min(below, last), right) for r, c, below, right in self.page.merged[table.merged :]]
        self.open.pop()

    def _flush_loose(self) -> None:
        text = _shown("".join(self.loose))
        self.loose = []
        if text is not None:
            self.page.row([text])

    def _hidden(self, attributes: dict[str, str]) -> bool:
        if "hidden" in attributes or _NOT_SHOWN.search(attributes.get("style", "")):
            return True
        return bool(self.hidden_classes) and not self.hidden_classes.isdisjoint(attributes.get("class", "").split())

    def _row(self, table: _Table, attributes: dict[str, str]) -> None:
        table.row, table.column = [], 0
        if self._hidden(attributes):
            self.page.extent.hidden_rows.add(self.page.next_row)

    def _col(self, table: _Table, attributes: dict[str, str]) -> None:
        span = _span(attributes.get("span"))
        if self._hidden(attributes):
            self.page.extent.hide_columns(table.columns + 1, table.columns + span)
        table.columns += span

    def _cell(self, table: _Table, attributes: dict[str, str]) -> None:
        self._end_cell(table)
        if table.row is None:
            self._row(table, {})
        while table.spans.get(table.column, -1) >= self.page.next_row:
            table.column += 1
        table.cell, table.text = attributes, []
        if self._hidden(attributes):
            self.page.extent.hide_columns(table.column + 1, table.column + 1)

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.row is None:
            return
        attributes, table.cell = table.cell, None
        where = (self.page.next_row, table.column)
        value = self._value(_shown("".join(table.text)), attributes, where)
        wide, high = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        bound_columns(table.column + 1)
        wide = min(wide, MAX_COLUMNS)
        table.row += [None] * (table.column - len(table.row))
        table.row.append(value)
        if wide > 1 or high > 1:
            self.page.merged.append((*where, where[0] + high - 1, where[1] + wide - 1))
        if high > 1:
            table.spans.update(dict.fromkeys(range(table.column, table.column + wide), where[0] + high - 1))
        table.column += wide

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is None:
            return
        self.page.row(table.row)
        table.row = None

    def _value(self, text: str | None, attributes: dict[str, str], where: tuple[int, int]) -> Value:
        if not attributes:
            return text
        formula = attributes.get("x:fmla")
        if formula:
            self.page.extent.formula(where, formula.removeprefix("="))
        if "x:err" in attributes:
            self.page.extent.errors[where] = attributes["x:err"] or text or "#N/A"
        if "x:str" in attributes:
            return text if text is not None else attributes["x:str"].removeprefix("'") or None
        number = attributes.get("x:num", attributes.get("sdval"))
        return text if number is None or text is None else _number(number, text)


def _number(stored: str, text: str) -> Value:
    """A number that is shown as one; one that is shown as something else (a day, 1.2万) is what is shown."""
    if not _SHOWN_NUMBER.fullmatch(text):
        return text
    try:
        return float(stored or text.replace(",", ""))
    except ValueError:
        return text


def _shown(text: str) -> str | None:
    """Text as it is shown: white space of the page's source says nothing, a no-break space does unless it stands alone."""
    flat = _SPACES.sub(" ", text).strip(" ")
    if "\0" in flat:
        flat = "\n".join(line for part in flat.split("\0") if (line := part.strip(" ")))
    return flat if flat.strip("\xa0 \n") else None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MAX_SPAN) if value and value.isascii() and value.isdigit() and len(value) < 9 else 1
