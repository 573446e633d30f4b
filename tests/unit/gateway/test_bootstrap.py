"""Opening a home: what is not this home's is refused before anything is done with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import bootstrap
from gateway.app import setup
from gateway.app.actor import Actor

CLERK = Actor("clerk", frozenset({"clerk"}))


def make(place: Path, agency: str = "civil-affairs", carrier: str = "dir:mail") -> None:
    found = setup.configuration(agency, "522722", carrier, place.parent)
    setup.create(bootstrap.new_office(place, found, environment={}), CLERK)


def refused(place: Path, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ExchangeError) as refusal:
        bootstrap.open_office(place, environment=environment or {})
    return refusal.value.code


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make(tmp_path / "ca")
    return tmp_path / "ca"


def test_a_home_is_opened_as_it_was_made(home: Path) -> None:
    office = bootstrap.open_office(home, environment={})
    assert (str(office.agency), office.config.carrier) == ("522722/civil-affairs", f"dir:{home.parent / 'mail'}")


def test_another_agencys_line_in_the_configuration(home: Path) -> None:
    settings = home / "gateway.toml"
    settings.write_text(settings.read_text("utf-8").replace("522722/civil-affairs", "522722/education"), "utf-8")
    assert refused(home) == "E-HOME-OTHER"


def test_another_county_too(home: Path) -> None:
    settings = home / "gateway.toml"
    settings.write_text(settings.read_text("utf-8").replace("522722/", "522701/"), "utf-8")
    assert refused(home) == "E-HOME-OTHER"


def test_the_key_store_of_another_home(home: Path) -> None:
    make(home.with_name("other"))
    shutil.rmtree(home / "keys")
    shutil.copytree(home.with_name("other") / "keys", home / "keys")
    assert refused(home) == "E-STORE-OTHER"


@pytest.mark.parametrize("key", ["sign.1.key", "sign-pq.1.key", "log.1.key", "log-pq.1.key"])
def test_a_key_that_it_signs_with_is_gone(key: str, home: Path) -> None:
    (home / "keys" / key).unlink()
    assert refused(home) == "E-KEY-MISSING"


def test_a_key_store_under_another_passphrase_is_still_its_own(home: Path, tmp_path: Path) -> None:
    bootstrap.open_office(home, environment={}).keys.lock("樟江")  # type: ignore[attr-defined]  # of the file key store
    (tmp_path / "passphrase").write_text("樟江\n", "utf-8")
    assert refused(home) == "E-STORE-PASSPHRASE-MISSING"
    assert bootstrap.open_office(home, environment={"GATEWAY_PASSPHRASE_FILE": str(tmp_path / "passphrase")}).agency.code == "civil-affairs"


@pytest.mark.parametrize("left", [b"", None])
def test_a_home_without_its_database_does_not_get_an_empty_one(left: bytes | None, home: Path) -> None:
    for name in ("state.db", "state.db-wal", "state.db-shm"):
        (home / name).unlink(missing_ok=True)
    if left is not None:
        (home / "state.db").write_bytes(left)
    assert refused(home) == "E-STATE-DAMAGED"
    assert (home / "state.db").exists() == (left is not None)


def test_a_carrier_that_nobody_knows_makes_no_home(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as refusal:
        make(tmp_path / "new", carrier="pigeon:roof")
    assert refusal.value.code == "E-CARRIER-URL"
    assert not (tmp_path / "new").exists()
