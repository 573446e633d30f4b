"""Identity numbers (公民身份号码, GB 11643-1999): tidied, judged, never guessed."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from contracts.values.cells import Cells, Kind, Mark, Read, flags, marks, nulls, only, put
from contracts.values.text import GAPS, squeeze

_PLAIN = r"^[0-9]{17}[0-9X]$"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_WIDE = "０１２３４５６７８９ＸｘＡＥ＋．"
_HALF = "0123456789XXAE+."
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}$"
UNKNOWN_WORDS = ("不详",)
"""What stands for an unknown number of somebody else."""


def tidy_ids(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Half-width, without gaps and leading apostrophes, X upper case; and the mask of what changed by it. Empty is null."""
    odd = ~text.str.contains(_PLAIN).fill_null(value=True)
    if not odd.any():
        return text, odd
    rows = odd.arg_true()
    old = text.gather(rows)
    new = old.str.replace_all(GAPS, "").str.replace_many(list(_WIDE), list(_HALF)).str.replace(r"^['‘’＇`]+", "").str.to_uppercase()
    new = new.set(new == "", None)
    changed = put(flags(len(text)), rows, (new != old).fill_null(value=False))
    return put(text, rows, new), changed


def check_digits_hold(ids: pl.Series) -> pl.Series:
    """Whether the check digit is right (ISO 7064 MOD 11-2), for a String column of well-formed 18-character numbers."""
    number = ids.str.head(17).cast(pl.Int64)
    total = sum((((number // 10 ** (16 - i)) % 10) * w for i, w in enumerate(_WEIGHTS)), start=pl.Series([0], dtype=pl.Int64))
    right = (total % 11).replace_strict(list(range(11)), list(_CHECK), return_dtype=pl.String)
    return right == ids.str.tail(1)


def births(ids: pl.Series) -> pl.Series:
    """Date of birth inside well-formed numbers; null where there is no such day."""
    day = ids.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    return day.set(day.dt.year() < 1850, None)


def is_valid(number: str, latest: date | None = None) -> bool:
    """Whether one tidied number passes rule 7."""
    return faults(pl.Series([number], dtype=pl.String), None, latest)[0] is None


def holds_id(text: str) -> bool:
    """Whether free text holds an ID number: 18 characters with right check digit, or 15 with a possible date."""
    flat = squeeze(text).upper()
    for match in re.finditer(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])", flat):
        if _CHECK[sum(int(d) * w for d, w in zip(match.group()[:17], _WEIGHTS, strict=True)) % 11] == match.group()[17]:
            return True
    return any(
        1 <= int(m.group()[8:10]) <= 12 and 1 <= int(m.group()[10:12]) <= 31 for m in re.finditer(r"(?<![0-9])[0-9]{15}(?![0-9X])", flat)
    )


def faults(tidy: pl.Series, numbers: pl.Series | None, latest: date | None) -> pl.Series:
    """The first fault of each tidied number, as its code; null where there is none or the cell is empty.

    Order (rule 7): stored as a number or in scientific notation, foreign characters, 15 digits, another length, check digit,
    birth date impossible or after `latest`.
    """
    plain = tidy.str.contains(_PLAIN).fill_null(value=False)
    good = tidy.filter(plain)
    right = check_digits_hold(good)
    birth = births(good)
    born = birth.is_not_null() if latest is None else birth.is_not_null() & (birth <= latest).fill_null(value=False)
    verdict = (
        pl.select(
            pl.when(~right)
            .then(pl.lit("E-ID-CHK"))
            .when(~born)
            .then(pl.lit("E-ID-BIRTH"))
            .otherwise(pl.lit(None, dtype=pl.String))
            .alias("v")
        )["v"]
        if len(good)
        else pl.Series("v", [], dtype=pl.String)
    )
    found = put(nulls(len(tidy), pl.String), plain.arg_true(), verdict)
    if numbers is not None:
        found = found.set(numbers & tidy.is_not_null(), "E-ID-NUM")
        plain = plain | numbers
    rest = (~plain & tidy.is_not_null()).arg_true()
    return put(found, rest, _malformed(tidy.gather(rest))) if len(rest) else found


def _malformed(odd: pl.Series) -> pl.Series:
    return pl.select(
        pl.when(odd.str.contains(_SCIENTIFIC))
        .then(pl.lit("E-ID-NUM"))
        .when(~odd.str.contains(r"^[0-9]+X?$"))
        .then(pl.lit("E-ID-CHAR"))
        .when(odd.str.contains(r"^[0-9]{15}$"))
        .then(pl.lit("E-ID-15"))
        .otherwise(pl.lit("E-ID-LEN"))
        .alias("v")
    )["v"]


def _fixed(values: pl.Series, changed: pl.Series) -> tuple[Mark, ...]:
    return marks("I-FIXED", changed & values.is_not_null())


def _fault_marks(found: pl.Series, tidy: pl.Series) -> tuple[Mark, ...]:
    out: list[Mark] = []
    for code in found.drop_nulls().unique().sort().to_list():
        rows = (found == code).fill_null(value=False).arg_true()
        each = [{"length": n} for n in tidy.gather(rows).str.len_chars().to_list()] if code == "E-ID-LEN" else None
        out.append(Mark(code, rows, each=each))
    return tuple(out)


def read_own_id(cells: Cells, latest: date | None, when_empty: str = "E-REQ") -> Read:
    """The row's own number: the valid ones, null elsewhere; every fault rejects.

    Args:
        latest: last possible day of birth, the period's end.
        when_empty: code for an empty cell; `W-NO-ID` in lists that hold newborns.
    """
    tidy, changed = tidy_ids(cells.text)
    found = faults(tidy, None if cells.kind is None else ~cells.of(Kind.TEXT), latest)
    values = only(tidy, found.is_null())
    return Read(values, (*marks(when_empty, tidy.is_null()), *_fault_marks(found, tidy), *_fixed(values, changed)))


def read_other_id(cells: Cells, latest: date | None) -> Read:
    """Somebody else's number in the row: never rejects; W-MEMBER-ID and null when invalid, null when not known (不详)."""
    tidy, changed = tidy_ids(cells.text)
    tidy = tidy.set(tidy.is_in(list(UNKNOWN_WORDS)), None)
    found = faults(tidy, None if cells.kind is None else ~cells.of(Kind.TEXT), latest)
    values = only(tidy, found.is_null())
    return Read(values, (*marks("W-MEMBER-ID", found.is_not_null()), *_fixed(values, changed)))


def read_former_id(cells: Cells) -> Read:
    """A number that may be wrong because the row corrects it (原身份证号): tidied only."""
    tidy, changed = tidy_ids(cells.text)
    return Read(tidy, _fixed(tidy, changed))


def read_certificate(cells: Cells) -> Read:
    """Certificate number of a disabled person (残疾证号) beside the person's own number: tidied only."""
    return read_former_id(cells)


def read_own_certificate(cells: Cells, latest: date | None) -> Read:
    """Certificate number that stands for the row's own ID: its first 18 characters must be a valid number; E-CERT under 20."""
    tidy, changed = tidy_ids(cells.text)
    short = (tidy.str.len_chars() < 20).fill_null(value=False)
    numbers = None if cells.kind is None else ~cells.of(Kind.TEXT)
    found = faults(tidy.str.head(18), numbers, latest)
    stored = found == "E-ID-NUM"
    found = found.set(short & ~stored.fill_null(value=False), "E-CERT")
    values = only(tidy, found.is_null())
    return Read(values, (*marks("E-REQ", tidy.is_null()), *_fault_marks(found, tidy), *_fixed(values, changed)))
