"""A backup and a restore killed at their durable steps: a whole file or none, a whole home or none, and nothing left lying about."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.fault.life import Act, Done, Town, act_of
from tests.fault.standing import standing
from tests.fault.steps import Kill, Step
from tests.fault.trial import Lives, places, selected, turns

BACKUP = Act("backup", "ca", ("backup", "ca.backup"))
RESTORE = Act("restore", "restored", ("restore", "ca.backup"))
FLOOR = 5
AFTER = "decide"
"""The act before which it is done: the home has lists, editions, receipts and an inbox by then."""


def done_or_there(done: Done) -> None:
    """It has been done, or the killed run had done it already."""
    assert done.code in {0, 5}, done.out
    if done.code:
        assert json.loads(done.out)["error"]["code"] in {"E-BACKUP-EXISTS", "E-RESTORE-PLACE"}


def clean(town: Town, home: str) -> None:
    found = town.fsck(home)
    assert (found["exit"], found["faults"]) == (0, []), found


def hidden(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name.startswith(".") and "mail" not in path.parts]


def backups(lives: Lives, choose: Callable[[Sequence[Step]], list[Kill]]) -> None:
    steps = lives.town(act_of(AFTER)).perform(BACKUP).steps
    assert len(steps) >= FLOOR
    for place in choose(steps):
        town = lives.town(act_of(AFTER))
        assert town.perform(BACKUP, place).code == -signal.SIGKILL
        clean(town, "ca")
        done_or_there(town.perform(BACKUP))
        assert not hidden(town.folder), f"{place}"
        assert town.perform(RESTORE).code == 0, f"{place}"
        clean(town, "restored")


def restores(lives: Lives, choose: Callable[[Sequence[Step]], list[Kill]]) -> None:
    town = lives.town(act_of(AFTER))
    assert town.perform(BACKUP).code == 0
    steps = town.perform(RESTORE).steps
    assert len(steps) >= FLOOR
    for place in choose(steps):
        town = lives.town(act_of(AFTER))
        town.perform(BACKUP)
        before = standing(town.folder)
        assert town.perform(RESTORE, place).code == -signal.SIGKILL
        there = (town.folder / "restored").exists()
        if there:
            clean(town, "restored")
        done = town.perform(RESTORE)
        done_or_there(done)
        assert there == bool(done.code), f"{place}"
        clean(town, "restored")
        assert not hidden(town.folder), f"{place}"
        assert standing(town.folder) == before, f"{place}: restoring beside a home has changed it"


@pytest.mark.parametrize("what", [backups, restores])
def test_killed_at_some_steps(lives: Lives, what: Callable[[Lives, Callable[[Sequence[Step]], list[Kill]]], None]) -> None:
    what(lives, lambda steps: selected(turns(steps), 2, 1))


@pytest.mark.slow
@pytest.mark.parametrize("what", [backups, restores])
def test_killed_at_every_step(lives: Lives, what: Callable[[Lives, Callable[[Sequence[Step]], list[Kill]]], None]) -> None:
    what(lives, places)
