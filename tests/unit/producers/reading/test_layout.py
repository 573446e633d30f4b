"""Where lists stand: stacked, side by side, over several sheets, under headers of every build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from producers.reading import Reading
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import TEKUN, Row, codes, read, table, tekun, xlsx

IDS = [id_of("522722", date(1950, 1, d), 900 + d) for d in range(1, 29)]
A, B, C, D, E, F = IDS[:6]
DIBAO = ["姓名", "身份证号", "户主身份证号", "与户主关系", "救助类型", "劳动能力", "所属街", "所属社"]
DEATH = ["逝者姓名", "身份证号码", "死亡日期", "火化日期", "火化地点"]


def dibao(number: str, kind: str = "农村低保") -> list[object]:
    return ["莫燕", number, number, "户主", kind, "有劳动能力", "朝阳镇", "新寨村"]


def death(number: str) -> list[object]:
    return ["莫燕", number, "2023-03-05", "2023-03-06", "荔波县殡仪馆"]


def book(path: Path, sheets: Mapping[str, Sequence[Row]], merges: Sequence[tuple[str, str]] = ()) -> Path:
    """A workbook of several sheets; merges as (sheet, range)."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as made:
        pages = {name: made.add_worksheet(name) for name in sheets}
        for name, cells in merges:
            pages[name].merge_range(cells, "")
        for name, rows in sheets.items():
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value not in (None, ""):
                        pages[name].write(number, column, value)
    return path


def taken(reading: Reading) -> dict[str, list[tuple[str, int, str]]]:
    """List -> (sheet, row, own number) of the accepted rows."""
    own = {"DIBAO_RURAL_HOUSEHOLD": "head_id", "MARGIN_HOUSEHOLD": "head_id"}
    return {t.list: t.accepted.select("_sheet", "_row", own.get(t.list, "id_number")).rows() for t in reading.tables}


def test_two_lists_one_below_the_other(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["荔波县特困人员花名册"], TEKUN, tekun(A), tekun(B), ["合计", "2人"], [],
        ["荔波县逝者名单"], ["单位：民政局", "", "2023年3月30日"], DEATH, death(C), ["注：以上均已核实"],
    ]  # fmt: skip
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", 3, A), ("名册", 4, B)], "DEATH": [("名册", 10, C)]}
    assert (reading.verdict, reading.findings) == ("CLEAN", ())


def test_stacked_without_titles_and_blank_rows_and_in_a_csv(tmp_path: Path) -> None:
    reading = read(table(tmp_path / "a.csv", [DEATH, death(C), TEKUN, tekun(A), tekun(B)]))
    assert taken(reading) == {"DEATH": [("", 2, C)], "TEKUN_PERSON": [("", 4, A), ("", 5, B)]}


def test_rural_and_urban_stacked_are_told_by_their_own_rows_and_titles(tmp_path: Path) -> None:
    rows: list[Row] = [["农村低保人员"], DIBAO, dibao(A), ["城市低保人员"], DIBAO, dibao(C, "城市低保")]
    assert taken(read(xlsx(tmp_path / "b.xlsx", rows))) == {
        "DIBAO_RURAL_PERSON": [("名册", 3, A)],
        "DIBAO_URBAN_PERSON": [("名册", 6, C)],
    }
    bare = [h for h in DIBAO if h != "救助类型"]
    rows = [["农村低保人员"], bare, *[[v for h, v in zip(DIBAO, dibao(A), strict=True) if h in bare]], ["城市低保人员"], bare,
            [v for h, v in zip(DIBAO, dibao(C), strict=True) if h in bare]]  # fmt: skip
    assert set(taken(read(xlsx(tmp_path / "c.xlsx", rows)))) == {"DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON"}


def test_a_table_below_that_nobody_knows_is_named_and_not_read_as_rows_of_the_one_above(tmp_path: Path) -> None:
    rows: list[Row] = [TEKUN, tekun(A), [], ["设备名称", "资产编号", "购置日期", "购置金额"], ["打印机", "Z-1", "2020-01-01", "900"]]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", 2, A)]}
    assert codes(reading) == [("A4", "W-BLOCK")]
    assert reading.findings[0].facts["row"] == 4


