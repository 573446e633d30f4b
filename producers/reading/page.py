"""A sheet that is read cell by cell, gathered into columns a batch at a time, within bounds."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.errors import ExchangeError
from producers.reading.extent import Extent
from producers.reading.grid import Batch, Grid, Value, batch_of, bound_columns, joined

MAX_CELLS = 12_000_000
"""Rows times columns of all sheets together."""

_FLUSHED = 400_000
"""Cells that stand as Python objects at most."""


class Page:
    """One sheet in the making.

    Attributes:
        extent: what lies beside the values.
        merged: (first row, first column, last row, last column), from 0.
        height: rows so far, blank ones at the end not counted.
    """

    def __init__(self, name: str, *, visible: bool = True, before: int = 0) -> None:
        """`before`: cells of the file's earlier sheets, which count towards the bound."""
        self.name = name
        self.visible = visible
        self.extent = Extent()
        self.merged: list[tuple[int, int, int, int]] = []
        self.height = 0
        self._before = before
        self._width = 0
        self._waiting = 0
        self._rows: list[Sequence[Value]] = []
        self._held = 0
        self._batches: list[Batch] = []

    @property
    def next_row(self) -> int:
        """Position of the row that comes next, from 0."""
        return self.height + self._waiting

    @property
    def cells(self) -> int:
        """Cells of this sheet and of those before it."""
        return self._before + self.height * self._width

    def skip(self, count: int = 1) -> None:
        """Blank rows; those at the end of a sheet leave nothing."""
        self._waiting += count

    def row(self, values: list[Value], times: int = 1) -> None:
        """The next row, or several that are the same.

        Raises:
            ExchangeError: E-FILE-SIZE, more than a spreadsheet can have or than is read.
        """
        while values and values[-1] in (None, ""):
            values.pop()
        if not values:
            self.skip(times)
            return
        bound_columns(len(values))
        self._width = max(self._width, len(values))
        self.height += self._waiting + times
        if self.cells > MAX_CELLS:
            raise ExchangeError("E-FILE-SIZE", size=f"{self.cells} cells", limit=f"{MAX_CELLS}")
        self._blank()
        for _ in range(times):
            self._rows.append(values)
            self._held += len(values)
            if self._held > _FLUSHED:
                self._flush()

    def _blank(self) -> None:
        while self._waiting:
            here = min(self._waiting, 16_384)
            self._rows += [()] * here
            self._held += here
            self._waiting -= here
            if self._held > _FLUSHED:
                self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._batches.append(batch_of(self._rows))
        self._rows, self._held = [], 0

    def grid(self) -> Grid:
        """The finished sheet."""
        self._flush()
        return Grid(self.name, self.visible, joined(self._batches), self.extent.extras(tuple(self.merged)))
