"""Destroying a month's keys: told first, done once, and nobody opens it afterwards; everything else stands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.app import fsck, rosters, shredding
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, held, person, persons

FIRST = "522722.assistance-persons.education.2023-03.r1"


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    """March, published and loaded in April; then it is June."""
    made = Offices(tmp_path)
    made.found(EDU)
    made.keep(DIBAO, MARCH, persons(5), [held(person(7))])
    made.publish()
    made.collect()
    made.sync()
    made.at = datetime(2023, 6, 10, tzinfo=UTC)
    return made


def opened(offices: Offices, month: Period) -> int:
    office = offices.open(CIVIL)
    with office.reading() as connection:
        return rosters.frames_of_month(office, connection, month, [DIBAO])[DIBAO].accepted.height


def test_it_says_what_dies_and_what_survives_and_does_nothing(offices: Offices) -> None:
    found = shredding.destroy(offices.open(CIVIL), CLERK, MARCH, really=False)
    assert found.keys == ("self/2023-03", "mac/2023-03")
    assert found.lists == ((DIBAO, 5, 1),)
    assert found.sent == (FIRST,)
    assert not found.done
    assert opened(offices, MARCH) == 5


def test_destroyed_rows_are_never_opened_again_and_the_record_still_stands(offices: Offices) -> None:
    shredding.destroy(offices.open(CIVIL), CLERK, MARCH, really=True)
    with pytest.raises(ExchangeError, match="E-KEY-DESTROYED"):
        opened(offices, MARCH)
    with pytest.raises(ExchangeError, match="E-KEY-DESTROYED"):
        offices.keep(DIBAO, MARCH, persons(6))
    assert fsck.fsck(offices.open(CIVIL)).faults == ()
    offices.keep(DIBAO, APRIL, persons(5))
    assert opened(offices, APRIL) == 5


def test_the_calendar_month_of_sealing_dies_with_its_wrap_seed(offices: Offices) -> None:
    """March was sealed to education in April: destroying April ends what lies there unopened, and refilling of what was loaded."""
    offices.keep(DIBAO, APRIL, persons(5))
    offices.at = datetime(2023, 4, 20, tzinfo=UTC)
    offices.publish(APRIL)
    offices.collect(sink=None)
    offices.at = datetime(2023, 6, 10, tzinfo=UTC)
    found = shredding.destroy(offices.open(EDU), CLERK, APRIL, really=True)
    assert "wrap/2023-04" in found.keys
    assert found.unopened == (FIRST.replace("2023-03", "2023-04"),)
    assert found.loaded == (FIRST,)
    done = offices.collect()
    assert [(each.period, each.result, each.code) for each in done.collected] == [("2023-04", "rejected", "E-REJECT-KEY")]
    assert fsck.fsck(offices.open(EDU)).faults == ()


def test_done_twice_is_done_once(offices: Offices) -> None:
    shredding.destroy(offices.open(CIVIL), CLERK, MARCH, really=True)
    again = shredding.destroy(offices.open(CIVIL), CLERK, MARCH, really=True)
    assert again.keys == ()
    with offices.open(CIVIL).reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ledger_entry WHERE instr(body, 'keys.destroyed')").scalar() == 1


def test_a_run_killed_behind_the_deed_is_entered_by_the_next(offices: Offices) -> None:
    civil = offices.open(CIVIL)
    for label in ("self/2023-03", "mac/2023-03"):
        civil.keys.destroy(label)
    assert shredding.destroy(offices.open(CIVIL), CLERK, MARCH, really=True).keys == ()
    with offices.open(CIVIL).reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ledger_entry WHERE instr(body, 'keys.destroyed')").scalar() == 1


@pytest.mark.parametrize("month", [Period(2023, 6), Period(2023, 7)])
def test_a_month_in_use_is_not_destroyed(offices: Offices, month: Period) -> None:
    with pytest.raises(ExchangeError, match="E-KEYS-EARLY"):
        shredding.destroy(offices.open(CIVIL), CLERK, month, really=True)