def test_rows_above_the_header_are_named(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [["莫燕", B, "女"], TEKUN, tekun(A)]))
    assert codes(reading) == [("A1", "W-BLOCK")]


@pytest.mark.parametrize("gap", [[], [""], ["", ""]])
def test_two_lists_side_by_side(tmp_path: Path, gap: list[object]) -> None:
    rows: list[Row] = [
        [*TEKUN, *gap, *DEATH],
        [*tekun(A), *gap, *death(C)],
        [*tekun(B), *gap],
        [*tekun(C[:-1]), *gap, *death(D[:-1])],
    ]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", 2, A), ("名册", 3, B)], "DEATH": [("名册", 2, C)]}
    right = "K4" if not gap else "L4" if len(gap) == 1 else "M4"
    assert codes(reading) == [("B4", "E-ID-LEN"), (right, "E-ID-LEN")]


@pytest.mark.parametrize("gap", [[], [""]])
def test_the_same_list_twice_side_by_side(tmp_path: Path, gap: list[object]) -> None:
    short = ["序号", "姓名", "身份证号", "供养方式", "所属街"]
    people = [[n, "莫燕", IDS[n], "分散供养", "朝阳镇"] for n in range(1, 6)]
    rows: list[Row] = [
        ["特困人员名册"], [*short, *gap, *short], [*people[0], *gap, *people[3]], [*people[1], *gap, *people[4]], people[2],
        ["合计", "5人"],
    ]  # fmt: skip
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", r, IDS[n]) for r, n in ((3, 1), (4, 2), (5, 3), (3, 4), (4, 5))]}
    assert reading.findings == ()


def test_lists_side_by_side_whose_headers_stand_in_different_rows(tmp_path: Path) -> None:
    rows: list[Row] = [
        [*TEKUN],
        [*tekun(A), "", *DEATH],
        [*tekun(B), "", *death(C)],
        ["", *[""] * len(TEKUN), *death(D)],
    ]
    assert taken(read(xlsx(tmp_path / "a.xlsx", rows))) == {
        "TEKUN_PERSON": [("名册", 2, A), ("名册", 3, B)],
        "DEATH": [("名册", 3, C), ("名册", 4, D)],
    }


def test_an_empty_column_within_a_list_parts_nothing(tmp_path: Path) -> None:
    def gapped(row: list[object]) -> list[object]:
        return [*row[:3], "", *row[3:]]

    reading = read(xlsx(tmp_path / "a.xlsx", [gapped([*TEKUN]), gapped(tekun(A))]))
    assert taken(reading) == {"TEKUN_PERSON": [("名册", 2, A)]}
    assert reading.tables[0].accepted["village_code"].to_list() == ["522722101200"]


def test_columns_about_somebody_else_are_no_second_list(tmp_path: Path) -> None:
    rows: list[Row] = [[*DIBAO, "姓名", "身份证号"], [*dibao(A), "配偶", B]]
    reading = read(xlsx(tmp_path / "a.xlsx", rows))
    assert taken(reading) == {"DIBAO_RURAL_PERSON": [("名册", 2, A)]}
    assert codes(reading) == [("I1", "E-FILE-COL"), ("J1", "E-FILE-COL")]


def test_a_header_far_down_and_far_to_the_right(tmp_path: Path) -> None:
    preamble: list[Row] = [[f"{n}.填写要求第{n}条"] for n in range(250)]
    shifted: list[Row] = [["", "", "", *TEKUN], ["", "", "", *tekun(A)]]
    assert taken(read(xlsx(tmp_path / "a.xlsx", [*preamble[:90], *shifted]))) == {"TEKUN_PERSON": [("名册", 92, A)]}
    assert taken(read(xlsx(tmp_path / "b.xlsx", [*preamble, *shifted]))) == {"TEKUN_PERSON": [("名册", 252, A)]}


