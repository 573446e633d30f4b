"""doctor: each thing that can stand in a clerk's way, made to happen, is named with what to do."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from gateway import bootstrap
from gateway.app import checkup, trust
from gateway.app.check import Check
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons

ALL = ("home", "keys", "carrier", "clock", "trust", "prekeys", "partners", "disk", "work")


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.found(EDU)
    return made


def examined(offices: Offices, agency: str = EDU) -> tuple[Check, ...]:
    return checkup.examine(offices.home(agency), lambda: offices.open(agency))


def told(offices: Offices, agency: str = EDU) -> dict[str, tuple[str, str | None]]:
    """What -> (state, code), of those that are not well; each has a sentence and a next step in both languages."""
    found = [check for check in examined(offices, agency) if check.state != "ok"]
    for check in found:
        assert check.finding is not None
        assert all((check.finding.message("zh"), check.finding.message("en"), check.finding.fix("zh"), check.finding.fix("en")))
    return {check.what: (check.state, check.finding.code if check.finding else None) for check in found}


def test_a_home_in_order_has_nothing_to_say(offices: Offices) -> None:
    assert told(offices) == {}
    assert {check.what for check in examined(offices)} == set(ALL) - {"partners"}  # education publishes nothing


def test_the_sender_is_told_whose_keys_are_missing(offices: Offices) -> None:
    found = told(offices, CIVIL)
    assert found == {"partners": ("notice", "W-PARTNER-KEYS")}
    agencies = [check.finding.facts["agencies"] for check in examined(offices, CIVIL) if check.what == "partners" and check.finding]
    assert agencies == ["emergency, housing, hrss, medical-insurance, rural-revitalization"]


def test_there_is_no_home(tmp_path: Path) -> None:
    checks = checkup.examine(tmp_path / "none", lambda: bootstrap.open_office(tmp_path / "none"))
    assert [(check.what, check.state, check.finding and check.finding.code) for check in checks] == [
        ("home", "fault", "E-HOME-NONE"), ("disk", "ok", None),
    ]  # fmt: skip


def test_a_key_store_that_others_can_read(offices: Offices) -> None:
    (offices.home(EDU) / "keys" / "master").chmod(0o644)
    assert told(offices) == {"keys": ("fault", "E-STORE-OPEN")}


def test_a_home_that_others_can_enter(offices: Offices) -> None:
    offices.home(EDU).chmod(0o755)
    assert told(offices) == {"home": ("notice", "W-HOME-OPEN")}


def test_a_carrier_that_cannot_be_reached(offices: Offices) -> None:
    with offices.without_carrier():
        assert told(offices) == {"carrier": ("fault", "E-CARRIER-REACH")}


def test_strangers_in_the_folder(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    offices.collect()
    lane = next((offices.root / "mail" / "522722" / EDU).iterdir())
    (lane / "通讯录.xlsx").write_text("x")
    assert told(offices) == {"carrier": ("notice", "W-CARRIER-FOREIGN")}


def test_a_clock_set_back(offices: Offices) -> None:
    offices.sync(EDU)
    offices.later(minutes=-4)
    assert "clock" not in told(offices)
    offices.later(minutes=-4)
    assert told(offices)["clock"] == ("fault", "E-CLOCK-BACK")


def test_a_trust_list_that_ends_soon_and_one_that_has_ended(offices: Offices) -> None:
    offices.later(days=29)
    assert told(offices)["trust"] == ("notice", "W-TRUST-SOON")
    offices.later(days=7)
    assert told(offices)["trust"] == ("fault", "E-TRUST-EXPIRED")


def test_an_agency_that_is_on_no_list(offices: Offices) -> None:
    housing = offices.make("housing")
    assert told(offices, "housing")["trust"] == ("fault", "E-TRUST-NONE")
    trust.import_file(housing, CLERK, trust.sign_list(offices.open(CIVIL), CLERK).file)
    assert told(offices, "housing")["trust"] == ("fault", "E-TRUST-UNLISTED")


def test_receiving_keys_that_run_out(offices: Offices) -> None:
    offices.later(days=31)
    assert told(offices)["prekeys"] == ("notice", "W-PREKEYS-SHORT")
    offices.later(days=150)
    assert told(offices)["prekeys"] == ("fault", "E-PREKEYS-OUT")


def test_what_is_left_to_do(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    with offices.without_carrier(), pytest.raises(Exception, match="E-CARRIER"):
        offices.publish()
    assert told(offices, CIVIL)["work"] == ("notice", "W-OUTBOX")
    offices.sync()
    offices.collect(sink=None)
    assert told(offices)["work"] == ("notice", "W-INBOX")
    offices.collect()
    assert "work" not in told(offices)


def test_an_edition_that_did_not_come(offices: Offices) -> None:
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    next((offices.root / "mail" / "522722" / EDU).rglob("*-package-*")).unlink()
    offices.keep(DIBAO, APRIL, persons(5))
    offices.publish(APRIL)
    offices.collect()
    assert told(offices)["work"] == ("notice", "W-GAP")


@pytest.mark.parametrize(("free", "state", "code"), [(10 << 20, "fault", "E-DISK-FULL"), (1 << 30, "notice", "W-DISK")])
def test_a_disk_that_is_nearly_full(offices: Offices, monkeypatch: pytest.MonkeyPatch, free: int, state: str, code: str) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 30, free))
    assert told(offices)["disk"] == (state, code)


def test_examining_changes_nothing(offices: Offices) -> None:
    before = {path: path.read_bytes() for path in offices.home(EDU).rglob("*") if path.is_file()}
    examined(offices)
    after = {path: path.read_bytes() for path in offices.home(EDU).rglob("*") if path.is_file()}
    assert {path.name for path in after if before.get(path) != after[path]} <= {"state.db-shm", "state.db-wal", "state.db"}
