"""Homes that are not as they should be: keys, passphrase, another agency's things, a damaged database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import RURAL
from tests.e2e.desk import Desk
from tests.e2e.refusals import refused
from tests.e2e.traces import changed, held

APRIL = ("import", "march.csv", "--as", RURAL, "--period", "2023-04")
SEND = ("publish", "--period", "2023-03")
COLLECT = ("collect", "--sink", "sqlite:///med.db")


def test_the_key_store_is_gone(march: Desk) -> None:
    shutil.rmtree(march.folder / "ca" / "keys")
    refused(march, "ca", SEND, "E-STORE-NONE", 6)
    refused(march, "ca", ("status",), "E-STORE-NONE", 6)


def test_the_keys_of_another_home(march: Desk) -> None:
    """Somebody copied the wrong folder back: what those keys sign everybody would refuse, so nothing is signed."""
    shutil.rmtree(march.folder / "ca" / "keys")
    shutil.copytree(march.folder / "edu" / "keys", march.folder / "ca" / "keys")
    for words in (SEND, APRIL, ("sync",), ("trust", "export"), ("fsck",)):
        refused(march, "ca", words, "E-STORE-OTHER", 6)


def test_the_signing_key_is_gone(march: Desk) -> None:
    (march.folder / "ca" / "keys" / "sign.1.key").unlink()
    for words in (APRIL, ("publish", "--period", "2023-03", "--revise", "x"), ("sync",)):
        refused(march, "ca", words, "E-KEY-MISSING", 6)


def test_a_key_is_damaged(march: Desk) -> None:
    key = march.folder / "ca" / "keys" / "sign.1.key"
    data = bytearray(key.read_bytes())
    data[len(data) // 2] ^= 1
    key.write_bytes(data)
    fresh = {"keys/mac.2023-04.key", "keys/self.2023-04.key"}  # April's own keys may have been made; nothing is sealed to them
    refused(march, "ca", APRIL, "E-STORE-DAMAGED", 6, but=fresh)


def test_keys_that_others_can_read(march: Desk) -> None:
    (march.folder / "ca" / "keys" / "master").chmod(0o644)
    refused(march, "ca", SEND, "E-STORE-OPEN", 6)


def test_the_key_that_opens_what_came_is_gone(march: Desk) -> None:
    """The sender is told that it came and not that it was loaded; when the key is back, it loads."""
    kept = march.folder / "kept"
    kept.mkdir()
    for key in (march.folder / "med" / "keys").glob("wrap.*"):
        key.rename(kept / key.name)
    done = march.ask("med", *COLLECT, exit=6)
    assert [each["code"] for each in done["refused"]] == ["E-KEY-MISSING"]
    assert [each["result"] for each in done["collected"]] == ["received"]
    march.do("ca", "sync")
    assert march.ask("ca", "edition", "show", "522722.assistance-persons.medical-insurance.2023-03.r1")["state"] == "received"
    for key in kept.iterdir():
        key.rename(march.folder / "med" / "keys" / key.name)
    done = march.ask("med", *COLLECT)
    assert [(each["result"], each["rows"]) for each in done["collected"]] == [("loaded", 60)]


@pytest.fixture
def locked(founded: Desk) -> Desk:
    """A home `safe` under a passphrase."""
    for name, text in (("right.txt", "樟江水清 2023\n"), ("wrong.txt", "樟江水浊 2023\n"), ("empty.txt", "\n")):
        (founded.folder / name).write_text(text, "utf-8")
    founded.environment["GATEWAY_PASSPHRASE_FILE"] = "right.txt"  # noqa: S105 (a file's name)
    founded.do("safe", "init", "--agency", "finance", "--county", "522722")
    return founded


@pytest.mark.parametrize(
    ("file", "code", "exit"),
    [
        pytest.param("wrong.txt", "E-STORE-PASSPHRASE", 6, id="wrong"),
        pytest.param("", "E-STORE-PASSPHRASE-MISSING", 6, id="none"),
        pytest.param("empty.txt", "E-STORE-PASSPHRASE-EMPTY", 2, id="empty"),
        pytest.param("no-such.txt", "E-PASSPHRASE-FILE", 6, id="no such file"),
    ],
)
def test_the_passphrase_is_not_right(file: str, code: str, exit: int, locked: Desk) -> None:  # noqa: A002 (it is the exit code)
    locked.environment["GATEWAY_PASSPHRASE_FILE"] = file
    refused(locked, "safe", ("status",), code, exit)
    locked.environment["GATEWAY_PASSPHRASE_FILE"] = "right.txt"  # noqa: S105 (a file's name)
    locked.do("safe", "status")


def test_the_passphrase_is_in_no_file_of_the_home(locked: Desk) -> None:
    for path in (locked.folder / "safe").rglob("*"):
        assert not path.is_file() or "樟江水清".encode() not in path.read_bytes()


def test_a_home_is_not_made_over_another(march: Desk) -> None:
    refused(march, "ca", ("init", "--agency", "education", "--county", "522722"), "E-HOME-EXISTS", 5)
    refused(march, "ca", ("init", "--agency", "civil-affairs", "--county", "522701"), "E-HOME-EXISTS", 5)


def test_a_home_that_says_it_is_another_agency(march: Desk) -> None:
    """A changed line in its configuration must not make civil affairs answer for education."""
    settings = march.folder / "ca" / "gateway.toml"
    settings.write_text(settings.read_text("utf-8").replace("civil-affairs", "education"), "utf-8")
    for words in (SEND, ("collect", "--sink", "sqlite:///x.db"), ("sync",), ("trust", "export")):
        refused(march, "ca", words, "E-HOME-OTHER", 5)
    assert not (march.folder / "x.db").exists()


def test_another_agency_publishes_nothing_of_civil_affairs(march: Desk) -> None:
    refused(march, "edu", (*SEND, "--feed", "assistance-persons"), "E-FEED-OTHERS", 3)
    refused(march, "edu", ("trust", "sign"), "E-TRUST-REGISTRY", 3)


def test_a_sink_that_holds_the_rows_of_another_agency(march: Desk) -> None:
    """Two agencies' rows never stand in one place: education may not see what medical insurance may."""
    march.do("med", "collect", "--sink", "sqlite:///shared.db")
    done = march.say("edu", "--json", "collect", "--sink", "sqlite:///shared.db")
    assert done.exit == 1
    assert [each["code"] for each in done.document["refused"]] == ["E-SINK-OWNER"]
    done = march.say("edu", "--json", "collect", "--sink", "sqlite:///edu.db")
    assert [(each["result"], each["rows"]) for each in done.document["collected"]] == [("loaded", 18)]


