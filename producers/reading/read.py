"""Read one file: what lists are in it, what of them is good, and what is to be mended, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from contracts.checks.places import town_named
from contracts.codes.areas import AreaTable
from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.frames import ListFrames, ListState
from contracts.ids import Period
from contracts.lists import SourceList
from contracts.lists.layouts import Layout
from contracts.lists.source import source_list
from contracts.values.dates import read_month
from contracts.values.text import squeeze
from producers.reading.assembly import Built, Part, Surroundings, build
from producers.reading.choice import Choice, choose
from producers.reading.content import read_grids
from producers.reading.grid import Grid
from producers.reading.layout import says_persons
from producers.reading.period import conflict, found_in
from producers.reading.phrases import says_nil
from producers.reading.recognise import Candidate
from producers.reading.sheets import one_a_cell, sheet_findings

Verdict = Literal["CLEAN", "ACCEPT", "ACCEPT_PARTIAL", "HOLD", "NIL", "REJECT_FILE", "REFERENCE"]

HELD_ABOVE = 0.05
"""Share of rejected rows above which a file is held."""


@dataclass(frozen=True, slots=True)
class Table:
    """One list of a file. Columns of the frames as in `contracts.frames.ListFrames`."""

    list: str
    accepted: pl.DataFrame
    rejected: pl.DataFrame

    def frames(self, period: Period, state: ListState) -> ListFrames:
        """The same as a home keeps it."""
        return ListFrames(self.list, period, state, self.accepted, self.rejected)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands in the file. Rows and columns count from 0.

    Attributes:
        header_row: the lowest row of the header.
        columns: field -> column; `members#1` is the column of the members' names.
        headers: what each column is called.
    """

    list: str
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says.

    Attributes:
        file: its name, without folders.
        list: the list it was sent as, else the first one found; None when none was.
        lists: every list found in it.
        period: the month it is for; None when neither caller nor file says it.
        findings: in the order of sheet, row and column; about the whole file first.
        tables: one a list; empty for a refused file.
        places: where the lists stand.
        areas: of an area table.
        town: the one town that a title or the file's name speaks of, for lists delivered in parts.
    """

    file: str
    list: str | None
    period: Period | None
    lists: tuple[str, ...]
    verdict: Verdict
    nil: bool
    findings: tuple[Finding, ...]
    tables: tuple[Table, ...] = ()
    places: tuple[Place, ...] = ()
    areas: AreaTable | None = None
    town: str | None = None

    @property
    def accepted(self) -> int:
        return sum(t.accepted.height for t in self.tables)

    @property
    def rejected(self) -> int:
        return sum(t.rejected.height for t in self.tables)

    @property
    def rows(self) -> int:
        return self.accepted + self.rejected


def require_period(reading: Reading) -> Period:
    """The month of a file that is to be kept.

    Raises:
        ExchangeError: E-PERIOD-ASK, nobody said it.
    """
    if reading.period is None:
        raise ExchangeError("E-PERIOD-ASK")
    return reading.period


def read_file(
    path: Path,
    *,
    as_list: str | None = None,
    period: Period | None = None,
    areas: AreaTable | None = None,
    previous: Mapping[str, ListFrames] | None = None,
    layouts: Sequence[Layout] = (),
) -> Reading:
    """Read a workbook or table; bad content ends in findings, never in an exception.

    Args:
        path: .xlsx, .xls or .csv by content; the name serves only to find the month and the town.
        as_list: code of the list it was sent as. Every list recognised in it is read; it is refused when the named one is not in it.
        period: month it was sent for; found in the file when not given.
        areas: the county's towns and villages.
        previous: last month's frames by list code, for what can only be seen against them.
        layouts: what persons confirmed of the headers of their senders' files, the newest first.

    Raises:
        ExchangeError: E-LIST, `as_list` is no list.
        OSError: the file cannot be read at all.
    """
    named = None if as_list is None else source_list(as_list)
    try:
        return _read(_Request(path, named, period, areas, previous or {}, layouts), read_grids(path))
    except ExchangeError as refusal:
        if not refusal.code.startswith(("E-FILE-", "E-MONTH")):
            raise
        finding = Finding(None, None, refusal.code, facts=refusal.facts)
        return Reading(path.name, as_list, period, (), "REJECT_FILE", False, (finding,))  # noqa: FBT003  nil


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    named: SourceList | None
    period: Period | None
    areas: AreaTable | None
    previous: Mapping[str, ListFrames]
    layouts: Sequence[Layout]


def _read(request: _Request, grids: Sequence[Grid]) -> Reading:
    named, period, areas, file = request.named, request.period, request.areas, request.path.name
    choice = choose([g for g in grids if g.visible], named, file, period, request.layouts)
    if choice.tables and choice.tables[0].table.listing.grain == "reference":
        return _reference(file, choice.tables[0].table, period)
    parts = [Part(t.table, t.rows.data) for t in choice.tables]
    column = _months(parts)
    if period is None:
        period = found_in(choice.titles, column, request.path.stem, list({t.table.grid.name for t in choice.tables}))
    else:
        _refuse_other_month(period, choice, column)
    nil = _nobody(choice, parts, named)
    around = Surroundings(file, period, areas, request.previous, {g.name: i for i, g in enumerate(grids)})
    listings = list({t.table.listing.code: t.table.listing for t in choice.tables}.values()) or ([named] if named else [])
    built = [build(listing, mine, around) for listing in listings if (mine := [p for p in parts if p.table.listing is listing])]
    findings = sheet_findings(grids, choice, parts, around.order) + [f for b in built for f in b.findings]
    return Reading(
        file,
        named.code if named else listings[0].code,
        period,
        tuple(b.code for b in listings),
        _verdict(built, findings, nil),
        nil,
        (*_file_findings(built), *one_a_cell(findings)),
        tuple(Table(b.list.code, b.accepted, b.rejected) for b in built),
        places=tuple(Place(p.table.listing.code, p.table.grid.name, p.table.first_row - 1, p.columns(), p.table.headers) for p in parts),
        town=_town(areas, choice, request.path.stem),
    )


def _refuse_other_month(period: Period, choice: Choice, column: Counter[str] | None) -> None:
    """Every part must be of the chosen month, or say none."""
    said = [conflict(period, t.table.titles(), None, t.table.grid.name) for t in choice.tables]
    other = next((s for s in said if s is not None), None) or conflict(period, () if choice.tables else choice.titles, column)
    if other is not None:
        raise ExchangeError("E-MONTH", stated=other, chosen=str(period))


def _nobody(choice: Choice, parts: Sequence[Part], named: SourceList | None) -> bool:
    """Whether the file is an explicit empty report.

    Raises:
        ExchangeError: E-FILE-EMPTY, there is neither a row nor such a statement, in the whole file or for the list it was sent as;
            E-FILE-TEMPLATE, persons stand there but not where the header says.
    """
    said = choice.nil or any(says_nil(t) for t in choice.titles)
    if not any(len(p.rows) for p in parts):
        if said or any(t.rows.nil for t in choice.tables):
            return True
        if any(says_persons(t.table.grid, 0, t.table.grid.height) for t in choice.tables):  # somebody stands there, unread
            raise ExchangeError("E-FILE-TEMPLATE", missing="姓名、身份证号", list=choice.tables[0].table.listing.code)
        raise ExchangeError("E-FILE-EMPTY")
    mine = [t for t in choice.tables if t.table.listing is named]
    if mine and not said and not any(len(t.rows.data) or t.rows.nil for t in mine):
        raise ExchangeError("E-FILE-EMPTY")
    return False


def _verdict(built: Sequence[Built], findings: Sequence[object], nil: bool) -> Verdict:
    if nil:
        return "NIL"
    rejected = sum(b.rejected.height for b in built)
    rows = rejected + sum(b.accepted.height for b in built)
    if rejected:
        return "HOLD" if rejected > HELD_ABOVE * rows else "ACCEPT_PARTIAL"
    return "ACCEPT" if findings or _file_findings(built) else "CLEAN"


def _file_findings(built: Sequence[Built]) -> list[Finding]:
    """Remarks about the whole file, each once."""
    return list({n.code: Finding(None, None, n.code, facts=n.facts) for b in built for n in b.notes}.values())


def _months(parts: Sequence[Part]) -> Counter[str] | None:
    """How often each month stands in the month columns, where there are any."""
    found: Counter[str] = Counter()
    for part in parts:
        field = part.table.listing.month
        if field is not None and field in part.table.match.fields:
            months = read_month(part.cells(part.table.match.fields[field])[0]).values.drop_nulls()
            found.update(dict(months.value_counts().iter_rows()))
    return found or None


def _town(areas: AreaTable | None, choice: Choice, file_name: str) -> str | None:
    if areas is None:
        return None
    return town_named([choice.titles, list({t.table.grid.name for t in choice.tables}), [file_name]], areas)


def _reference(file: str, table: Candidate, period: Period | None) -> Reading:
    """An area table: no persons, no rows; what it says is in `areas`."""
    code, name = (table.grid.columns[table.match.fields[f]].text.slice(table.first_row).to_list() for f in ("code", "name"))
    if not any(code):
        raise ExchangeError("E-FILE-EMPTY")
    found = AreaTable.of([(squeeze(c or ""), n or "") for c, n in zip(code, name, strict=True)], period)
    return Reading(file, table.listing.code, period, (table.listing.code,), "REFERENCE", False, (), areas=found)  # noqa: FBT003  nil
