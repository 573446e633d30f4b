"""Empty workbooks: read back as the list they are for, and safe to type into."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from contracts.codes import load_tables
from contracts.errors import ExchangeError
from contracts.lists import load_lists
from producers.reading.template import _columns, template
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.files import codes, read

CODES = sorted(load_lists())


@pytest.mark.parametrize("code", CODES)
def test_a_template_is_its_list_with_nobody_in_it(code: str, tmp_path: Path) -> None:
    template(code, tmp_path / "a.xlsx")
    assert codes(read(tmp_path / "a.xlsx", code)) == [(None, "E-FILE-EMPTY")]


@pytest.mark.parametrize("code", [c for c in CODES if c != "AREA_TABLE"])
def test_a_filled_template_has_no_unknown_column(code: str, tmp_path: Path) -> None:
    template(code, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    depth = sheet.max_row
    for column in range(1, sheet.max_column + 1):
        sheet.cell(depth + 1, column, "x1234567890123456789")
    book.save(tmp_path / "b.xlsx")
    reading = read(tmp_path / "b.xlsx", code)
    assert reading.lists == (code,)
    assert reading.rows == 1
    assert "E-FILE-COL" not in {c for _, c in codes(reading)}
    listing = load_lists()[code]
    assert {f for f in reading.places[0].columns if "#" not in f} == {f.name for f in listing.fields.values() if f.headers}


def test_columns_are_text_and_code_words_are_offered(tmp_path: Path) -> None:
    template("TEKUN_PERSON", tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {d.number_format for d in (sheet["B1"],)} == {"@"}
    offered = [v.formula1 for v in sheet.data_validations.dataValidation]
    modes = ",".join(c.zh for c in load_tables()["support-mode"].codes)
    assert f'"{modes}"' in offered


def test_groups_of_a_two_level_header(tmp_path: Path) -> None:
    template("CHILD", tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    upper = [c.value for c in sheet[1] if c.value]
    assert {"儿童基本信息", "父亲", "母亲", "监护人"} <= set(upper)


def test_no_such_list(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="E-LIST"):
        template("NOBODY", tmp_path / "a.xlsx")


GOOD = id_of("522722", date(1960, 5, 17), 906)
BY_TYPE = {
    "own-id": GOOD,
    "other-id": GOOD,
    "former-id": GOOD,
    "own-certificate": f"{GOOD}43",
    "certificate": f"{GOOD}43",
    "name": "莫燕",
    "date": "2023-03-05",
    "month": "2023-03",
    "quarter": "2021年第二季度",
    "amount": "650",
    "count": "1",
    "months": "6",
    "sequence": "1",
    "account": "6299991184283146115",
    "number-text": "0012",
    "yes-no": "是",
    "village-code": "522722101200",
    "text": "其他",
    "remark": "情况属实",
    "members": "莫燕",
    "is-word": "在读",
}
BY_FIELD = {
    "sex": "女",
    "birth_date": "1960-05-17",
    "disability_type": "肢体",
    "disability_level": "三级",
    "town": "朝阳镇",
    "village": "新寨村",
    "opinion": "维持",
    "answer_text": "已在保",
    "single": "否",
}


@pytest.mark.parametrize("code", [c for c in CODES if c != "AREA_TABLE"])
def test_a_template_filled_in_with_one_good_row_is_clean(code: str, tmp_path: Path) -> None:
    template(code, tmp_path / "a.xlsx")
    listing = load_lists()[code]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    depth = sheet.max_row
    words = {next(iter(v.sqref.ranges)).min_col: v.formula1.strip('"').split(",") for v in sheet.data_validations.dataValidation}
    for column, (_, field) in enumerate(_columns(listing), start=1):
        value = BY_FIELD.get(field.name) or words.get(column, [BY_TYPE.get(field.type)])[0]
        if (code, field.name) == ("DIBAO_URBAN_PERSON", "category"):  # it is the same table as the rural one but for this word
            value = "城市低保"
        if field.type == "members" and "身份证" in str(sheet.cell(depth, column).value):
            value = GOOD
        sheet.cell(depth + 1, column).value = value
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["A"].max == sheet.max_column
    book.save(tmp_path / "b.xlsx")
    reading = read(tmp_path / "b.xlsx")
    assert (reading.verdict, reading.lists, codes(reading)) == ("CLEAN", (code,), [])
    assert reading.accepted == 1
