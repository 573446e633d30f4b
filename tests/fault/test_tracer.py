"""The tracer itself: it sees every durable step of a process and kills at the one it was told."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.fault.nursery import Nursery
from tests.fault.steps import Full, Kill, Step, kills, lost_folders, read_steps, unflushed
from tests.fault.tracer import run, trace

PROGRAM = """
import os, sqlite3, sys
from pathlib import Path
os.mkdir("d")
with open("d/.new", "w") as file:
    file.write("new")
    file.flush()
    os.fsync(file.fileno())
Path("d/.new").rename("d/new")
folder = os.open("d", os.O_RDONLY)
os.fsync(folder)
os.link("new", "other", src_dir_fd=folder, dst_dir_fd=folder)
Path("d/other").unlink()
connection = sqlite3.connect("db")
connection.execute("CREATE TABLE t (x)")
connection.commit()
with connection:
    connection.execute("INSERT INTO t VALUES (1)")
connection.isolation_level = None
connection.execute("BEGIN")
connection.execute("INSERT INTO t VALUES (2)")
connection.execute("COMMIT")
connection.cursor().execute("INSERT INTO t VALUES (3)")
print("done", *sys.argv[1:])
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "traced_program.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "run").mkdir()
    return tmp_path


def test_every_step_is_seen_and_named(program: Path) -> None:
    steps = trace(["traced_program"], program / "steps", cwd=program / "run")
    here = (program / "run").resolve()
    assert [(step.kind, step.path) for step in steps] == [
        ("mkdir", str(here / "d")), ("fsync", str(here / "d/.new")), ("rename", str(here / "d/new")), ("fsync", str(here / "d")),
        ("link", str(here / "d/other")), ("unlink", str(here / "d/other")),
        ("commit", str(here / "db")), ("commit", str(here / "db")), ("commit", str(here / "db")), ("commit", str(here / "db")),
    ]
    assert steps[2].source == str(here / "d/.new")
    assert unflushed(steps) == []


def test_the_program_is_itself(program: Path) -> None:
    done = run(["traced_program", "--an", "argument"], program / "steps", cwd=program / "run")
    assert (done.returncode, done.stdout) == (0, "done --an argument\n")


def test_kinds_choose_what_is_numbered(program: Path) -> None:
    steps = trace(["traced_program"], program / "steps", kinds=("rename", "commit"), cwd=program / "run")
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("kill", "rows"), [(Kill(9, "before"), 1), (Kill(9, "after"), 2), (Kill(10, "before"), 2), (Kill(10, "after"), 3)])
def test_a_kill_is_before_or_after_a_commit(program: Path, kill: Kill, rows: int) -> None:
    done = run(["traced_program"], program / "steps", fault=kill, cwd=program / "run")
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")
    connection = sqlite3.connect(program / "run/db")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (rows,)
    connection.close()


def test_a_kill_is_before_or_after_a_rename(program: Path) -> None:
    run(["traced_program"], program / "steps", fault=Kill(3, "before"), cwd=program / "run")
    assert not (program / "run/d/new").exists()
    (program / "run/d/.new").unlink()
    (program / "run/d").rmdir()
    run(["traced_program"], program / "steps", fault=Kill(3, "after"), cwd=program / "run")
    assert (program / "run/d/new").read_text() == "new"


def test_every_place_to_die_at() -> None:
    steps = [Step(1, "fsync", "/a"), Step(2, "rename", "/b", "/a")]
    assert [str(kill) for kill in kills(steps)] == ["before-1", "after-1", "before-2", "after-2"]
    assert [str(kill) for kill in kills(steps, thorough=False)] == ["before-1", "before-2", "after-2"]


def test_a_rename_without_flushes_is_found() -> None:
    rename = Step(2, "rename", "/d/b", "/d/a")
    assert len(unflushed([rename])) == 2
    assert len(unflushed([Step(1, "fsync", "/d/a"), rename])) == 1
    assert unflushed([Step(1, "fsync", "/d/a"), rename, Step(3, "fsync", "/d")]) == []
    assert len(unflushed([rename, Step(3, "fsync", "/d/a"), Step(4, "fsync", "/d")])) == 1
    assert unflushed([rename], lambda path: path == "/d/b") == []


def test_a_folder_that_a_power_failure_takes_is_found() -> None:
    made = Step(1, "mkdir", "/d/new")
    assert len(lost_folders([made])) == 1
    assert lost_folders([made, Step(2, "fsync", "/d")]) == []
    assert len(lost_folders([Step(1, "fsync", "/d"), made])) == 1
    assert lost_folders([Step(1, "mkdir", "/d/.draft"), Step(2, "mkdir", "/d/.draft/in"), Step(3, "rename", "/d/new", "/d/.draft")]) == []


@pytest.mark.parametrize(("step", "kind"), [(2, OSError), (7, sqlite3.OperationalError)])
def test_a_full_disk_stays_full(program: Path, step: int, kind: type[Exception]) -> None:
    done = run(["traced_program"], program / "steps", fault=Full(step), cwd=program / "run")
    assert done.returncode == 1
    assert kind.__name__ in done.stderr
    assert len(read_steps(program / "steps")) == step - 1


def test_a_disk_that_was_full_once(program: Path) -> None:
    """Whoever passes over it goes on."""
    passes_over = 'os.mkdir("d")\ntry:\n    os.mkdir("e")\nexcept OSError:\n    pass'
    (program / "traced_program.py").write_text(PROGRAM.replace('os.mkdir("d")', passes_over))
    done = run(["traced_program"], program / "steps", fault=Full(2, once=True), cwd=program / "run")
    assert (done.returncode, (program / "run/e").exists(), (program / "run/d/new").exists()) == (0, False, True)


def test_the_nursery_s_children_are_as_fresh_processes(program: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(program)}
    with Nursery(()) as nursery:
        (program / "run2").mkdir()
        steps = nursery.trace(["tests.fault.carrier_worker", f"dir:{program / 'mail'}"], program / "steps")
        alone = trace(["tests.fault.carrier_worker", f"dir:{program / 'mail2'}"], program / "steps")
        assert [(step.number, step.kind) for step in steps] == [(step.number, step.kind) for step in alone]
        failed = nursery.run(["tests.fault.carrier_worker", "ftp:nowhere"], program / "steps", env=env, cwd=program / "run2")
        assert failed.returncode == 1
        assert "E-CARRIER-URL" in failed.stderr
        killed = nursery.run(["tests.fault.carrier_worker", f"dir:{program / 'mail3'}"], program / "steps", fault=Kill(1, "after"))
        assert killed.returncode == -signal.SIGKILL
        assert (program / "mail3").is_dir()
