"""Which rows below a header are data: totals, notes, signatures and blank rows are not, hidden rows are (rule 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import polars as pl

from contracts.values.text import squeeze
from producers.reading.grid import Grid
from producers.reading.labels import likely, numbers_columns, strong, units_only
from producers.reading.merged import blocks
from producers.reading.phrases import is_example, is_label, is_name, is_note, is_total, says_nil
from producers.reading.recognise import Candidate

_SURE = r"^\W*(?:[0-9０-９]{6}[0-9０-９XxＸｘ*＊\s]{6,}|[0-9]\.[0-9]+[eE])"
"""An own number beyond doubt, right or wrong: only rows without one are looked at one by one."""

_LIKE_AN_ID = frozenset((15, 18))
_SHOWN = 2
"""Rows below a header that could be an example of how to fill it in."""


class Kind(Enum):
    """What a row is."""

    DATA = "data"
    PASSED = "passed over"
    NIL = "a statement that there is nobody"
    REPEAT = "the header again"
    HEADER = "perhaps another header"


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands below a header.

    Attributes:
        data: UInt32 positions of the data rows in the sheet.
        nil: whether a row says that there is nobody.
        end: first row that is no longer of the list.
        last: the last row of data or total, for where the titles of what follows begin.
    """

    data: pl.Series
    nil: bool
    end: int
    last: int


def data_rows(table: Candidate, begins: Callable[[int], bool]) -> Rows:
    """Sort the rows below the header, down to where another list begins.

    Args:
        begins: whether a row that looks like a header is one of a list that is known.
    """
    grid, first = table.grid, table.first_row
    own = grid.columns[table.id_column].text.slice(first, table.bottom - first)
    sure = own.str.contains(_SURE).fill_null(value=False)
    for column in {table.left, table.name_column}:  # a total's number may be as long as an ID
        words = grid.columns[column].text.slice(first, table.bottom - first)
        sure = sure & ~words.str.contains("计").fill_null(value=False)
    judge = _Judge(table)
    unsure = [first + r for r in sorted({*(~sure).arg_true().to_list(), *range(min(_SHOWN, len(sure)))})]
    taken: list[int] = []
    dropped: list[int] = []
    nil, end = False, table.bottom
    titles: list[str] = []
    for row, texts in _texts(grid, unsure):
        kind = judge.kind(row, texts[table.left : table.right])
        if kind is Kind.REPEAT and judge.new_title(titles):
            end = row
            break
        if kind is Kind.HEADER:
            if begins(row) or strong(texts[table.left : table.right]):
                end = row
                break
            kind = judge.row(row, texts[table.left : table.right])
        if kind is Kind.DATA:
            taken.append(row)
            titles = []
        elif kind is Kind.PASSED:
            titles += judge.said
        dropped += [row] if kind is not Kind.DATA else []
        nil = nil or kind is Kind.NIL
    return _rows(sure, taken, dropped, first, end, nil=nil)


