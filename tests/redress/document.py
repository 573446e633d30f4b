"""A sample file as tables of named columns, free of where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.redress.cells import Cell, Origin

Kind = Literal["data", "other", "blank", "header"]


@dataclass(slots=True)
class Column:
    """One column.

    Attributes:
        key: what lines file their cells under; levels: header texts, upper first.
        field: canonical field, None when it is not carried; partner: its second column (members' names).
        strange: whether nobody knows it, so that its header is remarked on; "perhaps" where a reader may know it.
    """

    key: int
    levels: tuple[str, ...]
    field: str | None
    origin: Origin | None
    hidden: bool = False
    strange: Literal["", "perhaps", "sure"] = ""


@dataclass(slots=True, eq=False)
class Line:
    """One row below a header. `other` is a total, subtotal, note or signature; `header` repeats a level of the header."""

    kind: Kind
    cells: dict[int, Cell]
    origin: tuple[str, int] | None = None
    hidden: bool = False
    level: int = 0


@dataclass(slots=True)
class Style:
    """How a header is drawn.

    Attributes:
        gap: blank rows between titles and header; numbers: a row 1 2 3 … below it.
        spaced: white space and line breaks in the texts; shown: False where a sheet goes on without a header.
        lead: empty columns at the left.
    """

    gap: int = 0
    numbers: bool = False
    spaced: bool = False
    shown: bool = True
    lead: int = 0


@dataclass(slots=True)
class Table:
    """A list, or a part of one.

    Attributes:
        above: rows of texts over the header; merges: (column key, first line, last line).
    """

    feed: str
    columns: list[Column]
    above: list[list[str]]
    lines: list[Line]
    merges: list[tuple[int, Line, Line]] = field(default_factory=list)
    style: Style = field(default_factory=Style)

    @property
    def data(self) -> list[Line]:
        return [line for line in self.lines if line.kind == "data"]

    def column_of(self, name: str) -> Column | None:
        """The first column of a field."""
        return next((c for c in self.columns if c.field == name), None)

    def new_key(self) -> int:
        return max(c.key for c in self.columns) + 1


@dataclass(slots=True)
class Sheet:
    """Tables of one sheet, one below the other or side by side; or, when there is none, cells as they were."""

    name: str
    state: str
    tables: list[Table]
    raw: list[list[Cell]] = field(default_factory=list)
    beside: bool = False


@dataclass(slots=True)
class Document:
    """One file. `suffix` is how the file is to be written (see `formats`)."""

    name: str
    sheets: list[Sheet]
    form: str

    @property
    def tables(self) -> list[Table]:
        return [t for s in self.sheets for t in s.tables]
