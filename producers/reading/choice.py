"""Choosing the lists of a file among what its headers could mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.codes import load_tables
from contracts.errors import ExchangeError
from contracts.ids import Period
from contracts.lists import SourceList
from contracts.lists.headers import LEVEL
from contracts.lists.titles import speaks_of
from contracts.values.text import squeeze
from producers.reading.continued import continued
from producers.reading.grid import Grid
from producers.reading.layout import Doubt, Layout, Placed, layout_of, says_persons
from producers.reading.period import stated_in
from producers.reading.phrases import says_nil
from producers.reading.recognise import Candidate, Search, Settled, best, rivals

_MAX_COLUMNS = 1_000
"""Columns with something in them; the widest list known has fifty."""

_NEAR = 0.8
"""The list a file was sent as is taken when it explains the header at least this well against the best."""

_NEARLY = 0.9
"""A title decides between lists that explain the header this well against the best."""

_TITLED = 0.5
"""The list a file was sent as is taken when its title says so and it explains the header at least this well against the best."""

_ASIDE = re.compile(r"封面|说明|字典|示例|样例|样表|范例|模板|下拉|选项|参数|数据源|目录|须知|填表")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes:
        tables: where lists stand, in the order of the file.
        unread: sheets that hold something and were recognised as nothing; other_month: sheets that are another month's.
        doubts: headers in sheets that were read that nobody knows.
        titles: texts above the headers.
        nil: an explicit empty report without any header.
    """

    tables: tuple[Placed, ...]
    unread: tuple[Grid, ...]
    titles: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    other_month: tuple[Grid, ...] = ()
    nil: bool = False


