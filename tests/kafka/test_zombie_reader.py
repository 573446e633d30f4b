"""A consumer that was thought dead wakes up on a real cluster: the home's own epoch fences it, whatever the brokers let it read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from gateway.app import fetching
from gateway.app.fetching import Fetched
from gateway.app.office import Office
from gateway.carriers.port import Arrival, Carrier, Health, Outgoing, Posted, Unreadable
from gateway.state import arrivals
from tests.kafka import topics
from tests.kafka.brokers import Brokers
from tests.kafka.mailroom import KafkaMailroom
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons


@dataclass(frozen=True)
class Sleeping:
    """A carrier whose process is stopped after some records, and goes on when another has read."""

    carrier: Carrier
    awake: int
    meanwhile: Callable[[], object]

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:
        for number, record in enumerate(self.carrier.poll(after, timeout=timeout)):
            if number == self.awake:
                self.meanwhile()
            yield record

    def post(self, items: Sequence[Outgoing], *, timeout: float = 300.0) -> list[Posted]:
        return self.carrier.post(items, timeout=timeout)

    def probe(self, *, timeout: float = 10.0) -> Health:
        return self.carrier.probe(timeout=timeout)

    def close(self) -> None:
        self.carrier.close()


@pytest.fixture
def offices(kafka: Brokers, tmp_path: Path) -> Iterator[Offices]:
    """March and April of civil affairs, posted to education over a cluster."""
    room = KafkaMailroom(kafka, f"zombie-{uuid.uuid4().hex[:8]}")
    names = [topic.name for topic in room.naming.all(load_feeds().values())]
    topics.make(kafka.bootstrap, names, replicas=1)
    made = Offices(tmp_path)
    made.found(EDU)
    for agency in (CIVIL, EDU):
        settings = made.home(agency) / "gateway.toml"
        settings.write_text(settings.read_text("utf-8").replace(f"dir:{tmp_path / 'mail'}", room.worker_url), "utf-8")
    for period in (MARCH, APRIL):
        made.keep(DIBAO, period, persons(90))
        made.publish(period)
    yield made
    topics.remove(kafka.bootstrap, names)


def asleep(office: Office, awake: int, meanwhile: Callable[[], object]) -> Office:
    return replace(office, connect=lambda: Sleeping(office.connect(), awake, meanwhile))


def another(offices: Offices) -> Fetched:
    """What another process of the same home reads: one that does not know of the home's lock, or believes to hold it."""
    office = offices.open(EDU)
    try:
        return fetching.fetch(office, CLERK)
    finally:
        office.disconnect()


def test_a_consumer_that_wakes_up_is_fenced(offices: Offices) -> None:
    """It sleeps behind March's package; meanwhile another reads all there is."""
    zombie = asleep(offices.open(EDU), 2, lambda: another(offices))
    with zombie.changing("test"), pytest.raises(ExchangeError, match="E-CARRIER-FENCED"):
        fetching.fetch(zombie, CLERK)
    with offices.open(EDU).reading() as connection:
        assert [entry.state for entry in arrivals.everything(connection)] == ["received", "received"]
    awake_again = another(offices)
    assert (awake_again.editions, awake_again.refused) == ([], [])
