"""Which month a file says it is for."""

from __future__ import annotations

from collections import Counter

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
        ("二〇二三年三月", ["2023-03"]),
        ("二零二三年十二月份低保名单", ["2023-12"]),
        ("二○二三年十月", ["2023-10"]),
        ("2023年三月", ["2023-03"]),
        ("二〇二三年三月三十日", []),
        ("23年3月低保", ["2023-03"]),
        ("月份：202303", ["2023-03"]),
        ("批次20230331", []),
        ("2023年第一季度", ["2023-03"]),
        ("2023年2季度", ["2023-06"]),
        ("2023Q3", ["2023-09"]),
        ("一季度", ["3月"]),
        ("2023年上半年", ["2023-06"]),
        ("2022年12月-2023年2月", ["2023-02"]),
        ("2022年12月至2023年3月", ["2023-03"]),
        ("2023.1-2023.3", ["2023-03"]),
        ("202301-202303", ["2023-03"]),
        ("2023年3月份", ["2023-03"]),
        ("2023 年 3 月", ["2023-03"]),
        ("2023_03", ["2023-03"]),
        ("填报时间：2023年4月", []),
        ("填报日期：2023年4月5日  所属期：2023年3月", ["2023-03"]),
        ("2023年3月起执行", []),
        ("连续3个月", []),
        ("（2023年3月31日数据）", []),
        ("黔民发〔2022〕12号", []),
        ("三月份二十日", ["3月"]),
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


def test_title_before_column_before_sheet_before_file_name() -> None:
    months = Counter({"2023-03": 5, "2023-02": 1})
    assert found_in(["2023年3月"], Counter({"2023-02": 9}), "202301", ["2023年1月"]) == MARCH
    assert found_in([], months, "202301", ["2023年1月"]) == MARCH
    assert found_in([], None, "202301", ["2023年3月"]) == MARCH
    assert found_in([], None, "2023年3月", ["Sheet1"]) == MARCH


def test_a_month_without_year_takes_the_year_that_stands_elsewhere() -> None:
    assert found_in(["2023年度低保人员花名册"], None, "名册", ["3月"]) == MARCH
    assert found_in(["3月份特困人员"], None, "特困人员2023年", []) == MARCH
    assert found_in(["2022年度", "2023年"], None, "名册", ["3月"]) is None
    assert found_in(["2023年度"], None, "名册", ["3月", "4月"]) is None


def test_months_that_contradict_each_other_are_left_to_the_caller() -> None:
    assert found_in(["2023年3月", "2023年4月"], None, "2023年3月") is None
    assert conflict(MARCH, [], None, "2月") == "2月"
    assert conflict(MARCH, ["2023年3月"], None, "2月") is None
    assert conflict(MARCH, [], None, "Sheet1") is None
