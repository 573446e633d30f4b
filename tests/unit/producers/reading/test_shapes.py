"""Shapes that staff make: what a sensible clerk would read, is read; where a cell stands, the finding stands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from contracts.ids import Period
from producers.reading import records
from producers.reading.phrases import says_nil
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import TEKUN, Row, codes, read, table, tekun, xlsx

A, B, C = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2, 3))


def ids_of(path: Path, as_list: str | None = None) -> list[str]:
    return [n for t in read(path, as_list).tables for n in t.accepted["id_number"].to_list()]


def test_titles_totals_notes_and_blank_rows_are_no_data(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["荔波县特困人员花名册"],
        [],
        ["单位：民政局", None, "2023年3月30日"],
        TEKUN,
        tekun(A),
        ["朝阳镇小计", 1],
        [],
        ["甲良镇"],
        tekun(B),
        TEKUN,
        tekun(C),
        ["", "合  计", 3],
        ["注：本表一式两份"],
        ["填表人：张三", None, "审核人：李四"],
        ["备注：集中供养人员资金拨付至机构"],
    ]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert reading.tables[0].accepted["_row"].to_list() == [5, 9, 11]
    assert reading.findings == ()
    assert reading.verdict == "CLEAN"


def test_columns_in_any_order_and_headers_in_other_dress(tmp_path: Path) -> None:
    head = ["备 注", "所属\n社", "公民身份号码", "姓　名", "所属街", "供养方式", "基本生活总费用(元)", "最初享受月"]
    reading = read(xlsx(tmp_path / "a.xlsx", [head, ["已核", "新寨村", A, "莫燕", "朝阳镇", "分散供养", "650", "2023.1"]]))
    assert reading.findings == ()
    row = reading.tables[0].accepted.row(0, named=True)
    assert (row["name"], row["id_number"], row["village_code"], row["basic_amount"], row["start_month"]) == (
        "莫燕",
        A,
        "522722101200",
        65000,
        "2023-01",
    )


def test_unknown_columns_are_named_and_nameless_ones_too(tmp_path: Path) -> None:
    rows = [[*TEKUN, "核查人", "", "电表号", "19900001111"], [*tekun(A), "某某", "x", "1", "y"]]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert codes(reading) == [("J1", "E-FILE-COL"), ("K1", "E-FILE-COL"), ("M1", "E-FILE-COL")]
    assert "19900001111" not in reading.findings[2].message("zh")


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, old = book.add_worksheet("名册"), book.add_worksheet("旧表")
        for number, row in enumerate([TEKUN, tekun(A), tekun(B), ["合计", "2人"]]):
            page.write_row(number, 0, row)
        page.set_row(1, None, None, {"hidden": True})
        page.set_row(3, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        old.write_row(0, 0, TEKUN)
        old.write_row(1, 0, tekun(C))
        old.hide()
    reading = read(path)
    assert [(f.sheet, f.cell, f.code) for f in reading.findings] == [
        ("名册", "C1", "W-HIDDEN"),
        ("名册", "A2", "W-HIDDEN"),
        ("旧表", None, "W-HIDDEN"),
    ]
    assert reading.accepted == 2


def test_formulas_and_errors_reject_only_where_they_are_carried(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number, row in enumerate([[*TEKUN, "电表号"], tekun(A), tekun(B), tekun(C), ["合计"]]):
            page.write_row(number, 0, row)
        page.write_formula(1, 6, "=300+350", None, 650)
        page.write_formula(2, 4, "=NA()", None, "#N/A")
        page.write_formula(3, 9, "=1+1", None, 2)
        page.write_formula(4, 6, "=SUM(G2:G4)", None, 1)
    reading = read(path)
    assert codes(reading) == [("G2", "E-FILE-FORMULA"), ("E3", "E-FILE-FORMULA")]
    assert reading.tables[0].rejected["_codes"].to_list() == [["E-FILE-FORMULA"]] * 2
    assert reading.tables[0].rejected["basic_amount"].to_list() == [None, None]


def test_error_values_that_stand_as_text(tmp_path: Path) -> None:
    assert codes(read(table(tmp_path / "a.csv", [TEKUN, tekun(A, 所属街="#REF!")]))) == [("E2", "E-CELL")]


def test_one_list_over_two_sheets_is_one_list(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (
            ("朝阳镇", [["标题"], TEKUN, tekun(A)]),
            ("甲良镇", [TEKUN[::-1], tekun(B)[::-1], tekun(A)[::-1]]),
            ("说明", [["填写说明"], ["一、按镇填写"]]),
        ):
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    reading = read(path)
    assert reading.lists == ("TEKUN_PERSON",)
    assert [(f.sheet, f.cell, f.code) for f in reading.findings] == [("甲良镇", "H3", "E-ID-DUP")]
    assert reading.findings[0].facts["other"] == "朝阳镇!B3"
    assert reading.tables[0].accepted.select("_sheet", "_row").rows() == [("朝阳镇", 3), ("甲良镇", 2)]


def test_a_sheet_with_persons_that_is_no_list_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page, other = book.add_worksheet("名册"), book.add_worksheet("另表")
        for number, row in enumerate([TEKUN, tekun(A)]):
            page.write_row(number, 0, row)
        other.write_row(0, 0, ["某某", B])
    assert [(f.sheet, f.cell, f.code) for f in read(path).findings] == [("另表", None, "W-SHEET")]


def test_one_cell_carries_one_finding_and_the_row_all_its_codes(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [TEKUN, tekun(A[:-1], name="", 所属社="无此村", 基本生活总费用="-1")], hidden=[1]))
    found = codes(reading)
    assert ("A2", "E-REQ") in found
    assert ("A2", "W-HIDDEN") not in found
    assert ("F2", "W-AREA") in found
    assert len({c for c, _ in found}) == len(found)
    assert reading.tables[0].rejected["_codes"].to_list() == [["E-ID-LEN", "E-REQ"]]


def test_a_row_without_number_is_a_row(tmp_path: Path) -> None:
    reading = read(
        xlsx(
            tmp_path / "a.xlsx",
            [TEKUN, tekun(None), tekun(None, name=""), ["张三"], ["甲良镇"], ["张三", "", "", "", "", "", "", "", "无"]],
        )
    )
    assert [c for c, _ in codes(reading) if c and c.startswith("B")] == ["B2", "B3", "B4", "B6"]
    assert reading.rejected == 4


def test_an_empty_report_says_so(tmp_path: Path) -> None:
    reports: list[list[Row]] = [
        [["标题"], TEKUN, ["本月无新增"]],
        [["特困人员4月零报告"], TEKUN],
        [TEKUN, ["", "", "无"]],
        [TEKUN, ["合计", 0], ["无"]],
    ]
    for number, rows in enumerate(reports):
        reading = read(xlsx(tmp_path / f"{number}.xlsx", rows), period=Period(2023, 4))
        assert (reading.verdict, reading.nil, reading.rows, reading.lists) == ("NIL", True, 0, ("TEKUN_PERSON",))
        assert reading.tables[0].accepted.height == 0
        assert "id_number" in reading.tables[0].accepted.columns
    bare = read(xlsx(tmp_path / "bare.xlsx", [["甲良镇2023年3月特困人员"], ["本月无新增"]]), "TEKUN_PERSON")
    assert (bare.verdict, bare.nil, bare.town) == ("NIL", True, "甲良镇")


def test_a_remark_is_no_empty_report(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [TEKUN, tekun(A, 备注="无"), tekun(B, 备注="本月无新增")]))
    assert (reading.verdict, reading.nil, reading.accepted) == ("CLEAN", False, 2)


@pytest.mark.parametrize("text", ["本月无新增", "无", "零报告", "本月无", "本镇本月无新增人员", "无变动", "（零报告）"])
def test_words_for_nobody(text: str) -> None:
    assert says_nil(text)


@pytest.mark.parametrize("text", ["无名氏", "张无忌", "无劳动能力", "合计", "注：无"])
def test_words_for_somebody(text: str) -> None:
    assert not says_nil(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["标题"], TEKUN, tekun(A, name="买买提·吐尔逊", 备注='他说："好",\n第二行'), tekun(B, name="王堃")]
    reading = read(table(tmp_path / "表.xls", rows, encoding, delimiter))
    assert reading.findings == ()
    assert reading.tables[0].accepted["name"].to_list() == ["买买提·吐尔逊", "王堃"]
    assert reading.tables[0].accepted["remark"].to_list() == ['他说："好",\n第二行', None]
    assert reading.tables[0].accepted["_row"].to_list() == [3, 4]


def test_numbers_that_an_export_wraps_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(TEKUN) + f'\n莫燕,="{A}",男,分散供养,朝阳镇,新寨村,650,202301,\n', "utf-8-sig")
    reading = read(path)
    assert (reading.findings, reading.tables[0].accepted["id_number"].to_list()) == ((), [A])


def test_rare_and_odd_characters_survive(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [TEKUN, tekun(A, name="王𫖯", 备注="x" * 32_767), tekun(B, 备注="\u202e右\u202c")]))
    assert reading.tables[0].accepted["name"].to_list() == ["王𫖯", "莫燕"]
    assert reading.tables[0].accepted["remark"].to_list() == ["x" * 32_767, "\u202e右\u202c"]


def test_the_sheet_may_begin_anywhere(tmp_path: Path) -> None:
    shifted = [[], [], [None, None, *TEKUN], [None, None, *tekun(A[:-1])]]
    assert codes(read(xlsx(tmp_path / "a.xlsx", shifted))) == [("D4", "E-ID-LEN")]


def test_merged_households_hold_for_every_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    head = ["开始救助时间", "序号", "类型", "家庭成员", "身份证号码", "家庭住址", "镇复核意见"]
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, head)
        for first, opinion, quarter, people in (
            (1, "维持", "2021Q2", (A, B)),
            (3, "同意", "第二季", (C, id_of("522722", date(1960, 1, 1), 901))),
        ):
            for column, value in ((0, quarter), (1, first), (2, "大病"), (5, "朝阳镇"), (6, opinion)):
                page.merge_range(first, column, first + 1, column, value)
            for offset, person in enumerate(people):
                page.write_row(first + offset, 3, ["莫燕", person])
    reading = read(path)
    assert reading.lists == ("REVIEW_LOWINCOME",)
    assert reading.tables[0].accepted.select("start_quarter", "address", "opinion").rows() == [("2021Q2", "朝阳镇", "维持")] * 2
    assert codes(reading) == [("A4", "E-DATE"), ("G4", "E-DICT")]
    assert reading.tables[0].rejected["_codes"].to_list() == [["E-DATE", "E-DICT"]] * 2


def test_a_two_level_header_with_its_groups_worded_otherwise(tmp_path: Path) -> None:
    upper = ["序号", "第一栏", "", "第二栏", "", "第三栏", "", "备注"]
    lower = ["", "姓名", "身份证号", "姓名", "身份证号", "姓名", "身份证号", ""]
    child = id_of("522722", date(2015, 1, 1), 911)
    reading = read(xlsx(tmp_path / "a.xlsx", [upper, lower, [1, "何涵", child, "何富", A, "潘花", "不详", ""]]), "CHILD")
    assert reading.verdict == "REJECT_FILE"  # groups that nobody knows are not guessed
    right = ["序号", "儿童情况", "", "父亲情况", "", "母亲情况", "", "备注"]
    reading = read(xlsx(tmp_path / "b.xlsx", [right, lower, [1, "何涵", child, "何富", A, "潘花", "不详", ""]]), "CHILD")
    row = reading.tables[0].accepted.row(0, named=True)
    assert (row["id_number"], row["father_id"], row["mother_id"]) == (child, A, None)


def test_records_are_canonical(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [TEKUN, tekun(A, **{"基本生活总费用（元）": 650.5, "最初享受月份": "2020年8月"})]))
    out = tmp_path / "records.jsonl"
    assert records.write(reading, out) == 1
    record = json.loads(out.read_text("utf-8"))
    assert record["basic_amount"] == "650.50"
    assert (record["_sheet"], record["_row"], record["_list"]) == ("名册", 2, "TEKUN_PERSON")
    assert "_file" not in record


def test_a_household_number_that_lost_digits_is_not_taken(tmp_path: Path) -> None:
    head = ["户编号", "人编号", "姓名", "证件号码", "人数", "监测对象类型"]
    rows: list[Row] = [
        head,
        ["1.03523E+10", "1035227000201", "莫燕", A, 1, "边缘易致贫户"],
        [10352270002, 1035227000202, "莫英", B, 1, "边缘易致贫户"],
    ]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert codes(reading) == [("A2", "E-ACCT-NUM")]
    assert reading.tables[0].accepted.select("household_no", "person_no").rows() == [("10352270002", "1035227000202")]
