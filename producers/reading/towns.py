"""The town of rows whose list does not say it in a column: of the title, the sheet's name or the file's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from contracts.checks.places import town_named
from contracts.codes.areas import AreaTable
from producers.reading.recognise import Candidate


class _Part(Protocol):
    @property
    def table(self) -> Candidate: ...
    @property
    def rows(self) -> pl.Series: ...


class _Around(Protocol):
    @property
    def file(self) -> str: ...
    @property
    def areas(self) -> AreaTable | None: ...


def towns_of(parts: Sequence[_Part], around: _Around) -> pl.Series | None:
    """Town of every row of some parts; None when none is named anywhere."""
    every = [t for p in parts for t in p.table.titles()]
    named = [town_named([p.table.titles(), [p.table.grid.name], every, [around.file]], around.areas) for p in parts]
    if not any(named):
        return None
    return pl.concat([pl.Series([n], dtype=pl.String).new_from_index(0, len(p.rows)) for n, p in zip(named, parts, strict=True)])
