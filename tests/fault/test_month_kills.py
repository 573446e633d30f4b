"""Every command of a county's month killed at its durable steps and run again: nothing lost, nothing doubled, nothing in the clear.

A killed command leaves partners' tables as they were or as they are to be. Run again it ends well, and everything then stands as in
a life that nothing disturbed, down to the entries of the ledgers; so it does after what follows in the month.
The short selection takes some of the turns of each command, `make test-faults` all places, and for some the whole of what follows.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fault import tracer
from tests.fault.life import LIFE, act_of, environment, place_of
from tests.fault.steps import Kill, Step, lost_folders, unflushed
from tests.fault.trial import Lives, begun, places, selected, turns

EVERY = 8
"""The short selection takes every so-many-th turn of a command, and one at least; each command begins at another one."""

FLOORS = {
    "init-ca": 40, "init-edu": 30, "card-edu": 1, "sign": 1, "list-edu": 1,
    "areas": 1, "import": 15, "import-mended": 7, "import-corrected": 7, "import-monitoring": 10, "import-april": 10,
    "publish": 14, "publish-completed": 9, "publish-revised": 9, "publish-monitoring": 11, "publish-april": 15,
    "collect": 18, "collect-completed": 15, "collect-revised": 15, "collect-april": 16, "collect-monitoring": 24, "collect-outcomes": 16,
    "collect-new": 16, "sync-rr": 7, "sync-edu": 7, "sync-ca": 10, "receipts-ca": 5,
    "decide": 6, "confirm": 6, "outcomes": 9,
    "recall": 8, "collect-recalled": 14, "receipts-recalled": 4, "destroy": 9,
}
"""Durable steps that a command has at least: were they no longer seen, its test would test nothing."""

TWINS = {"init-rr", "card-rr", "list-rr"}
"""The same commands in the third home."""

TO_THE_END = 10
"""Of all places, every so-many-th life is lived to its end; the others to the next horizon."""


def kill(lives: Lives, name: str, chosen: Sequence[Kill]) -> None:
    """Kill a command at these places, one life each, every so-many-th of them to its end."""
    assert len(lives.steps[name]) >= FLOORS[name]
    for number, place in enumerate(chosen, start=1):
        trial = begun(lives, act_of(name))
        assert trial.killed(place).code == -signal.SIGKILL, f"{name} went on past {place}"
        trial.again()
        trial.go_on(whole=number % TO_THE_END == 0)


def test_every_command_that_makes_something_durable_is_killed(lives: Lives) -> None:
    assert {act.name for act in LIFE if lives.steps[act.name]} == FLOORS.keys() | TWINS


@pytest.mark.parametrize("name", FLOORS)
def test_killed_at_some_steps_and_run_again(lives: Lives, name: str) -> None:
    kill(lives, name, selected(turns(lives.steps[name]), EVERY, place_of(name)))


def test_killed_once_and_the_life_goes_on_to_its_end(lives: Lives) -> None:
    trial = begun(lives, act_of("publish"))
    trial.killed(turns(lives.steps["publish"])[1])
    trial.again()
    trial.go_on(whole=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
def test_killed_at_every_step_and_run_again(lives: Lives, name: str) -> None:
    kill(lives, name, places(lives.steps[name]))


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_promised_is_flushed(lives: Lives, name: str) -> None:
    """A power cut takes what was not flushed; killing alone would not show it."""
    assert unflushed(lives.steps[name]) == []
    assert lost_folders(lives.steps[name]) == []


@pytest.mark.parametrize("name", ["import", "publish", "collect", "decide"])
def test_a_process_of_its_own_has_the_same_steps(lives: Lives, name: str) -> None:
    """The nursery's children stand for `python -m gateway`."""
    town = lives.town(act_of(name))
    words = ["gateway", "--home", act_of(name).home, *town.words(act_of(name))]
    steps = tracer.trace(words, lives.folder.parent / "own.jsonl", cwd=lives.folder, env=environment())
    assert shapes(steps) == shapes(lives.steps[name])


def shapes(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """Steps without the digests in their paths."""
    return [(step.kind, re.sub("[0-9a-f]{32,}", "…", os.path.basename(step.path))) for step in steps]  # noqa: PTH119 (paths as text)


def test_a_place_for_every_step(lives: Lives) -> None:
    """All places are all steps; a selection is never empty, and those that begin at each turn are together all of them."""
    found = places(lives.steps["import"])
    assert {place.number for place in found} == {step.number for step in lives.steps["import"]}
    assert selected(found, 1) == found
    assert {place for start in range(EVERY) for place in selected(found, EVERY, start)} == set(found)
    assert [selected([1, 2], EVERY, start) for start in range(3)] == [[1], [2], [1]]
    assert {place.number for place in turns(lives.steps["import"])} < {place.number for place in found}


def test_the_life_shows_what_it_is_to_show(lives: Lives) -> None:
    """Revisions, a recall, an increment, decisions and answers; persons in partners' tables, so that their absence elsewhere counts."""
    end = lives.stands[-1]
    kinds = [(row[0], row[2], row[3]) for row in end["ca.edition"]]
    assert {kind for _, kind, _ in kinds} == {"snapshot", "increment", "event", "withdrawn"}
    assert {state for _, _, state in kinds} == {"loaded", "withdrawn"}
    assert len([1 for edition, _, _ in kinds if ".education.2023-03.r" in edition]) == 3
    assert any(row[0] == "registered" for row in end["ca.registration"])
    rows = [cell for name, rows in end.items() if name.startswith("sink.assistance_persons") for row in rows for cell in row]
    assert lives.numbers & set(rows)
    assert lives.names & set(rows)
    assert any(int(row[7]) == 1 for row in lives.stands[place_of("collect")]["ca.import"]), "no row is held in March"


def test_somebody_left_in_the_clear_is_found(lives: Lives, tmp_path: Path) -> None:
    """The search that every trial makes: plain, in other encodings, compressed."""
    import zstandard

    from tests.fault.standing import exposed

    number, name = min(lives.numbers), min(lives.names)
    ways = {"plain": number.encode(), "wide": number.encode("utf-16-le"), "name": f"户主{name}，".encode(),
            "packed": b"\x00" * 7 + zstandard.ZstdCompressor().compress(f"{name} {number}".encode())}
    for way, data in ways.items():
        (tmp_path / way / "ca").mkdir(parents=True)
        (tmp_path / way / "ca" / "file").write_bytes(b"\xff" * 9 + data)
        assert exposed(tmp_path / way, lives.numbers, lives.names) == ["ca/file"], way
    (tmp_path / "named" / "mail" / name).mkdir(parents=True)
    assert exposed(tmp_path / "named", lives.numbers, lives.names) == [f"mail/{name}"]
