"""The month's own checks where lists are missing, locked away, or say nothing new."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.app import monthcheck
from tests.unit.gateway.app.offices import APRIL, CIVIL, DIBAO, MARCH, TEKUN, Offices, held, person, persons


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.make(CIVIL)
    made.keep(DIBAO, MARCH, persons(10))
    return made


def test_without_a_month_before_there_is_no_difference(offices: Offices) -> None:
    found = monthcheck.of_month(offices.open(CIVIL), MARCH)
    assert [(each.list, each.accepted, each.difference) for each in found.lists] == [(DIBAO, 10, None)]
    assert found.warnings == ()


def test_a_month_that_nobody_has_is_empty(offices: Offices) -> None:
    assert monthcheck.of_month(offices.open(CIVIL), APRIL) == monthcheck.MonthCheck(())


def test_lists_named_are_looked_at_alone(offices: Offices) -> None:
    offices.keep(DIBAO, APRIL, [*persons(8), person(20)], [held(person(8))])
    offices.keep(TEKUN, APRIL, [person(30, cert_no="TK30")])
    (found,) = monthcheck.of_lists(offices.open(CIVIL), APRIL, [DIBAO]).lists
    assert found.difference is not None
    told = found.difference
    assert (told.new, told.gone, told.held, told.changed) == (1, 1, 1, 0)
    assert (found.state, found.held) == ("partial", 1)


def test_a_month_whose_keys_are_gone_is_named_and_stands_in_nobodys_way(offices: Offices) -> None:
    offices.keep(DIBAO, APRIL, persons(10))
    offices.open(CIVIL).keys.destroy("self/2023-03")
    found = monthcheck.of_month(offices.open(CIVIL), APRIL)
    assert found.lists == ()
    assert [(each.code, each.facts["code"]) for each in found.warnings] == [("W-MONTH-UNREAD", "E-KEY-DESTROYED")]


def test_who_is_on_two_rosters_is_counted_and_not_named(offices: Offices) -> None:
    offices.keep(TEKUN, MARCH, [person(1, cert_no="TK1"), person(40, cert_no="TK40")])
    (found,) = monthcheck.contradictions(offices.open(CIVIL), MARCH)
    assert (found.code, found.facts["conflict"], found.facts["review"]) == ("W-CROSSING", 1, 0)
    assert str(person(1)["id_number"]) not in found.message("zh") + found.fix("zh")
