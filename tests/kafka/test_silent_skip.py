"""aiokafka's consumer can lose records after `seek_to_beginning` without a word (reference: kafka.md 00). Ours never asks it to."""

from __future__ import annotations

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway.carriers.kafka.topics import partition
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, package, records
from tests.kafka.mailroom import KafkaMailroom

TRIES = 20


async def _naive(bootstrap: str, place: TopicPartition) -> int:
    """How many records a consumer with default settings finds that is sent to the beginning while it asks where the end is."""
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=20) as consumer:
        consumer.assign([place])
        state = consumer._subscription.subscription.assignment.state_value(place)
        while not state.awaiting_reset and not state.has_valid_position:  # what a few milliseconds of anything else amount to
            await asyncio.sleep(0)
        await consumer.seek_to_beginning(place)
        found = 0
        for _ in range(4):
            found += sum(len(some) for some in (await consumer.getmany(place, timeout_ms=60)).values())
        return found


async def _tries(bootstrap: str, place: TopicPartition, wanted: int) -> int:
    """How many of some tries lost something, up to the first that did."""
    for _ in range(TRIES):
        if await _naive(bootstrap, place) < wanted:
            return 1
    return 0


def test_the_skip_is_real_and_ours_cannot_meet_it(mailroom: KafkaMailroom) -> None:
    item = package("a", 4)
    assert mailroom.door(CIVIL_AFFAIRS).post([item])[0].outcome == "posted"
    place = TopicPartition(mailroom.naming.package("assistance-persons", EDUCATION.code), partition(EDUCATION.county))
    assert asyncio.run(_tries(mailroom.brokers.bootstrap, place, len(records(item)))) == 1, "the defect that we guard against has gone"
    door = mailroom.door(EDUCATION)
    for _ in range(TRIES):
        assert arrived(door.poll(None)) == records(item)
