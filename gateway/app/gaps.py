"""Gaps: numbers in a sender's chain that have not come. A gap is named and blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.state.arrivals import ArrivalEntry


@dataclass(frozen=True, slots=True)
class Gap:
    """Editions `first` to `last` (both inclusive) of a sender's feed for this home, by their numbers.

    Attributes:
        sender: agency code.
    """

    sender: str
    feed: str
    first: int
    last: int


def among(known: Sequence[ArrivalEntry]) -> tuple[Gap, ...]:
    """The holes below the highest number of each sender and feed."""
    numbers: dict[tuple[str, str], set[int]] = {}
    for entry in known:
        numbers.setdefault((entry.sender, entry.feed), set()).add(entry.seq)
    found: list[Gap] = []
    for (sender, feed), there in sorted(numbers.items()):
        expected = 1
        for number in sorted(there):
            if number > expected:
                found.append(Gap(sender.partition("/")[2], feed, expected, number - 1))
            expected = number + 1
    return tuple(found)
