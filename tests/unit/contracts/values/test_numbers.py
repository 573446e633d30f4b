"""Amounts, counts and months."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.accounts import read_account
from contracts.values.cells import Cells, Kind
from contracts.values.numbers import in_yuan, read_amount, read_count, read_months, read_sequence, yuan


def one(text: str, kind: Kind = Kind.TEXT) -> Cells:
    return Cells(pl.Series([text]), pl.Series([kind], dtype=pl.UInt8))


@given(st.integers(0, 10**12))
def test_yuan_and_back(fen: int) -> None:
    read = read_amount(one(yuan(fen)))
    assert read.values.to_list() == [fen]
    assert read.marks == ()
    assert Decimal(yuan(fen)) * 100 == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("558元", 55800),
        ("￥546", 54600),
        ("¥546.5", 54650),
        ("1,737.00", 173700),
        ("２１３", 21300),
        (" 735 ", 73500),
        ("1 295", 129500),
        ("1，065.00", 106500),
        ("人民币120元整", 12000),
    ],
)
def test_what_is_mended_is_said_and_shown(text: str, fen: int) -> None:
    read = read_amount(one(text))
    assert read.values.to_list() == [fen]
    assert [(m.code, m.after) for m in read.marks] == [("I-FIXED", [yuan(fen)])]


@pytest.mark.parametrize(
    "text",
    [
        "-80",
        "约500",
        "见附表",
        "1,73",
        "12,34,567",
        "1e3",
        "0x10",
        "3.5万元",
        "元",
        "１２..３",
        "∞",
        "nan",
        "99999999999999999",
        "500元/月",
        "1.2.3",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    read = read_amount(one(text))
    assert read.values.to_list() == [None]
    assert [m.code for m in read.marks] == ["E-AMOUNT"]


@pytest.mark.parametrize(("text", "fen"), [("1295", 129500), ("109.58", 10958), ("7493.333333", 749333), ("0.285", 29), ("1e-05", 0)])
def test_number_cells_round_half_up(text: str, fen: int) -> None:
    read = read_amount(one(text, Kind.NUMBER))
    assert read.values.to_list() == [fen]
    assert read.marks == ()


@pytest.mark.parametrize(("text", "kind"), [("-210", Kind.NUMBER), ("1e+16", Kind.NUMBER), ("2023-03-05", Kind.DATE), ("TRUE", Kind.BOOL)])
def test_cells_that_are_no_amount(text: str, kind: Kind) -> None:
    assert [m.code for m in read_amount(one(text, kind)).marks] == ["E-AMOUNT"]


@pytest.mark.parametrize(
    ("text", "kind", "value", "code"),
    [
        ("3", Kind.NUMBER, 3, None),
        ("3", Kind.TEXT, 3, None),
        ("3人", Kind.TEXT, 3, "I-FIXED"),
        ("３", Kind.TEXT, 3, "I-FIXED"),
        ("3.5", Kind.NUMBER, None, "E-AMOUNT"),
        ("-1", Kind.NUMBER, None, "E-AMOUNT"),
        ("三", Kind.TEXT, None, "E-AMOUNT"),
        ("9" * 30, Kind.TEXT, None, "E-AMOUNT"),
        ("2023-01-01", Kind.DATE, None, "E-AMOUNT"),
    ],
)
def test_counts(text: str, kind: Kind, value: int | None, code: str | None) -> None:
    read = read_count(one(text, kind))
    assert read.values.to_list() == [value]
    assert [m.code for m in read.marks] == ([code] if code else [])


def test_running_numbers_never_matter() -> None:
    assert read_sequence(one("1-1")).values.to_list() == [None]
    assert read_sequence(one("1-1")).marks == ()


@pytest.mark.parametrize(("text", "months"), [("半年", 6), ("1年", 12), ("26个月", 26), ("0", 0), ("3月", 3)])
def test_months_in_words(text: str, months: int) -> None:
    assert read_months(one(text)).values.to_list() == [months]
    assert read_months(one(text)).marks == ()


@pytest.mark.parametrize(
    ("text", "kind", "lost"),
    [
        ("6299991184283146115", Kind.TEXT, False),
        ("6.30000E+18", Kind.TEXT, True),
        ("6.3e18", Kind.TEXT, True),
        ("6.299991184283146e+18", Kind.NUMBER, True),
        ("123456789012345", Kind.NUMBER, False),
        ("1234567890123456", Kind.NUMBER, True),
    ],
)
def test_accounts_that_lost_digits(text: str, kind: Kind, lost: bool) -> None:
    read = read_account(one(text, kind))
    assert read.values.to_list() == [None if lost else text]
    assert [m.code for m in read.marks] == (["E-ACCT-NUM"] if lost else [])


@given(st.text(max_size=12), st.sampled_from([Kind.TEXT, Kind.NUMBER]))
def test_no_text_breaks_a_reader(text: str, kind: Kind) -> None:
    for reader in (read_amount, read_count, read_months, read_account):
        read = reader(one(text, kind))
        assert len(read.values) == 1
        assert read.values[0] is None or isinstance(read.values[0], int | str)


@pytest.mark.parametrize(
    ("text", "fen", "code"),
    [("1.2", 1200000, None), ("0.35", 350000, None), ("12,345.6", 12345600000, "I-FIXED"), ("１.５", 1500000, "I-FIXED"),
     ("-1", None, "E-AMOUNT"), ("约1.2", None, "E-AMOUNT"), ("3500元", 350000, "I-FIXED")],
)  # fmt: skip
def test_amounts_in_ten_thousands_become_yuan_and_stay_remarked_on(text: str, fen: int | None, code: str | None) -> None:
    read = read_amount(in_yuan(Cells(pl.Series([text])), 10_000))
    assert read.values.to_list() == [fen]
    assert [mark.code for mark in read.marks] == ([code] if code else [])
