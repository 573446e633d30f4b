"""`scale_slope`: how our cost grows from ten thousand to a million people, and the memory it takes; each size in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import ours
from benchmarks.clock import once, peak_mib, slope
from benchmarks.figure import Figure
from benchmarks.job import PERIOD, demo, lists
from benchmarks.ours import Homes

GOAL = 1.05
MEMORY_MIB = 1024
SIZES = (10_000, 100_000, 1_000_000)


def figure(sizes: tuple[int, ...], repeats: int) -> Figure:
    """Slope of log(processor seconds of publishing and collecting) over log(persons)."""
    points: list[dict[str, float]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="scale") as name:
            _child("found", name, size)
            _child("warm", name, size)
            runs = [_child("run", name, size) for _ in range(repeats if size < 1_000_000 else max(1, repeats // 2))]
        points.append(sorted(runs, key=lambda run: run["process_s"])[len(runs) // 2])
    costs = [(point["persons"], point["process_s"]) for point in points]
    value = slope(costs)
    peak = max(point["peak_mib"] for point in points)
    return Figure("scale_slope", value, "slope", "lower", GOAL, {
        "points": list(points), "slope_of_last_step": round(slope(costs[-2:]), 3),
        "peak_mib": round(peak), "peak_goal_mib": MEMORY_MIB, "peak_met": peak <= MEMORY_MIB})


def _child(what: str, folder: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", what, folder, str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONHASHSEED": "0"})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(what: str, folder: Path, size: int) -> dict[str, float]:
    """One step of one size: make the homes, or publish and collect once."""
    homes = Homes(folder / "homes")
    if what == "found":
        ours.found(homes.root, {PERIOD: lists(demo(size))})
        return {}
    homes.restore("imported")
    office = homes.office(ours.SENDER)
    publish, publish_wall = once(lambda: ours.publish(office))
    offices = [(agency, homes.office(agency)) for agency in homes.recipients]
    sink = Path(tempfile.mkdtemp(dir=folder))
    collect, collect_wall = once(lambda: ours.collect(offices, sink / "sinks"))
    return {"persons": size, "process_s": publish + collect, "publish_s": publish, "collect_s": collect,
            "wall_s": publish_wall + collect_wall, "peak_mib": peak_mib()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
