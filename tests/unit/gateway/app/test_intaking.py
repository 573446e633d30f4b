"""Intake: what is confirmed is what was proposed, from lists that still say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import casework, intaking, recalling
from gateway.app.importing import Order
from gateway.app.intaking import Confirmed
from gateway.state import imports
from tests.unit.gateway.app.offices import CIVIL, CLERK, DIBAO, MARCH, RURAL, Offices, persons, subject

MONITOR = "MONITOR_PERSON"
SENT = "522722.monitoring-subjects.civil-affairs.2023-03.r1"


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(RURAL)
    made.keep(DIBAO, MARCH, persons(3))
    made.keep(MONITOR, MARCH, [subject(number) for number in range(3)], agency=RURAL)
    made.publish(agency=RURAL)
    made.collect(CIVIL, sink=None)
    return made


def decide(offices: Offices) -> str:
    return intaking.propose(offices.open(CIVIL), CLERK, None).proposal.digest


def confirm(offices: Offices, digest: str) -> Confirmed:
    return intaking.confirm(offices.open(CIVIL), CLERK, digest, "韦科员", None)


def registered(offices: Offices) -> int:
    return sum(casework.registration_counts(offices.open(CIVIL)).values())


def test_a_signed_list_is_the_senders_half(offices: Offices) -> None:
    done = confirm(offices, decide(offices))
    assert (done.state, done.sides) == ("registered", (CIVIL, RURAL))
    assert registered(offices) == done.persons > 0
    assert confirm(offices, decide(offices)).new == 0


def test_nobody_is_registered_from_a_list_that_its_sender_has_recalled(offices: Offices) -> None:
    digest = decide(offices)
    recalling.recall(offices.open(RURAL), CLERK, SENT, "发错了")
    offices.collect(CIVIL, sink=None)
    with pytest.raises(ExchangeError, match="E-PROPOSAL-STALE"):
        confirm(offices, digest)
    assert registered(offices) == 0


def test_a_roster_that_changes_the_decisions_wants_a_new_proposal(offices: Offices) -> None:
    digest = decide(offices)
    number = subject(0)["id_number"]
    offices.keep(DIBAO, MARCH, [*persons(3), {**persons(1)[0], "name": "罗小一", "id_number": number}], order=Order(replace="补一人"))
    with pytest.raises(ExchangeError, match="E-PROPOSAL-STALE"):
        confirm(offices, digest)
    assert confirm(offices, decide(offices)).persons < 3


def test_a_list_that_decides_nothing_leaves_the_proposal_as_it_is(offices: Offices) -> None:
    digest = decide(offices)
    offices.keep("RETIREE", MARCH, [])
    assert confirm(offices, digest).state == "registered"


def test_when_the_lists_are_again_what_they_were_the_earlier_proposal_is_the_newest(offices: Offices) -> None:
    first = decide(offices)
    offices.keep(DIBAO, MARCH, [{**persons(1)[0], "id_number": subject(0)["id_number"]}], order=Order(replace="试"))
    second = decide(offices)
    offices.keep(DIBAO, MARCH, persons(3), order=Order(replace="还原"))
    assert decide(offices) == first != second
    with pytest.raises(ExchangeError, match="E-PROPOSAL-STALE"):
        confirm(offices, second)
    assert confirm(offices, first).state == "registered"


@pytest.mark.parametrize("document", ["  ", "a\nb", "民政〔2023〕1号 522722198503109032", "回执 19900012345"])
def test_a_reference_holds_no_persons_number(offices: Offices, document: str) -> None:
    with pytest.raises(ExchangeError, match="E-REASON"):
        intaking.confirm(offices.open(CIVIL), CLERK, decide(offices), "韦科员", document)


def test_a_signed_list_that_takes_an_uploaded_workbooks_place_says_so(tmp_path: Path) -> None:
    """The clerk had uploaded what the partner sent on paper; the partner's own edition counts, and nobody is left to notice by chance."""
    made = Offices(tmp_path)
    made.found(RURAL)
    made.keep(MONITOR, MARCH, [subject(number) for number in range(4)])
    made.keep(MONITOR, MARCH, [subject(number) for number in range(3)], agency=RURAL)
    made.publish(agency=RURAL)
    collected = made.collect(CIVIL, sink=None).collected
    assert [(each.result, [warning.code for warning in each.warnings]) for each in collected] == [("loaded", ["W-UPLOAD-REPLACED"])]
    with made.open(CIVIL).reading() as connection:
        assert [(part.accepted, part.reason) for part in imports.of_month(connection, MARCH, MONITOR)] == [(3, SENT)]
    again = made.collect(CIVIL, sink=None)
    assert again.collected == ()