def _texts(grid: Grid, rows: Sequence[int]) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Rows with their texts, some at a time: another list may begin soon."""
    size = 64
    start = 0
    while start < len(rows):
        some = rows[start : start + size]
        yield from zip(some, grid.rows(some), strict=True)
        start, size = start + size, min(2 * size, 16_384)


def _rows(sure: pl.Series, taken: Sequence[int], dropped: Sequence[int], first: int, end: int, *, nil: bool) -> Rows:
    data = sure.head(end - first).arg_true() + first
    gone = [r for r in dropped if r < first + _SHOWN]
    if gone:
        data = data.filter(~data.is_in(gone))
    if taken:
        data = pl.concat([data.cast(pl.UInt32), pl.Series(taken, dtype=pl.UInt32)]).unique().sort()
    data = data.cast(pl.UInt32)
    return Rows(data, nil, end, int(data[-1]) + 1 if len(data) else first)


class _Judge:
    """What a row is, told by a list's own columns.

    Attributes:
        said: texts of the row last judged, when it could be a title.
    """

    def __init__(self, table: Candidate) -> None:
        self.name, self.id = table.name_column - table.left, table.id_column - table.left
        self.headers = [{squeeze(t) for t in texts} for texts in table.labels.texts[table.left : table.right]]
        self.titles = {squeeze(t) for t in table.titles()}
        self.first = table.first_row
        self.said: list[str] = []
        self.inherited = _inherited(table)

    def new_title(self, titles: Sequence[str]) -> bool:
        """Whether a title stands there that is not this list's own: its header begins another part."""
        return bool({t for t in titles if len(t) > 3 and not t.startswith("第")} - self.titles)

    def kind(self, row: int, texts: Sequence[str | None]) -> Kind:
        """Headers first: their words would pass for names."""
        number = squeeze(texts[self.id] or "")
        if sum(c.isdecimal() for c in number) < 6 and likely(texts):
            same = sum(bool(t) and squeeze(t or "") in own for t, own in zip(texts, self.headers, strict=False))
            return Kind.REPEAT if same >= 2 and same * 2 > sum(bool(t and t.strip()) for t in texts) else Kind.HEADER
        return self.row(row, texts)

    def row(self, row: int, texts: Sequence[str | None]) -> Kind:
        """What a row is that is no header."""
        flat = [squeeze(t) if t else "" for t in texts]
        filled = [t for t in flat if t]
        self.said = []
        if not filled:
            return Kind.PASSED
        name, number = flat[self.name], flat[self.id]
        if row in self.inherited:
            name, number = name or self.inherited[row][0], number or self.inherited[row][1]
        if row < self.first + _SHOWN and any(map(is_example, filled)):
            return Kind.PASSED
        digits = sum(c.isdecimal() for c in number)
        total = is_total(filled[0]) or is_total(name)
        if len(number) in _LIKE_AN_ID and digits >= 14 and not (total and not name):
            return Kind.DATA
        person = is_name(name) and not (is_total(name) or is_label(name) or is_note(name) or says_nil(name))
        if total or ((not person or (digits < 6 and _place(name))) and any(map(is_total, filled))):
            return Kind.PASSED
        indented = not flat[0] and not name  # titles and notes begin in the first column
        return self._without_number(filled, name, digits, person=person, indented=indented)

    def _without_number(self, filled: Sequence[str], name: str, digits: int, *, person: bool, indented: bool) -> Kind:
        """A row whose own number is missing or is none."""
        if not person and digits < 6 and _nobody(filled):
            return Kind.NIL
        labelled = sum(is_label(t) for t in filled)
        if labelled * 2 >= len(filled) or numbers_columns(filled) or units_only(filled):
            return Kind.PASSED
        if is_note(filled[0]) and not (name and digits >= 6) and not (person and len(filled) > 2):
            return Kind.PASSED
        named = person and len(name) <= 4 and not _place(name)
        if named or len(filled) > (1 if indented else 2) or digits >= 6:
            return Kind.DATA
        self.said = list(filled)
        return Kind.PASSED


def _place(name: str) -> bool:
    return name.endswith(("镇", "乡", "村", "街道", "社区", "县", "组", "办", "处", "户", "类", "名单", "人员"))


def _nobody(filled: Sequence[str]) -> bool:
    """A statement that there is nobody: alone, or 无 in every cell beside a row number."""
    if len(filled) <= 2 and any(map(says_nil, filled)):
        return True
    words = [t for t in filled if not (t.isascii() and t.isdecimal() and len(t) <= 3)]
    return len(words) > 1 and all(t in ("无", "/", "-", "—", "——", "0") for t in words) and "无" in words


def _inherited(table: Candidate) -> dict[int, tuple[str, str]]:
    """Row -> name and number that it shares with the row above by a merged cell."""
    found: dict[int, tuple[str, str]] = {}
    known = blocks(table.grid.extras.merged)
    for index, column in enumerate((table.name_column, table.id_column)):
        for first, last in known.get(column, ()):
            if table.first_row <= first < table.bottom:
                text = squeeze(table.grid.columns[column].text[first] or "")
                for row in range(first + 1, last + 1):
                    old = found.get(row, ("", ""))
                    found[row] = (old[0], text) if index else (text, old[1])
    return found