def test_rows_below_a_header_that_say_nothing(tmp_path: Path) -> None:
    for number, extra in enumerate(
        [
            list(range(1, 10)),
            ["甲", "乙", 1, 2, 3, 4, 5, 6, 7],
            list("ABCDEFGHI"),
            ["栏次", 1, 2, 3, 4, 5, 6, 7, 8],
            [f"（{n}）" for n in range(1, 10)],
            ["", "", "", "", "", "", "元", "", ""],
        ]
    ):
        reading = read(xlsx(tmp_path / f"{number}.xlsx", [TEKUN, extra, tekun(A), tekun(B), TEKUN, extra, tekun(C)]))
        assert [r for _, r, _ in taken(reading)["TEKUN_PERSON"]] == [3, 4, 7], extra
        assert reading.findings == ()


def test_header_texts_broken_over_lines_and_rows(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["姓\n名", "公民身份", "供养\n方式", "所属", "所属社", "基本生活总费用"],
        ["", "号码", "", "街", "", "（元）"],
        ["莫燕", A, "分散供养", "朝阳镇", "新寨村", "650"],
    ]
    for path in (xlsx(tmp_path / "a.xlsx", rows), table(tmp_path / "a.csv", rows)):
        reading = read(path)
        row = reading.tables[0].accepted.row(0, named=True)
        assert (row["id_number"], row["town"], row["basic_amount"]) == (A, "朝阳镇", 65000)
        assert reading.findings == ()


CHILD_HEADS = [
    ["序号", "儿童基本信息", "", "", "父亲", "", "母亲", "", "备注"],
    ["", "姓名", "身份证号", "上报类型", "姓名", "身份证号", "姓名", "身份证号", ""],
]


def test_levels_with_merges_and_without(tmp_path: Path) -> None:
    child = id_of("522722", date(2015, 1, 1), 911)
    rows: list[Row] = [*CHILD_HEADS, [1, "何涵", child, "孤儿", "何富", A, "潘花", B, "x"]]
    across = ["B1:D1", "E1:F1", "G1:H1", "A1:A2", "I1:I2"]
    for name, merges in (("a", []), ("b", across), ("c", across[:3])):
        path = book(tmp_path / f"{name}.xlsx", {"表": rows}, [("表", m) for m in merges])
        row = read(path).tables[0].accepted.row(0, named=True)
        assert (row["name"], row["father_id"], row["mother_id"], row["remark"]) == ("何涵", A, B, "x"), name


def test_three_levels(tmp_path: Path) -> None:
    child = id_of("522722", date(2015, 1, 1), 911)
    rows: list[Row] = [
        ["序号", "登记情况", "", "", "", "", "", "", "备注"],
        ["", *CHILD_HEADS[0][1:8], ""],
        CHILD_HEADS[1],
        [1, "何涵", child, "孤儿", "何富", A, "潘花", B, "x"],
    ]
    merges = [("表", m) for m in ("A1:A3", "B1:H1", "B2:D2", "E2:F2", "G2:H2", "I1:I3")]
    for path in (book(tmp_path / "a.xlsx", {"表": rows}, merges), table(tmp_path / "a.csv", rows)):
        row = read(path).tables[0].accepted.row(0, named=True)
        assert (row["name"], row["id_number"], row["father_id"], row["mother_id"]) == ("何涵", child, A, B)


def test_a_header_of_two_levels_repeated_on_every_page(tmp_path: Path) -> None:
    child, other = (id_of("522722", date(2015, 1, d), 911) for d in (1, 2))
    people = [[n, "何涵", i, "孤儿", "何富", A, "潘花", B, "x"] for n, i in ((1, child), (2, other))]
    reading = read(xlsx(tmp_path / "a.xlsx", [["花名册"], *CHILD_HEADS, people[0], ["花名册"], *CHILD_HEADS, people[1], ["本页小计", 2]]))
    assert [r for _, r, _ in taken(reading)["CHILD"]] == [4, 8]
    assert reading.rejected == 0


