"""Values that hold for several rows: of merged cells, and of a household's block where the list says so (rule 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import polars as pl

from contracts.checks import Table
from contracts.values.cells import Cells, Mark, put
from producers.reading.merged import blocks
from producers.reading.recognise import Candidate


class _Part(Protocol):
    @property
    def table(self) -> Candidate: ...
    @property
    def rows(self) -> pl.Series: ...
    def columns(self) -> dict[str, int]: ...


def spread(table: Table, parts: Sequence[_Part], offsets: Sequence[int]) -> dict[str, pl.Series]:
    """Fill the empty cells; column name -> which cells were empty before, for the columns that had any filled."""
    empty = _carry(table)
    inherited: dict[str, dict[int, tuple[int, int]]] = {}
    for part, offset in zip(parts, offsets, strict=True):
        if part.table.grid.extras.merged:
            for name, column in part.columns().items():
                if name in table.cells:
                    inherited.setdefault(name, {}).update(_sources(part, column, offset))
    for name, pairs in inherited.items():
        if pairs:
            blank = empty.get(name, table.cells[name].text.is_null())
            _from_merged(table, name, pairs)
            empty[name] = blank
    return empty


def _sources(part: _Part, column: int, offset: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Row of the table -> (the row whose cell reaches over it, or -1 when that is no row of data; where that stands in the sheet)."""
    ranges = [r for r in blocks(part.table.grid.extras.merged).get(column, ()) if r[1] >= part.table.first_row and r[0] < part.table.bottom]
    if not ranges:
        return
    at = {row: offset + n for n, row in enumerate(part.rows.to_list())}
    for first, last in ranges:
        for row in range(first + 1, last + 1):
            if row in at:
                yield at[row], (at.get(first, -1), first)


def _from_merged(table: Table, name: str, pairs: dict[int, tuple[int, int]]) -> None:
    """Give rows what the cell above them holds; where that is a formula or an error, they are rejected with it."""
    cells = table.cells[name]
    rows = [r for r, (source, _) in pairs.items() if source >= 0 and cells.text[r] is None]
    if not rows:
        return
    targets = pl.Series(rows, dtype=pl.UInt32)
    sources = pl.Series([pairs[r][0] for r in rows], dtype=pl.UInt32)
    kind = cells.kind
    if kind is not None:
        kind = put(kind, targets, kind.gather(sources))
    assert isinstance(table.cells, dict)  # noqa: S101  built by the caller
    table.cells[name] = Cells(put(cells.text, targets, cells.text.gather(sources)), kind)
    field = name.removesuffix("#1")
    for key, mark in list(table.marks):
        if key in (name, f"{field}@{name}") and not mark.quiet:
            hit = targets.filter(sources.is_in(mark.rows.to_list()))
            if len(hit):
                table.marks.append((key, Mark(mark.code, hit, mark.facts, quiet=True)))


def _carry(table: Table) -> dict[str, pl.Series]:
    """Give every row of a household's block what stands in its first row only."""
    carried = [c for c in table.listing.carry if c in table.cells]
    if not carried or table.listing.household is None:
        return {}
    texts = {c: table.cells[c].text for c in carried}
    said = pl.select(pl.any_horizontal([t.is_not_null() for t in texts.values()])).to_series()
    mark = texts.get(table.listing.household)
    if mark is not None:
        same = (mark == mark.forward_fill().shift(1)).fill_null(value=False)
        said = said & ~same
    block = said.cast(pl.UInt32).cum_sum()
    table.values["_block"] = block
    assert isinstance(table.cells, dict)  # noqa: S101  built by the caller
    for name, text in texts.items():
        first = pl.DataFrame({"b": block, "t": text}).select(pl.col("t").first().over("b")).to_series()
        kind = table.cells[name].kind
        if kind is not None:
            kind = kind.zip_with(
                text.is_not_null(), pl.DataFrame({"b": block, "t": kind}).select(pl.col("t").first().over("b")).to_series()
            )
        table.cells[name] = Cells(text.zip_with(text.is_not_null(), first), kind)
    return {name: text.is_null() for name, text in texts.items()}
