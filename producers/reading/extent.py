"""What one sheet holds beside its values, gathered while its part is read."""

from __future__ import annotations

from contracts.errors import ExchangeError
from producers.reading.grid import MAX_COLUMNS, Extras

_MAX_FORMULAS = 32 << 20
"""Characters of formulas that are kept; of the others only the place is known."""

MAX_MARKED = 2_000_000
"""Formulas, or merged cells, of one sheet."""


class Extent:
    """What one sheet holds beside its values, and how far it reaches.

    Attributes:
        shared: cells whose text stands in the workbook's shared strings.
        next_row: the row behind the last one that was read.
        merged: where the reader of the values brings no merged cells.
    """

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.formulas: dict[tuple[int, int], str] = {}
        self.errors: dict[tuple[int, int], str] = {}
        self.last_row = 0
        self.last_column = 0
        self.shared = 0
        self.next_row = 0
        self.merged: list[tuple[int, int, int, int]] = []
        self._kept = 0
        self._merged = 0

    def extras(self, merged: tuple[tuple[int, int, int, int], ...]) -> Extras:
        return Extras(frozenset(self.hidden_rows), frozenset(self.hidden_columns), self.formulas, self.errors, merged or tuple(self.merged))

    def hide_columns(self, first: int, last: int) -> None:
        """Columns count from 1 as in the file; a range to the sheet's end is cut at what a table can have."""
        self.hidden_columns.update(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))

    def hide_rows(self, first: int, count: int) -> None:
        """Rows count from 0; cut at what a sheet can have."""
        self.hidden_rows.update(range(first, min(first + count, 1 << 20)))

    def formula(self, where: tuple[int, int], text: str) -> None:
        """A formula at a cell, without its equals sign.

        Raises:
            ExchangeError: E-FILE-SIZE, more than are read.
        """
        _bound("formulas", len(self.formulas))
        self._kept += len(text)
        self.formulas[where] = text if self._kept <= _MAX_FORMULAS else ""

    def merge(self, count: int) -> None:
        """Further merged cells, which the reader of the values will bring.

        Raises:
            ExchangeError: E-FILE-SIZE, more than are read.
        """
        self._merged += count
        _bound("merged cells", self._merged)


def _bound(what: str, count: int) -> None:
    if count > MAX_MARKED:
        raise ExchangeError("E-FILE-SIZE", size=f"{count} {what}", limit=f"{MAX_MARKED}")
