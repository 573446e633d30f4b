"""Empty workbooks: read back as the list they are for, and safe to type into."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from contracts.codes import load_tables
from contracts.errors import ExchangeError
from contracts.lists import load_lists
from producers.reading.template import template
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