def choose(
    grids: Sequence[Grid], named: SourceList | None, file_name: str, period: Period | None = None, settled: Settled = ()
) -> Choice:
    """Find the lists of a file's visible sheets.

    Args:
        period: the month it was sent for, where that is said.
        settled: what a person confirmed of headers.

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
    search = Search()
    layouts = {g.name: layout_of(g, lambda found: _decide(found, named, file_name), settled, search) for g in filled}
    layouts, aside = _without_examples(filled, layouts)
    layouts, other = _of_month(filled, layouts, period)
    _continue(filled, layouts, {*aside, *other})
    tables = [t for g in filled for t in layouts[g.name].tables]
    doubts = [d for g in filled for d in layouts[g.name].doubts]
    if named is not None and all(t.table.listing is not named for t in tables):
        if not tables and any(_nil_without_header(g) for g in filled):
            return Choice((), (), tuple(t for g in filled for r in range(min(g.height, 20)) for t in g.row(r) if t.strip()), nil=True)
        raise _not_there([c for la in layouts.values() for c in la.nearest.values() if c.listing is named], named.code)
    unsure = [d for d in doubts if d.lists]
    if unsure and (named is None or not tables or any(says_persons(d.grid, d.row, d.grid.height) for d in unsure)):
        raise ExchangeError("E-FILE-LIST", lists=", ".join(unsure[0].lists))
    if not tables:
        raise _not_there([c for la in layouts.values() for c in la.nearest.values()], "LIST")
    return Choice(
        tuple(tables),
        tuple(g for g in filled if not layouts[g.name].tables and g.name not in other),
        tuple(t for placed in tables for t in placed.table.titles()),
        tuple(d for d in doubts if layouts[d.grid.name].tables),
        tuple(g for g in filled if g.name in other),
    )


def nearest(grids: Sequence[Grid], named: SourceList, file_name: str, settled: Settled = ()) -> list[Candidate]:
    """Where a list stands in a file, whole or not; the place that comes nearest to it where it is nowhere whole."""
    search = Search()
    layouts = [layout_of(g, lambda found: _decide(found, named, file_name), settled, search) for g in grids]
    whole = [t.table for la in layouts for t in la.tables if t.table.listing is named]
    near = [c for la in layouts for c in la.nearest.values() if c.listing is named and c.match.fields]
    return whole or sorted(near, key=lambda c: -c.match.score)[:1]


def _without_examples(grids: Sequence[Grid], layouts: dict[str, Layout]) -> tuple[dict[str, Layout], set[str]]:
    """Sheets that by their name explain or show how to fill in a list are none where another sheet has the list."""
    aside = {g.name for g in grids if _ASIDE.search(g.name)}
    held = {t.table.listing.code for name, la in layouts.items() if name not in aside for t in la.tables}
    gone = {n for n in aside if layouts[n].tables and all(t.table.listing.code in held for t in layouts[n].tables)}
    return {name: Layout() if name in gone else la for name, la in layouts.items()}, aside if held else set()


def _of_month(grids: Sequence[Grid], layouts: dict[str, Layout], period: Period | None) -> tuple[dict[str, Layout], set[str]]:
    """Of sheets that are named by month, those of the month that is asked for."""
    if period is None:
        return layouts, set()
    stated = {g.name: s for g in grids if layouts[g.name].tables and (s := stated_in(g.name)) and len(squeeze(g.name)) <= 12}
    if not any(any(m.agrees(period) for m in s) for s in stated.values()):
        return layouts, set()
    other = {name for name, s in stated.items() if not any(m.agrees(period) for m in s)}
    return {name: Layout() if name in other else la for name, la in layouts.items()}, other


def _continue(grids: Sequence[Grid], layouts: dict[str, Layout], passed: set[str]) -> None:
    """Sheets without a header that go on with the list of the sheet before."""
    before: Layout | None = None
    for grid in grids:
        mine = layouts[grid.name]
        if mine.tables:
            before = mine
        elif before is not None and len(before.tables) == 1 and not mine.doubts and grid.name not in passed:
            placed = continued(grid, before.tables[0])
            mine.tables += [placed] if placed else []


def _decide(found: Sequence[Candidate], named: SourceList | None, file_name: str) -> Candidate | tuple[str, ...]:
    chosen = best(found)
    assert chosen is not None  # noqa: S101  only whole candidates come here
    mine = best([c for c in found if c.listing is named])
    if mine is not None:
        share = mine.match.score / chosen.match.score
        if share >= _NEAR or (share >= _TITLED and _by_title([chosen, mine]) is mine):
            return _by_rows(rivals(found, mine)) or mine
    equals, near = rivals(found, chosen), rivals(found, chosen, _NEARLY)
    if len(near) > len(equals):
        titled = _by_title(near, file_name)
        equals = rivals(near, titled) if titled is not None else equals
    if len(equals) == 1:
        return equals[0]
    return _by_rows(equals) or _by_title(equals, file_name) or _of_family(equals, named) or tuple(c.listing.code for c in equals)


def _of_family(equals: Sequence[Candidate], named: SourceList | None) -> Candidate | None:
    """The persons of the households whose list the file was sent as, or the other way round."""
    if named is None:
        return None
    family = named.code.rpartition("_")[0]
    kin = [c for c in equals if family and c.listing.code.rpartition("_")[0] == family]
    return kin[0] if len(kin) == 1 else None


def _by_rows(equals: Sequence[Candidate]) -> Candidate | None:
    """The one whose code most rows have in the column that decides."""
    counts: dict[str, int] = {}
    for candidate in equals:
        decides = candidate.listing.decides
        if decides is None or decides[0] not in candidate.match.fields:
            continue
        table = load_tables()[candidate.listing.fields[decides[0]].table or ""]
        column = candidate.grid.columns[candidate.match.fields[decides[0]]].text
        text = column.slice(candidate.first_row, candidate.bottom - candidate.first_row).drop_nulls()
        for word, count in text.value_counts().iter_rows():
            if table.code_of(squeeze(word)) == decides[1]:
                counts[candidate.listing.code] = counts.get(candidate.listing.code, 0) + count
    if not counts:
        return None
    most = max(counts, key=lambda c: counts[c])
    return next(c for c in equals if c.listing.code == most) if counts[most] * 2 > sum(counts.values()) else None


def _by_title(equals: Sequence[Candidate], file_name: str = "") -> Candidate | None:
    first = equals[0]
    for text in (*reversed(first.titles()), first.grid.name, file_name):
        said = [(speaks_of(c.listing, text), c) for c in equals]
        most = max(length for length, _ in said)
        longest = [c for length, c in said if length == most]
        if most and len({c.listing.code for c in longest}) == 1:
            return longest[0]
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
