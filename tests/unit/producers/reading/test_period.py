"""Which month a file says it is for."""

from __future__ import annotations

import pytest

from producers.reading.period import conflict, found_in, stated_in
from tests.unit.producers.reading.files import MARCH


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("荔波县农村低保人员查询（2023年3月）", ["2023-03"]),
        ("统计月份：2023年03月        导出时间：2023-04-03 08:51:20        金额单位：元", ["2023-03"]),
        ("上报时间：2023年3月30日", []),
        ("上报时间：2023.3.30", []),
        ("特困人员4月", ["4月"]),
        ("2023年1-3月", ["2023-03"]),
        ("2023年1月至3月", ["2023-03"]),
        ("所属月份：2023年3月      单位：元/月", ["2023-03"]),
        ("2023.3", ["2023-03"]),
        ("2023-03", ["2023-03"]),
        ("3月30日", []),
        ("2023年度", []),
        ("注：2022年12月以前", []),
        ("2023年13月", []),
        ("2023/03/05", []),
        ("1-3月", ["3月"]),
    ],
)
def test_months_in_titles(text: str, months: list[str]) -> None:
    assert [str(s) for s in stated_in(text)] == months


def test_where_the_month_is_found() -> None:
    assert found_in(["花名册", "2023年3月"], None, "表202304") == MARCH
    assert found_in([], None, "六十年代精减退职老职工花名册2023.03") == MARCH
    assert found_in([], None, "近一年退出低保对象名单（截至202303）") == MARCH
    assert found_in([], None, "防返贫监测对象信息导出20230331") is None
    assert found_in(["特困人员4月"], None, "x") is None
    assert conflict(MARCH, ["特困人员4月"], None) == "4月"
    assert conflict(MARCH, ["2023年3月", "2022年12月"], None) is None
