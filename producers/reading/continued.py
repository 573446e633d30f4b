"""A sheet without a header that goes on with the list of the sheet before: taken only when its columns hold the same kinds of values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from contracts.codes import load_tables
from contracts.lists import ListField
from contracts.values.text import squeeze
from producers.reading.grid import Grid
from producers.reading.layout import Placed
from producers.reading.phrases import is_name
from producers.reading.recognise import Candidate
from producers.reading.rows import data_rows

_OTHERWISE = re.compile(r"退出|取消|注销|死亡|停发|迁出|渐退|作废|历史|上月|旧|备份|删除|示例|不符|否定")
"""Words by which a sheet says that its rows are none of the list before."""

_LOOKED_AT = 200
_MOSTLY = 0.95
_KINDS = (
    ("number of a person", re.compile(r"'?[0-9]{17}[0-9Xx]|[0-9]{15}")),
    ("long number", re.compile(r"[0-9]{9,}")),
    ("day", re.compile(r"(?:19|20)[0-9]{2}[-./年]?[0-9]{1,2}(?:[-./月]?[0-9]{0,2}日?)?")),
    ("number", re.compile(r"-?[0-9]+(?:\.[0-9]+)?")),
)


def continued(grid: Grid, before: Placed) -> Placed | None:
    """The rows of a sheet under the header of the one before; None when it is not sure that they belong there."""
    old = before.table
    if _OTHERWISE.search(grid.name) and not _OTHERWISE.search(old.grid.name):
        return None
    if len(grid.columns) < max(old.id_column, old.name_column) + 1 or not len(before.rows.data) or _width(grid) != _width(old.grid):
        return None
    table = replace(old, grid=grid, above=0, bottom=grid.height, own_header=False)
    rows = data_rows(table, lambda _: True)
    if not len(rows.data) or rows.end < grid.height or not _same(table, rows.data.head(_LOOKED_AT).to_list(), before):
        return None
    return Placed(table, rows)


def _width(grid: Grid) -> int:
    return max((c + 1 for c, cells in enumerate(grid.columns) if cells.text.is_not_null().any()), default=0)


def _same(table: Candidate, rows: list[int], before: Placed) -> bool:
    here = table.grid.rows(rows)
    there = before.table.grid.rows(before.rows.data.head(_LOOKED_AT).to_list())
    numbers = [squeeze(r[table.id_column] or "") for r in here]
    names = [squeeze(r[table.name_column] or "") for r in here]
    if sum(bool(_KINDS[0][1].match(n)) for n in numbers) < _MOSTLY * len(here) or sum(map(is_name, names)) < _MOSTLY * len(here):
        return False
    by_column = {column: table.listing.fields[name] for name, column in table.match.fields.items()}
    return all(
        _alike([r[c] for r in here if r[c]], [r[c] for r in there if r[c]], by_column.get(c))
        for c in range(table.left, min(table.right, len(table.grid.columns)))
        if c not in (table.id_column, table.name_column)
    )


def _alike(here: list[str | None], there: list[str | None], field: ListField | None) -> bool:
    """Whether a column holds the same kinds of values; of a column of code words, words of its own table."""
    mine = [squeeze(t) for t in here if t]
    theirs = [squeeze(t) for t in there if t]
    if not mine or not theirs:
        return True
    if field is not None and field.table is not None:
        table = load_tables()[field.table]
        return sum(table.code_of(t) is not None or t in theirs for t in mine) >= _MOSTLY * len(mine)
    return Counter(map(_kind, mine)).most_common(1)[0][0] == Counter(map(_kind, theirs)).most_common(1)[0][0]


def _kind(text: str) -> str:
    return next((name for name, pattern in _KINDS if pattern.fullmatch(text)), "words")
