"""A home out of an old backup does not give numbers a second time that others hold already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import bootstrap
from gateway.app import backup, recalling
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    """March is sent and receipted; then a backup of civil affairs is made."""
    made = Offices(tmp_path)
    made.found(EDU)
    made.keep(DIBAO, MARCH, persons(5))
    made.publish()
    made.collect()
    made.sync()
    backup.backup(made.open(CIVIL), CLERK, tmp_path / "backup.tar")
    return made


def restore(offices: Offices) -> None:
    shutil.rmtree(offices.home(CIVIL))
    made = backup.restore(
        offices.home(CIVIL),
        offices.root / "backup.tar",
        lambda place: bootstrap.open_office(place, clock=lambda: offices.at, environment={}),
        CLERK,
    )
    assert made.agency == "522722/civil-affairs"
    offices.keep(DIBAO, APRIL, persons(6))


def test_before_a_sync_nothing_is_sealed_and_after_it_everything_goes_on(offices: Offices) -> None:
    restore(offices)
    with pytest.raises(ExchangeError, match="E-HOME-RESTORED"):
        offices.publish(APRIL)
    with pytest.raises(ExchangeError, match="E-HOME-RESTORED"):
        recalling.recall(offices.open(CIVIL), CLERK, "522722.assistance-persons.education.2023-03.r1", "发错了")
    offices.sync()
    offices.publish(APRIL)
    done = offices.collect()
    assert [(each.period, each.result) for each in done.collected] == [("2023-04", "loaded")]
    assert done.refused == ()


def test_what_was_answered_since_the_backup_keeps_the_home_from_splitting_the_chain(offices: Offices) -> None:
    offices.keep(DIBAO, APRIL, persons(5))
    offices.publish(APRIL)
    offices.collect()
    restore(offices)
    assert [refused.code for refused in offices.sync().fetched.refused] == ["E-RECEIPT-STRAY", "E-RECEIPT-STRAY"]
    offices.sync()
    with pytest.raises(ExchangeError, match="E-HOME-BEHIND"):
        offices.publish(APRIL)
