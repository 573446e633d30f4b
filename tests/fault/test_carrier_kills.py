"""A home killed while it posts: before and after every durable step, nothing half-written is seen, and the next run completes it."""

from __future__ import annotations

import signal
from pathlib import Path

from gateway.carriers.opening import open_carrier
from tests.conformance.items import EDUCATION, arrived, drain, records
from tests.fault import carrier_worker
from tests.fault.nursery import Nursery
from tests.fault.steps import kills, unflushed

WORKER = "tests.fault.carrier_worker"
WHOLE = [record for item in carrier_worker.ITEMS for record in records(item)]


def test_posting_flushes_what_it_promises(nursery: Nursery, tmp_path: Path) -> None:
    steps = nursery.trace([WORKER, f"dir:{tmp_path / 'mail'}"], tmp_path / "steps")
    assert len([step for step in steps if step.kind == "rename"]) == len(carrier_worker.ITEMS)
    assert unflushed(steps) == []
    made = {step.path for step in steps if step.kind == "mkdir"}
    flushed = {step.path for step in steps if step.kind == "fsync"}
    assert {str(Path(folder).parent) for folder in made} <= flushed, "a new folder is in a folder that was not flushed"


def test_killed_at_every_step_and_run_again(nursery: Nursery, tmp_path: Path) -> None:
    steps = nursery.trace([WORKER, f"dir:{tmp_path / 'mail'}"], tmp_path / "steps")
    for kill in kills(steps):
        url = f"dir:{tmp_path / str(kill) / 'mail'}"
        (tmp_path / str(kill)).mkdir()
        done = nursery.run([WORKER, url], tmp_path / "steps", fault=kill)
        assert done.returncode == -signal.SIGKILL, f"{kill}: {done.stderr}"
        good, bad, position = drain(open_carrier(url, EDUCATION))
        assert not bad, f"{kill}: {bad}"
        assert _whole_items(arrived(good)), f"{kill}: part of a package arrived"
        carrier_worker.main(url)
        everything = arrived(open_carrier(url, EDUCATION).poll(None))
        assert everything == WHOLE, f"{kill}: not each thing once and in order"
        rest = arrived(open_carrier(url, EDUCATION).poll(position))
        assert set(map(repr, [*arrived(good), *rest])) == set(map(repr, WHOLE)), f"{kill}: a reader missed something"
        assert not list(Path(url[4:]).rglob(".part-*")), f"{kill}: something half-written is left"


def _whole_items(got: list[tuple[str, int | None, bytes]]) -> bool:
    return all(set(map(repr, records(item))) <= set(map(repr, got)) or set(map(repr, records(item))).isdisjoint(map(repr, got))
               for item in carrier_worker.ITEMS)
