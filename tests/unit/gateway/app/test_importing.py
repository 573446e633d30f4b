"""Import: replacing replaces, the same rows change nothing, and last month is asked whoever says the month."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.app import importing
from gateway.app.importing import Order
from gateway.state import imports
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, MARCH, Offices, person, persons


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.make(CIVIL)
    return made


def accepted(offices: Offices, period: Period = MARCH) -> list[int]:
    with offices.open(CIVIL).reading() as connection:
        return [part.accepted for part in imports.of_month(connection, period)]


def test_the_same_rows_again_change_nothing(offices: Offices) -> None:
    assert offices.keep(DIBAO, MARCH, persons(5)) is not None
    assert offices.keep(DIBAO, MARCH, persons(5)[::-1]) is None
    assert offices.keep(DIBAO, MARCH, persons(5), order=Order(add=True)) is None
    assert offices.keep(DIBAO, MARCH, persons(5), order=Order(replace="同一份")) is None


def test_replacing_by_what_is_one_of_two_parts_leaves_that_part_alone(offices: Offices) -> None:
    """The second part was a mistake: the first file as a replacement must take it out."""
    offices.keep(DIBAO, MARCH, persons(5))
    offices.keep(DIBAO, MARCH, persons(3, first=5), order=Order(add=True))
    assert accepted(offices) == [5, 3]
    assert offices.keep(DIBAO, MARCH, persons(5), order=Order(replace="第二份是别的月份的")) is not None
    assert accepted(offices) == [5]
    assert offices.keep(DIBAO, MARCH, persons(5), order=Order(replace="第二份是别的月份的")) is None


def test_why_a_list_is_complete_is_kept(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    civil = offices.open(CIVIL)
    with civil.changing("import"), civil.unit(CLERK) as work:
        assert imports.declare_complete(work.connection, DIBAO, MARCH, "其余各镇无变化")
        assert not imports.declare_complete(work.connection, DIBAO, MARCH, "再说一次")
    with civil.reading() as connection:
        assert [part.reason for part in imports.of_month(connection, MARCH)] == ["其余各镇无变化"]


@pytest.mark.parametrize("order", [Order(replace=""), Order(complete="52272219850310903X 迁出")])
def test_a_reason_is_looked_at_before_anything_is_read(offices: Offices, tmp_path: Path, order: Order) -> None:
    with pytest.raises(ExchangeError, match="E-REASON"):
        importing.import_file(offices.open(CIVIL), CLERK, tmp_path / "nothing.xlsx", order)


def test_last_month_is_asked_also_when_the_file_says_its_month(offices: Offices, tmp_path: Path) -> None:
    """An amount of a hundred times last month's is a slip of the point whether or not --period was given."""
    offices.keep(DIBAO, MARCH, [person(0, total_amount=35_000)])
    known = person(0)
    book = tmp_path / "荔波县农村低保人员查询_202304.xlsx"
    with xlsxwriter.Workbook(str(book)) as workbook:
        sheet = workbook.add_worksheet("名册")
        sheet.write_string(0, 0, "荔波县农村低保人员查询 2023年4月")
        sheet.write_row(1, 0, ["姓名", "身份证号", "户主身份证号", "与户主关系", "合计（元）"])
        sheet.write_row(2, 0, [str(known["name"]), str(known["id_number"]), str(known["id_number"]), "本人", "35000.00"])
    for period in (APRIL, None):
        found = importing.check(offices.open(CIVIL), book, DIBAO, period)
        assert "W-AMOUNT" in {finding.code for finding in found.findings}, [finding.code for finding in found.findings]
