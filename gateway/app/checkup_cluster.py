"""doctor, where the carrier is a Kafka cluster: its brokers, our topics and permissions there, what is unread, whose clock is slow."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta

from contracts.errors import ExchangeError
from gateway.app.check import Check, fault, told
from gateway.app.fetching import POSITION
from gateway.app.office import Office
from gateway.carriers.kafka.topics_health import ClusterHealth
from gateway.state import documents
from gateway.state.unit import stamp

CLOCK_TOLERANCE = timedelta(minutes=5)


def cluster_checks(office: Office) -> Iterator[Check]:
    """Nothing where the carrier is another; otherwise each check, whatever the others find."""
    try:
        watch = office.brokers.watch()
        if watch is None:
            return
        for finding in watch.own():
            yield Check("brokers", "notice" if finding.code.startswith("W-") else "fault", "", finding)
        with office.reading() as connection:
            stored = documents.setting(connection, POSITION)
        health = watch.look(base64.b64decode(stored) if stored else None)
    except ExchangeError as error:
        yield fault("brokers", error)
        return
    yield from _brokers(health)
    yield from _topics(health)
    yield from _clock(office, health)


def _brokers(health: ClusterHealth) -> Iterator[Check]:
    """Those that are away are counted; what somebody can mend at one of them is said in full."""
    away = [server for server, error in health.brokers if error is not None and error.code == "E-CARRIER-REACH"]
    if away:
        facts: dict[str, str | int] = {"count": len(away), "total": len(health.brokers), "servers": ", ".join(away)}
        yield told("brokers", "notice", "W-KAFKA-BROKERS", str(len(health.brokers)), **facts)
    barred = [error for _, error in health.brokers if error is not None and error.code != "E-CARRIER-REACH"]
    for error in barred:
        yield fault("brokers", error)
    if not (away or barred):
        yield Check("brokers", "ok", str(len(health.brokers)))


def _topics(health: ClusterHealth) -> Iterator[Check]:
    for error in health.access:
        yield fault("topics", error)
    if health.unread:
        yield told("topics", "notice", "W-KAFKA-UNREAD", str(health.unread), count=health.unread)
    if not (health.access or health.unread):
        yield Check("topics", "ok", str(health.topics))


def _clock(office: Office, health: ClusterHealth) -> Iterator[Check]:
    """What a broker took in cannot be of the future; that our clock is fast cannot be seen without writing something."""
    at = office.clock()
    if health.newest is not None and health.newest > at + CLOCK_TOLERANCE:
        yield told("clock", "fault", "E-CLOCK-BACK", stamp(at), now=stamp(at), seen=stamp(health.newest))
