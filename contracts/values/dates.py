"""Days, months and quarters, as people write them."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from contracts.values.cells import Cells, Kind, Read, Scalar, by_distinct
from contracts.values.text import squeeze

_PARTS = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_QUARTER = re.compile(r"([0-9]{4})(?:年(?:第?([一二三四1-4])季度?)|[-/]?[Qq]([1-4]))")
_UNREADABLE = Scalar(None, "E-DATE")
_JANUARY_OR_OCTOBER = Scalar(
    None, "W-DATE", (("zh", "可能是 1 月，也可能是 10 月，未采用"), ("en", "may be January or October; it was not taken"))
)


def read_date(cells: Cells) -> Read:
    """`YYYY-MM-DD`; a date given to the month stays `YYYY-MM`. Impossible or unreadable: E-DATE; a number 2022.1: W-DATE."""
    return by_distinct(cells, _date, pl.String)


def read_month(cells: Cells) -> Read:
    """`YYYY-MM`, of a day its month."""
    return by_distinct(cells, _month, pl.String)


def read_quarter(cells: Cells) -> Read:
    """`YYYYQn`: 2021年第二季度, 2021年2季度, 2021Q2."""
    return by_distinct(cells, _quarter, pl.String)


def _date(text: str, kind: Kind) -> Scalar:
    flat = squeeze(text)
    if not flat:
        return Scalar(None)
    if kind is Kind.NUMBER and re.fullmatch(r"[0-9]{4}\.1", flat):
        return _JANUARY_OR_OCTOBER
    match = _COMPACT.fullmatch(flat) or _PARTS.fullmatch(flat)
    if match is None:
        return _UNREADABLE
    year, month, day = int(match[1]), int(match[2]), match[3]
    try:
        found = date(year, month, int(day or 1))
    except ValueError:
        return _UNREADABLE
    if not 1850 <= found.year <= 2199:
        return _UNREADABLE
    return Scalar(found.isoformat() if day else found.isoformat()[:7])


def _month(text: str, kind: Kind) -> Scalar:
    read = _date(text, kind)
    return Scalar(read.value[:7]) if isinstance(read.value, str) else read


def _quarter(text: str, _kind: Kind) -> Scalar:
    flat = squeeze(text)
    match = _QUARTER.fullmatch(flat)
    if not flat:
        return Scalar(None)
    if match is None:
        return _UNREADABLE
    word = match[2] or match[3]
    return Scalar(f"{match[1]}Q{'一二三四'.find(word) + 1 or word}")
