"""From the places where a list stands in a file to its canonical frames and findings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from contracts.catalogue import entries
from contracts.checks import Table
from contracts.codes.areas import AreaTable
from contracts.findings import Finding
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.lists import SourceList
from contracts.values.cells import Cells, Mark, flags, nulls, put
from contracts.values.numbers import in_yuan
from producers.reading.fields import fill
from producers.reading.grid import cell_name
from producers.reading.recognise import Candidate
from producers.reading.spread import spread
from producers.reading.towns import towns_of

_BATCH = 16_384
_RANK = {"error": 0, "warning": 1, "fixed": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """One place where a list stands: a header and the data rows below it (positions in the sheet)."""

    table: Candidate
    rows: pl.Series

    def columns(self) -> dict[str, int]:
        """Field -> column; `members` is the column of numbers, `members#1` that of names."""
        found = dict(self.table.match.fields)
        for field, column in self.table.match.partners.items():
            if field in found:
                found[f"{field}#1"] = found[field]
            found[field] = column
        return found

    def _pick(self, series: pl.Series) -> pl.Series:
        """The data rows of a column, without a copy when they stand together."""
        if len(self.rows) and self.rows[-1] - self.rows[0] + 1 == len(self.rows):
            return series.slice(self.rows[0], len(self.rows))
        return series.gather(self.rows)

    def cells(self, column: int) -> tuple[Cells, dict[str, pl.Series]]:
        """Cells of a column at the data rows, formulas and errors emptied; and where those were (positions among the data rows)."""
        whole = self.table.grid.columns[column]
        text = self._pick(whole.text)
        kind = None if whole.kind is None else self._pick(whole.kind)
        extras = self.table.grid.extras
        found = {}
        for code, places in (("E-FILE-FORMULA", extras.formulas), ("E-CELL", extras.errors)):
            here = [row for row, c in places if c == column]
            if here:
                hit = self.rows.is_in(here).arg_true()
                if len(hit):
                    found[code] = hit
                    text = put(text, hit, None)
        return Cells(text, kind), found


@dataclass(frozen=True, slots=True)
class Built:
    """A list as read: frames and findings, the findings with their place for sorting."""

    list: SourceList
    accepted: pl.DataFrame
    rejected: pl.DataFrame
    findings: tuple[tuple[tuple[int, int, int], Finding], ...]
    notes: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading a list needs beside its cells."""

    file: str
    period: Period | None
    areas: AreaTable | None
    previous: Mapping[str, ListFrames]
    order: Mapping[str, int]


def build(listing: SourceList, parts: Sequence[Part], around: Surroundings) -> Built:
    """Read all parts of one list as one table: numbers are unique across sheets, heads may stand in another."""
    blocked: list[tuple[str, Mark]] = []
    cells: dict[str, Cells] = {}
    offsets = _offsets(parts)
    length = offsets.pop()
    for name in {n for p in parts for n in p.columns()}:
        columns = [_cells(p, name, offset, blocked) for p, offset in zip(parts, offsets, strict=True)]
        cells[name] = _joined(columns)
    place = _Place(parts, offsets)
    towns = towns_of(parts, around)
    table = Table(listing, length, cells, {}, blocked, place.of_id(listing), around.period, around.areas, around.previous, towns)
    empty = spread(table, parts, offsets)
    if "town" in listing.fields and listing.fields["town"].type == "place" and "town" not in cells and towns is not None:
        cells["town"] = Cells(towns)
    fill(table)
    _quieten(table, empty)
    found, codes = _findings(table, place, around.order)
    return Built(listing, *_frames(table, place, codes, around.file), found, tuple(table.notes))


def _offsets(parts: Sequence[Part]) -> list[int]:
    found = [0]
    for part in parts:
        found.append(found[-1] + len(part.rows))
    return found


def _cells(part: Part, name: str, offset: int, blocked: list[tuple[str, Mark]]) -> Cells:
    column = part.columns().get(name)
    if column is None:
        return Cells(nulls(len(part.rows), pl.String))
    cells, found = part.cells(column)
    key = f"{name.removesuffix('#1')}@{name}" if "#" in name else name
    blocked += [(key, Mark(code, rows + offset)) for code, rows in found.items()]
    yuan = part.table.match.yuan.get(column)
    return in_yuan(cells, yuan) if yuan else cells


def _joined(columns: Sequence[Cells]) -> Cells:
    if len(columns) == 1:
        return columns[0]
    typed = any(c.kind is not None for c in columns)
    kinds = [pl.Series([0], dtype=pl.UInt8).new_from_index(0, len(c)) if c.kind is None else c.kind for c in columns] if typed else []
    return Cells(pl.concat([c.text for c in columns]), pl.concat(kinds) if typed else None)


def _quieten(table: Table, empty: Mapping[str, pl.Series]) -> None:
    """A remark about a value that holds for several rows stands once, at the cell that holds it."""
    for index, (name, mark) in enumerate(table.marks):
        field = name.partition("@")[0]
        if field not in empty or mark.quiet:
            continue
        inherited = empty[field].gather(mark.rows)
        if inherited.any():
            own = (~inherited).arg_true().to_list()
            each = None if mark.each is None else [mark.each[i] for i in own]
            after = None if mark.after is None else [mark.after[i] for i in own]
            table.marks[index] = (name, Mark(mark.code, mark.rows.filter(~inherited), mark.facts, each, after))
            table.marks.append((name, Mark(mark.code, mark.rows.filter(inherited), mark.facts, quiet=True)))


