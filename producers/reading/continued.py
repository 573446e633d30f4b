"""A sheet without a header that goes on with the list of the sheet before: taken only when its columns hold the same kinds of values."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from contracts.codes import load_tables
from contracts.lists import ListField
from contracts.values.cells import Cells, nulls
from contracts.values.text import squeeze
from producers.reading.grid import Grid
from producers.reading.layout import Placed
from producers.reading.phrases import is_name
from producers.reading.recognise import Candidate
from producers.reading.rows import data_rows

_OTHERWISE = re.compile(r"退出|取消|注销|死亡|停发|迁出|渐退|作废|历史|上月|旧|备份|删除|示例|不符|否定")
"""Words by which a sheet says that its rows are none of the list before."""

_LOOKED_AT = 200
_MOSTLY = 0.8
"""Share of the values of a column that must be of a kind which it had before."""

_FILLED = 0.6
"""Of the columns that were filled before, how many must be at least."""

_COLUMNS = 0.9
"""Share of the columns of which that must hold."""

_KINDS = (
    ("number of a person", re.compile(r"\W*[0-9]{6}[0-9Xx*]{6,14}|[0-9]\.[0-9]+[eE]\+?1[0-9]")),
    ("long number", re.compile(r"[0-9]{9,}")),
    ("day", re.compile(r"(?:19|20)[0-9]{2}[-./年]?[0-9]{1,2}(?:[-./月]?[0-9]{0,2}日?)?")),
    ("number", re.compile(r"-?[0-9]+(?:\.[0-9]+)?")),
)


def continued(grid: Grid, before: Placed) -> Placed | None:
    """The rows of a sheet under the header of the one before; None when it is not sure that they belong there."""
    old = before.table
    if _OTHERWISE.search(grid.name) and not _OTHERWISE.search(old.grid.name):
        return None
    width = len(old.grid.columns)
    if not len(before.rows.data) or not max(old.id_column, old.name_column) < _width(grid) <= _width(old.grid):
        return None
    missing = Cells(nulls(grid.height, pl.String))
    here = replace(grid, columns=(*grid.columns[:width], *[missing] * (width - len(grid.columns))))
    table = replace(old, grid=here, above=0, bottom=grid.height, own_header=False)
    rows = data_rows(table, lambda _: False)
    if not len(rows.data) or rows.end < grid.height or not _same(table, rows.data.head(_LOOKED_AT).to_list(), before):
        return None
    return Placed(table, rows)


def _width(grid: Grid) -> int:
    return max((c + 1 for c, cells in enumerate(grid.columns) if cells.text.is_not_null().any()), default=0)


def _same(table: Candidate, rows: list[int], before: Placed) -> bool:
    """Numbers and names where they were, and hardly a column that holds what it did not hold before."""
    here = table.grid.rows(rows)
    there = before.table.grid.rows(before.rows.data.head(_LOOKED_AT).to_list())
    numbers = [squeeze(r[table.id_column] or "") for r in here]
    names = [squeeze(r[table.name_column] or "") for r in here]
    if sum(bool(_KINDS[0][1].match(n)) for n in numbers) < _MOSTLY * len(here):
        return False
    if sum(is_name(n) or not n for n in names) < _MOSTLY * len(here) or not any(names):
        return False
    by_column = {column: table.listing.fields[name] for name, column in table.match.fields.items()}
    mine, theirs = ([[squeeze(t) for r in rows if (t := r[c])] for c in range(table.right)] for rows in (here, there))
    if sum(map(bool, mine)) < _FILLED * sum(map(bool, theirs)):
        return False
    told = [_alike(mine[c], theirs[c], by_column.get(c)) for c in range(table.left, table.right) if mine[c] and theirs[c]]
    return sum(told) >= _COLUMNS * len(told)


def _alike(here: list[str], there: list[str], field: ListField | None) -> bool:
    """Whether a column holds the same kinds of values, of a column of code words such words."""
    if field is not None and field.table is not None:
        table = load_tables()[field.table]
        return sum(table.code_of(t) is not None or t in there for t in here) >= _MOSTLY * len(here)
    kinds = set(map(_kind, there))
    return sum(_kind(t) in kinds for t in here) >= _MOSTLY * len(here)


def _kind(text: str) -> str:
    return next((name for name, pattern in _KINDS if pattern.fullmatch(text)), "words")
