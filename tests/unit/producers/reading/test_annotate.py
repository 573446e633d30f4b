"""The annotated workbook, opened by another reader: everything of the original, every finding at its cell, ready to be mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from contracts.errors import ExchangeError
from producers.reading.annotate import COLUMN, annotate
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import TEKUN, codes, read, table, tekun, xlsx

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
    assert (sheet["E4"].value, sheet["E4"].data_type) == ("=VLOOKUP(A4,[1]x!A:B,2)", "s")
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:I1"]
    assert read(tmp_path / "b.xlsx").accepted == 1  # a text that was a formula is a village that does not exist, no error


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
