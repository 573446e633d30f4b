"""One changes, many read: whoever wants to change waits and is told for whom, whoever reads never waits."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.e2e.refusals import asked, told
from tests.e2e.traces import changed, held
from tests.fault.tracer import REPOSITORY

HOLDER = """
import sqlite3, sys, time
from pathlib import Path
from gateway import lock
home = Path(sys.argv[1])
with lock.held(home, "publish"):
    database = sqlite3.connect(home / "state.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO meta (name, value) VALUES ('half', 'done')")
    print("held", flush=True)
    time.sleep(600)
"""
WAITS = 30
EDITION = "522722.assistance-persons.education.2023-03.r1"
READING = [
    ("status",), ("status", "--month", "2023-03"), ("edition", "list"), ("edition", "show", EDITION),
    ("receipt", "list"), ("trust", "show"), ("intake", "list"), ("registrations", "list"), ("feeds", "list"), ("lists", "list"),
    ("check", "march.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-03"), ("publish", "--period", "2023-03", "--dry-run"),
    ("publish", "--period", "2023-03", "--dry-run", "--preview", "seen"), ("fsck",),
    ("evidence", "export", "--edition", EDITION, "-o", "evidence.zip"),
]  # fmt: skip
CHANGING = [
    ("import", "march.csv", "--period", "2023-03"), ("publish", "--period", "2023-03"), ("collect",), ("sync",), ("trust", "sign"),
    ("trust", "import", "med.json"), ("edition", "resend", EDITION),
]  # fmt: skip


@contextmanager
def at_work(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process is in the middle of changing the home: it holds the lock and an open transaction."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


def test_reading_never_waits_for_a_writer(march: Desk) -> None:
    with at_work(march.folder / "ca"):
        for words in READING:
            began = time.monotonic()
            march.do("ca", *words)
            assert time.monotonic() - began < WAITS / 3, words
        seen = march.ask("ca", "status")
    assert seen == march.ask("ca", "status")


def test_what_a_writer_has_not_finished_nobody_reads(march: Desk) -> None:
    before = held(march.folder / "ca")
    with at_work(march.folder / "ca"):
        march.do("ca", "status")
    assert changed(before, held(march.folder / "ca")) == set()


def test_a_command_waits_half_a_minute_and_says_for_whom(march: Desk) -> None:
    """In both languages and as JSON at once; then the holder is killed, and nothing has to be cleared away."""
    before = held(march.folder / "ca")
    gateway = "gateway --home ca"
    publish = "publish --period 2023-03"
    with at_work(march.folder / "ca") as holder, ThreadPoolExecutor(3) as clerks:
        began = time.monotonic()
        zh = clerks.submit(march.alone, f"{gateway} --lang zh {publish}")
        en = clerks.submit(march.alone, f"{gateway} --lang en {publish}")
        json = clerks.submit(march.alone, f"{gateway} --lang en --json {publish}")
        told(zh.result(), "E-HOME-BUSY", 4, "zh")
        told(en.result(), "E-HOME-BUSY", 4, "en")
        asked(json.result(), "E-HOME-BUSY", 4, "en")
        assert WAITS <= time.monotonic() - began < WAITS * 3
        for said in (zh.result(), en.result()):
            assert f"publish (pid {holder.pid})" in said.err
            assert str(WAITS) in said.err
        assert changed(before, held(march.folder / "ca")) == set()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        march.do("ca", "publish", "--period", "2023-03")


@pytest.mark.parametrize("words", CHANGING, ids=" ".join)
def test_what_changes_a_home_waits_its_turn(words: tuple[str, ...], march: Desk) -> None:
    """It does not begin while another is at work, and does once that has died."""
    with at_work(march.folder / "ca") as holder, ThreadPoolExecutor(1) as clerks:
        waiting = clerks.submit(march.say, "ca", *words)
        time.sleep(0.5)
        assert not waiting.done()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert waiting.result(timeout=WAITS).exit in {0, 1}
