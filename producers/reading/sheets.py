"""Findings about sheets, columns and rows as such: hidden ones, and columns nobody knows (rules 3 and 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from contracts.catalogue import entries
from contracts.findings import Finding
from producers.reading.assembly import Part
from producers.reading.choice import Choice
from producers.reading.grid import Grid, cell_name

Placed = tuple[tuple[int, int, int], Finding]
_RANK = {"error": 0, "warning": 1, "fixed": 2}


def sheet_findings(grids: Sequence[Grid], choice: Choice, parts: Sequence[Part], order: Mapping[str, int]) -> list[Placed]:
    """Hidden sheets, sheets left unread, unknown and hidden columns, hidden rows."""
    found: list[Placed] = []
    for grid in grids:
        at = (order[grid.name], -1, -1)
        if not grid.visible and any(c.text.is_not_null().any() for c in grid.columns):
            found.append((at, Finding(grid.name, None, "W-HIDDEN", facts={"column": "工作表"})))
        elif grid in choice.unread and _holds_ids(grid):
            found.append((at, Finding(grid.name, None, "W-SHEET")))
    for part in parts:
        found += _columns(part, order[part.table.grid.name])
        found += _rows(part, order[part.table.grid.name])
    return found


def _holds_ids(grid: Grid) -> bool:
    return any(c.text.str.contains(r"[0-9]{17}[0-9Xx]").fill_null(value=False).any() for c in grid.columns)


def _columns(part: Part, sheet: int) -> Iterable[Placed]:
    table = part.table
    for column, header in enumerate(table.headers):
        row = table.header_rows[column]
        at, cell = (sheet, row, column), cell_name(row, column)
        if column in table.match.unknown:
            yield at, Finding(table.grid.name, cell, "E-FILE-COL", facts={"column": _shown(header)})
        elif not header and table.grid.columns[column].text.gather(part.rows).is_not_null().any():
            yield at, Finding(table.grid.name, cell, "E-FILE-COL", facts={"column": "（无列名）"})
        elif header and column in table.grid.extras.hidden_columns:
            yield at, Finding(table.grid.name, cell, "W-HIDDEN", facts={"column": _shown(header)})


def _rows(part: Part, sheet: int) -> Iterable[Placed]:
    hidden = part.table.grid.extras.hidden_rows
    if hidden:
        for row in part.rows.filter(part.rows.is_in(list(hidden))).to_list():
            yield (sheet, row, 0), Finding(part.table.grid.name, cell_name(row, 0), "W-HIDDEN", facts={"column": f"第 {row + 1} 行"})


def _shown(header: str) -> str:
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
