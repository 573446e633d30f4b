"""Which rows are data: a person is never taken for a total or a note, a total never for a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from producers.reading.labels import likely, numbers_columns, strong
from producers.reading.phrases import is_label, is_note, is_total, says_nil
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import TEKUN, Row, read, tekun, xlsx

A, B, C = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2, 3))


@pytest.mark.parametrize(
    "row",
    [
        ["小计"],
        ["合  计", 2],
        ["总计：", "", "", "", "", "", 1300],
        ["合计（2人）"],
        ["合计25户68人"],
        ["共计2户"],
        ["本页小计", "", "", "", "", "", "1,300.00"],
        ["累计", 99],
        ["", "", "", "", "朝阳镇小计", "2人"],
        ["", "合计", "", "", "", "", 1300],
        ["朝阳镇", "2户", "小计", "", "", "", 1300],
        ["", "", "", "", "", "新寨村合计", 1300.5],
        ["全县总计", "1234567890123"],
        ["注：本表一式两份"],
        ["备注：集中供养人员资金拨付至机构", "", "1.每月10日前上报"],
        ["1.本表由乡镇填报，一式三份"],
        ["说明", "以上人员均已核实，共2户2人"],
        ["以下空白"],
        ["填表人：张三", "审核人：李四", "联系电话：19900012345"],
        ["填表人：", "张三", "审核人：", "李四"],
        ["填表人", "张三", "审核人", "李四"],
        ["单位负责人（签字）：", "", "", "填报日期：2023年3月30日"],
        ["单位负责人", "王某", "日期", "2023年3月30日"],
        ["制表：张三", "2023年3月30日"],
        ["", "", "", "", "", "2023年3月30日"],
        ["一、集中供养人员"],
        ["甲良镇"],
        ["甲良镇", "12人"],
        [7],
        ["", "", "", "", "", "", "元"],
        ["（盖章）"],
    ],
)
def test_rows_that_are_passed_over(tmp_path: Path, row: Row) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [["特困人员"], TEKUN, tekun(A), row, tekun(B), row]))
    assert (reading.rows, reading.accepted, reading.findings) == (2, 2, ())


@pytest.mark.parametrize(
    "row",
    [
        tekun(C, name="合计"),
        tekun(C, name="总计生"),
        tekun(C, name="计小兰"),
        tekun(C, 备注="注：合计两人，小计"),
        tekun(C, 备注="合计"),
        tekun(C, 备注="填表人：张三"),
        tekun(C, 备注="无"),
        tekun(C, name="无名"),
        tekun(C[:-3], 备注="合计"),
        tekun("5227221950****0031", 备注="注：已核"),
        tekun("", name="莫燕", 备注="小计"),
        tekun("", name="莫燕", 备注="本月无变动"),
        tekun(C, name=""),
        tekun("", name="", 所属街="朝阳镇"),
        ["莫燕", C],
        ["莫燕", C[:-1]],
        ["莫燕"],
        ["", C],
        ["欧阳青莲", "不详"],
        tekun("19900012345"),
        tekun(float(C[:14] + "0000")),
    ],
)
def test_rows_of_persons(tmp_path: Path, row: Row) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [["特困人员"], TEKUN, tekun(A), row, tekun(B)]))
    assert reading.rows == 3


def test_a_remark_column_before_the_name_makes_no_note(tmp_path: Path) -> None:
    head = ["备注", *TEKUN[:-1]]
    rows: list[Row] = [head, ["注：已核", *tekun(A[:-1])[:-1]], ["合计", *tekun(B)[:-1]], ["说明：无证", *tekun("")[:-1]]]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert (reading.rows, reading.accepted) == (3, 1)


@pytest.mark.parametrize(
    "row",
    [
        ["本月无新增"],
        ["无"],
        ["", "无"],
        [1, "无", "无", "无", "无", "无", "无", "无", "无"],
        ["无此类人员"],
        ["本月无此类人员"],
        ["经排查，我镇2023年3月无新增特困人员。"],
        ["我镇3月份无变动"],
        ["零报告"],
        ["2023年3月零报告"],
        ["（本月无）"],
        ["暂无"],
    ],
)
def test_nobody(tmp_path: Path, row: Row) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [["特困人员"], TEKUN, row, ["填表人：张三"]]))
    assert (reading.verdict, reading.rows) == ("NIL", 0)
    beside = read(xlsx(tmp_path / "b.xlsx", [["特困人员"], TEKUN, tekun(A), row]))
    assert (beside.verdict, beside.rows) == ("CLEAN", 1)


def test_totals_in_formulas_and_hidden_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number, row in enumerate([TEKUN, tekun(A), [], tekun(B), ["合计"]]):
            page.write_row(number, 0, row)
        page.write_formula(4, 1, "=COUNTA(B2:B4)", None, 2)
        page.write_formula(4, 6, "=SUM(G2:G4)", None, 1300)
        page.set_row(3, None, None, {"hidden": True})
        page.autofilter(0, 0, 4, 8)
    reading = read(path)
    assert (reading.accepted, [(f.cell, f.code) for f in reading.findings]) == (2, [("A4", "W-HIDDEN")])


@pytest.mark.parametrize("text", ["小计", "合计25户68人", "合计：3人", "总计(元)", "朝阳镇小计", "计", "共计:12户、30人"])
def test_totals(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", ["计小兰", "合计算", "小计划", "共计划生育", "", "总计生", "会计"])
def test_no_totals(text: str) -> None:
    assert not is_total(text)


@pytest.mark.parametrize("text", ["填表人:张三", "审核人", "单位负责人(签字):", "2023年3月30日", "日期:", "联系电话:199"])
def test_labels(text: str) -> None:
    assert is_label(text)


def test_persons_and_places_are_no_labels_notes_or_statements() -> None:
    for text in ("莫燕", "朝阳镇", "无名氏", "无劳动能力", "事实无人抚养", "附近", "说明书"):
        assert not any(says(text) for says in (is_label, is_note, says_nil)), text


def test_rows_of_headers() -> None:
    assert likely(TEKUN)
    assert strong(TEKUN)
    assert not likely(["特困人员花名册", None])
    assert not likely(["单位：朝阳镇", "联系电话：199", "上报时间：2023年3月"])
    assert not strong(["姓名", "莫燕", "性别", "女", "身份证号", A])
    assert not numbers_columns(["1", "莫燕", "3"])
    assert not numbers_columns(["1", "2"])
    assert numbers_columns(["1", "2", "3", None, "4"])
