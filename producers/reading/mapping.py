"""How the headers of a file were understood, for a person to look at and to settle what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.lists import SourceList
from contracts.lists.headers import Reason, ours
from contracts.lists.layouts import Layout
from contracts.lists.source import source_list
from producers.reading.choice import nearest
from producers.reading.content import read_grids
from producers.reading.grid import cell_name, letters
from producers.reading.recognise import Candidate
from producers.reading.sheets import harmless


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list in a file.

    Attributes:
        cell: of its header; header: what it is called, for people; path: the same in the spelling that is remembered.
        reason: the field it is taken for, and why; None when it is not read.
        carried: False for a column that the list knows and does not read.
        could_be: what it could be, while it is not read.
    """

    cell: str
    letters: str
    header: str
    path: str
    reason: Reason | None
    carried: bool
    could_be: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """A list where it stands in a file, column by column.

    Attributes:
        missing: headers of needed columns that no column is taken for.
    """

    list: str
    sheet: str
    columns: tuple[Column, ...]
    missing: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(c.path for c in self.columns)


def understand(path: Path, as_list: str, layouts: Sequence[Layout] = ()) -> tuple[Understood, ...]:
    """How the headers of a list in a file are understood, wherever it stands; the nearest to it where it is nowhere whole.

    Raises:
        ExchangeError: E-LIST; E-FILE-*, the file cannot be read, or nothing in it looks like a header of that list.
        OSError: the file cannot be read at all.
    """
    listing = source_list(as_list)
    found = nearest([g for g in read_grids(path) if g.visible], listing, path.name, layouts)
    if not found:
        raise ExchangeError("E-FILE-TEMPLATE", missing=listing.fields[listing.id_field].headers[0], list=as_list)
    return tuple(_understood(c, listing) for c in found)


def _understood(found: Candidate, listing: SourceList) -> Understood:
    columns = [
        _column(found, c) for c in range(found.left, found.right) if found.labels.paths[c] and not ours(found.labels.paths[c])
    ]
    return Understood(listing.code, found.grid.name, tuple(columns), tuple(found.missing()))


def _column(found: Candidate, column: int) -> Column:
    match = found.match
    return Column(
        cell_name(found.header_rows[column], column),
        letters(column),
        harmless(found.headers[column]),
        found.labels.paths[column],
        match.reasons.get(column),
        column not in match.known,
        match.doubts.get(column, ()),
    )
