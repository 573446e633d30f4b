"""Household members listed in one cell each for names and numbers."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from contracts.values.cells import Cells, Kind, Mark
from contracts.values.ids import UNKNOWN_WORDS, faults, tidy_ids
from contracts.values.text import tidy_names

MEMBERS = pl.List(pl.Struct({"name": pl.String, "id_number": pl.String}))
_SEPARATOR = re.compile(r"\s*[、，,/;；]\s*|\s*\n\s*")


def _split(text: str | None) -> list[str]:
    bare = (text or "").strip("、，,/;； \t\r\n\u3000\u00a0")
    return _SEPARATOR.split(bare) if bare else []


def read_members(names: Cells, ids: Cells, latest: date | None) -> tuple[pl.Series, tuple[Mark, ...], tuple[Mark, ...]]:
    """Pairs of names and numbers of a household, the remarks at the name cell, and those at the number cell.

    Names and numbers that differ in number are never paired (W-MULTI, null). A bad number becomes null (W-MEMBER-ID).
    """
    name_lists = [_split(t) for t in names.text.to_list()]
    id_lists = [_split(t) for t in ids.text.to_list()]
    differ = [row for row, (n, i) in enumerate(zip(name_lists, id_lists, strict=True)) if len(n) != len(i)]
    flat_rows = [row for row, n in enumerate(name_lists) for _ in n if len(n) == len(id_lists[row])]
    flat_names = pl.Series([n for row, ns in enumerate(name_lists) if len(ns) == len(id_lists[row]) for n in ns], dtype=pl.String)
    flat_ids = pl.Series([i for row, n in enumerate(id_lists) if len(n) == len(name_lists[row]) for i in n], dtype=pl.String)
    tidy, changed = tidy_ids(flat_ids)
    tidy = tidy.set(tidy.is_in(list(UNKNOWN_WORDS)), None)
    stored = None
    if ids.kind is not None:
        stored = (~ids.of(Kind.TEXT)).gather(pl.Series(flat_rows, dtype=pl.UInt32))
    found = faults(tidy, stored, latest)
    good_names = tidy_names(flat_names)
    pairs: list[list[dict[str, str | None]] | None] = [[] if n and len(n) == len(id_lists[r]) else None for r, n in enumerate(name_lists)]
    for row, name, number, fault in zip(flat_rows, good_names.to_list(), tidy.to_list(), found.to_list(), strict=True):
        into = pairs[row]
        if into is not None:
            into.append({"name": name, "id_number": None if fault else number})
    values = pl.Series(pairs, dtype=MEMBERS)
    rows = pl.Series(flat_rows, dtype=pl.UInt32)
    at_ids = [Mark("W-MULTI", pl.Series(differ, dtype=pl.UInt32))] if differ else []
    for code, mask in (("W-MEMBER-ID", found.is_not_null()), ("I-FIXED", changed & tidy.is_not_null() & found.is_null())):
        hit = rows.filter(mask).unique().sort()
        if len(hit):
            at_ids.append(Mark(code, hit))
    renamed = rows.filter((good_names != flat_names).fill_null(value=False)).unique().sort()
    at_names = (Mark("I-FIXED", renamed),) if len(renamed) else ()
    return values, at_names, tuple(at_ids)
