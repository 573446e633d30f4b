"""Which table of towns and villages holds in which month."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.codes.areas import AreaTable
from contracts.ids import Period
from gateway.app import areas
from tests.unit.gateway.app.offices import CLERK, Offices

MARCH = Period(2023, 3)


def table(*names: str) -> AreaTable:
    return AreaTable.of([(f"5227221{at:02d}000", name) for at, name in enumerate(names)])


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.make("civil-affairs")
    return made


def keep(offices: Offices, period: Period, kept: AreaTable) -> bool:
    office = offices.open("civil-affairs")
    with office.changing("import"), office.unit(CLERK) as work:
        return areas.keep(work.connection, period, kept)


def towns(offices: Offices, period: Period) -> list[str]:
    with offices.open("civil-affairs").reading() as connection:
        return sorted(areas.towns(connection, period).values())


def test_without_a_table_there_are_no_towns(offices: Offices) -> None:
    assert towns(offices, MARCH) == []


def test_the_newest_of_the_month_or_before(offices: Offices) -> None:
    keep(offices, MARCH, table("朝阳镇"))
    keep(offices, Period(2023, 6), table("朝阳镇", "茂兰镇"))
    assert towns(offices, MARCH) == towns(offices, Period(2023, 5)) == ["朝阳镇"]
    assert towns(offices, Period(2023, 6)) == towns(offices, Period(2024, 1)) == ["朝阳镇", "茂兰镇"]


def test_a_month_before_the_first_takes_the_first(offices: Offices) -> None:
    keep(offices, MARCH, table("朝阳镇"))
    assert towns(offices, Period(2022, 1)) == ["朝阳镇"]


def test_the_same_again_changes_nothing(offices: Offices) -> None:
    assert keep(offices, MARCH, table("朝阳镇"))
    assert not keep(offices, MARCH, table("朝阳镇"))
    assert keep(offices, MARCH, table("茂兰镇"))
    assert towns(offices, MARCH) == ["茂兰镇"]
