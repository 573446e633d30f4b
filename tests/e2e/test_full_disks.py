"""No room left: at whatever byte it comes, the command says so and nothing is half done; with room again it goes on where it was."""

from __future__ import annotations

import hashlib

import pytest

from tests.e2e import tables
from tests.e2e.conftest import RURAL
from tests.e2e.desk import Desk, Said
from tests.e2e.refusals import asked, understood
from tests.e2e.traces import changed, held, rows

FULL = {"E-DISK", "E-STORE", "E-SINK-FULL", "E-SINK-STORE", "E-CARRIER-FULL"}
MEDICAL = "522722.assistance-persons.medical-insurance.2023-03.r1"
NUMBERS = "SELECT count(*), count(DISTINCT id_number) FROM assistance_persons_current"


def limited(desk: Desk, kilobytes: int, home: str, *words: str, lang: str = "en") -> Said:
    return desk.cramped(kilobytes, home, "--json", *words, lang=lang)


def full(said: Said) -> None:
    assert said.exit == 4, said
    assert set(said.document) == {"error"}, said
    assert said.document["error"]["code"] in FULL, said


@pytest.mark.parametrize("kilobytes", [4, 24, 64])
def test_importing_onto_a_full_disk(kilobytes: int, founded: Desk) -> None:
    noise = [hashlib.shake_256(who.number.encode()).hexdigest(400) for who in tables.people(0, 400)]  # does not compress
    tables.roster(founded.folder / "big.csv", [who.cells(备注=noise[n]) for n, who in enumerate(tables.people(0, 400))])
    words = ("import", "big.csv", "--as", RURAL, "--period", "2023-03")
    before = held(founded.folder / "ca")
    full(limited(founded, kilobytes, "ca", *words))
    new_keys = {"keys/mac.2023-03.key", "keys/self.2023-03.key"}
    assert changed(before, held(founded.folder / "ca")) - new_keys == set()
    assert founded.ask("ca", *words)["imported"] == "imported"
    assert founded.ask("ca", "fsck")["clean"] is True


@pytest.mark.parametrize("kilobytes", [8, 32, 64, 96])
def test_publishing_onto_a_full_disk(kilobytes: int, march: Desk) -> None:
    """Sealed or not, posted or not: afterwards every edition is there once, in its first revision."""
    tables.roster(march.folder / "april.csv", tables.people(0, 60))
    march.do("ca", "import", "april.csv", "--as", RURAL, "--period", "2023-04")
    said = limited(march, kilobytes, "ca", "publish", "--period", "2023-04")
    if said.exit:
        full(said)
    done = march.ask("ca", "publish", "--period", "2023-04")
    posted = {(each["to"], each["revision"]) for each in done["editions"] if each["state"] == "posted"}
    assert posted == {("medical-insurance", 1), ("education", 1), ("housing", 1), ("rural-revitalization", 1)}
    assert march.ask("ca", "fsck")["clean"] is True
    assert march.ask("ca", "fsck")["strays"] == 0
    collected = march.ask("med", "collect", "--sink", "sqlite:///med.db")
    assert [each["result"] for each in collected["collected"]] == ["loaded", "loaded"]


@pytest.mark.parametrize("kilobytes", [8, 32, 64, 100])
def test_collecting_onto_a_full_disk(kilobytes: int, march: Desk) -> None:
    """Nothing of an edition is seen before all of it is; later it is loaded once, with one receipt."""
    said = limited(march, kilobytes, "med", "collect", "--sink", "sqlite:///med.db")
    if said.exit:
        full(said)
    sink = march.folder / "med.db"
    if sink.exists() and rows(sink, "SELECT 1 FROM sqlite_master WHERE name = 'assistance_persons'"):
        assert rows(sink, NUMBERS) in ([(0, 0)], [(60, 60)])
    march.do("med", "collect", "--sink", "sqlite:///med.db")
    assert rows(sink, NUMBERS) == [(60, 60)]
    assert march.ask("med", "fsck")["clean"] is True
    loaded = [each for each in march.ask("med", "receipt", "list")["receipts"] if each["stage"] == "loaded"]
    assert [(each["edition"], each["rows"]) for each in loaded] == [(MEDICAL, 60)]
    assert len(march.ask("ca", "sync")["fetched"]["receipts"]) == 2


@pytest.mark.parametrize("kilobytes", [2, 8, 64])
def test_a_home_on_a_full_disk_is_made_wholly_or_not(kilobytes: int, founded: Desk) -> None:
    full(limited(founded, kilobytes, "new", "init", "--agency", "bank", "--county", "522722", "--carrier", "dir:mail"))
    assert not (founded.folder / "new" / "gateway.toml").exists()
    assert founded.say("new", "status").exit == 2
    founded.do("new", "init", "--agency", "bank", "--county", "522722", "--carrier", "dir:mail")
    assert founded.ask("new", "fsck")["clean"] is True


def test_it_is_said_in_both_languages(march: Desk) -> None:
    for lang in ("zh", "en"):
        said = limited(march, 4, "ca", "publish", "--period", "2023-03", lang=lang)
        asked(said, "E-STORE", 4, lang)
        understood(said.document["error"]["message"], said.document["error"]["fix"], lang)
