"""`init` finishes what a killed one began and destroys nothing that it did not make; strange files on a shelf stop nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import fsck
from tests.unit.gateway.app.offices import CIVIL, DIBAO, EDU, MARCH, Offices, persons


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    return Offices(tmp_path)


@pytest.mark.parametrize("agency", [CIVIL, EDU])
def test_what_a_killed_init_left_is_used_again(offices: Offices, agency: str) -> None:
    offices.make(agency)
    (offices.home(agency) / "gateway.toml").unlink()
    offices.make(agency)
    assert fsck.fsck(offices.open(agency)).faults == ()


def test_a_home_that_lost_its_configuration_is_not_made_anew(offices: Offices) -> None:
    """What E-HOME-NONE advises must not cost a home everything it holds."""
    offices.make(CIVIL)
    offices.keep(DIBAO, MARCH, persons(5))
    configuration = (offices.home(CIVIL) / "gateway.toml").read_bytes()
    (offices.home(CIVIL) / "gateway.toml").unlink()
    with pytest.raises(ExchangeError, match="E-HOME-REMAINS"):
        offices.make(CIVIL)
    (offices.home(CIVIL) / "gateway.toml").write_bytes(configuration)
    assert fsck.fsck(offices.open(CIVIL)).packages == 1


def test_a_used_database_is_enough_to_be_a_home(offices: Offices) -> None:
    offices.found(EDU)
    for left in ("vault", "outbox", "inbox"):
        shutil.rmtree(offices.home(CIVIL) / left)
    (offices.home(CIVIL) / "gateway.toml").unlink()
    with pytest.raises(ExchangeError, match="E-HOME-REMAINS"):
        offices.make(CIVIL)


@pytest.mark.parametrize("name", ["inbox/letter.eml", "vault/passport.pdf", "outbox", "state.db"])
def test_somebodys_own_files_are_left_alone(offices: Offices, name: str) -> None:
    path = offices.home(EDU) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(ExchangeError, match="E-HOME-REMAINS"):
        offices.make(EDU)
    assert path.read_text() == "mine"


def test_a_file_that_an_operating_system_drops_into_a_shelf_stops_nothing(offices: Offices) -> None:
    offices.found(EDU)
    civil = offices.home(CIVIL)
    for name in ("vault/.DS_Store", "vault/Thumbs.db", "outbox/.DS_Store", "inbox/desktop.ini"):
        (civil / name).write_text("x")
    offices.keep(DIBAO, MARCH, persons(5))
    offices.publish()
    offices.sync()
    assert (civil / "vault" / "Thumbs.db").exists()
    assert fsck.fsck(offices.open(CIVIL)).strays == 0
