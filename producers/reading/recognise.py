"""Which lists a header of a sheet could be, and which column is which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from contracts.lists import SourceList, load_lists
from contracts.lists.headers import LEVEL, Match, match
from contracts.lists.layouts import Layout, settled
from contracts.lists.profile import values_of
from contracts.lists.units import unit_of_title
from producers.reading.grid import Grid
from producers.reading.labels import LEVELS, Labels, holds_values, labels

Settled = Sequence[Layout]
"""What persons confirmed of headers, the newest first."""


_MISSES = 200
"""Rows of a file that are tried as a header in vain before no more are; enough for any file that is not made to waste time."""


@dataclass(slots=True)
class Search:
    """What the search through one file has seen.

    Attributes:
        vain: headers that are no list, each tried once; misses: rows tried in vain.
    """

    vain: set[tuple[str, ...]] = field(default_factory=set)
    misses: int = 0

    @property
    def over(self) -> bool:
        return self.misses >= _MISSES


@dataclass(frozen=True, slots=True)
class Strip:
    """Columns of a sheet in which lists are looked for.

    Attributes:
        left, right: columns, right not included.
    """

    grid: Grid
    left: int
    right: int
    settled: Settled = ()
    search: Search = field(default_factory=Search)

    def row(self, index: int) -> list[str]:
        """Texts of a row, "" where empty."""
        return self.grid.row(index)[self.left : self.right]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a header: a place in a sheet and a list.

    Attributes:
        left, right: columns it reaches over, right not included.
        above: first row of the titles above it; bottom: first row that is no longer its own.
        own_header: False where a list goes on under the header of an earlier sheet.
    """

    grid: Grid
    labels: Labels
    match: Match
    left: int
    right: int
    above: int
    bottom: int
    own_header: bool = True

    @property
    def listing(self) -> SourceList:
        return load_lists()[self.match.list]

    @property
    def top(self) -> int:
        """First row of the header."""
        return self.labels.top if self.own_header else 0

    @property
    def first_row(self) -> int:
        """First row below the header."""
        return self.labels.top + self.labels.levels if self.own_header else 0

    @property
    def headers(self) -> tuple[str, ...]:
        """What each column is called, for people."""
        return self.labels.shown

    @property
    def header_rows(self) -> tuple[int, ...]:
        """Column -> row of its header cell, the lowest that says something."""
        return self.labels.rows

    @property
    def id_column(self) -> int:
        return self.match.fields[self.listing.id_field]

    @property
    def name_column(self) -> int:
        return self.match.fields[self.listing.name_field]

    @property
    def whole(self) -> bool:
        """Whether the needed columns, own ID and name, are there."""
        return not self.missing()

    def missing(self) -> list[str]:
        """Headers of needed columns that are not there."""
        needed = (self.listing.name_field, self.listing.id_field)
        return [self.listing.fields[f].headers[0].rpartition(LEVEL)[2].strip() for f in needed if f not in self.match.fields]

    def titles(self) -> list[str]:
        """Texts above the header: over its own columns if there are any, else over all."""
        rows = [self.grid.row(r) for r in range(self.above, self.top)]
        own = [t for row in rows for t in row[self.left : self.right] if t.strip()]
        return own or [t for row in rows for t in row if t.strip()]


def candidates(strip: Strip, header: Labels, above: int = 0) -> list[Candidate]:
    """Every list that a header could be, needed columns or not.

    Args:
        above: first row of its titles.
    """
    grid, left, right = strip.grid, strip.left, strip.right
    paths = tuple(p if left <= c < right else "" for c, p in enumerate(header.paths))
    if paths in strip.search.vain:
        return []
    values = cache(lambda column: values_of(grid.columns[column], header.top + header.levels))
    titles = (t for r in range(above, header.top) for t in grid.row(r) if t.strip())
    unit = next((u for t in titles if (u := unit_of_title(t)) is not None), None)
    found = []
    for code, one in load_lists().items():
        fitted = match(paths, one, values, settled(strip.settled, code, paths), unit, header.texts)
        found.append(Candidate(grid, header, fitted, left, right, above, grid.height))
    if not any(c.whole for c in found):
        strip.search.vain.add(paths)
    return found


def at_row(strip: Strip, top: int, above: int = 0, least: int = 1) -> list[Candidate]:
    """Every list that a header beginning at a row could be, with at least that many levels."""
    found: list[Candidate] = []
    for levels in range(least, min(LEVELS, strip.grid.height - top) + 1):
        if levels > 1 and (holds_values(below := strip.row(top + levels - 1)) or not any(t.strip() for t in below)):
            break
        found += candidates(strip, labels(strip.grid, top, levels), above)
    return found


def best(found: Sequence[Candidate]) -> Candidate | None:
    """The candidate that explains the header best; between equals the one with fewer levels, then the first of the catalogue."""
    whole = [c for c in found if c.whole]
    return max(whole, key=lambda c: (c.match.score, -c.labels.levels), default=None)


def rivals(found: Sequence[Candidate], chosen: Candidate, share: float = 1.0) -> list[Candidate]:
    """Candidates for the same header that explain it equally well, or at least that share as well."""
    return [c for c in found if c.whole and c.labels is chosen.labels and c.match.score >= share * chosen.match.score]
