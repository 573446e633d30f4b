"""Field types and the readers that serve them."""

from __future__ import annotations

from datetime import date

import polars as pl

from contracts.checks import DERIVATIONS, Table
from contracts.checks.places import village_codes
from contracts.codes import load_tables
from contracts.ids import Period
from contracts.lists import ListField, SourceList
from contracts.values import accounts, dates, ids, numbers, remarks, text
from contracts.values.cells import Cells, Kind, Read, Scalar, by_distinct, marks, nulls
from contracts.values.members import read_members

_PLAIN = {
    "account": accounts.read_account,
    "amount": numbers.read_amount,
    "certificate": ids.read_certificate,
    "count": numbers.read_count,
    "date": dates.read_date,
    "former-id": ids.read_former_id,
    "month": dates.read_month,
    "months": numbers.read_months,
    "name": text.read_name,
    "number-text": accounts.read_account,
    "place": text.read_text,
    "quarter": dates.read_quarter,
    "remark": remarks.read_remark,
    "sequence": numbers.read_sequence,
    "text": text.read_text,
}


def read_field(field: ListField, cells: Cells, listing: SourceList, period: Period | None) -> Read:
    """Values and remarks of one column by the field's type."""
    latest = None if period is None else period.end
    if field.type == "own-id":
        read = ids.read_own_id(cells, latest, listing.id_empty)
    elif field.type == "own-certificate":
        read = ids.read_own_certificate(cells, latest)
    elif field.type == "other-id":
        read = ids.read_other_id(cells, latest)
    elif field.type in ("code", "yes-no"):
        read = _coded(field, cells, period)
    elif field.type == "is-word":
        read = by_distinct(cells, lambda w, _: Scalar(text.squeeze(w) == field.word if text.squeeze(w) else None), pl.Boolean)
    else:
        read = _PLAIN[field.type](cells)
    if field.required or (field.name == listing.name_field and field.type == "name"):
        read = Read(read.values, (*marks("E-REQ", _empty(cells)), *read.marks))
    return read


def _empty(cells: Cells) -> pl.Series:
    return cells.text.str.replace_all(text.GAPS, "").fill_null("") == ""


def _coded(field: ListField, cells: Cells, period: Period | None) -> Read:
    table = load_tables()[field.table or ""]
    yes_no = field.type == "yes-no"

    def read(word: str, kind: Kind) -> Scalar:
        flat = text.squeeze(word)
        if not flat:
            return Scalar(None)
        if kind is Kind.BOOL and yes_no:
            return Scalar(flat == "TRUE")
        code = table.code_of(flat, period)
        if code is None or (field.only and code not in field.only):
            return Scalar(None, "E-DICT", (("suggestion", _suggestion(field, flat)),))
        return Scalar(code == "true" if yes_no else code)

    return by_distinct(cells, read, pl.Boolean if yes_no else pl.String)


def _suggestion(field: ListField, word: str) -> str:
    table = load_tables()[field.table or ""]
    return " / ".join(table.name_of(c) or c for c in field.only) if field.only else table.suggestion(word)


def fill(table: Table) -> None:
    """Read every field of a table, then derive what has no column, then run the list's checks."""
    from contracts.checks import CHECKS

    listing = table.listing
    for field in listing.fields.values():
        cells = table.cells.get(field.name)
        if field.type == "members":
            _members(field, table)
        elif cells is not None and field.type != "village-code":
            read = read_field(field, cells, listing, table.period)
            table.values[field.name] = read.values
            table.add(field.name, read.marks)
    for field in listing.fields.values():
        if field.type == "derived" and field.by:
            DERIVATIONS[field.by](table)
        elif field.type == "village-code":
            village_codes(table, field.name)
    for name in listing.checks:
        CHECKS[name](table)


def _members(field: ListField, table: Table) -> None:
    names, numbers_of = table.cells.get(f"{field.name}#1"), table.cells.get(field.name)
    if names is None and numbers_of is None:
        return
    nothing = Cells(nulls(table.length, pl.String))
    latest: date | None = None if table.period is None else table.period.end
    values, at_names, at_ids = read_members(names or nothing, numbers_of or nothing, latest)
    table.values[field.name] = values
    table.add(f"{field.name}@{field.name}#1", at_names)
    table.add(field.name, at_ids)
