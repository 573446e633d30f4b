"""Brokers, wires and processes that fail while a month is published and collected: nothing lost, nothing doubled, whatever fails.

Each run is a month of its own on one cluster. GATEWAY_FAULT_SEED repeats a campaign, GATEWAY_FAULT_RUNS sets its length,
GATEWAY_FAULT_KINDS takes only kinds of harm in whose names one of some words (`hangs,alone`) stands.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any  # a JSON document; tests say what they expect of it

import pytest

from tests.fault import brokers_harmed as harm
from tests.fault.province import SINK, Province, Strike, province
from tests.fault.steps import Kill
from tests.kafka.brokers import require_java

RUNS = int(os.environ.get("GATEWAY_FAULT_RUNS", "56"))
KINDS = os.environ.get("GATEWAY_FAULT_KINDS", "").split(",")
_LATEST, _PAUSE = 1.0, 0.7
"""Seconds in which harm is done, and for which a command waits at most at each of two places so that harm meets it there."""

Run = Callable[[Province], None]


@pytest.fixture(scope="module")
def seed() -> int:
    return int(os.environ.get("GATEWAY_FAULT_SEED", "0")) or secrets.randbelow(10**9)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, seed: int) -> Iterator[Province]:
    require_java()
    with province(tmp_path_factory.mktemp("province"), random.Random(seed)) as made:  # noqa: S311 (to be repeated)
        made.begin()
        made.publish()
        made.settle()
        yield made


def publishing(strike: Strike) -> Run:
    def run(place: Province) -> None:
        pause = place.chance.uniform(0, _PAUSE)
        place.disturbed(lambda: place.publish(pause), strike, _LATEST)

    return run


def collecting(strike: Strike) -> Run:
    def run(place: Province) -> None:
        assert place.publish().exit == 0, place
        pause = place.chance.uniform(0, _PAUSE)
        place.disturbed(lambda: place.collect(pause), strike, _LATEST)

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
    """At three durable steps, one after the other. The first two of a collection may be none: there is nothing to tidy up."""
    assert place.publish().exit == 0, place
    ends = [place.killed(Kill(place.chance.randint(3, 12), place.chance.choice(["before", "after"]))) for _ in range(3)]
    assert ends[0] == -signal.SIGKILL, place


def slept(place: Province) -> None:
    """Whatever was read has aged out, and so has every offset of a group; the next month comes as if nothing had been."""
    place.call("edu", "sync")
    place.age()
    place.publish()
    assert refused(place.call("edu", "collect", "--sink", SINK)) == [], place


def edition_aged_out(place: Province) -> None:
    """A month has gone before anybody collected it: the collector says so, and its sender posts it again."""
    assert place.publish().exit == 0, place
    place.age()
    assert "E-KAFKA-GONE" in refused(place.call("edu", "collect", "--sink", SINK)), place
    place.resend()


def receipt_aged_out(place: Province) -> None:
    """An answer has gone before its sender read it: asked again, the collector gives the same."""
    assert place.publish().exit == 0, place
    assert place.collect().exit == 0, place
    place.age()
    assert "E-KAFKA-GONE" in refused(place.call("ca", "sync")), place
    place.resend()


def refused(document: dict[str, Any]) -> list[str]:
    return [each["code"] for each in document["refused"]]


FAULTS: dict[str, Run] = {
    "leader killed while publishing": publishing(harm.leader_killed),
    "leader killed while collecting": collecting(harm.leader_killed),
    "controller killed while publishing": publishing(harm.controller_killed),
    "controller killed while collecting": collecting(harm.controller_killed),
    "one broker away": one_away,
    "all brokers restarted while publishing": publishing(harm.all_restarted),
    "all brokers restarted while collecting": collecting(harm.all_restarted),
    "publisher killed before the commit": publisher_killed("before"),
    "publisher killed behind the commit": publisher_killed("after"),
    "collector killed": collector_killed,
    "leader out of reach while publishing": publishing(harm.leader_out_of_reach),
    "leader out of reach while collecting": collecting(harm.leader_out_of_reach),
    "leader's disk full while publishing": publishing(harm.leader_disk_full),
    "leader's disk full while collecting": collecting(harm.receipts_disk_full),
    "replication cut while publishing": publishing(harm.replication_cut),
    "replication cut while collecting": collecting(harm.replication_cut),
    "follower cut off while publishing": publishing(harm.follower_cut),
    "leader alone while publishing": publishing(harm.leader_alone),
    "leader alone while collecting": collecting(harm.leader_alone),
    "controller alone while publishing": publishing(harm.controller_alone),
    "no broker reaches another while publishing": publishing(harm.all_apart),
    "no broker reaches another while collecting": collecting(harm.all_apart),
    "leader hangs while publishing": publishing(harm.leader_hangs),
    "leader hangs while collecting": collecting(harm.leader_hangs),
    "collector slept until all had aged out": slept,
    "edition aged out unread": edition_aged_out,
    "receipt aged out unread": receipt_aged_out,
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
    names = [name for name in FAULTS if any(word in name for word in KINDS)]
    place.chance.shuffle(names)
    done = Counter[str]()
    for at in range(RUNS):
        suffer(place, names[at % len(names)])
        done[names[at % len(names)]] += 1
    print(f"{dict(done)}; {place.struck} times harm was done while a command was at work")
    assert len(done) == min(RUNS, len(names))


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
