"""Recalls: once, whatever is done twice; and what was recalled is not sent again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import overview, recalling
from gateway.app.office import Office
from gateway.state import editions
from tests.unit.gateway.app.offices import CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons

FIRST = "522722.assistance-persons.education.2023-03.r1"


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(EDU)
    made.keep(DIBAO, MARCH, persons(5))
    made.publish()
    return made


def state(office: Office, id_: str) -> str:
    with office.reading() as connection:
        found = editions.find(connection, id_)
    assert found is not None
    return found.state


def test_a_recall_takes_the_rows_out_and_the_first_revision_stays_recalled(offices: Offices) -> None:
    offices.collect()
    recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    offices.collect()
    offices.sync()
    civil = offices.open(CIVIL)
    assert state(civil, FIRST) == "withdrawn"  # its `loaded` receipt came in after the recall and changed nothing
    assert state(civil, FIRST.replace(".r1", ".r2")) == "loaded"
    assert sqlite3.connect(offices.root / "education.db").execute("SELECT count(*) FROM assistance_persons").fetchone() == (0,)


def test_the_matrix_says_recalled_and_not_loaded(offices: Offices) -> None:
    recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    offices.collect()
    offices.sync()
    cells = overview.matrix(offices.open(CIVIL), MARCH).cells
    assert [cell.state for cell in cells if cell.department == EDU] == ["withdrawn"]


def test_recalling_twice_is_recalling_once(offices: Offices) -> None:
    first = recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    assert recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了") == first
    assert len(overview.edition_list(offices.open(CIVIL))) == 2


def test_a_recall_that_found_no_carrier_is_posted_by_the_next(offices: Offices) -> None:
    with offices.without_carrier(), pytest.raises(ExchangeError, match="E-CARRIER-REACH"):
        recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    assert recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了").state == "posted"


def test_what_was_recalled_is_not_sent_again(offices: Offices) -> None:
    recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    with pytest.raises(ExchangeError, match="E-EDITION-STATE"):
        recalling.resend(offices.open(CIVIL), CLERK, FIRST)


def test_a_recall_is_not_recalled(offices: Offices) -> None:
    recall = recalling.recall(offices.open(CIVIL), CLERK, FIRST, "发错了")
    with pytest.raises(ExchangeError, match="E-EDITION-STATE"):
        recalling.recall(offices.open(CIVIL), CLERK, recall.id, "再撤")


def test_sending_again_changes_nothing_at_a_recipient_that_has_it(offices: Offices) -> None:
    before = offices.collect().collected[0]
    offices.sync()
    recalling.resend(offices.open(CIVIL), CLERK, FIRST)
    assert offices.collect().collected == ()
    offices.sync()
    receipts = [each for each in overview.receipt_list(offices.open(CIVIL)) if each.stage == "loaded"]
    assert [each.digest for each in receipts] == [before.receipt]
