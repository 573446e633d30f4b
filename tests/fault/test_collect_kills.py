"""Collecting into every kind of sink, killed at its durable steps: a month or none of it, and one receipt for ever.

What `test_month_kills` does with a database is done here with folders, also with one that is filled again from the inbox; and what is
not simply the same command again: a collection that is followed by another command, in another folder, or into another sink.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fault.life import act_of
from tests.fault.standing import given, kept_receipts
from tests.fault.steps import Kill, Step
from tests.fault.trial import Lives, Trial, begun, elsewhere, places, selected, turns

ACTS = ("collect", "collect-completed")
"""The first edition; and its second revision into a sink that has not seen the first."""

FLOOR = 25


def kill(lives: Lives, sink: str, name: str, choose: Callable[[Sequence[Step]], list[Kill]]) -> None:
    """Kill a collection into a sink at the places chosen of its steps."""
    act = act_of(name)
    outcome = elsewhere(lives, act, sink)
    assert len(outcome.steps) >= FLOOR
    for place in choose(outcome.steps):
        trial = Trial(lives, act, lives.town(act, sink), outcome)
        assert trial.killed(place).code == -signal.SIGKILL, f"{name} went on past {place}"
        trial.again()
        trial.settle()


@pytest.mark.parametrize(("sink", "name"), [("csv", "collect"), ("parquet", "collect-completed")])
def test_folders_killed_at_some_steps(lives: Lives, sink: str, name: str) -> None:
    kill(lives, sink, name, lambda steps: selected(turns(steps), 12, len(sink)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("sink", ["csv", "parquet", "xlsx"])
def test_folders_killed_at_every_step(lives: Lives, sink: str, name: str) -> None:
    kill(lives, sink, name, places)


def last_commit(steps: tuple[Step, ...], file: str) -> Kill:
    """Just after the last commit to a file, which the home has then not heard of."""
    return Kill(max(step.number for step in steps if step.kind == "commit" and step.path.endswith(file)), "after")


@pytest.fixture
def loaded(lives: Lives) -> Trial:
    """Education's sink has March, its home does not know it yet."""
    trial = begun(lives, act_of("collect"))
    trial.killed(last_commit(lives.steps["collect"], "edu.db"))
    assert len(kept_receipts(lives.folder)) == 1
    assert not given(lives.folder, "edu", "loaded")
    return trial


def test_another_command_catches_up_from_another_folder(loaded: Trial, tmp_path: Path) -> None:
    """The sink was named relative to where the killed run was started."""
    before = kept_receipts(loaded.town.folder)
    assert loaded.town.perform(act_of("sync-edu"), here=tmp_path).code == 0
    assert given(loaded.town.folder, "edu", "loaded") == before
    assert not list(tmp_path.iterdir()), "a sink was made where none was wanted"
    assert loaded.town.perform(loaded.act).code == 0
    loaded.settle()


@pytest.mark.parametrize("sink", ["csv", "parquet"])
def test_another_sink_is_filled_with_the_receipt_that_was_given(loaded: Trial, sink: str) -> None:
    before = kept_receipts(loaded.town.folder)
    loaded.town = replace(loaded.town, sink=sink)
    done = loaded.town.perform(act_of("collect"))
    assert done.code == 0, done.err
    assert kept_receipts(loaded.town.folder) == before == given(loaded.town.folder, "edu", "loaded")
    assert list((loaded.town.folder / f"edu-{sink}").glob("editions/*")), "the other sink holds nothing"
    loaded.settle()
