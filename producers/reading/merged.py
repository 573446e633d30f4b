"""Cells merged over several rows: what stands in the first holds for all (rule 5)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

Ranges = tuple[tuple[int, int, int, int], ...]
"""(first row, first column, last row, last column), counted from 0."""


@lru_cache(maxsize=8)
def blocks(merged: Ranges) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Column -> (first row, last row) of the cells of that column that reach over several rows."""
    found: dict[int, list[tuple[int, int]]] = {}
    for r1, c1, r2, _ in merged:
        if r2 > r1:
            found.setdefault(c1, []).append((r1, r2))
    return {column: tuple(sorted(ranges)) for column, ranges in found.items()}
