"""`intake_us_per_subject`: R1 over a county's rosters and monitoring list, from opened frames."""

from __future__ import annotations

from benchmarks.clock import together
from benchmarks.figure import Figure
from benchmarks.job import PERIOD, demo
from consumers.rules.margin import County, decide

GOAL = 20.0


def figure(persons: int, repeats: int) -> Figure:
    """Microseconds of processor time a monitoring subject."""
    made = demo(persons)
    lists = made.lists(PERIOD)
    place = County(made.place.code, made.place.name)
    rows = decide(lists, place, PERIOD.end).rows
    timing = together({"decide": lambda: lambda: decide(lists, place, PERIOD.end)}, repeats)["decide"]
    outcomes = dict(rows["outcome"].value_counts().sort("outcome").iter_rows())
    return Figure("intake_us_per_subject", timing.process / rows.height * 1e6, "us", "lower", GOAL, {
        "persons": persons, "subjects": rows.height, "wall_us_per_subject": timing.wall / rows.height * 1e6, **timing.detail(),
        "outcomes": outcomes,
    })
