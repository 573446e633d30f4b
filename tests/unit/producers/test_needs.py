"""What is not read of a list changes no edition; large tables of heads are searched with the outcome of a join."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from contracts.feeds import Feed, load_feeds
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.demo.county import county
from producers import assemble as assembling
from producers.assemble import assemble
from producers.needs import fields_needed
from producers.unconfirmed import unconfirmed
from producers.views import apply_view

MARCH, APRIL = Period(2023, 3), Period(2023, 4)
SNAPSHOTS = [feed for feed in load_feeds().values() if feed.kind == "snapshot" and feed.drawn_from]


@pytest.fixture(scope="module")
def months() -> dict[Period, dict[str, ListFrames]]:
    made = county(lambda n: hashlib.shake_256(b"needs").digest(n), 800, (MARCH, APRIL))
    return {month: dict(made.lists(month)) for month in (MARCH, APRIL)}


def cut(lists: Mapping[str, ListFrames], wanted: frozenset[str]) -> dict[str, ListFrames]:
    """Lists as a run opens them: of the accepted rows only the fields wanted."""
    return {
        code: replace(frames, accepted=frames.accepted.select(c for c in frames.accepted.columns if c in wanted))
        for code, frames in lists.items()
    }


@pytest.mark.parametrize("feed", SNAPSHOTS, ids=lambda feed: feed.name)
def test_every_view_sees_the_same_of_lists_read_in_part(feed: Feed, months: dict[Period, dict[str, ListFrames]]) -> None:
    for view in feed.views:
        some = cut(months[APRIL], fields_needed(feed, [view], absent=False))
        assert apply_view(assemble(feed, some), view, APRIL).equals(apply_view(assemble(feed, months[APRIL]), view, APRIL)), view.to
        assert sum(frames.accepted.width for frames in some.values()) < sum(frames.accepted.width for frames in months[APRIL].values())


@pytest.mark.parametrize("feed", SNAPSHOTS, ids=lambda feed: feed.name)
def test_the_same_rows_stay_unconfirmed_of_lists_read_in_part(feed: Feed, months: dict[Period, dict[str, ListFrames]]) -> None:
    held = {code: frames.rejected for code, frames in months[APRIL].items()}
    before = {code: frames.rejected for code, frames in months[MARCH].items()}
    for view in feed.views:
        wanted = fields_needed(feed, [view], absent=True)
        kept = [
            unconfirmed(
                feed,
                view,
                APRIL,
                current=assemble(feed, lists[1]),
                last=assemble(feed, lists[0]),
                held=held,
                waiting={},
                held_before=before,
            )
            for lists in ((cut(months[MARCH], wanted), cut(months[APRIL], wanted)), (months[MARCH], months[APRIL]))
        ]
        assert kept[0].equals(kept[1]), view.to


def test_heads_that_are_searched_are_those_that_a_join_finds(
    months: dict[Period, dict[str, ListFrames]], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = load_feeds()["assistance-persons"]
    joined = assemble(feed, months[MARCH])
    monkeypatch.setattr(assembling, "_MANY_HEADS", 10)
    assert assemble(feed, months[MARCH]).equals(joined)
    assert joined["head_name"].null_count() < joined.height
