"""Collecting: what is missing is named, what is old is warned of, what is not ours is not believed, and nothing is skipped in silence."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import catching_up, overview, recalling, trust
from gateway.state import arrivals, documents, receipts
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, held, person, persons


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(EDU)
    return made


def lane(offices: Offices) -> list[Path]:
    """Packages in the lane to education, oldest first."""
    return sorted((offices.root / "mail" / "522722" / EDU / f"522722-{CIVIL}").glob("*-package-*"))


def settle_again(offices: Offices) -> None:
    """Education's home as a kill between the sink's commit and its own would leave it."""
    edu = offices.open(EDU)
    with edu.changing("test"), edu.unit(CLERK) as work:
        for entry in arrivals.in_state(work.connection, "loaded"):
            arrivals.settle(work.connection, entry.manifest, "received", None, None)
            for given in receipts.of_manifest(work.connection, entry.manifest):
                if given.stage == "loaded":
                    work.connection.exec_driver_sql("DELETE FROM receipt WHERE digest = ?", (given.digest,))
        documents.set_setting(work.connection, "loading-into", f"sqlite:///{offices.root / EDU}.db")


def test_without_a_trust_list_nothing_is_collected_and_nothing_passed_over(tmp_path: Path) -> None:
    offices = Offices(tmp_path)
    offices.make(EDU)
    for act in (offices.collect, offices.sync):
        with pytest.raises(ExchangeError, match="E-TRUST-NONE"):
            act(EDU)


def test_an_edition_that_did_not_come_is_named_and_holds_nothing_back(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    lane(offices)[0].rename(offices.root / "lost")
    offices.keep(DIBAO, APRIL, persons(5))
    offices.publish(APRIL)
    done = offices.collect()
    assert [each.result for each in done.collected] == ["loaded"]
    assert [(gap.sender, gap.feed, gap.first, gap.last) for gap in done.gaps] == [(CIVIL, "assistance-persons", 1, 1)]
    assert overview.matrix(offices.open(EDU), None).gaps == done.gaps
    recalling.resend(offices.open(CIVIL), CLERK, "522722.assistance-persons.education.2023-03.r1")
    healed = offices.collect()
    assert [(each.period, each.result) for each in healed.collected] == [("2023-03", "loaded")]
    assert healed.gaps == ()


def test_a_list_that_had_expired_when_the_edition_was_made_is_warned_of(offices: Offices) -> None:
    """The collector judges by the list of that day: it warns, and takes the edition."""
    offices.keep(DIBAO, MARCH, persons(5))
    offices.later(days=40)
    trust.sign_list(offices.open(CIVIL), CLERK)
    offices.publish()
    done = offices.collect()
    assert [(each.result, [w.code for w in each.warnings]) for each in done.collected] == [("loaded", ["W-TRUST-STALE"])]
    assert done.refused == ()


def test_a_run_killed_behind_the_sinks_commit_is_caught_up_by_whatever_runs_next(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    first = offices.collect().collected[0]
    settle_again(offices)
    offices.sync(EDU)
    with offices.open(EDU).reading() as connection:
        assert [entry.receipt for entry in arrivals.in_state(connection, "loaded")] == [first.receipt]
        assert documents.setting(connection, "loading-into") == ""


def test_a_receipt_that_somebody_put_into_the_sink_is_not_taken_for_ours(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    offices.collect()
    settle_again(offices)
    database = sqlite3.connect(offices.root / f"{EDU}.db")
    forged = database.execute("SELECT receipt FROM gateway_inbox").fetchone()[0].replace(b'"sig":"', b'"sig":"AAAA')
    database.execute("UPDATE gateway_inbox SET receipt = ?", (forged,))
    database.commit()
    done = offices.collect()
    assert [each.result for each in done.collected] == ["received"]
    assert len(done.refused) == 1
    assert done.refused[0].error.entry.exit == 6


def test_receipts_that_the_carrier_did_not_take_are_named(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    back = offices.root / "mail" / "522722" / CIVIL
    back.mkdir(exist_ok=True)
    shutil.rmtree(back / f"522722-{EDU}", ignore_errors=True)
    (back / f"522722-{EDU}").write_text("a file where the lane should be")
    done = offices.collect()
    assert [each.result for each in done.collected] == ["loaded"]
    assert {name for name, _ in done.unposted} == {"522722.assistance-persons.education.2023-03.r1"}
    (back / f"522722-{EDU}").unlink()
    assert offices.collect().unposted == ()
    offices.sync()
    assert [each.state for each in overview.edition_list(offices.open(CIVIL))] == ["loaded"]


def test_the_recipient_is_told_which_lists_were_not_complete(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5), [held(person(7))])
    offices.publish()
    told = {source["list"]: (source["state"], source["held"]) for source in offices.collect().collected[0].sources}
    assert told[DIBAO] == ("partial", 1)
    assert told["TEKUN_PERSON"] == ("missing", 0)


def test_catching_up_does_nothing_when_no_run_was_killed(offices: Offices) -> None:
    edu = offices.open(EDU)
    with edu.changing("test"):
        catching_up.catch_up(edu, CLERK)


def test_what_was_refused_is_forgotten_once_the_true_package_has_come(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    true = lane(offices)[0].read_bytes()
    spoilt = bytearray(true)
    spoilt[-2000] ^= 1
    lane(offices)[0].write_bytes(spoilt)
    assert [refused.error.entry.exit for refused in offices.collect().refused] == [6]
    assert len(overview.matrix(offices.open(EDU), None).refused) == 1
    recalling.resend(offices.open(CIVIL), CLERK, "522722.assistance-persons.education.2023-03.r1")
    assert [each.result for each in offices.collect().collected] == ["loaded"]
    assert overview.matrix(offices.open(EDU), None).refused == ()
