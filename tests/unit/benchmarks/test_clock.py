"""The clock: children count, runs take turns, slopes are slopes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import clock


def test_work_in_a_child_process_counts() -> None:
    process, wall = clock.once(lambda: subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True))
    assert process > 0.03
    assert wall > 0.03


def test_jobs_take_turns_and_the_first_round_warms_up() -> None:
    order: list[str] = []

    def job(name: str) -> Callable[[], Callable[[], object]]:
        return lambda: lambda: order.append(name)

    timings = clock.together({"a": job("a"), "b": job("b")}, 3)
    assert order == ["a", "b"] * 4
    assert timings["a"].runs == 3


def test_fsyncs_are_counted_and_still_happen(tmp_path: Path) -> None:
    real = os.fsync
    with clock.fsyncs() as count, (tmp_path / "x").open("wb") as file:
        os.fsync(file.fileno())
        os.fsync(file.fileno())
    assert count == [2]
    assert os.fsync is real


@pytest.mark.parametrize("power", [0.5, 1.0, 1.3])
def test_slope_of_a_power_is_the_power(power: float) -> None:
    assert clock.slope([(size, 7.0 * size**power) for size in (1e4, 1e5, 1e6)]) == pytest.approx(power)
