"""Which lists stand in a sheet, where, and which column is which field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from contracts.lists import SourceList, load_lists
from contracts.lists.headers import LEVEL, Match, aliases, canonical, canonical_path, match
from producers.reading.grid import Grid

_SEARCHED = 60
"""Rows at the top of a sheet in which a header is looked for."""

_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a header.

    Attributes:
        top: first header row; levels: how many; headers: what each column is called, for people.
        header_rows: column -> row of its header cell, the lowest that says something.
    """

    grid: Grid
    top: int
    levels: int
    match: Match
    headers: tuple[str, ...]
    header_rows: tuple[int, ...]

    @property
    def listing(self) -> SourceList:
        return load_lists()[self.match.list]

    @property
    def first_row(self) -> int:
        """First row below the header."""
        return self.top + self.levels

    @property
    def whole(self) -> bool:
        """Whether the needed columns, own ID and name, are there."""
        return not self.missing()

    def missing(self) -> list[str]:
        """Headers of needed columns that are not there."""
        needed = (self.listing.name_field, self.listing.id_field)
        return [self.listing.fields[f].headers[0].rpartition(LEVEL)[2].strip() for f in needed if f not in self.match.fields]


@cache
def _parts() -> frozenset[str]:
    """Every word that is a level of some header of some list."""
    found: set[str] = set()
    for code in load_lists():
        known = aliases(code)
        for key in (*known.fields, *known.partners, *known.not_carried):
            found.update(key.partition("#")[0].split(LEVEL))
            found.add(key.partition("#")[0])
    return frozenset(found)


def candidates(grid: Grid) -> Iterator[Candidate]:
    """Every header row of the sheet with every list it could be, needed columns or not; at least two of its words are known."""
    height = min(grid.height, _SEARCHED)
    rows = [grid.row(r) for r in range(height)]
    known = _parts()
    hits = [sum(canonical(c) in known for c in row if c) for row in rows]
    for top in range(height):
        if hits[top] < 2 and (top + 1 >= height or hits[top] + hits[top + 1] < 2 or not hits[top]):
            continue
        for levels in range(1, min(_LEVELS, height - top) + 1):
            stack = _filled(grid, rows[top : top + levels], top)
            paths = tuple(canonical_path(column) for column in zip(*stack, strict=True))
            where = tuple(_deepest(rows[top : top + levels], c, top) for c in range(len(paths)))
            names = tuple(_shown(rows, where[c], c, stack) for c in range(len(paths)))
            for listing in load_lists().values():
                yield Candidate(grid, top, levels, match(paths, listing), names, where)


def _filled(grid: Grid, rows: Sequence[list[str]], top: int) -> list[list[str]]:
    """Header rows with merged cells filled; without any merge, an upper header holds on to the right over filled lower ones."""
    stack = [list(r) for r in rows]
    merged = [m for m in grid.extras.merged if top <= m[0] and m[2] < top + len(rows)]
    for r1, c1, r2, c2 in merged:
        text = rows[r1 - top][c1] if c1 < len(rows[0]) else ""
        for r in range(r1, r2 + 1):
            for c in range(c1, min(c2 + 1, len(rows[0]))):
                stack[r - top][c] = text
    if not merged:
        for upper, lower in pairwise(stack):
            for c in range(1, len(upper)):
                if not upper[c] and lower[c]:
                    upper[c] = upper[c - 1]
    return stack


def _deepest(rows: Sequence[list[str]], column: int, top: int) -> int:
    return next((top + level for level in reversed(range(len(rows))) if rows[level][column].strip()), top)


def _shown(rows: Sequence[list[str]], row: int, column: int, stack: Sequence[list[str]]) -> str:
    own = "".join(rows[row][column].split())
    upper = "".join(stack[0][column].split())
    text = own if own == upper or not upper else f"{upper} > {own}" if own else upper
    return text[:40]


def best(found: Sequence[Candidate]) -> Candidate | None:
    """The candidate that explains the header best; between equals the one with fewer levels, then the first of the catalogue."""
    whole = [c for c in found if c.whole]
    return max(whole, key=lambda c: (c.match.score, -c.levels), default=None)


def rivals(found: Sequence[Candidate], chosen: Candidate) -> list[Candidate]:
    """Candidates for the same header that explain it equally well."""
    return [c for c in found if c.whole and (c.top, c.levels) == (chosen.top, chosen.levels) and c.match.score == chosen.match.score]
