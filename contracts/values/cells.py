"""A column of cells as a file gives them, and what a reader makes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import polars as pl

Facts = Mapping[str, str | int]


class Kind(IntEnum):
    """How a cell was stored."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    BOOL = 3


@dataclass(frozen=True, slots=True)
class Cells:
    """One column.

    Attributes:
        text: String; null where the cell is empty. Numbers in their shortest form, dates as `YYYY-MM-DD`.
        kind: UInt8 of `Kind`, or None when every cell is text.
    """

    text: pl.Series
    kind: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.text)

    def of(self, kind: Kind) -> pl.Series:
        """Boolean mask of the cells of that kind."""
        if self.kind is None:
            return pl.Series([kind == Kind.TEXT], dtype=pl.Boolean).new_from_index(0, len(self.text))
        return self.kind == kind.value


@dataclass(frozen=True, slots=True)
class Mark:
    """A remark at some rows of one column.

    Attributes:
        code: of the error catalogue.
        rows: UInt32 positions in the column.
        facts: what the sentence needs beside the column's name.
        each: facts that differ from row to row, parallel to rows.
        after: corrected values, parallel to rows, where they may be shown.
        quiet: the rows are rejected for it, but no remark stands at this cell.
    """

    code: str
    rows: pl.Series
    facts: Facts = dataclasses.field(default_factory=dict)
    each: Sequence[Facts] | None = None
    after: Sequence[str] | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """Canonical values of one column (null where there is none) and the remarks made on the way."""

    values: pl.Series
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Scalar:
    """What one distinct cell value reads as.

    Attributes:
        value: canonical value, None when empty or unreadable.
        code: remark, None when silent.
        facts: of the remark.
        after: corrected text to show.
    """

    value: str | int | bool | None
    code: str | None = None
    facts: tuple[tuple[str, str | int], ...] = ()
    after: str | None = None


def marks(code: str, mask: pl.Series, **facts: str | int) -> tuple[Mark, ...]:
    """The remark at the rows where the mask holds; none when it holds nowhere."""
    rows = mask.arg_true()
    return (Mark(code, rows, facts),) if len(rows) else ()


def nulls(length: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """A column of nothing."""
    return pl.Series([None], dtype=dtype).new_from_index(0, length)


def only(series: pl.Series, mask: pl.Series) -> pl.Series:
    """The values where the mask holds, null elsewhere."""
    return series.zip_with(mask, nulls(len(series), series.dtype))


def put(series: pl.Series, rows: pl.Series, values: pl.Series | str | bool | None) -> pl.Series:
    """A copy of the column with other values at some rows (`Series.scatter` alone changes the column itself)."""
    return series.clone().scatter(rows, values)


def flags(length: int, rows: pl.Series | None = None) -> pl.Series:
    """A Boolean column that is true at some rows."""
    none = pl.Series([False], dtype=pl.Boolean).new_from_index(0, length)
    return none if rows is None else none.scatter(rows, True)  # noqa: FBT003  the library's own signature


def by_distinct(cells: Cells, reader: Callable[[str, Kind], Scalar], dtype: pl.DataType | type[pl.DataType]) -> Read:
    """Read a column by reading each distinct value once; the cost of the reader grows with distinct values, not with rows."""
    kinds = [Kind.TEXT] if cells.kind is None else [Kind(k) for k in cells.kind.unique().sort().to_list()]
    values = nulls(len(cells), dtype)
    found: list[Mark] = []
    for kind in kinds:
        text = cells.text if len(kinds) == 1 else only(cells.text, cells.of(kind))
        seen = text.drop_nulls().unique().to_list()
        if not seen:
            continue
        read = [reader(word, kind) for word in seen]
        found += _marks_of(text, seen, read)
        part = text.replace_strict(
            pl.Series(seen, dtype=pl.String), pl.Series([r.value for r in read], dtype=dtype), default=None, return_dtype=dtype
        )
        values = part if len(kinds) == 1 else values.zip_with(values.is_not_null(), part)
    return Read(values, tuple(found))


def _marks_of(text: pl.Series, seen: list[str], read: list[Scalar]) -> list[Mark]:
    groups: dict[tuple[str, tuple[tuple[str, str | int], ...]], dict[str, str | None]] = {}
    for word, scalar in zip(seen, read, strict=True):
        if scalar.code is not None:
            groups.setdefault((scalar.code, scalar.facts), {})[word] = scalar.after
    found = []
    for (code, facts), words in groups.items():
        rows = text.is_in(list(words)).arg_true()
        shown = None
        if any(after is not None for after in words.values()):
            shown = [words[w] or "" for w in text.gather(rows).to_list()]
        found.append(Mark(code, rows, dict(facts), after=shown))
    return found
