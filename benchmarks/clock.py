"""Time and space of a piece of work: processor time of this process and its children, wall time, fsync calls, peak memory."""

from __future__ import annotations

import math
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.figure import Detail, significant


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians over the runs of one job, in seconds.

    Attributes:
        process: user and system time, children included.
        wall: from start to end.
        runs: number of runs.
        spread: slowest run over fastest, by processor time.
    """

    process: float
    wall: float
    runs: int
    spread: float

    def detail(self, rows: int = 0) -> dict[str, Detail]:
        """For a figure's detail."""
        told: dict[str, Detail] = {"process_s": significant(self.process), "wall_s": significant(self.wall), "runs": self.runs,
                                   "spread": significant(self.spread)}
        if rows:
            told["us_per_row"] = significant(self.process / rows * 1e6)
        return told


def processor_seconds() -> float:
    """User and system time of this process and of its ended children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def once(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and wall seconds of one run."""
    wall, process = time.perf_counter(), processor_seconds()
    work()
    return processor_seconds() - process, time.perf_counter() - wall


def together(jobs: dict[str, Callable[[], Callable[[], object]]], repeats: int) -> dict[str, Timing]:
    """Time several jobs in turns (a run of each, then again), so that a busy machine hits all alike; medians of `repeats`.

    A job is a function that prepares (not timed) and returns the work (timed). One untimed round warms up.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    for turn in range(repeats + 1):
        for name, prepare in jobs.items():
            spent = once(prepare())
            if turn:
                taken[name].append(spent)
    return {name: _timing(runs) for name, runs in taken.items()}


def _timing(runs: list[tuple[float, float]]) -> Timing:
    process = [run[0] for run in runs]
    return Timing(statistics.median(process), statistics.median(run[1] for run in runs), len(runs), max(process) / max(min(process), 1e-9))


@contextmanager
def fsyncs() -> Iterator[list[int]]:
    """Counts `os.fsync` calls inside the block: `[number]`. What SQLite does in C is not seen."""
    real, count = os.fsync, [0]

    def counting(fd: int) -> None:
        count[0] += 1
        real(fd)

    os.fsync = counting  # type: ignore[assignment] # measured from outside, restored below
    try:
        yield count
    finally:
        os.fsync = real


def peak_mib() -> float:
    """Peak resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def slope(points: list[tuple[float, float]]) -> float:
    """Least-squares slope of log cost over log size."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points]
    mean_x = statistics.fmean(x for x, _ in logs)
    mean_y = statistics.fmean(y for _, y in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
