"""Every command of a county's month on a disk that fills up: exit 4, a code that says what is full, and the next run goes on.

The disk is taken away at durable steps, which needs no rights: from a step on, and at one step alone, since whoever passed over that
failure would promise what is not kept. Then the same on a real small file system, where writing itself fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fault.life import act_of, place_of
from tests.fault.steps import Full, Step
from tests.fault.test_month_kills import FLOORS, TO_THE_END
from tests.fault.trial import Lives, begun, selected

SHORT = ("init-edu", "import", "publish", "collect", "collect-monitoring", "confirm", "outcomes", "sync-ca")
"""Commands of the short selection: full from the start, and full once at another step."""

KIB = 1024
ROOM = (0, 8, 64, 256)
"""KiB that are left on the small disk."""


def fill(lives: Lives, name: str, chosen: Sequence[Full]) -> None:
    """Take the disk away at these steps of a command, one life each, every so-many-th of them to its end."""
    assert len(lives.steps[name]) >= FLOORS[name]
    for number, fault in enumerate(chosen, start=1):
        trial = begun(lives, act_of(name))
        trial.full(fault)
        trial.again()
        trial.go_on(whole=number % TO_THE_END == 0)


def stops(steps: Sequence[Step], *, once: bool = False) -> list[Full]:
    """A disk that is full from each step on that needs room (removing needs none), or at that step alone."""
    return [Full(step.number, once) for step in steps if step.kind != "unlink"]


@pytest.mark.parametrize("name", SHORT)
def test_full_at_some_step(lives: Lives, name: str) -> None:
    found = stops(lives.steps[name], once=True)
    fill(lives, name, selected(found, len(found), 5 * place_of(name)))


@pytest.mark.slow
@pytest.mark.parametrize("once", [False, True], ids=["from-there-on", "once"])
@pytest.mark.parametrize("name", FLOORS)
def test_full_at_every_step(lives: Lives, name: str, once: bool) -> None:
    fill(lives, name, stops(lives.steps[name], once=once))


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in SHORT else pytest.mark.slow) for name in FLOORS])
def test_full_from_the_start_nothing_has_changed(lives: Lives, name: str) -> None:
    trial = begun(lives, act_of(name))
    trial.full(stops(lives.steps[name])[0])
    trial.check_standing(lives.before_stands(act_of(name)))


@contextmanager
def small(folder: Path, room: int) -> Iterator[Path]:
    """The folder on a file system of its own with so many bytes of room; yields the file that takes up the rest."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False)
    if done.returncode:
        folder.rmdir()
        aside.rename(folder)
        pytest.skip("needs the right to mount a small file system")
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        shutil.rmtree(aside)
        ballast = folder / "ballast"
        free = os.statvfs(folder)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - room))
        yield ballast
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def squeeze(lives: Lives, name: str, room: int) -> None:
    """Carry out a command with so many KiB of room, then with enough."""
    trial = begun(lives, act_of(name))
    with small(lives.folder, room * KIB) as ballast:
        done = trial.town.perform(act_of(name))
        trial.notes.append(f"{name} with {room} KiB exit {done.code}")
        trial.touched.add(act_of(name).home)
        if done.code or not room:
            trial.check_refusal(done)
        trial.check_view()
        trial.check_hidden()
        ballast.unlink()
        trial.again()
        trial.settle()


@pytest.mark.parametrize(("name", "room"), [("import", 0), ("publish", 64), ("collect", 8)])
def test_on_a_small_disk(lives: Lives, name: str, room: int) -> None:
    squeeze(lives, name, room)


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize("room", ROOM)
def test_on_small_disks(lives: Lives, name: str, room: int) -> None:
    squeeze(lives, name, room)
