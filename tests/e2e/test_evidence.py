"""What remains when everything else is gone: anybody can check it, with one command, without the gateway and without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security.verify import verify_bundle
from tests.e2e import tables
from tests.e2e.desk import Desk
from tests.e2e.months import MEDICAL, collect, keep, publish
from tests.e2e.parcels import flipped
from tests.e2e.refusals import refused
from tests.fault.tracer import REPOSITORY

MARCH = f"522722.assistance-persons.{MEDICAL}.2023-03.r1"
ALONE = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") or event in {"urllib.Request", "subprocess.Popen"}:
        raise SystemExit(f"it asked for {event}")
sys.addaudithook(refuse)
import builtins, runpy
sys.argv = ["verify", *sys.argv[1:]]
runpy.run_module("security.verify", run_name="__main__")
"""


@pytest.fixture(scope="module")
def proven_once(march_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """March was loaded and corrected, both are receipted, and the bundle is exported."""
    desk = march_once.copy(tmp_path_factory.mktemp("proven") / "offices")
    collect(desk)
    desk.do("ca", "sync")
    keep(desk, "march2.csv", tables.people(0, 59), "2023-03", "--replace", "更正")
    publish(desk, "2023-03", "--revise", "更正")
    collect(desk)
    desk.do("ca", "sync")
    desk.do("ca", "evidence", "export", "--edition", MARCH, "-o", "evidence.zip")
    (desk.folder / "root.json").write_text(desk.do("ca", "trust", "export", "--root").out, "utf-8")
    return desk


@pytest.fixture
def proven(proven_once: Desk, tmp_path: Path) -> Desk:
    return proven_once.copy(tmp_path / "offices")


def alone(desk: Desk, bundle: str = "evidence.zip", root: str = "root.json") -> subprocess.CompletedProcess[str]:
    """The verifier as a stranger runs it: no home, no network, nothing imported but the standard library and cryptography."""
    return subprocess.run(
        [sys.executable, "-c", ALONE, str(desk.folder / bundle), "--root", str(desk.folder / root)],
        cwd=REPOSITORY, env={"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_says_what_was_sent_and_what_was_answered(proven: Desk) -> None:
    told = proven.ask("nobody", "verify", "evidence.zip", "--root", "root.json")
    assert (told["evidence"], told["editions"], told["receipts"]) == ("verified", 2, 4)
    assert told["statements"]
    assert "revision 2" in proven.do("nobody", "verify", "evidence.zip", "--root", "root.json").out
    assert "已" in proven.do("nobody", "verify", "evidence.zip", "--root", "root.json", lang="zh").out
    assert not (proven.folder / "nobody").exists()


def test_it_holds_when_inbox_outbox_and_sinks_are_gone(proven: Desk) -> None:
    """Exported anew from what is left, and checked by a process that may not open a socket."""
    first = (proven.folder / "evidence.zip").read_bytes()
    for gone in ("ca/outbox", "ca/inbox", "ca/vault", "med/inbox", "med/outbox", "mail"):
        shutil.rmtree(proven.folder / gone)
    for home in ("ca", "med"):
        for shelf in ("outbox", "inbox", "vault"):
            (proven.folder / home / shelf).mkdir(exist_ok=True)
    (proven.folder / "med.db").unlink()
    (proven.folder / "evidence.zip").unlink()
    proven.do("ca", "evidence", "export", "--edition", MARCH, "-o", "evidence.zip")
    done = alone(proven)
    assert done.returncode == 0, done.stderr
    assert "it asked for" not in done.stderr
    with zipfile.ZipFile(proven.folder / "evidence.zip") as again:
        documents = {name: again.read(name) for name in again.namelist() if not name.endswith((".tlog-proof", "checkpoint.note"))}
    (proven.folder / "first.zip").write_bytes(first)
    with zipfile.ZipFile(proven.folder / "first.zip") as before:
        assert documents == {name: before.read(name) for name in documents}


def test_the_partners_home_can_say_it_too(proven: Desk) -> None:
    """No key of civil affairs is needed to check its evidence; the root alone, which was read out on the telephone."""
    for home in ("ca", "med", "edu", "hous", "rur"):
        shutil.rmtree(proven.folder / home)
    assert alone(proven).returncode == 0


def test_no_person_is_in_it(proven: Desk) -> None:
    with zipfile.ZipFile(proven.folder / "evidence.zip") as bundle:
        everything = b"\n".join(bundle.read(name) for name in bundle.namelist())
    for who in tables.people(0, 60):
        assert who.number.encode() not in everything
        assert who.name.encode() not in everything


def test_the_wrong_root(proven: Desk) -> None:
    proven.do("stranger", "init", "--agency", "civil-affairs", "--county", "522722")
    (proven.folder / "other.json").write_text(proven.do("stranger", "trust", "export", "--root").out, "utf-8")
    refused(proven, "ca", ("verify", "evidence.zip", "--root", "other.json"), "E-TRUST-ROOT", 6)
    assert alone(proven, root="other.json").returncode == 6


def test_any_bit_of_it_that_is_changed(proven: Desk) -> None:
    """Two hundred places all over the file: no change passes."""
    whole = (proven.folder / "evidence.zip").read_bytes()
    root = (proven.folder / "root.json").read_bytes()
    for place in range(0, len(whole), len(whole) // 200):
        with pytest.raises(ExchangeError) as refusal:
            verify_bundle(flipped(whole, place), root)
        assert refusal.value.entry.exit == 6


def test_a_receipt_is_left_out_and_the_rest_is_said(proven: Desk) -> None:
    """Whoever hands on less than there is proves less: the number of receipts is in the report."""
    proven.do("ca", "evidence", "export", "--edition", "522722.assistance-persons.education.2023-03.r1", "-o", "silent.zip")
    told = proven.ask("nobody", "verify", "silent.zip", "--root", "root.json")
    assert (told["editions"], told["receipts"]) == (2, 0)


def test_a_receipt_file_is_verified(proven: Desk) -> None:
    receipt = next(each for each in proven.ask("ca", "receipt", "list")["receipts"] if each["stage"] == "loaded")
    shown = proven.ask("ca", "receipt", "show", receipt["receipt"])
    (proven.folder / "receipt.json").write_text(shown["envelope"], "utf-8")
    assert proven.ask("ca", "receipt", "verify", "receipt.json")["by"] == MEDICAL
    (proven.folder / "forged.json").write_text(shown["envelope"].replace('"payload":"', '"payload":"A', 1), "utf-8")
    said = proven.say("ca", "--json", "receipt", "verify", "forged.json")
    assert said.exit == 6
    refused(proven, "edu", ("receipt", "verify", "receipt.json"), "E-RECEIPT-STRAY", 6)


def test_the_ledger_is_rewritten(proven: Desk) -> None:
    """Somebody with the database in hand changes an entry: fsck and export notice."""
    import sqlite3

    with sqlite3.connect(proven.folder / "ca" / "state.db") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE ledger_entry SET body = CAST(replace(CAST(body AS TEXT), '2023-03', '2023-04') AS BLOB) WHERE i > 4")
    database.close()
    done = proven.ask("ca", "fsck", exit=6)
    assert "E-LEDGER-DAMAGED" in {each["code"] for each in done["faults"]}
