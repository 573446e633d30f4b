"""Brokers, wires and processes that fail while a month is published and collected: nothing lost, nothing doubled, whatever fails.

Each run is a month of its own on one cluster. GATEWAY_FAULT_SEED repeats a campaign, GATEWAY_FAULT_RUNS sets its length.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.fault.brokers_harmed import all_restarted, controller_killed, leader_disk_full, leader_killed, leader_out_of_reach
from tests.fault.province import Province, Strike, province
from tests.fault.steps import Kill
from tests.kafka.brokers import require_java

RUNS = int(os.environ.get("GATEWAY_FAULT_RUNS", "56"))
_LATEST, _PAUSE = 1.0, 0.7
"""Seconds in which harm is done, and for which a transaction is held open at most so that it meets one."""

Run = Callable[[Province], None]


@pytest.fixture(scope="module")
def seed() -> int:
    return int(os.environ.get("GATEWAY_FAULT_SEED", "0")) or secrets.randbelow(10**9)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, seed: int) -> Iterator[Province]:
    require_java()
    with province(tmp_path_factory.mktemp("province"), random.Random(seed)) as made:  # noqa: S311 (to be repeated)
        yield made


def publishing(strike: Strike) -> Run:
    def run(place: Province) -> None:
        pause = place.chance.uniform(0, _PAUSE)
        place.disturbed(lambda: place.publish(pause), strike, _LATEST)

    return run


def collecting(strike: Strike) -> Run:
    def run(place: Province) -> None:
        assert place.publish().exit == 0, place
        place.disturbed(place.collect, strike, _LATEST / 2)

    return run


def one_away(place: Province) -> None:
    """One broker is not there from the beginning to the end."""
    broker = place.cluster.broker(place.chance.randint(1, 3))
    broker.kill()
    place.publish()
    place.collect()
    place.settle()
    broker.start()
    place.cluster.wait_ready()


def publisher_killed(when: str) -> Run:
    def run(place: Province) -> None:
        assert place.dying(when) == -signal.SIGKILL, place

    return run


def collector_killed(place: Province) -> None:
    """At three durable steps, one after the other."""
    assert place.publish().exit == 0, place
    ends = [place.killed(Kill(place.chance.randint(1, 12), place.chance.choice(["before", "after"]))) for _ in range(3)]
    assert ends[0] == -signal.SIGKILL, place


FAULTS: dict[str, Run] = {
    "leader killed while publishing": publishing(leader_killed),
    "leader killed while collecting": collecting(leader_killed),
    "controller killed while publishing": publishing(controller_killed),
    "one broker away": one_away,
    "all brokers restarted while publishing": publishing(all_restarted),
    "all brokers restarted while collecting": collecting(all_restarted),
    "publisher killed before the commit": publisher_killed("before"),
    "publisher killed behind the commit": publisher_killed("after"),
    "collector killed": collector_killed,
    "leader out of reach while publishing": publishing(leader_out_of_reach),
    "leader out of reach while collecting": collecting(leader_out_of_reach),
    "leader's disk full while publishing": publishing(leader_disk_full),
}


def suffer(place: Province, name: str) -> None:
    began = time.monotonic()
    place.begin()
    FAULTS[name](place)
    place.settle()
    print(f"{time.monotonic() - began:5.1f} s {name}: {place}", flush=True)


def test_some_faults(place: Province, seed: int) -> None:
    """One test, so that one process of a run starts brokers for it and no other does."""
    print(f"seed {seed}")
    for name in ("publisher killed behind the commit", "leader killed while publishing"):
        suffer(place, name)


@pytest.mark.slow
def test_many_faults(place: Province, seed: int) -> None:
    """Every kind in turn, at random moments."""
    print(f"seed {seed}, {RUNS} runs")
    names = list(FAULTS)
    place.chance.shuffle(names)
    done = Counter[str]()
    for at in range(RUNS):
        suffer(place, names[at % len(names)])
        done[names[at % len(names)]] += 1
    print(f"{dict(done)}; {place.struck} times harm was done while a command was at work")
    assert len(done) == min(RUNS, len(FAULTS))


@pytest.mark.slow
def test_a_collector_killed_at_every_step(place: Province) -> None:
    """One month: killed at its first durable step, started again, killed at the second, and so on until it comes to its end."""
    place.begin()
    assert place.publish().exit == 0
    step = 0
    while place.killed(Kill(step := step + 1, "before")) == -signal.SIGKILL:
        assert step < 400
    place.settle()
    assert step > 5