@pytest.mark.parametrize("broken", ["[home]\nagency = 5\n", "not toml at all [", "[home]\n", ""])
def test_a_configuration_nobody_understands(broken: str, march: Desk) -> None:
    (march.folder / "ca" / "gateway.toml").write_text(broken, "utf-8")
    refused(march, "ca", SEND, "E-HOME-CONFIG", 2)


def test_a_home_without_a_carrier(founded: Desk) -> None:
    settings = founded.folder / "ca" / "gateway.toml"
    kept = [line for line in settings.read_text("utf-8").splitlines() if "carrier" not in line]
    settings.write_text("\n".join([*kept, 'carrier = ""', ""]), "utf-8")
    refused(founded, "ca", ("sync",), "E-CARRIER-NONE", 2)


def test_the_shared_folder_is_gone(march: Desk) -> None:
    """Not mounted is not empty: whoever has read from it is told, and does not take it for a month without news."""
    march.do("med", *COLLECT)
    (march.folder / "mail").rename(march.folder / "unplugged")
    refused(march, "med", COLLECT, "E-CARRIER-REACH", 4)
    (march.folder / "unplugged").rename(march.folder / "mail")
    march.do("med", *COLLECT)


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def pages_overwritten(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))


@pytest.mark.parametrize("how", [garbage, cut, emptied, pages_overwritten, Path.unlink])
def test_the_database_is_damaged(how: Callable[[Path], None], march: Desk) -> None:
    home = march.folder / "ca"
    for left in ("state.db-wal", "state.db-shm"):
        (home / left).unlink(missing_ok=True)
    how(home / "state.db")
    database = (home / "state.db").read_bytes() if (home / "state.db").exists() else None
    files = {name: digest for name, digest in _files(home).items() if name != "state.db"}
    for words in (SEND, APRIL, ("sync",), ("fsck",)):
        said = march.say("ca", "--json", *words)
        assert (said.exit, said.document["error"]["code"]) == (4, "E-STATE-DAMAGED"), said
    assert {name: digest for name, digest in _files(home).items() if name != "state.db"} == files
    assert ((home / "state.db").read_bytes() if (home / "state.db").exists() else None) == database


def _files(home: Path) -> dict[str, bytes]:
    passing = {"lock", "state.db-wal", "state.db-shm"}
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name not in passing}


def test_a_damaged_database_is_said_in_both_languages(march: Desk) -> None:
    garbage(march.folder / "ca" / "state.db")
    for lang, word in (("zh", "已损坏"), ("en", "damaged")):
        said = march.say("ca", *SEND, lang=lang)
        assert said.exit == 4
        assert word in said.err
        assert "[E-STATE-DAMAGED]" in said.err


def test_a_database_of_a_newer_program(march: Desk) -> None:
    import sqlite3

    with sqlite3.connect(march.folder / "ca" / "state.db") as database:
        database.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    database.close()
    refused(march, "ca", SEND, "E-STATE-VERSION", 4)


def test_a_package_at_rest_is_gone(march: Desk) -> None:
    """The month cannot be published anew from rows that are not there; nothing half is sent, and fsck names it."""
    vault = march.folder / "ca" / "vault"
    before = held(march.folder / "ca")
    for package in vault.iterdir():
        package.rename(march.folder / "lost")
    refused(march, "ca", (*SEND, "--dry-run", "--preview", "seen"), "E-PACKAGE-GONE", 4)
    assert march.ask("ca", "fsck", exit=4)["clean"] is False
    (march.folder / "lost").rename(vault / next(name for name in before if name.startswith("vault/")).split("/")[1])
    assert changed(before, held(march.folder / "ca")) == set()
    assert march.ask("ca", "fsck")["clean"] is True
