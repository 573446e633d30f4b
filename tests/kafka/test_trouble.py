"""Brokers that are away, topics that are missing, positions that mean nothing: each with its code, and what can go on goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from deploy.kafka.cluster import free_ports
from gateway.carriers.kafka.carrier import KafkaCarrier
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.security import PLAINTEXT, Security, address
from gateway.carriers.kafka.topics import partition
from gateway.carriers.opening import check_url, open_carrier
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, HOUSING, arrived, drain, letter, package, records
from tests.kafka import topics
from tests.kafka.mailroom import KafkaMailroom, duties


def elsewhere(servers: str, prefix: str = "roster") -> KafkaCarrier:
    where = address(f"kafka:{servers}?plaintext={PLAINTEXT}&prefix={prefix}")
    return KafkaCarrier(where, Security.of(where, {}, Path()), CIVIL_AFFAIRS, feeds=duties)


def refused(carrier: KafkaCarrier) -> list[str]:
    """The codes that post, poll and probe end with."""
    found = []
    for act in (lambda: carrier.post([package("a")]), lambda: list(carrier.poll(None)), carrier.probe):
        with pytest.raises(ExchangeError) as ended:
            act()
        found.append(ended.value.code)
    carrier.close()
    return found


def test_nobody_there() -> None:
    nobody = elsewhere(",".join(f"127.0.0.1:{port}" for port in free_ports(2)))
    assert refused(nobody) == ["E-CARRIER-REACH"] * 3


def test_one_of_the_named_brokers_is_enough(mailroom: KafkaMailroom) -> None:
    [dead] = free_ports(1)
    half = elsewhere(f"127.0.0.1:{dead},{mailroom.brokers.bootstrap.partition(',')[0]}", mailroom.prefix)
    assert half.post([package("a")])[0].outcome == "posted"
    half.close()
    assert arrived(mailroom.door(EDUCATION).poll(None)) == records(package("a"))


def test_a_missing_topic_is_named_and_holds_nobody_back(mailroom: KafkaMailroom) -> None:
    away = replace(package("away", to=HOUSING), feed="monitoring-outcomes")
    done = mailroom.door(CIVIL_AFFAIRS).post([package("a"), away, package("b")])
    assert [one.outcome for one in done] == ["posted", "failed", "posted"]
    [error] = [one.error for one in done if one.error]
    assert (error.code, error.facts["topic"]) == ("E-KAFKA-TOPIC", mailroom.naming.package("monitoring-outcomes", "housing"))
    assert "topics apply" in error.fix("en")
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [*records(package("a")), *records(package("b"))]


def test_a_cluster_that_nobody_has_set_up(mailroom: KafkaMailroom) -> None:
    bare = elsewhere(mailroom.brokers.bootstrap, "nobody-made-these")
    assert [one.error and one.error.code for one in bare.post([package("a")])] == ["E-KAFKA-TOPIC"]
    good, bad, position = drain(bare)
    assert not good
    assert {each.error.code for each in bad} == {"E-KAFKA-TOPIC"}
    with pytest.raises(ExchangeError, match="E-KAFKA-TOPIC"):
        bare.probe()
    assert position is not None
    bare.close()


def test_a_topic_that_is_missing_today_is_read_from_its_beginning_tomorrow(mailroom: KafkaMailroom) -> None:
    name = mailroom.naming.trust()
    topics.remove(mailroom.brokers.bootstrap, [name])
    try:
        mailroom.door(CIVIL_AFFAIRS).post([package("a")])
        good, bad, position = drain(mailroom.door(EDUCATION))
        assert [each.error.code for each in bad] == ["E-KAFKA-TOPIC"]
        assert arrived(good) == records(package("a"))
    finally:
        topics.make(mailroom.brokers.bootstrap, [name], mailroom.brokers.replicas)
        topics.empty(mailroom.brokers.bootstrap, [name], partition(EDUCATION.county))
    list_ = letter("trust", "t", to=None)
    assert mailroom.door(CIVIL_AFFAIRS).post([list_])[0].outcome == "posted"
    assert arrived(mailroom.door(EDUCATION).poll(position)) == records(list_)


def test_a_position_of_another_cluster_or_beyond_the_end_starts_from_the_beginning(mailroom: KafkaMailroom) -> None:
    mailroom.door(CIVIL_AFFAIRS).post([package("a")])
    _, _, stored = drain(mailroom.door(EDUCATION))
    assert stored is not None
    here = Position.read(stored, _cluster(stored))
    topic = mailroom.naming.package("assistance-persons", EDUCATION.code)
    for nonsense in (replace(here, cluster="another"), here.at(topic, 10**9)):
        assert arrived(mailroom.door(EDUCATION).poll(nonsense.stored())) == records(package("a"))


def _cluster(stored: bytes) -> str:
    import json

    return str(json.loads(stored[4:])[0])


def test_what_aged_out_unread_is_said(mailroom: KafkaMailroom) -> None:
    mailroom.door(CIVIL_AFFAIRS).post([package("a")])
    _, _, position = drain(mailroom.door(EDUCATION))
    mailroom.door(CIVIL_AFFAIRS).post([package("lost")])
    topic = mailroom.naming.package("assistance-persons", EDUCATION.code)
    topics.empty(mailroom.brokers.bootstrap, [topic], partition(EDUCATION.county))
    mailroom.door(CIVIL_AFFAIRS).post([package("b")])
    good, bad, behind = drain(mailroom.door(EDUCATION), position)
    assert [each.error.code for each in bad] == ["E-KAFKA-GONE"]
    assert arrived(good) == records(package("b"))
    assert list(mailroom.door(EDUCATION).poll(behind)) == []


def test_what_everybody_has_is_not_posted_at_every_sync(mailroom: KafkaMailroom) -> None:
    keys, changed = letter("prekeys", "p", to=None), letter("prekeys", "q", to=None)
    door = mailroom.door(CIVIL_AFFAIRS)
    assert [one.outcome for one in door.post([keys])] == ["posted"]
    assert [one.outcome for one in door.post([keys, changed])] == ["present", "posted"]
    assert len(mailroom.records(mailroom.naming.prekeys(CIVIL_AFFAIRS.code))) == 2


def test_plaintext_hurts_to_say() -> None:
    for url, code in (("kafka:127.0.0.1:9092", "E-KAFKA-SECURITY"), ("kafka:127.0.0.1:9092?plaintext=yes", "E-KAFKA-PLAINTEXT"),
                      ("kafka:127.0.0.1", "E-CARRIER-URL"), ("kafka:", "E-CARRIER-URL"), ("smoke:signals", "E-CARRIER-URL")):
        with pytest.raises(ExchangeError, match=code):
            open_carrier(url, EDUCATION)
    check_url("kafka:127.0.0.1:9092")  # certificates may come after `init`
    assert isinstance(open_carrier(f"kafka:127.0.0.1:9092?plaintext={PLAINTEXT}", EDUCATION), KafkaCarrier)
