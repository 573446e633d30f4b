"""Lists over several sheets, and which list a sheet is."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.ids import Period
from tests.unit.producers.reading.files import TEKUN, Row, read, tekun, xlsx
from tests.unit.producers.reading.test_layout import DEATH, DIBAO, IDS, A, B, book, death, dibao, taken


def test_a_header_on_the_first_sheet_only(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {
        "一": [["特困人员"], TEKUN, *map(tekun, IDS[:5])],
        "二": [*map(tekun, IDS[5:9])],
        "三": [["（续）"], *map(tekun, IDS[9:12]), ["合计", "12人"]],
    }
    reading = read(book(tmp_path / "a.xlsx", sheets))
    assert [(s, r) for s, r, _ in taken(reading)["TEKUN_PERSON"]] == [
        *(("一", r) for r in range(3, 8)), *(("二", r) for r in range(1, 5)), *(("三", r) for r in range(2, 5)),
    ]  # fmt: skip
    assert reading.findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        [["莫燕", n, "100", "2020-01-01"] for n in IDS[9:12]],  # other columns
        [[n, "莫燕", *tekun(n)[2:]] for n in IDS[9:12]],  # another order
    ],
)
def test_a_sheet_that_only_looks_like_more_rows_is_named(tmp_path: Path, rows: list[Row]) -> None:
    reading = read(book(tmp_path / "a.xlsx", {"一": [TEKUN, *map(tekun, IDS[:5])], "另表": rows}))
    assert reading.accepted == 5
    assert [(f.sheet, f.code) for f in reading.findings] == [("另表", "W-SHEET")]


def test_rows_of_leavers_are_not_added_to_the_list_before(tmp_path: Path) -> None:
    reading = read(book(tmp_path / "a.xlsx", {"在册": [TEKUN, *map(tekun, IDS[:5])], "退出": [*map(tekun, IDS[5:9])]}))
    assert reading.accepted == 5
    assert [(f.sheet, f.code) for f in reading.findings] == [("退出", "W-SHEET")]


def test_covers_explanations_and_dictionaries_are_passed_over_in_silence(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {
        "封面": [["荔波县民政局"], ["特困人员花名册"], ["2023年3月"]],
        "填表说明": [["字段", "填写要求"], ["姓名", "与身份证一致"], ["身份证号", "18位"], ["1.", "按镇填写"]],
        "名册": [TEKUN, tekun(A)],
        "字典": [["供养方式", "代码"], ["集中供养", "1"], ["分散供养", "2"]],
    }
    reading = read(book(tmp_path / "a.xlsx", sheets))
    assert (taken(reading), reading.findings) == ({"TEKUN_PERSON": [("名册", 2, A)]}, ())


def test_the_persons_of_an_example_sheet_are_not_taken(tmp_path: Path) -> None:
    reading = read(book(tmp_path / "a.xlsx", {"填表示例": [TEKUN, tekun(B, name="张某某")], "名册": [TEKUN, tekun(A)]}))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", 2, A)]}
    assert [(f.sheet, f.code) for f in reading.findings] == [("填表示例", "W-SHEET")]
    alone = read(book(tmp_path / "b.xlsx", {"模板": [TEKUN, tekun(A)]}))
    assert alone.accepted == 1


def test_an_example_row_is_not_taken(tmp_path: Path) -> None:
    rows: list[Row] = [["序号", *TEKUN], ["示例", *tekun(B)], [1, *tekun(A)]]
    assert taken(read(xlsx(tmp_path / "a.xlsx", rows))) == {"TEKUN_PERSON": [("名册", 3, A)]}


def test_sheets_named_by_month_are_read_by_month(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {f"{m}月": [TEKUN, tekun(IDS[m])] for m in (1, 2, 3)})
    reading = read(path)
    assert taken(reading) == {"TEKUN_PERSON": [("3月", 2, IDS[3])]}
    assert [(f.sheet, f.code) for f in reading.findings] == [("1月", "W-SHEET-MONTH"), ("2月", "W-SHEET-MONTH")]
    assert read(path, period=Period(2023, 4)).findings[0].code == "E-MONTH"
    assert read(path, period=None).period is None


def test_titles_of_different_months_in_one_file_are_refused(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {"朝阳镇": [["2023年3月"], TEKUN, tekun(A)], "甲良镇": [["2023年2月"], TEKUN, tekun(B)]}
    path = book(tmp_path / "a.xlsx", sheets)
    for month in (3, 2):
        assert [f.code for f in read(path, period=Period(2023, month)).findings] == ["E-MONTH"]
    assert read(path, period=None).period is None


def test_the_list_it_was_sent_as_has_neither_rows_nor_a_statement(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {"特困": [["特困人员"], TEKUN], "逝者": [DEATH, death(A)]}
    path = book(tmp_path / "a.xlsx", sheets)
    assert [f.code for f in read(path, "TEKUN_PERSON").findings] == ["E-FILE-EMPTY"]
    assert read(path, "DEATH").accepted == 1
    said: dict[str, list[Row]] = {"特困": [["特困人员"], TEKUN, ["本月无此类人员"]], "逝者": [DEATH, death(A)]}
    assert read(book(tmp_path / "b.xlsx", said), "TEKUN_PERSON").verdict == "CLEAN"


def test_equal_headers_by_title_then_sheet_then_file_name(tmp_path: Path) -> None:
    head, row = [h for h in DIBAO if h != "救助类型"], [v for h, v in zip(DIBAO, dibao(A), strict=True) if h != "救助类型"]
    assert read(xlsx(tmp_path / "a.xlsx", [["城市低保名单"], head, row])).lists == ("DIBAO_URBAN_PERSON",)
    assert read(xlsx(tmp_path / "b.xlsx", [head, row], sheet="城市低保")).lists == ("DIBAO_URBAN_PERSON",)
    assert read(xlsx(tmp_path / "城市低保.xlsx", [head, row])).lists == ("DIBAO_URBAN_PERSON",)
    assert read(xlsx(tmp_path / "农村低保.xlsx", [["城市低保"], head, row])).lists == ("DIBAO_URBAN_PERSON",)
    doubt = read(xlsx(tmp_path / "名单.xlsx", [head, row]))
    assert [f.code for f in doubt.findings] == ["E-FILE-LIST"]
    assert "DIBAO_URBAN_PERSON" in str(doubt.findings[0].facts["lists"])


def test_a_sheet_that_could_be_several_lists_is_refused_unless_the_file_was_sent_as_its_family(tmp_path: Path) -> None:
    head, row = [h for h in DIBAO if h != "救助类型"], [v for h, v in zip(DIBAO, dibao(A), strict=True) if h != "救助类型"]
    households = ["户主姓名", "户主身份证号", "保障人口", "申请原因", "联系电话", "家庭住址", "纳入月份"]
    margin: dict[str, list[Row]] = {"户": [households, ["莫燕", A, 1, "因病", "19900000001", "x", "2022-01"]], "人": [head, row]}
    assert set(taken(read(book(tmp_path / "a.xlsx", margin), "MARGIN_HOUSEHOLD"))) == {"MARGIN_HOUSEHOLD", "MARGIN_PERSON"}
    mixed: dict[str, list[Row]] = {"特困": [TEKUN, tekun(B)], "人": [head, row]}
    assert [f.code for f in read(book(tmp_path / "b.xlsx", mixed), "TEKUN_PERSON").findings] == ["E-FILE-LIST"]


def test_persons_that_stand_elsewhere_than_the_header_says_are_not_nobody(tmp_path: Path) -> None:
    rows: list[Row] = [["填报要求", A], TEKUN, ["合计", "0人"]]
    assert [f.code for f in read(xlsx(tmp_path / "a.xlsx", rows)).findings] == ["E-FILE-TEMPLATE"]
