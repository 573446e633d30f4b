"""A home killed while it loads: before and after every durable step, what a partner sees is a month or none, never part of one."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from consumers.sink import open_sink
from tests.conformance.editions import person
from tests.conformance.partners import MAKERS, Partner, Seen
from tests.fault import sink_worker
from tests.fault.nursery import Nursery
from tests.fault.steps import Step, kills, unflushed

WORKER = "tests.fault.sink_worker"
KINDS = ("sqlite", "csv", "xlsx", "parquet")


def undisturbed(nursery: Nursery, kind: str, folder: Path) -> tuple[tuple[Step, ...], tuple[object, ...]]:
    """The steps of a whole run, and what the partner sees at its end."""
    folder.mkdir()
    partner = MAKERS[kind](folder)
    return nursery.trace([WORKER, partner.url], folder / "steps"), look(partner)


def look(partner: Partner) -> tuple[object, ...]:
    return partner.month("2023-03") or [], partner.month("2023-04") or [], partner.current()


def rows(*numbers: int, unconfirmed: tuple[int, ...] = ()) -> list[Seen]:
    """Persons by number; a negative one has the amount of April."""
    wanted = [(number, False) for number in numbers] + [(number, True) for number in unconfirmed]
    return [(*person(abs(number), amount=80000 if number < 0 else 73500), mark)
            for number, mark in sorted(wanted, key=lambda each: abs(each[0]))]


MARCH = {"before": [], "loaded": rows(1, 2, 3), "withdrawn": []}
APRIL = {"before": [], "first": rows(-1, 4, unconfirmed=(2,)), "second": rows(-1, unconfirmed=(2, 3))}


@pytest.mark.parametrize("kind", KINDS)
def test_the_undisturbed_run(nursery: Nursery, kind: str, tmp_path: Path) -> None:
    steps, end = undisturbed(nursery, kind, tmp_path / "whole")
    assert end == (MARCH["withdrawn"], APRIL["second"], APRIL["second"])
    assert len([step for step in steps if step.kind == ("commit" if kind == "sqlite" else "rename")]) >= len(sink_worker.PLAN)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sqlite"])
def test_what_is_promised_is_flushed(nursery: Nursery, kind: str, tmp_path: Path) -> None:
    """Editions are; the names that people see are made again at every start and promise nothing."""
    steps, _ = undisturbed(nursery, kind, tmp_path / "whole")
    assert unflushed(steps, lambda path: "/editions/" not in path or "/.incoming-" in path) == []


@pytest.mark.parametrize("kind", ["sqlite", "parquet", "csv", pytest.param("xlsx", marks=pytest.mark.slow)])
def test_killed_at_every_step_and_run_again(nursery: Nursery, kind: str, tmp_path: Path) -> None:
    steps, end = undisturbed(nursery, kind, tmp_path / "whole")
    for kill in kills(steps):
        place = tmp_path / str(kill)
        place.mkdir()
        partner = MAKERS[kind](place)
        done = nursery.run([WORKER, partner.url], place / "steps", fault=kill)
        assert done.returncode == -signal.SIGKILL, f"{kill}: {done.stderr}"
        seen = look(partner)
        assert seen[0] in MARCH.values(), f"{kill}: part of March is visible"
        assert seen[1] in APRIL.values(), f"{kill}: part of April is visible"
        with open_sink(partner.url) as sink:
            kept = {stored.manifest: stored.receipt for stored in sink.receipts()}
        sink_worker.main(partner.url)
        with open_sink(partner.url) as sink:
            after = {stored.manifest: stored.receipt for stored in sink.receipts()}
        assert after.items() >= kept.items(), f"{kill}: a receipt that was given is another now"
        assert set(after) == {edition.manifest for edition, _, _ in sink_worker.PLAN}
        assert look(partner) == end, f"{kill}: the end is another"
        assert not list(place.rglob(".incoming-*")), f"{kill}: something half done is left"
