"""Where everything of a document comes to stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.redress.cells import Cell, Origin
from tests.redress.document import Column, Document, Line, Sheet, Table

Place = tuple[str, int, int]
"""Sheet, row and column from 1."""


@dataclass(slots=True)
class Placed:
    """One sheet as it is to be written. Rows and columns from 1; merged: first row, first column, last row, last column."""

    name: str
    state: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    heads: list[tuple[int, int]] = field(default_factory=list)

    @property
    def height(self) -> int:
        return max((r for r, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((c for _, c in self.cells), default=0)

    def rows(self) -> list[list[Cell]]:
        """All rows from the first, with empty cells."""
        nothing = Cell()
        return [[self.cells.get((r, c), nothing) for c in range(1, self.width + 1)] for r in range(1, self.height + 1)]


@dataclass(slots=True)
class Stand:
    """Where a part of a list stands: header rows, rows of data, and each column."""

    table: Table
    sheet: str
    header_rows: list[int]
    first_row: int
    last_row: int
    columns: list[tuple[Column, int]]
    header_of: dict[int, int]


@dataclass(slots=True)
class Layout:
    """The sheets, and where the sample's cells, rows and headers went."""

    sheets: list[Placed] = field(default_factory=list)
    cells: dict[Origin, Place] = field(default_factory=dict)
    headers: dict[Origin, list[Place]] = field(default_factory=dict)
    rows: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    parts: list[Stand] = field(default_factory=list)


def lay_out(document: Document) -> Layout:
    """Give every cell its place."""
    layout = Layout()
    for sheet in document.sheets:
        placed = Placed(sheet.name, sheet.state)
        layout.sheets.append(placed)
        if not sheet.tables:
            placed.cells = {(r, c): cell for r, row in enumerate(sheet.raw, 1) for c, cell in enumerate(row, 1) if cell.value is not None}
            continue
        _tables(sheet, placed, layout)
    return layout


def _tables(sheet: Sheet, placed: Placed, layout: Layout) -> None:
    row, column = 1, 1
    for table in sheet.tables:
        left = column + table.style.lead
        end = _table(table, placed, layout, (row, left))
        if sheet.beside:
            column = left + len(table.columns) + 1
        else:
            row = end + 2


def _table(table: Table, placed: Placed, layout: Layout, corner: tuple[int, int]) -> int:
    """Place a table; the last row it takes."""
    row, left = corner
    for texts in table.above:
        for i, text in enumerate(texts):
            placed.cells[row, left + 2 * i] = Cell(text)
        row += 1
    row += table.style.gap
    depth = max(len(c.levels) for c in table.columns)
    header_of: dict[int, int] = {}
    heads: list[int] = []
    if table.style.shown:
        header_of = _header(table, placed, row, left)
        heads = list(range(row, row + depth))
        placed.heads.append((row, row + depth - 1))
        row += depth
    if table.style.numbers:
        for i in range(len(table.columns)):
            placed.cells[row, left + i] = Cell(i + 1)
        row += 1
    first = row
    at = {id(line): first + i for i, line in enumerate(table.lines)}
    for line in table.lines:
        _line(line, table, placed, layout, (at[id(line)], left))
    for i, column in enumerate(table.columns):
        if column.hidden:
            placed.hidden_columns.add(left + i)
        if column.origin is not None and table.style.shown:
            layout.headers.setdefault(column.origin, []).append((placed.name, header_of[column.key], left + i))
        placed.merged += [(at[id(a)], left + i, at[id(b)], left + i) for key, a, b in table.merges if key == column.key]
    last = first + len(table.lines) - 1
    layout.parts.append(Stand(table, placed.name, heads, first, last, [(c, left + i) for i, c in enumerate(table.columns)], header_of))
    return last


def _header(table: Table, placed: Placed, top: int, left: int) -> dict[int, int]:
    """Draw the header; column key -> row of the lowest cell that says something."""
    depth = max(len(c.levels) for c in table.columns)
    lowest: dict[int, int] = {}
    start = 0
    for i, column in enumerate(table.columns):
        levels = column.levels
        lowest[column.key] = top + len(levels) - 1
        for level, text in enumerate(levels):
            above = table.columns[i - 1].levels if i else ()
            if level < len(levels) - 1 and above[: level + 1] == levels[: level + 1] and len(above) > level + 1:
                continue
            if text:
                placed.cells[top + level, left + i] = Cell(text)
        if len(levels) < depth:
            placed.merged.append((top + len(levels) - 1, left + i, top + depth - 1, left + i))
        following = table.columns[i + 1].levels if i + 1 < len(table.columns) else ()
        if len(levels) > 1 and not (len(following) > 1 and following[0] == levels[0]):
            if i > start:
                placed.merged.append((top, left + start, top, left + i))
            start = i + 1
        elif len(levels) == 1:
            start = i + 1
    return lowest


def _line(line: Line, table: Table, placed: Placed, layout: Layout, corner: tuple[int, int]) -> None:
    row, left = corner
    if line.hidden:
        placed.hidden_rows.add(row)
    if line.kind == "header":
        for i, column in enumerate(table.columns):
            above = table.columns[i - 1].levels if i else ()
            if line.level < len(column.levels) and not (line.level < len(column.levels) - 1 and above[:1] == column.levels[:1]):
                placed.cells[row, left + i] = Cell(column.levels[line.level])
        return
    if line.kind == "data" and line.origin is not None:
        layout.rows[line.origin] = (placed.name, row)
    for i, column in enumerate(table.columns):
        cell = line.cells.get(column.key)
        if cell is None:
            continue
        if cell.value is not None or cell.formula is not None:
            placed.cells[row, left + i] = cell
        if cell.origin is not None:
            layout.cells[cell.origin] = (placed.name, row, left + i)