def test_merged_cells_hold_for_their_rows_in_every_list(tmp_path: Path) -> None:
    people = [tekun(i) for i in IDS[:5]]
    for row in (1, 2, 4):
        people[row][4] = ""
    path = book(tmp_path / "a.xlsx", {"表": [TEKUN, *people]}, [("表", "E2:E4"), ("表", "E5:E6")])
    reading = read(path)
    assert reading.tables[0].accepted["town"].to_list() == ["朝阳镇"] * 5
    assert reading.findings == ()
    bare = read(book(tmp_path / "b.xlsx", {"表": [TEKUN, *people]}))
    assert [c for c, _ in codes(bare)] == ["F3", "F4", "F6"]


def test_a_remark_about_a_merged_cell_stands_once(tmp_path: Path) -> None:
    people = [tekun(i, 供养方式="散居" if i == A else "") for i in IDS[:3]]
    reading = read(book(tmp_path / "a.xlsx", {"表": [TEKUN, *people]}, [("表", "D2:D4")]))
    assert codes(reading) == [("D2", "E-DICT")]
    assert reading.rejected == 3


def test_a_person_over_two_merged_rows_is_one_row(tmp_path: Path) -> None:
    rows: list[Row] = [TEKUN, tekun(A), [], tekun(B)]
    merges = [("表", f"{c}2:{c}3") for c in "ABCDEFGHI"]
    assert [r for _, r, _ in taken(read(book(tmp_path / "a.xlsx", {"表": rows}, merges)))["TEKUN_PERSON"]] == [2, 4]


def test_the_town_of_title_or_sheet_serves_rows_without_a_town_column(tmp_path: Path) -> None:
    head = [h for h in TEKUN if h != "所属街"]

    def person(number: str) -> list[object]:
        return [v for h, v in zip(TEKUN, tekun(number), strict=True) if h != "所属街"]

    sheets: dict[str, list[Row]] = {"朝阳镇": [head, person(A)], "表二": [["荔波县甲良镇特困人员"], head, person(B)]}
    frame = read(book(tmp_path / "a.xlsx", sheets)).tables[0].accepted
    assert frame.select("town", "village_code").rows() == [("朝阳镇", "522722101200"), ("甲良镇", "522722102200")]
    one = read(xlsx(tmp_path / "甲良镇特困人员.xlsx", [head, person(A)]))
    assert one.tables[0].accepted["village_code"].to_list() == ["522722102200"]


def test_stacked_blocks_of_towns_with_titles(tmp_path: Path) -> None:
    head = ["序号", "村名", "姓名", "家庭人口", "身份证号码", "返贫风险", "采取的帮扶措施"]
    rows: list[Row] = [
        ["朝阳镇脱贫监测户信息采集表"], head, [1, "新寨", "莫燕", 3, A, "因病", "低保"], ["甲良镇脱贫监测户信息采集表"], head,
        [1, "新寨", "莫英", 3, B, "因病", "低保"],
    ]  # fmt: skip
    frame = read(xlsx(tmp_path / "a.xlsx", rows)).tables[0].accepted
    assert frame.select("town", "village").rows() == [("朝阳镇", "新寨村"), ("甲良镇", "新寨村")]


def test_the_named_list_is_read_by_its_title_although_half_its_columns_are_missing(tmp_path: Path) -> None:
    """Needed are the row's own ID and the name alone (rule 21)."""
    head = ["采集人", "姓名", "身份证号", "组别", "行政村", "序号", "联系电话", "家庭人口数（人）", "采集时间"]
    row = ["吴平", "韦某", A, "1组", "新寨村", 1, "19900000001", 3, "2023-03-05"]
    titled = read(xlsx(tmp_path / "a.xlsx", [["甲良镇脱贫检测户信息采集表"], head, row]), "MONITOR_TOWN")
    assert (titled.lists, titled.accepted) == (("MONITOR_TOWN",), 1)
