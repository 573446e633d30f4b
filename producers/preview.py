"""What a department would see: of one person, and as lines for `publish --dry-run --preview`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from contracts.ids import Period
from contracts.views import FILTERS, View
from producers.views import apply_view, meaning

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What one recipient would see of one person.

    Attributes:
        rows: the rows as they would be sent, masked: one a category; none when nothing would be sent.
        withheld: one entry a row that stays here: its category, and the names of the row filters that keep it.
        known: whether the person stands in the feed's rows at all.
    """

    rows: tuple[Mapping[str, Value], ...]
    withheld: tuple[tuple[str | None, tuple[str, ...]], ...]
    known: bool


def preview_of_person(frame: pl.DataFrame, view: View, period: Period, id_number: str) -> Preview:
    """One person through the eyes of one recipient.

    Args:
        frame: contract rows of the feed (`producers.assemble`).
        id_number: looked for in `id_number`, and in `head_id` where rows are households.
    """
    column = "id_number" if "id_number" in frame.columns else "head_id"
    mine = frame.filter(pl.col(column) == id_number)
    names = {kind: name for name, kind in FILTERS.items()}
    tests = {f"{n}": meaning(named, period) for n, named in enumerate(view.row_filter)}
    verdicts = mine.select(pl.col("category") if "category" in mine.columns else pl.lit(None).alias("category"), **tests)
    withheld = tuple(
        (verdict["category"], tuple(names[type(view.row_filter[int(n)])] for n in tests if not verdict[n]))
        for verdict in verdicts.iter_rows(named=True)
        if not all(verdict[n] for n in tests)
    )
    return Preview(tuple(apply_view(mine, view, period).iter_rows(named=True)), withheld, bool(mine.height))


def lines(rows: pl.DataFrame) -> bytes:
    """Rows as JSON, one object a line, UTF-8, fields in the view's order, nulls included."""
    return rows.write_ndjson().encode()
