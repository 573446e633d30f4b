"""Names and remarks."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.cells import Cells
from contracts.values.remarks import read_remark
from contracts.values.text import private_use, read_name, read_text, squeeze
from tests.unit.contracts.values.people import ids, names


def cells(*texts: str | None) -> Cells:
    return Cells(pl.Series(texts, dtype=pl.String))


@given(names())
def test_right_names_pass_as_they_are(name: str) -> None:
    read = read_name(cells(name))
    assert read.values.to_list() == [name]
    assert read.marks == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("张　三", "张三"),
        (" 张三 ", "张三"),
        ("张\u200b三", "张三"),
        ("张\n三", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提‧吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提∙吐尔逊", "买买提·吐尔逊"),
        ("买买提･吐尔逊", "买买提·吐尔逊"),
        ("买买提 • 吐尔逊", "买买提·吐尔逊"),
        ("阿•卜•杜", "阿·卜·杜"),
        ("罗\ue81e", "罗\u9fb4"),
    ],
)
def test_each_correction_is_said(written: str, meant: str) -> None:
    read = read_name(cells("王五", written))
    assert read.values.to_list() == ["王五", meant]
    assert [(m.code, m.rows.to_list()) for m in read.marks] == [("I-FIXED", [1])]


def test_a_dot_at_the_end_is_no_separator() -> None:
    assert read_name(cells("王五•")).values.to_list() == ["王五•"]


def test_white_space_alone_is_no_name() -> None:
    assert read_name(cells("　 \u200b")).values.to_list() == [None]


def test_private_use_characters_of_old_tables() -> None:
    table = private_use()
    assert table["\ue81e"] == "\u9fb4"
    assert table["\ue854"] == "\u9fba"
    assert all(0xE000 <= ord(k) <= 0xF8FF and not 0xE000 <= ord(v) <= 0xF8FF for k, v in table.items())
    assert len(table) == 82


@given(ids(), st.text(st.sampled_from("监护人身份证号已更正，"), max_size=8), st.text(st.sampled_from("系已核。"), max_size=5))
def test_a_remark_with_a_number_is_not_taken(number: str, before: str, after: str) -> None:
    read = read_remark(cells(before + number + after, "已核"))
    assert read.values.to_list() == [None, "已核"]
    assert [m.code for m in read.marks] == ["W-TEXT-ID"]


@pytest.mark.parametrize("text", ["=电表号已核", "+已核", "-已核", "@网格员", " 已核 "])
def test_remarks_stay_as_filed(text: str) -> None:
    read = read_remark(cells(text))
    assert read.values.to_list() == [text]
    assert read.marks == ()


def test_text_is_trimmed_and_blank_is_null() -> None:
    assert read_text(cells("　朝阳镇 ", " ", None, "a b")).values.to_list() == ["朝阳镇", None, None, "a b"]


def test_squeezing() -> None:
    assert squeeze("备 注\n（元）\u200b") == "备注(元)"
