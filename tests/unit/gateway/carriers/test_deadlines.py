"""Deadlines of the folder count what the carrier takes, and a lane is polled whatever the home does in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.carriers.directory import DirectoryCarrier
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, Made, package


@dataclass(slots=True)
class Watch:
    """A clock that moves when it is told to, and by a tick at each look."""

    now: float = 0.0
    tick: float = 0.0

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def test_what_the_home_does_with_a_record_is_not_the_carrier_s_time(tmp_path: Path) -> None:
    DirectoryCarrier(tmp_path, CIVIL_AFFAIRS).post([package("a", 5)])
    watch = Watch()
    count = 0
    for _ in DirectoryCarrier(tmp_path, EDUCATION, watch).poll(None, timeout=10):
        count += 1
        watch.now += 3600
    assert count == 6


def test_a_slow_carrier_is_left_and_what_came_counts(tmp_path: Path) -> None:
    DirectoryCarrier(tmp_path, CIVIL_AFFAIRS).post([package("a", 5)])
    got: list[object] = []
    with pytest.raises(ExchangeError) as late:
        got.extend(DirectoryCarrier(tmp_path, EDUCATION, Watch(tick=4)).poll(None, timeout=20))
    assert (late.value.code, late.value.facts["seconds"]) == ("E-CARRIER-TIMEOUT", 20)
    assert 0 < len(got) < 6


def test_a_post_that_runs_late_finishes_what_it_has_begun(tmp_path: Path) -> None:
    watch = Watch(tick=4)
    done = DirectoryCarrier(tmp_path, CIVIL_AFFAIRS, watch).post([package(name, Made(1, 64)) for name in "abcd"], timeout=10)
    assert [one.outcome for one in done] == ["posted", "posted", "failed", "failed"]
