"""A list as it is being read: values, remarks and what stands around them. Checks look at it and add to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from contracts.catalogue import entries
from contracts.codes.areas import AreaTable
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.lists.source import SourceList
from contracts.values.cells import Cells, Mark, flags, nulls, put


@dataclass(slots=True)
class Table:
    """One source list of one file, all its rows in order.

    Attributes:
        listing: what it is.
        length: number of data rows.
        cells: field -> cells of its column, for the fields that have one. Formulas and error cells are empty here.
        values: field -> canonical values; every reader and check may only null what it remarks on.
        marks: (field, remark) in the order found.
        place: row -> the cell of its own ID, for messages about another row.
        towns: the town that title, sheet or file name speak of where each row stands; None when they speak of none.
    """

    listing: SourceList
    length: int
    cells: Mapping[str, Cells]
    values: dict[str, pl.Series]
    marks: list[tuple[str, Mark]]
    place: Callable[[int], str]
    period: Period | None
    areas: AreaTable | None
    previous: Mapping[str, ListFrames]
    towns: pl.Series | None = None
    notes: list[Mark] = field(default_factory=list)

    def value(self, name: str) -> pl.Series:
        """Values of a field; all null when the file has no column for it."""
        found = self.values.get(name)
        return nulls(self.length, self.listing.fields[name].dtype) if found is None else found

    def has(self, name: str) -> bool:
        """Whether the file has a column for the field."""
        return name in self.cells

    @property
    def own_ids(self) -> pl.Series:
        """The rows' own valid IDs."""
        return self.value(self.listing.id_field).str.head(18)

    def add(self, name: str, marks: tuple[Mark, ...]) -> None:
        """Keep remarks about a field."""
        self.marks.extend((name, m) for m in marks)

    def rejected(self) -> pl.Series:
        """Mask of the rows that have an error so far."""
        mask = flags(self.length)
        known = entries()
        for _, mark in self.marks:
            if known[mark.code].severity == "error":
                mask = put(mask, mark.rows, True)  # noqa: FBT003  the library's own signature
        return mask


Check = Callable[[Table], None]
