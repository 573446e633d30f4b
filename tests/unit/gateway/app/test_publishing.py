"""What makes an edition new, the same or a revision; what waits; and what the carrier does not take."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.codes.areas import AreaTable
from contracts.errors import ExchangeError
from gateway.app import areas, importing, overview
from gateway.app.importing import Order
from gateway.app.publishing import Published
from gateway.state import editions, imports
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, COUNTY, DIBAO, EDU, MARCH, TEKUN, Offices, person, persons

EDITION = "522722.assistance-persons.education.2023-03"


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(EDU)
    return made


def to_edu(done: Published) -> tuple[str, int]:
    """State and revision of the edition for education."""
    return next((state, each.revision) for each, state in zip(done.plan.editions, done.states, strict=True) if each.view.to == EDU)


def test_the_same_lists_are_the_same_edition(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    assert to_edu(offices.publish()) == ("posted", 1)
    assert to_edu(offices.publish()) == ("posted", 1)
    assert to_edu(offices.publish(revise="再发")) == ("posted", 1)
    assert len(overview.edition_list(offices.open(CIVIL))) == 1


def test_another_list_wants_a_reason_and_a_list_that_was_missing_does_not(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    offices.keep(TEKUN, MARCH, [person(50, category=None)])
    assert to_edu(offices.publish()) == ("posted", 2)
    offices.keep(DIBAO, MARCH, persons(6), order=Order(replace="补一人"))
    with pytest.raises(ExchangeError, match="E-EDITION-CHANGED"):
        offices.publish()
    assert to_edu(offices.publish(revise="补一人")) == ("posted", 3)


def test_a_list_said_to_be_complete_is_a_revision_without_a_reason(offices: Offices) -> None:
    """Nothing of its rows has changed, but who is absent has left now: recipients must hear of it."""
    civil = offices.open(CIVIL)
    with civil.changing("import"), civil.unit(CLERK) as work:
        areas.keep(work.connection, MARCH, AreaTable(COUNTY, None, {"522722100000": "朝阳镇", "522722101000": "茂兰镇"}, {}))
    offices.keep(DIBAO, MARCH, persons(5))
    done = offices.publish()
    assert to_edu(done) == ("posted", 1)
    assert done.plan.editions[0].sources[0]["state"] == "partial"
    with civil.changing("import"), civil.unit(CLERK) as work:
        imports.declare_complete(work.connection, DIBAO, MARCH, "其余各镇无变化")
    assert to_edu(offices.publish()) == ("posted", 2)
    assert to_edu(offices.publish()) == ("posted", 2)


def test_what_the_recipient_rejected_is_sealed_anew_when_a_reason_is_given(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    civil = offices.open(CIVIL)
    with civil.changing("test"), civil.unit(CLERK) as work:
        editions.advance(work.connection, f"{EDITION}.r1", "rejected")
    assert to_edu(offices.publish()) == ("rejected", 1)
    assert to_edu(offices.publish(revise="对方换了钥匙")) == ("posted", 2)
    assert to_edu(offices.publish(revise="对方换了钥匙")) == ("posted", 2)


def test_a_feed_declared_empty_waits_like_any_other_fall(offices: Offices) -> None:
    """One wrong --nil would take everybody off every department's list."""
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    done = offices.publish(APRIL, feeds=("assistance-persons",), nil=True)
    assert to_edu(done) == ("awaiting-release", 1)
    assert [(fall.before, fall.now) for fall in done.plan.editions[0].falls] == [(5, 0)]
    assert to_edu(offices.publish(APRIL, feeds=("assistance-persons",), nil=True, accept_fall="全县取消")) == ("posted", 1)


def test_a_feed_that_had_nobody_is_declared_empty_without_more_ado(offices: Offices) -> None:
    assert to_edu(offices.publish(feeds=("assistance-persons",), nil=True)) == ("posted", 1)


def test_a_fall_waits_and_names_itself(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(10))
    offices.publish()
    offices.keep(DIBAO, APRIL, persons(7))
    assert to_edu(offices.publish(APRIL)) == ("awaiting-release", 1)
    offices.keep(DIBAO, APRIL, persons(8), order=Order(replace="补报"))
    assert to_edu(offices.publish(APRIL)) == ("posted", 1)


def test_answers_are_not_published_from_lists(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    with pytest.raises(ExchangeError, match="E-FEED-ANSWERS"):
        offices.publish(feeds=("monitoring-outcomes",))


def test_a_lost_package_is_named_and_holds_nothing_else_back(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    with offices.without_carrier(), pytest.raises(ExchangeError, match="E-CARRIER-REACH"):
        offices.publish()
    civil = offices.open(CIVIL)
    with civil.reading() as connection:
        sealed = editions.listed(connection, state="sealed")
    shutil.rmtree(civil.outbox / sealed[0].manifest)
    offices.keep(DIBAO, APRIL, persons(5))
    done = offices.publish(APRIL)
    assert to_edu(done) == ("posted", 1)
    assert [(name, error.code) for name, error in done.unposted] == [(f"{EDITION}.r1", "E-PACKAGE-GONE")]


def test_files_with_a_conflict_change_nothing(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    with pytest.raises(ExchangeError, match="E-IMPORT-CONFLICT"):
        offices.keep(DIBAO, MARCH, persons(6))
    with offices.open(CIVIL).reading() as connection:
        assert [part.accepted for part in imports.of_month(connection, MARCH)] == [5]
        assert len(importing.packages_named(connection)) == 1
