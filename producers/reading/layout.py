"""Where in a sheet lists stand: stacked one below the other, side by side, or one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from contracts.values.cells import flags
from producers.reading.grid import Grid
from producers.reading.labels import LEVELS, likely, strong
from producers.reading.recognise import Candidate, Search, Settled, Strip, at_row, best
from producers.reading.rows import Rows, data_rows
from producers.reading.sides import sides

_NEAR = 200
"""Rows in which every row is looked at; below, only those with a name and a number among their labels."""

_STRIPS = 12

_TRIES = 40
"""Rows of one sheet that are tried as a header before the rest is given up."""

_NAME_LABEL = r"^\s*(?:\S{0,8}姓\s*名|\S{0,6}名\s*称|户\s*主|\S{0,6}人\s*员|\S{0,4}成\s*员|\S{0,4}对\s*象)\s*\S{0,8}\s*$"
_NUMBER_LABEL = r"^\s*\S{0,10}(?:证|号\s*码|代\s*码)\S{0,10}\s*$"

Decide = Callable[[Sequence[Candidate]], "Candidate | tuple[str, ...]"]
"""Among what a header could be: the one list it is, or the codes of the lists between which nobody can tell."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A list where it stands, and its rows."""

    table: Candidate
    rows: Rows


@dataclass(frozen=True, slots=True)
class Doubt:
    """A header that is none of a list that is known, or of one of several.

    Attributes:
        lists: codes of the lists that it could be.
    """

    grid: Grid
    row: int
    column: int
    lists: tuple[str, ...] = ()


@dataclass(slots=True)
class Layout:
    """What stands in a sheet.

    Attributes:
        nearest: of each list the candidate that came nearest to it, for saying what is missing.
    """

    tables: list[Placed] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    nearest: dict[str, Candidate] = field(default_factory=dict)

    @property
    def explained(self) -> int:
        """Columns that are read."""
        return sum(len(t.table.match.fields) for t in self.tables)

    def add(self, other: Layout) -> None:
        self.tables += other.tables
        self.doubts += other.doubts
        self.note(list(other.nearest.values()))

    def note(self, found: Sequence[Candidate]) -> None:
        for one in found:
            old = self.nearest.get(one.match.list)
            if old is None or one.match.score > old.match.score:
                self.nearest[one.match.list] = one


def layout_of(grid: Grid, decide: Decide, settled: Settled, search: Search) -> Layout:
    """Find the lists of a sheet; empty columns part it only where there are lists on both sides.

    Args:
        search: of the file that the sheet is in.
    """
    whole = _walk(Strip(grid, 0, len(grid.columns), settled, search), 0, decide)
    strips = list(_strips(grid))
    if not 2 <= len(strips) <= _STRIPS:
        return whole
    parted = Layout()
    for left, right in strips:
        parted.add(_walk(Strip(grid, left, right, settled, search), 0, decide))
    return parted if len(parted.tables) > len(whole.tables) and parted.explained > whole.explained else whole


def _strips(grid: Grid) -> Iterator[tuple[int, int]]:
    """Columns between those in which nothing stands at all."""
    first: int | None = None
    for column, cells in enumerate(grid.columns):
        if cells.text.null_count() < len(cells.text):
            first = column if first is None else first
        elif first is not None:
            yield first, column
            first = None
    if first is not None:
        yield first, len(grid.columns)


def _walk(strip: Strip, start: int, decide: Decide) -> Layout:
    found = Layout()
    above, row, tries = start, start, 0
    while tries < _TRIES and not strip.search.over and (at := next(_likely(strip, row), None)) is not None:
        tries += 1
        here = _around(strip, at, max(above, at - LEVELS + 1), above)
        found.note(here)
        chosen = best(here)
        if chosen is None:
            strip.search.misses += 1
            found.doubts += [Doubt(strip.grid, at, strip.left)] if strong(strip.row(at)) else []
            row = at + 1
            continue
        parted = sides(strip, chosen)
        if parted:
            for side in parted:
                found.add(_walk(side, above, decide))
            return found
        placed = _placed(strip, chosen, here, decide)
        if isinstance(placed, Placed):
            found.tables.append(placed)
            above, row = placed.rows.last, placed.rows.end
        else:
            found.doubts.append(placed)
            above = row = _end(strip, chosen).end
        tries = 0
    return found


def _placed(strip: Strip, chosen: Candidate, here: Sequence[Candidate], decide: Decide) -> Placed | Doubt:
    rows = _end(strip, chosen)
    decided = decide([replace(c, bottom=rows.end) for c in here if c.whole])
    if isinstance(decided, tuple):
        return Doubt(chosen.grid, chosen.top, chosen.left, decided)
    if decided.labels is not chosen.labels or (decided.id_column, decided.name_column) != (chosen.id_column, chosen.name_column):
        rows = _end(strip, replace(decided, bottom=decided.grid.height))
    return Placed(replace(decided, bottom=rows.end), rows)


def _end(strip: Strip, table: Candidate) -> Rows:
    def begins(row: int) -> bool:
        if strip.search.over or best(_around(strip, row, row, row)) is not None:
            return not strip.search.over
        strip.search.misses += 1
        return False

    return data_rows(table, begins)


def _around(strip: Strip, at: int, lowest: int, above: int) -> list[Candidate]:
    """What a header in or about a row could be: it may begin above the first row that looks like one, or below."""
    found: list[Candidate] = []
    for top in range(lowest, min(at + LEVELS, strip.grid.height)):
        texts = strip.row(top)
        filled = [c for c, t in enumerate(texts) if t.strip()]
        if top < at:
            if len(filled) > 1 or (filled and filled[0]):  # one text in the first column is a title
                found += at_row(strip, top, above, at - top + 1)
        elif top == at or likely(texts):
            found += at_row(strip, top, above)
        else:
            break
    return found


def _likely(strip: Strip, start: int) -> Iterator[int]:
    """Rows from one on that could be of a header."""
    near = range(start, min(start + _NEAR, strip.grid.height))
    for row, texts in zip(near, strip.grid.rows(near), strict=True):
        if likely(texts[strip.left : strip.right]):
            yield row
    yield from _far(strip, near.stop)


def _far(strip: Strip, start: int) -> Iterator[int]:
    if start >= strip.grid.height:
        return
    texts = [c.text.slice(start) for c in strip.grid.columns[strip.left : strip.right]]
    hits: list[pl.Series] = []
    for pattern in (_NAME_LABEL, _NUMBER_LABEL):
        hit = flags(strip.grid.height - start)
        for text in texts:
            hit = hit | text.str.contains(pattern).fill_null(value=False)
        hits.append(hit)
    for row in (hits[0] & hits[1]).arg_true().to_list():
        if likely(strip.row(start + row)):
            yield start + row


def says_persons(grid: Grid, first: int, last: int) -> bool:
    """Whether rows hold what looks like a person's number."""
    pattern = r"[0-9]{6}\s*[12][0-9]{3}\s*[0-9]{4}\s*[0-9]{3}[0-9Xx]|(?:^|[^0-9])[0-9]{15}(?:$|[^0-9])"
    return any(c.text.slice(first, last - first).str.contains(pattern).fill_null(value=False).any() for c in grid.columns)
