"""Preview: what a department would see, also when the list has changed since it was sent; looking is entered in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import previewing, recalling
from gateway.app.importing import Order
from gateway.app.previewing import Seen
from tests.unit.gateway.app.offices import CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, person, persons

FEED = "assistance-persons"


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(EDU)
    made.keep(DIBAO, MARCH, [*persons(5), person(6, student=False, birth_date="1980-02-15", id_number="522722198002159060")])
    return made


def seen(offices: Offices, number: str | None = None, to: str = EDU) -> Seen:
    return previewing.preview(offices.open(CIVIL), CLERK, FEED, to, None, number)


def test_one_person_as_the_department_sees_it(offices: Offices) -> None:
    number = str(person(0)["id_number"])
    found = seen(offices, number)
    assert found.known
    assert [row["id_number"] for row in found.rows] == [number]


def test_who_is_kept_back_is_said_to_be_and_by_what(offices: Offices) -> None:
    found = seen(offices, "522722198002159060")
    assert (found.known, found.rows) == (True, ())
    assert found.withheld


def test_a_list_that_changed_since_it_was_sent_is_previewed_as_it_is_now(offices: Offices) -> None:
    offices.publish()
    offices.keep(DIBAO, MARCH, persons(7), order=Order(replace="补报"))
    assert seen(offices).total == 7
    recalling.recall(offices.open(CIVIL), CLERK, "522722.assistance-persons.education.2023-03.r1", "发错了")
    assert seen(offices).total == 7


def test_looking_is_entered_without_saying_at_whom(offices: Offices) -> None:
    number = str(person(0)["id_number"])
    seen(offices, number)
    with offices.open(CIVIL).reading() as connection:
        body = connection.exec_driver_sql("SELECT body FROM ledger_entry ORDER BY i DESC LIMIT 1").scalar()
    assert body is not None
    assert b'"event":"rows.previewed"' in body
    assert b'"person":true' in body
    assert number.encode() not in body


def test_a_department_that_gets_no_such_feed_has_nothing_to_see(offices: Offices) -> None:
    with pytest.raises(ExchangeError, match="E-VIEW"):
        seen(offices, to="housing")
