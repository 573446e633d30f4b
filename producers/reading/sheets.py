"""Findings about sheets, columns and rows as such: hidden ones, and columns nobody knows (rules 3 and 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from contracts.catalogue import entries
from contracts.findings import Finding
from contracts.values.text import squeeze
from producers.reading.assembly import Part
from producers.reading.choice import Choice
from producers.reading.grid import Grid, cell_name
from producers.reading.labels import strong
from producers.reading.layout import says_persons

Placed = tuple[tuple[int, int, int], Finding]
_LOOKED_AT = 60
_RANK = {"error": 0, "warning": 1, "fixed": 2}


def sheet_findings(grids: Sequence[Grid], choice: Choice, parts: Sequence[Part], order: Mapping[str, int]) -> list[Placed]:
    """Hidden sheets, sheets and blocks left unread, unknown and hidden columns, hidden rows."""
    found: list[Placed] = []
    for grid in grids:
        at = (order[grid.name], -1, -1)
        if not grid.visible and any(c.text.is_not_null().any() for c in grid.columns):
            found.append((at, Finding(grid.name, None, "W-HIDDEN", facts={"column": "工作表"})))
        elif grid in choice.other_month:
            found.append((at, Finding(grid.name, None, "W-SHEET-MONTH")))
        elif grid in choice.unread and _holds_persons(grid):
            found.append((at, Finding(grid.name, None, "W-SHEET")))
    found += [_block(d.grid, d.row, d.column, order) for d in choice.doubts]
    seen: set[tuple[str, int, str]] = set()
    for part in parts:
        table = part.table
        if says_persons(table.grid, table.above, table.top):
            found.append(_block(table.grid, table.above, table.left, order))
        found += [f for f in _columns(part, order[table.grid.name]) if _once(f, part, seen)]
        found += _rows(part, order[table.grid.name])
    return found


def _block(grid: Grid, row: int, column: int, order: Mapping[str, int]) -> Placed:
    return (order[grid.name], row, column), Finding(grid.name, cell_name(row, column), "W-BLOCK", facts={"row": row + 1})


def _once(placed: Placed, part: Part, seen: set[tuple[str, int, str]]) -> bool:
    """Of a header that is repeated down a sheet, its first place."""
    (_, _, column), finding = placed
    key = (part.table.grid.name, column, f"{finding.code} {part.table.headers[column]}")
    new = key not in seen
    seen.add(key)
    return new


def _holds_persons(grid: Grid) -> bool:
    """Whether a sheet holds rows of persons: numbers like theirs, or names under a header with something in the rows below."""
    if says_persons(grid, 0, grid.height):
        return True
    for row in range(min(grid.height - 1, _LOOKED_AT)):
        texts = grid.row(row)
        if strong(texts) and any("姓名" in squeeze(t) for t in texts) and sum(map(bool, grid.row(row + 1))) > 2:
            return True
    return False


def _columns(part: Part, sheet: int) -> Iterable[Placed]:
    table = part.table
    if not table.own_header:
        return
    for column in range(table.left, table.right):
        header, row = table.headers[column], table.header_rows[column]
        at, cell = (sheet, row, column), cell_name(row, column)
        if column in table.match.unknown and (len(part.rows) or column not in table.match.doubts):  # no value, no doubt about it
            yield at, Finding(table.grid.name, cell, "E-FILE-COL", facts={"column": harmless(header)})
        elif not header and table.grid.columns[column].text.gather(part.rows).is_not_null().any():
            yield at, Finding(table.grid.name, cell, "E-FILE-COL", facts={"column": "（无列名）"})
        elif header and column in table.grid.extras.hidden_columns:
            yield at, Finding(table.grid.name, cell, "W-HIDDEN", facts={"column": harmless(header)})


def _rows(part: Part, sheet: int) -> Iterable[Placed]:
    hidden = part.table.grid.extras.hidden_rows
    if hidden:
        for row in part.rows.filter(part.rows.is_in(list(hidden))).to_list():
            yield (sheet, row, 0), Finding(part.table.grid.name, cell_name(row, 0), "W-HIDDEN", facts={"column": f"第 {row + 1} 行"})


def harmless(header: str) -> str:
    """A header as it may be shown: a cell taken for one could hold anything."""
    return re.sub(r"[0-9]{4,}", "…", header)[:20]


def one_a_cell(placed: Sequence[Placed]) -> list[Finding]:
    """In order of place; of several at one cell the most serious, the first of equals. Remarks about a whole sheet all stay."""
    known = entries()
    best: dict[tuple[int, int, int], Finding] = {}
    whole: list[Placed] = []
    for where, finding in placed:
        if finding.cell is None:
            whole.append((where, finding))
        elif where not in best or _RANK[known[finding.code].severity] < _RANK[known[best[where].code].severity]:
            best[where] = finding
    return [f for _, f in sorted([*whole, *best.items()], key=lambda p: p[0])]
