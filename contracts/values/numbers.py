"""Amounts of money and counts."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from contracts.values.cells import Cells, Kind, Read, Scalar, by_distinct
from contracts.values.text import squeeze

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_UNIT = re.compile(r"^(?:人民币|RMB)?[¥￥]?|(?:元|圆|元整)?$")
_COUNT_UNIT = re.compile(r"([0-9]+)(?:人|口|户|个|套)")
_MONTHS = re.compile(r"([0-9]+)(年|个月|月)?")
_LIMIT = Decimal(10) ** 13
_BAD = Scalar(None, "E-AMOUNT")


def read_amount(cells: Cells) -> Read:
    """Yuan -> Int64 分 (half up). Text with 元, ￥, thousands separators, full-width digits or spaces: I-FIXED. Else E-AMOUNT."""
    return by_distinct(cells, _amount, pl.Int64)


def read_count(cells: Cells) -> Read:
    """Whole numbers -> Int32; a unit (3人) or full-width digits: I-FIXED; anything else: E-AMOUNT."""
    return by_distinct(cells, _count, pl.Int32)


def read_sequence(cells: Cells) -> Read:
    """Running numbers (序号) -> Int32; what is no number is silently null."""
    return Read(by_distinct(cells, _count, pl.Int32).values)


def read_months(cells: Cells) -> Read:
    """Numbers of months -> Int32: 26, 26个月, 1年, 半年. Silent; else E-AMOUNT."""
    return by_distinct(cells, _months, pl.Int32)


def yuan(fen: int) -> str:
    """分 as decimal text in yuan with two places."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def _fen(number: str) -> int | None:
    value = Decimal(number)
    return int((value * 100).to_integral_value(ROUND_HALF_UP)) if 0 <= value < _LIMIT else None


def _amount(text: str, kind: Kind) -> Scalar:
    if kind is Kind.NUMBER:
        fen = _fen(text) if _NUMBER.fullmatch(text) else None
        return _BAD if fen is None else Scalar(fen)
    if kind is not Kind.TEXT:
        return _BAD
    if _PLAIN.fullmatch(text):
        fen = _fen(text)
        return _BAD if fen is None else Scalar(fen)
    flat = squeeze(text)
    if not flat:
        return Scalar(None)
    bare = _UNIT.sub("", flat)
    if not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        return _BAD
    fen = _fen(bare.replace(",", ""))
    return _BAD if fen is None else Scalar(fen, "I-FIXED", after=yuan(fen))


def _whole(text: str) -> int | None:
    value = int(Decimal(text)) if Decimal(text) == int(Decimal(text)) else -1
    return value if 0 <= value < 2**31 else None


def _count(text: str, kind: Kind) -> Scalar:
    if kind in (Kind.DATE, Kind.BOOL):
        return _BAD
    flat = text if kind is Kind.NUMBER else squeeze(text)
    if not flat:
        return Scalar(None)
    unit = _COUNT_UNIT.fullmatch(flat)
    bare = unit[1] if unit else flat
    if len(bare) > 20 or not _NUMBER.fullmatch(bare) or "e" in bare:
        return _BAD
    value = _whole(bare)
    if value is None:
        return _BAD
    return Scalar(value) if bare == text else Scalar(value, "I-FIXED", after=str(value))


def _months(text: str, kind: Kind) -> Scalar:
    flat = squeeze(text)
    if not flat:
        return Scalar(None)
    if flat == "半年":
        return Scalar(6)
    match = _MONTHS.fullmatch(flat)
    if match is None or len(match[1]) > 4 or kind is Kind.DATE:
        return _BAD
    return Scalar(int(match[1]) * (12 if match[2] == "年" else 1))


def in_yuan(cells: Cells, yuan: int) -> Cells:
    """The cells of an amount that is written in another unit (万元), as if written in yuan; what is no number stays as it is."""
    seen = cells.text.unique().drop_nulls()
    times = pl.Series([_times(word, yuan) for word in seen.to_list()], dtype=pl.String)
    return Cells(cells.text.replace_strict(seen, times, default=None, return_dtype=pl.String), cells.kind)


def _times(word: str, yuan: int) -> str:
    flat = squeeze(word)
    number = flat.replace(",", "") if _GROUPED.fullmatch(flat) else flat
    if not _NUMBER.fullmatch(number):
        return word
    value = Decimal(number) * yuan
    if abs(value) >= _LIMIT:
        return word
    return f"{value.normalize():f}" + ("" if number == word else "元")  # what was written oddly is still remarked on
