"""Making a home: wholly or not at all, and the same one again without harm."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import bootstrap, lock
from gateway.app import setup
from gateway.app.office import Office
from tests.unit.gateway.app.offices import CIVIL, CLERK, COUNTY, EDU, Offices


def anew(offices: Offices, agency: str, carrier: str = "dir:mail") -> setup.Created:
    wanted = setup.configuration(agency, COUNTY, carrier, offices.root)
    made = bootstrap.new_office(offices.home(CIVIL), wanted, clock=lambda: offices.at, environment={})
    return setup.create(made, CLERK)


def everything(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_the_same_home_again_changes_nothing(tmp_path: Path) -> None:
    """`init` may have been killed after its last step, before anybody was told."""
    offices = Offices(tmp_path)
    first = anew(offices, CIVIL)
    before = everything(offices.home(CIVIL))
    again = anew(offices, CIVIL)
    assert (first.new, again.new, again.fingerprint) == (True, False, first.fingerprint)
    assert everything(offices.home(CIVIL)) == before


@pytest.mark.parametrize(("agency", "carrier"), [(EDU, "dir:mail"), (CIVIL, "dir:elsewhere")])
def test_another_home_is_not_put_over_it(tmp_path: Path, agency: str, carrier: str) -> None:
    offices = Offices(tmp_path)
    anew(offices, CIVIL)
    before = everything(offices.home(CIVIL))
    with pytest.raises(ExchangeError) as refused:
        anew(offices, agency, carrier)
    assert refused.value.code == "E-HOME-EXISTS"
    assert everything(offices.home(CIVIL)) == before


def test_a_home_has_all_its_keys_from_the_first_moment(tmp_path: Path) -> None:
    office = Offices(tmp_path).make(CIVIL)
    before = office.keys.labels()
    assert len([label for label in before if label.startswith("wrap/")]) == 5
    anew(Offices(tmp_path), CIVIL)
    assert office.keys.labels() == before


def half_written(office: Office) -> list[Path]:
    """What killed runs leave on the three shelves."""
    left = [office.vault.shelf / ".draft-a", office.outbox / ".draft-b", office.inbox / ".incoming-c"]
    for folder in left:
        (folder / "chunks").mkdir(parents=True)
    return left


def test_whoever_holds_the_lock_clears_what_a_killed_run_left(tmp_path: Path) -> None:
    office = Offices(tmp_path).make(CIVIL)
    left = half_written(office)
    with office.changing("import"):
        assert not any(folder.exists() for folder in left)


def test_the_holder_is_named_and_then_no_more(tmp_path: Path) -> None:
    with lock.held(tmp_path, "import"):
        with pytest.raises(ExchangeError) as busy, lock.held(tmp_path, "publish", wait_seconds=0):
            raise AssertionError("two at once")
        assert busy.value.code == "E-HOME-BUSY"
        assert str(busy.value.facts["holder"]).startswith("import (pid ")
    assert (tmp_path / "lock").read_bytes() == b""


def test_a_full_disk_hinders_no_lock(tmp_path: Path) -> None:
    """Its holder cannot be named then; that is no reason to refuse what may not need the disk, or says more clearly what does."""
    sys.dont_write_bytecode = True  # bytecode cut by the limit would stand in the tree
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with lock.held(tmp_path, "import"):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = False


def test_a_folder_where_no_lock_can_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as refused, lock.held(tmp_path / "gone", "import"):
        raise AssertionError("nothing is held")
    assert refused.value.code == "E-DISK"