class _Place:
    """Rows of the table -> places in the file."""

    def __init__(self, parts: Sequence[Part], offsets: Sequence[int]) -> None:
        self.parts = parts
        self.columns = [p.columns() for p in parts]
        self.index = [i for i, p in enumerate(parts) for _ in range(len(p.rows))]
        self.row = [r for p in parts for r in p.rows.to_list()]
        self.offsets = offsets

    def sheet(self, row: int) -> str:
        return self.parts[self.index[row]].table.grid.name

    def column(self, row: int, field: str) -> int | None:
        return self.columns[self.index[row]].get(field)

    def header(self, row: int, column: int) -> str:
        return self.parts[self.index[row]].table.headers[column]

    def of_id(self, listing: SourceList) -> Callable[[int], str]:
        """For messages: where a row's own ID stands, with the sheet's name when there are several."""

        def name(row: int) -> str:
            cell = cell_name(self.row[row], self.column(row, listing.id_field) or 0)
            return cell if len({p.table.grid.name for p in self.parts}) == 1 else f"{self.sheet(row)}!{cell}"

        return name


def _findings(
    table: Table, place: _Place, order: Mapping[str, int]
) -> tuple[tuple[tuple[tuple[int, int, int], Finding], ...], dict[int, list[str]]]:
    """One finding a cell, the most serious; and the error codes of each rejected row."""
    known = entries()
    best: dict[tuple[int, int, int], tuple[int, int, Finding]] = {}
    codes: dict[int, list[str]] = {}
    shared: dict[tuple[tuple[str, str | int], ...], Mapping[str, str | int]] = {}
    for key, mark in table.marks:
        field, _, at = key.partition("@")
        rank = _RANK[known[mark.code].severity]
        personal = table.listing.fields[field].personal
        for n, row in enumerate(mark.rows.to_list()):
            column = place.column(row, at or field)
            if rank == 0 and (mark.quiet or column is None):
                codes.setdefault(row, []).append(mark.code)
            if mark.quiet:
                continue
            if column is None:
                column = place.column(row, table.listing.id_field) or 0
            sheet = place.sheet(row)
            where = (order[sheet], place.row[row], column)
            if where in best and best[where][0] <= rank:
                continue
            facts: Mapping[str, str | int] = {"column": place.header(row, column), **mark.facts, **(mark.each[n] if mark.each else {})}
            facts = shared.setdefault(tuple(facts.items()), facts)  # a million findings say a handful of things
            after = mark.after[n] if mark.after and not personal else None
            best[where] = (rank, row, Finding(sheet, cell_name(place.row[row], column), mark.code, field, facts, after))
    for rank, row, finding in best.values():
        if rank == 0:
            codes.setdefault(row, []).append(finding.code)
    return tuple((where, finding) for where, (_, _, finding) in best.items()), codes


def _frames(table: Table, place: _Place, codes: Mapping[int, list[str]], file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accepted and rejected rows, a column after the other: the whole list never stands twice in memory."""
    bad = sorted(codes)
    mask = flags(table.length, pl.Series(bad, dtype=pl.UInt32))
    good = ~mask
    accepted: dict[str, pl.Series] = {}
    rejected: dict[str, pl.Series] = {}
    assert isinstance(table.cells, dict)  # noqa: S101  built above; what was read from it is no longer needed
    table.cells.clear()
    for name, column in _columns(table, place, file):
        accepted[name] = column.filter(good) if bad else column
        rejected[name] = column.filter(mask)
    rejected["_codes"] = pl.Series([sorted(set(codes[r])) for r in bad], dtype=pl.List(pl.String))
    rejected["_raw"] = pl.Series(_raw(place, bad), dtype=pl.String)
    return pl.DataFrame(accepted), pl.DataFrame(rejected)


def _columns(table: Table, place: _Place, file: str) -> Iterator[tuple[str, pl.Series]]:
    """Place of the rows, then the fields, each given up as it is taken."""
    yield "_sheet", pl.concat([pl.Series([p.table.grid.name], dtype=pl.String).new_from_index(0, len(p.rows)) for p in place.parts])
    yield "_row", pl.concat([p.rows.cast(pl.Int32) + 1 for p in place.parts])
    yield "_file", pl.Series([file], dtype=pl.String).new_from_index(0, table.length)
    for name in table.listing.fields:
        yield name, table.value(name)
        table.values.pop(name, None)


def _raw(place: _Place, rows: Sequence[int]) -> list[str]:
    """The whole rows as filed, as JSON arrays of texts."""
    found: dict[int, str] = {}
    for number, part in enumerate(place.parts):
        mine = [r for r in rows if place.index[r] == number]
        left, right = part.table.left, part.table.right
        for here in (mine[i : i + _BATCH] for i in range(0, len(mine), _BATCH)):  # their cells as Python objects are many times as big
            for row, texts in zip(here, part.table.grid.rows([place.row[r] for r in here]), strict=True):
                own = [t if left <= c < right else None for c, t in enumerate(texts)]
                found[row] = json.dumps(own, ensure_ascii=False)
    return [found[r] for r in rows]
