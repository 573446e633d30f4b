"""Days, months and quarters."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.cells import Cells, Kind
from contracts.values.dates import read_date, read_month, read_quarter


def one(text: str, kind: Kind = Kind.TEXT) -> Cells:
    return Cells(pl.Series([text]), pl.Series([kind], dtype=pl.UInt8))


@pytest.mark.parametrize(
    "text", ["2023-03-05", "2023/3/5", "2023年3月5日", "20230305", "2023.3.5", "2023-3-05", "2023-03-05 00:00:00", "２０２３年３月５日"]
)
def test_ways_to_write_a_day(text: str) -> None:
    read = read_date(one(text))
    assert read.values.to_list() == ["2023-03-05"]
    assert read.marks == ()
    assert read_month(one(text)).values.to_list() == ["2023-03"]


@pytest.mark.parametrize("text", ["2023-03", "2023/3", "2023年3月", "202303", "2023.3"])
def test_ways_to_write_a_month(text: str) -> None:
    assert read_date(one(text)).values.to_list() == ["2023-03"]
    assert read_month(one(text)).values.to_list() == ["2023-03"]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_numbers_are_read_like_text(day: date) -> None:
    assert read_date(one(f"{day:%Y%m%d}", Kind.NUMBER)).values.to_list() == [day.isoformat()]
    assert read_date(one(day.isoformat(), Kind.DATE)).values.to_list() == [day.isoformat()]


@pytest.mark.parametrize(
    ("text", "kind", "value", "code"),
    [
        ("2022.1", Kind.TEXT, "2022-01", None),
        ("2022.1", Kind.NUMBER, None, "W-DATE"),
        ("2022.11", Kind.NUMBER, "2022-11", None),
        ("2022.01", Kind.NUMBER, "2022-01", None),
        ("2022.2", Kind.NUMBER, "2022-02", None),
    ],
)
def test_a_number_may_be_january_or_october(text: str, kind: Kind, value: str | None, code: str | None) -> None:
    read = read_month(one(text, kind))
    assert read.values.to_list() == [value]
    assert [m.code for m in read.marks] == ([code] if code else [])


@pytest.mark.parametrize(
    "text",
    ["1967-02-30", "2022年13月", "2021.13", "去年底", "2022", "0023-03-05", "20231301", "44652", "2023-00", "3月5日", "2023-03-05-06"],
)
def test_what_is_no_day(text: str) -> None:
    read = read_date(one(text))
    assert read.values.to_list() == [None]
    assert [m.code for m in read.marks] == ["E-DATE"]


@pytest.mark.parametrize(
    ("text", "value"), [("2021年第二季度", "2021Q2"), ("2021年2季度", "2021Q2"), ("2021Q2", "2021Q2"), ("2022年4季度", "2022Q4")]
)
def test_quarters(text: str, value: str) -> None:
    assert read_quarter(one(text)).values.to_list() == [value]


@pytest.mark.parametrize("text", ["2021年第五季度", "2021", "二季度"])
def test_what_is_no_quarter(text: str) -> None:
    assert [m.code for m in read_quarter(one(text)).marks] == ["E-DATE"]


@given(st.text(max_size=20))
def test_anything_is_read_or_remarked_on(text: str) -> None:
    read = read_date(one(text))
    assert read.values[0] is None or len(read.values[0]) in (7, 10)
    assert read.values[0] is not None or not text.strip() or read.marks or not "".join(text.split()).strip("\u200b\u200c\u200d\u2060\ufeff")
