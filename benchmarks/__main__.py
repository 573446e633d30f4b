"""`make bench`: every figure as one JSON line on stdout; what is left out, and why, on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from benchmarks import cluster, intake, month, reading, scale
from benchmarks.figure import Figure

PARTS = ("month", "intake", "reading", "scale", "kafka")
APART = ("kafka-province",)
"""Too long for every time."""


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 when it ran, whatever the figures say."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--persons", type=int, default=30_000, help="people of the county")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median counts")
    parser.add_argument("--sizes", type=lambda text: tuple(map(int, text.split(","))), default=scale.SIZES, help="counties of scale_slope")
    parser.add_argument("--only", choices=(*PARTS, *APART), action="append", help="some of the benchmarks")
    options = parser.parse_args(arguments)
    for figure in _figures(options.only or PARTS, options.persons, options.repeats, options.sizes):
        print(figure.line(), flush=True)
    return 0


def _figures(wanted: Sequence[str], persons: int, repeats: int, sizes: tuple[int, ...]) -> Iterator[Figure]:
    if "month" in wanted:
        with month.prepared(persons) as bench:
            yield from month.figures(bench, repeats, _skipped)
    if "intake" in wanted:
        yield intake.figure(persons, repeats)
    if "reading" in wanted:
        yield from reading.figures(persons, repeats)
    if "scale" in wanted:
        yield scale.figure(sizes, repeats)
    if "kafka" in wanted:
        yield from cluster.figures(persons, min(repeats, 3), _skipped)
    if "kafka-province" in wanted:
        yield from cluster.province(_skipped)


def _skipped(why: str) -> None:
    print(f"left out: {why}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
