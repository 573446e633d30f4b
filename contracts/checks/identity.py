"""The row's own number: once in a list, and agreeing with sex and date of birth (rules 9 and 15)."""

from __future__ import annotations

import polars as pl

from contracts.checks.table import Table
from contracts.values.cells import Mark, marks


def id_once(table: Table) -> None:
    """E-ID-DUP at every later row with a number that an earlier row has; a rejected row with a readable number is the first too."""
    own = table.own_ids
    later = (own.is_duplicated() & ~own.is_first_distinct() & own.is_not_null()).arg_true()
    if not len(later):
        return
    first: dict[str, int] = {}
    wanted = set(own.gather(later).to_list())
    for row in own.is_in(list(wanted)).fill_null(value=False).arg_true().to_list():
        first.setdefault(own[row], row)
    each = [{"other": table.place(first[number])} for number in own.gather(later).to_list()]
    table.add(table.listing.id_field, (Mark("E-ID-DUP", later, each=each),))


def sex_against_id(table: Table) -> None:
    """W-SEX where the sex column disagrees with digit 17; the value stays as filed."""
    if not table.has("sex"):
        return
    by_id = table.own_ids.str.slice(16, 1).cast(pl.Int8) % 2
    filed = table.value("sex").cast(pl.Int8) % 2
    table.add("sex", marks("W-SEX", (by_id != filed).fill_null(value=False)))


def birth_against_id(table: Table) -> None:
    """W-BIRTH where the birth date, as far as it is given, disagrees with the number; the value stays as filed."""
    if not table.has("birth_date"):
        return
    own, filed = table.own_ids, table.value("birth_date")
    by_id = own.str.slice(6, 4) + "-" + own.str.slice(10, 2) + "-" + own.str.slice(12, 2)
    differs = (by_id.str.head(7) != filed.str.head(7)) | ((filed.str.len_chars() == 10) & (by_id != filed))
    table.add("birth_date", marks("W-BIRTH", differs.fill_null(value=False)))
