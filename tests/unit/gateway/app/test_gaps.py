"""Numbers that have not come are named, each run of them once."""

from __future__ import annotations

from contracts.ids import Period
from gateway.app import gaps
from gateway.app.gaps import Gap
from gateway.state.arrivals import ArrivalEntry


def arrival(sender: str, feed: str, seq: int) -> ArrivalEntry:
    return ArrivalEntry(
        f"{seq:064x}", f"e{seq}", 1, seq, None, sender, feed, Period(2023, 3), "snapshot", "loaded", None, 1, None, "2023-04-05T08:00:00Z"
    )


def test_a_chain_without_holes_has_none() -> None:
    assert gaps.among([arrival("522722/civil-affairs", "a", seq) for seq in (3, 1, 2)]) == ()


def test_holes_are_named_by_sender_and_feed() -> None:
    known = [arrival("522722/civil-affairs", "a", seq) for seq in (2, 6)] + [arrival("522722/rural-revitalization", "b", 1)]
    known += [arrival("522722/civil-affairs", "b", 10**9)]
    assert gaps.among(known) == (
        Gap("civil-affairs", "a", 1, 1), Gap("civil-affairs", "a", 3, 5), Gap("civil-affairs", "b", 1, 10**9 - 1),
    )  # fmt: skip
