"""A process that was thought dead wakes up: as publisher the cluster fences it, as reader our own epoch does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from aiokafka import errors as kafka

from gateway.carriers.kafka.client import Connecting
from gateway.carriers.kafka.loop import Loop
from gateway.carriers.kafka.parcel import Parcel
from gateway.carriers.kafka.security import Security, address
from gateway.carriers.kafka.shipping import FailedError, Shipment, ship, transact
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, package, records
from tests.kafka.mailroom import KafkaMailroom


def connecting(mailroom: KafkaMailroom) -> Connecting:
    door = mailroom.door(CIVIL_AFFAIRS)
    return Connecting(address(mailroom.worker_url), Security("PLAINTEXT"), CIVIL_AFFAIRS, door.clock)


async def _zombie(mailroom: KafkaMailroom, post: Callable[[], object]) -> Exception | None:
    """Begin a transaction, sleep through another process's whole run, and go on."""
    identity = mailroom.naming.transactional_id(CIVIL_AFFAIRS)
    parcel = Parcel.of(package("zombie"), mailroom.naming)
    async with connecting(mailroom).producer(identity) as producer:
        await producer.begin_transaction()
        for value, headers in parcel.records():
            await (await producer.send(parcel.topic, value, parcel.key, parcel.partition, headers=headers))
        await asyncio.to_thread(post)
        try:
            await asyncio.wait_for(producer.commit_transaction(), 20)
        except kafka.KafkaError as error:
            woken: Exception = error
            return woken
    return None


def test_a_publisher_that_wakes_up_is_fenced(mailroom: KafkaMailroom) -> None:
    item = package("alive")
    woken = Loop().run(_zombie(mailroom, lambda: mailroom.door(CIVIL_AFFAIRS).post([item])), 60)
    assert isinstance(woken, kafka.ProducerFenced), woken
    assert arrived(mailroom.door(EDUCATION).poll(None)) == records(item)


async def _two(mailroom: KafkaMailroom, done: Shipment) -> None:
    """A run whose producer is fenced before it sends."""
    identity = mailroom.naming.transactional_id(CIVIL_AFFAIRS)
    maker = connecting(mailroom)
    async with maker.producer(identity) as stale:
        async with maker.producer(identity):
            pass
        parcel = Parcel.of(package("zombie"), mailroom.naming)
        await transact(stale, [parcel])
    assert not done.sent


def test_what_a_fenced_publisher_was_about_to_send_is_not_there_and_it_says_why(mailroom: KafkaMailroom) -> None:
    with pytest.raises((FailedError, kafka.ProducerFenced)) as ended:
        Loop().run(_two(mailroom, Shipment()), 60)
    error = ended.value.error if isinstance(ended.value, FailedError) else ended.value
    assert connecting(mailroom).explained(error).code == "E-KAFKA-FENCED"
    assert arrived(mailroom.door(EDUCATION).poll(None)) == []


def test_a_run_that_is_sent_again_by_its_successor_is_there_once(mailroom: KafkaMailroom) -> None:
    done = Shipment()
    parcel = Parcel.of(package("again"), mailroom.naming)
    maker, identity = connecting(mailroom), mailroom.naming.transactional_id(CIVIL_AFFAIRS)
    Loop().run(ship([parcel], lambda: maker.producer(identity), done), 60)
    assert (done.sent, done.failed) == ([parcel], {})
    assert arrived(mailroom.door(EDUCATION).poll(None)) == records(parcel.item)
