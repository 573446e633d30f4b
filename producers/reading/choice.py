"""Choosing the lists of a file among what its headers could mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.codes import load_tables
from contracts.errors import ExchangeError
from contracts.lists import SourceList
from contracts.lists.headers import LEVEL
from contracts.values.text import squeeze
from producers.reading.grid import Grid
from producers.reading.recognise import Candidate, best, candidates, rivals
from producers.reading.rows import says_nil

_MAX_COLUMNS = 1_000
"""Columns with something in them; the widest list known has fifty."""

_NEAR = 0.8
"""The list a file was sent as is taken when it explains the header at least this well against the best."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes:
        tables: where lists stand; unread: sheets that hold something and were recognised as nothing.
        titles: texts above the headers.
        nil: an explicit empty report without any header.
    """

    tables: tuple[Candidate, ...]
    unread: tuple[Grid, ...]
    titles: tuple[str, ...]
    nil: bool = False


def choose(grids: Sequence[Grid], named: SourceList | None, file_name: str) -> Choice:
    """Find the lists of a file's visible sheets.

    Raises:
        ExchangeError: E-FILE-EMPTY nothing in any sheet, E-FILE-TEMPLATE the named list (or any) is not in it, E-FILE-LIST it
            could be several.
    """
    filled = [g for g in grids if any(c.text.is_not_null().any() for c in g.columns)]
    if not filled:
        raise ExchangeError("E-FILE-EMPTY")
    widest = max(sum(bool(c.text.is_not_null().any()) for c in g.columns) for g in filled)
    if widest > _MAX_COLUMNS:
        raise ExchangeError("E-FILE-SIZE", size=f"{widest} columns", limit=f"{_MAX_COLUMNS}")
    tables: list[Candidate] = []
    unread: list[Grid] = []
    nearest: list[Candidate] = []
    for grid in filled:
        found = list(candidates(grid))
        nearest += found
        chosen = _of_sheet(found, named, file_name)
        if chosen is None:
            unread.append(grid)
        else:
            tables.append(chosen)
    if named is not None and all(t.listing is not named for t in tables):
        if not tables and any(_nil_without_header(g) for g in filled):
            return Choice((), (), tuple(t for g in filled for r in range(min(g.height, 20)) for t in g.row(r) if t.strip()), nil=True)
        raise _not_there([c for c in nearest if c.listing is named], named.code)
    if not tables:
        raise _not_there(nearest, "LIST")
    return Choice(
        tuple(tables), tuple(unread), tuple(t for table in tables for r in range(table.top) for t in table.grid.row(r) if t.strip())
    )


def _of_sheet(found: Sequence[Candidate], named: SourceList | None, file_name: str) -> Candidate | None:
    chosen = best(found)
    if chosen is None:
        return None
    equals = rivals(found, chosen)
    mine = best([c for c in found if c.listing is named])
    if mine is not None and mine.match.score >= _NEAR * chosen.match.score:
        by_rows = _by_rows(rivals(found, mine))
        return by_rows or mine
    if len(equals) == 1:
        return chosen
    by_rows = _by_rows(equals) or _by_title(equals, file_name)
    if by_rows is None:
        raise ExchangeError("E-FILE-LIST", lists=", ".join(c.listing.code for c in equals))
    return by_rows


def _by_rows(equals: Sequence[Candidate]) -> Candidate | None:
    """The one whose code most rows have in the column that decides."""
    counts: dict[str, int] = {}
    for candidate in equals:
        decides = candidate.listing.decides
        if decides is None or decides[0] not in candidate.match.fields:
            continue
        table = load_tables()[candidate.listing.fields[decides[0]].table or ""]
        text = candidate.grid.columns[candidate.match.fields[decides[0]]].text.slice(candidate.first_row).drop_nulls()
        for word, count in text.value_counts().iter_rows():
            if table.code_of(squeeze(word)) == decides[1]:
                counts[candidate.listing.code] = counts.get(candidate.listing.code, 0) + count
    if not counts:
        return None
    most = max(counts, key=lambda c: counts[c])
    return next(c for c in equals if c.listing.code == most) if counts[most] * 2 > sum(counts.values()) else None


def _by_title(equals: Sequence[Candidate], file_name: str) -> Candidate | None:
    first = equals[0]
    titles = [t for r in range(first.top) for t in first.grid.row(r) if t.strip()]
    for text in (*titles, first.grid.name, file_name):
        hits = [c for c in equals if any(w in squeeze(text) for w in c.listing.titles)]
        if len(hits) == 1:
            return hits[0]
    return None


def _nil_without_header(grid: Grid) -> bool:
    texts = [t for c in grid.columns for t in c.text.drop_nulls().to_list()] if grid.height <= 50 else []
    return any(says_nil(t) for t in texts) and not any(len(t) >= 15 and t[:15].isdigit() for t in map(squeeze, texts))


def _not_there(found: Sequence[Candidate], code: str) -> ExchangeError:
    near = max(found, key=lambda c: c.match.score, default=None)
    if near is None:
        return ExchangeError("E-FILE-TEMPLATE", missing="姓名、身份证号", list=code)
    missing = near.missing() or [
        f.headers[0].rpartition(LEVEL)[2].strip() for f in near.listing.fields.values() if f.headers and f.name not in near.match.fields
    ]
    return ExchangeError(
        "E-FILE-TEMPLATE", missing="、".join(missing[:6]) or "姓名、身份证号", list=code if code != "LIST" else near.listing.code
    )
