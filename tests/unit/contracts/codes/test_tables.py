"""Code tables as data."""

from __future__ import annotations

import pytest

from contracts.codes import load_tables
from contracts.codes.areas import AreaTable, load_divisions
from contracts.errors import ExchangeError
from contracts.ids import Period


@pytest.mark.parametrize("name", sorted(load_tables()))
def test_a_table_is_closed_and_unambiguous(name: str) -> None:
    table = load_tables()[name]
    assert len({c.code for c in table.codes}) == len(table.codes)
    words = [w for c in table.codes for w in c.words]
    assert len(set(words)) == len(words)
    assert all(c.zh and c.en for c in table.codes)
    assert table.title_zh
    assert table.title_en


@pytest.mark.parametrize(
    ("table", "word", "code"),
    [
        ("category", "农村最低生活保障", "DIBAO_RURAL"),
        ("category", "低保", None),
        ("category", "五保", None),
        ("category", "底保", None),
        ("relation", "户主", "02"),
        ("relation", "本人", "01"),
        ("relation", "妹", "77"),
        ("answer", "转介县教育局", "REFERRED"),
        ("answer", "转人社局", "REFERRED"),
        ("answer", "已解决", None),
        ("exit-reason", "渐退期满，户主死亡", "TAPER_ENDED"),
        ("exit-reason", "名下有机动车辆", "PROPERTY"),
        ("exit-reason", "其他", None),
        ("yes-no", "有", "true"),
        ("risk-cleared", "风险未消除", "false"),
    ],
)
def test_words(table: str, word: str, code: str | None) -> None:
    assert load_tables()[table].code_of(word) == code


def test_a_suggestion_names_what_is_allowed_and_never_the_word_itself() -> None:
    category = load_tables()["category"]
    assert category.suggestion("低保").startswith("农村低保 / 城市低保")
    assert category.suggestion("五保") == "特困供养"
    assert "张三丰" not in category.suggestion("张三丰")


def test_a_code_counts_only_while_it_is_valid() -> None:
    category = load_tables()["category"]
    assert category.code_of("低保边缘户", Period(2023, 3)) == "MARGIN"
    assert category.code_of("低保边缘户", Period(2020, 12)) is None


def test_divisions_of_the_country() -> None:
    divisions = load_divisions()
    assert divisions["522722"].name == "荔波县"
    assert divisions["522722101000"].level == "town"
    assert sum(d.level == "county" for d in divisions.values()) > 2800
    assert all(len(c) == (12 if d.level == "town" else 6) for c, d in divisions.items())


ROWS = [
    ("522722000000", "荔波县"),
    ("522722101000", "朝阳镇"),
    ("522722102000", "茂兰镇"),
    ("522722101200", "新寨村"),
    ("522722102200", "新寨村"),
    ("522722101201", "上寨村"),
    ("522722101202", "上寨村"),
    ("x", "坏行"),
]


def test_town_and_village_are_looked_up_together() -> None:
    codes = AreaTable.of(ROWS, Period(2023, 3)).codes_by_name()
    assert codes["朝阳镇\x1f新寨村"] == "522722101200"
    assert codes["茂兰镇\x1f新寨村"] == "522722102200"
    assert "朝阳镇\x1f上寨村" not in codes  # two of one name in one town


def test_a_table_comes_back_from_its_bytes() -> None:
    table = AreaTable.of(ROWS, Period(2023, 3))
    assert AreaTable.from_json(table.to_json()) == table
    assert AreaTable.from_json(table.to_json()).to_json() == table.to_json()


def test_a_town_in_a_title() -> None:
    table = AreaTable.of(ROWS)
    assert table.town_in("荔波县朝阳镇脱贫监测户信息采集表") == "朝阳镇"
    assert table.town_in("荔波县") is None
    assert table.town_in("朝阳镇、茂兰镇") is None


def test_a_table_without_towns_is_none() -> None:
    with pytest.raises(ExchangeError, match="E-FILE-TEMPLATE"):
        AreaTable.of([("1", "x")])
