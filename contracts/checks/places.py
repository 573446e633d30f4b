"""Towns and villages (rule 18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from contracts.checks.table import Table
from contracts.codes.areas import AreaTable
from contracts.values.cells import Cells, Mark, flags, marks, nulls, only
from contracts.values.text import squeeze

_TOWN = re.compile(r"(?:.*(?:县|区|市|州|单位:?))?([一-鿿]{2,10}?(?:街道|镇|乡))")
_NO_TABLE = {"column": "全部村居（尚未导入行政区划代码表）"}


def village_codes(table: Table, name: str) -> None:
    """Fill the 12-digit village code: the given one where there is one, else by town and village together.

    Not in the county: W-AREA and null. Without an area table given codes stay and one remark stands for the whole list.
    """
    given = _given(table, name)
    if table.areas is None:
        table.values[name] = given
        if table.has(name) or (table.has("village") and table.value("village").is_not_null().any()):
            table.notes.append(Mark("W-AREA", pl.Series([], dtype=pl.UInt32), _NO_TABLE))
        return
    known = given.is_in(list(table.areas.villages))
    wrong = (~known).fill_null(value=False)
    values = only(given, ~wrong)
    if table.has("village"):
        by_name, missing = _by_names(table)
        open_rows = given.is_null()
        values = values.zip_with(~open_rows, by_name)
        table.add(f"{name}@village", tuple(Mark(m.code, m.rows, m.facts) for m in marks("W-AREA", missing & open_rows)))
    table.values[name] = values
    table.add(name, marks("W-AREA", wrong))


def _given(table: Table, name: str) -> pl.Series:
    cells: Cells | None = table.cells.get(name)
    if cells is None:
        return nulls(table.length, pl.String)
    text = cells.text.str.replace_all(r"\s", "")
    return text.set(text == "", None)


def _by_names(table: Table) -> tuple[pl.Series, pl.Series]:
    assert table.areas is not None  # noqa: S101  the caller looked
    town = table.value("town").str.replace_all(r"\s", "")
    village = table.value("village").str.replace_all(r"\s", "")
    codes = table.areas.codes_by_name()
    key = pl.select(pl.concat_str([town.fill_null(""), village], separator="\x1f")).to_series()
    found = key.replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)
    return found, village.is_not_null() & found.is_null() & ~_unreadable(table, "town")


def _unreadable(table: Table, name: str) -> pl.Series:
    """Rows where a field's cell has an error of its own, from which nothing more follows."""
    mask = flags(table.length)
    for field, mark in table.marks:
        if field == name and mark.code in ("E-CELL", "E-FILE-FORMULA"):
            mask = mask | flags(table.length, mark.rows)
    return mask


def town_named(texts: Iterable[Sequence[str]], areas: AreaTable | None) -> str | None:
    """The one town that texts speak of, the first group that names any deciding; None where none or several are named.

    Args:
        texts: groups of texts, such as titles, then the sheet's name, then the file's.
    """
    for group in texts:
        hits = [_TOWN.match(squeeze(t)) for t in group] if areas is None else []
        names = {areas.town_in(t) for t in group} if areas else {hit[1] for hit in hits if hit}
        if names := names - {None}:
            return names.pop() if len(names) == 1 else None
    return None


def town_of_title(table: Table) -> None:
    """The town that stands in the title, the sheet's or the file's name only; null where none or several are named."""
    table.values["town"] = nulls(table.length, pl.String) if table.towns is None else table.towns


def full_village_name(table: Table) -> None:
    """A village whose name lacks its ending 村 or 社区 is given its full name of the area table; silent (a name, not a value)."""
    if table.areas is None or not table.has("village"):
        return
    village, town = table.value("village"), table.value("town")
    for name in town.unique().to_list():
        full = table.areas.village_names(name)
        here = (town == name).fill_null(value=False) if name is not None else town.is_null()
        words = [w for w in village.filter(here).drop_nulls().unique().to_list() if w not in full]
        longer = {w: [f"{w}{end}" for end in ("村", "社区", "居委会") if f"{w}{end}" in full] for w in words}
        mapping = {w: found[0] for w, found in longer.items() if len(found) == 1}
        if mapping:
            village = village.replace(list(mapping), list(mapping.values())).zip_with(here, village)
    table.values["village"] = village
