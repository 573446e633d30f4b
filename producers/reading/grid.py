"""A sheet as columns of text, whatever file it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from contracts.errors import ExchangeError
from contracts.values.cells import Cells, Kind, nulls, put

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
_BATCH = 16_384

MAX_COLUMNS = 16_384
"""A spreadsheet's own limit."""

_ERRORS = (
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"),
    *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!"),
    *("Err:502", "Err:504", "Err:508", "Err:509", "Err:522", "Err:523"),
)
"""As spreadsheet programs show them, also where an export wrote them as text."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What lies beside the values of a sheet. Rows and columns count from 0.

    Attributes:
        formulas: (row, column) -> text of the formula, "" when it is not known.
        errors: (row, column) -> the error value, such as `#N/A`.
        merged: (first row, first column, last row, last column).
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Attributes:
        name: of the sheet, "" in a CSV.
        visible: hidden sheets are not read.
        columns: cells of each column, all of one length; row 0 is the row a spreadsheet calls 1.
    """

    name: str
    visible: bool
    columns: tuple[Cells, ...]
    extras: Extras

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def row(self, index: int) -> list[str]:
        """Texts of a row, "" where empty."""
        return [c.text[index] or "" for c in self.columns]

    def rows(self, indices: Sequence[int]) -> list[tuple[str | None, ...]]:
        """Texts of several rows."""
        picked = pl.Series(indices, dtype=pl.UInt32)
        return list(zip(*(c.text.gather(picked).to_list() for c in self.columns), strict=True)) if self.columns else []


def show(value: Value) -> str | None:
    """A cell's value as text: whole numbers without a point, dates as ISO. None when empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def kind_of(value: Value) -> int:
    """How the cell was stored."""
    if isinstance(value, bool):
        return Kind.BOOL
    if isinstance(value, int | float):
        return Kind.NUMBER
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Kind.DATE
    return Kind.TEXT


def _column(values: Sequence[Value]) -> tuple[pl.Series, pl.Series | None]:
    types = set(map(type, values))
    if types <= {str, type(None)}:
        text = pl.Series(values, dtype=pl.String)
        return text.set(text == "", None), None
    if types <= {str, float, type(None)}:
        return _mixed(values)
    text = pl.Series([show(v) for v in values], dtype=pl.String)
    return text, pl.Series([kind_of(v) for v in values], dtype=pl.UInt8)


def _mixed(values: Sequence[Value]) -> tuple[pl.Series, pl.Series]:
    """Texts and numbers, without a call of ours a cell; as `show` and `kind_of` would give them."""
    words = pl.Series([v if v.__class__ is str else None for v in values], dtype=pl.String)
    numbers = pl.Series([v if v.__class__ is float else None for v in values], dtype=pl.Float64)
    whole = (numbers.floor() == numbers) & (numbers.abs() < 1e15)
    text = numbers.zip_with(whole, nulls(len(numbers), pl.Float64)).cast(pl.Int64).cast(pl.String)
    broken = (~whole).fill_null(value=False).arg_true()
    if len(broken):
        text = put(text, broken, pl.Series([repr(v) for v in numbers.gather(broken).to_list()], dtype=pl.String))
    written = numbers.is_not_null()
    return text.zip_with(written, words.set(words == "", None)), written.cast(pl.UInt8) * Kind.NUMBER.value


def _cut(rows: Iterable[Sequence[Value]]) -> Iterator[list[Sequence[Value]]]:
    batch: list[Sequence[Value]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


Batch = list[tuple[pl.Series, pl.Series | None]]
"""Columns of some rows: texts, and kinds where not all is text."""


def columns_of(rows: Iterable[Sequence[Value]]) -> tuple[Cells, ...]:
    """Turn rows, of any lengths, into columns, a batch at a time so that no sheet stands in memory as Python objects.

    Raises:
        ExchangeError: E-FILE-SIZE, more columns than a spreadsheet can have.
    """
    return joined(batch_of(rows) for rows in _cut(rows))


def batch_of(rows: list[Sequence[Value]]) -> Batch:
    """The columns of some rows.

    Raises:
        ExchangeError: E-FILE-SIZE.
    """
    width = max(map(len, rows), default=0)
    bound_columns(width)
    if any(len(r) != width for r in rows):
        rows = [r if len(r) == width else [*r, *[None] * (width - len(r))] for r in rows]
    return [_column(c) for c in zip(*rows, strict=True)] or [(nulls(len(rows), pl.String), None)]


def bound_columns(width: int) -> None:
    """Refuse what no spreadsheet can have.

    Raises:
        ExchangeError: E-FILE-SIZE.
    """
    if width > MAX_COLUMNS:
        raise ExchangeError("E-FILE-SIZE", size=f"{width} columns", limit=f"{MAX_COLUMNS}")


def joined(batches: Iterable[Batch]) -> tuple[Cells, ...]:
    """Batches of rows one below the other, the narrower ones filled with nothing."""
    parts = list(batches)
    lengths = [len(p[0][0]) for p in parts]
    width = max(map(len, parts), default=0)
    return tuple(_joined([p[i] if i < len(p) else None for p in parts], lengths) for i in range(width))


def _joined(parts: Sequence[tuple[pl.Series, pl.Series | None] | None], lengths: Sequence[int]) -> Cells:
    texts, kinds = [], []
    typed = any(p is not None and p[1] is not None for p in parts)
    for part, length in zip(parts, lengths, strict=True):
        texts.append(pl.Series([None], dtype=pl.String).new_from_index(0, length) if part is None else part[0])
        if typed:
            kind = None if part is None else part[1]
            kinds.append(pl.Series([0], dtype=pl.UInt8).new_from_index(0, length) if kind is None else kind)
    return Cells(pl.concat(texts), pl.concat(kinds) if typed else None)


def with_text_errors(grid: Grid) -> Grid:
    """The grid with error values that stand as text (`#N/A` in an export) known as errors."""
    found = dict(grid.extras.errors)
    for column, cells in enumerate(grid.columns):
        hit = cells.text.is_in(list(_ERRORS)).fill_null(value=False).arg_true()
        found.update({(row, column): text for row, text in zip(hit.to_list(), cells.text.gather(hit).to_list(), strict=True)})
    if len(found) == len(grid.extras.errors):
        return grid
    e = grid.extras
    return Grid(grid.name, grid.visible, grid.columns, Extras(e.hidden_rows, e.hidden_columns, e.formulas, found, e.merged))


def letters(column: int) -> str:
    """Column letters: 0 -> A, 26 -> AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(row: int, column: int) -> str:
    """A1 reference of a cell, counted from 0."""
    return f"{letters(column)}{row + 1}"
