"""`python -m tests.fault.sink_worker URL`: load one month after another, as a home does that is started again and again.

Each receipt ends in random bytes, so that one made twice is told from one that was kept.
"""

from __future__ import annotations

import os
import sys
from functools import partial

import polars as pl

from consumers.sink import EditionFacts, LoadCounts, open_sink
from tests.conformance.editions import Row, facts, frame, keys, person

MARCH, APRIL = [person(1), person(2), person(3)], [person(1, amount=80000), person(4)]
PLAN: tuple[tuple[EditionFacts, list[Row], list[Row]], ...] = (
    (facts(1, "2023-03"), MARCH, []),
    (facts(2, "2023-04"), APRIL, [person(2)]),
    (facts(3, "2023-04", revision=2), APRIL[:1], [person(2), person(3)]),
    (facts(4, "2023-03", revision=2, kind="withdrawn"), [], []),
)


def main(url: str) -> None:
    """Load whatever of the plan is not there."""
    with open_sink(url) as sink:
        for edition, rows, unconfirmed in PLAN:
            sink.load(edition, frame(rows).iter_slices(2), partial(_keys, unconfirmed), _receipt)


def _keys(rows: list[Row]) -> list[pl.DataFrame]:
    return [keys(rows)]


def _receipt(counts: LoadCounts) -> bytes:
    return f"{counts} ".encode() + os.urandom(8)


if __name__ == "__main__":
    main(sys.argv[1])
