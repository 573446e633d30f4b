"""Killed while making good a kill: what only happens after a crash (clearing up, catching up, posting what waited) is killed too."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence

import pytest

from tests.fault import life
from tests.fault.life import Town, act_of, place_of
from tests.fault.steps import Kill, Step
from tests.fault.trial import Lives, Trial, begun, places, selected, turns

ACTS = ("init-edu", "import", "publish", "collect", "collect-monitoring", "confirm", "outcomes", "sync-edu", "sync-ca")


def kill_twice(lives: Lives, name: str, first: Kill, choose: Callable[[Sequence[Step]], list[Kill]]) -> None:
    """Kill a command at one place, and the same command again at the places chosen of its second run's steps."""
    act, between = act_of(name), lives.folder.parent / "between"
    once = begun(lives, act)
    once.killed(first)
    life.copy(lives.folder, between)
    for second in choose(once.again().steps):
        life.copy(between, lives.folder)
        twice = Trial(lives, act, Town(lives.folder, lives.nursery), lives.outcome(act), notes=[str(once)])
        assert twice.killed(second).code == -signal.SIGKILL, f"{name} went on past {second}"
        twice.again()
        twice.go_on(whole=False)


def half_way(steps: tuple[Step, ...]) -> Kill:
    """Just after the middle one of the steps that make something visible: packages lie there that nothing names yet."""
    visible = [step for step in steps if step.kind in {"rename", "commit"}]
    return Kill(visible[(len(visible) - 1) // 2].number, "after")


@pytest.mark.parametrize("name", ["publish", "collect", "collect-monitoring", "confirm"])
def test_killed_again_half_way(lives: Lives, name: str) -> None:
    kill_twice(lives, name, half_way(lives.steps[name]), lambda steps: selected(turns(steps), len(steps), place_of(name)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_killed_again_anywhere(lives: Lives, name: str) -> None:
    for first in selected(places(lives.steps[name]), 4):
        kill_twice(lives, name, first, lambda steps: selected(places(steps), 3))
