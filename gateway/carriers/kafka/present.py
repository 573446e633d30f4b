"""What a home has posted for everyone lately."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import TopicAuthorizationFailedError

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.kafka.headers import Label
from gateway.carriers.kafka.reading import Reading
from gateway.carriers.kafka.topics import Topic, key, partition

LATELY = timedelta(days=7)
"""After which the same is posted again: nothing lies on a cluster for ever."""


async def recently_posted(
    consumer: AIOKafkaConsumer, agency: AgencyId, topics: Iterable[Topic], now: datetime
) -> set[tuple[str, bytes]]:
    """(topic, SHA-256 of the value) of what lies there in this home's name, not older than LATELY."""
    found: set[tuple[str, bytes]] = set()
    since = (now - LATELY).timestamp() * 1000
    reading = Reading(consumer, partition(agency.county), key(agency))
    wanted = {topic.name: topic for topic in topics}
    bounds = {name: (begin, end) for name, (begin, end) in (await reading.bounds(wanted)).items() if begin < end}
    await reading.begin({name: begin for name, (begin, _) in bounds.items()})
    for name, (begin, end) in bounds.items():
        await reading.turn(name)
        at = begin
        while at < end:
            try:
                some = await reading.some(name, end)
            except TopicAuthorizationFailedError:  # who may write and not read posts once too often
                break
            at = some.next
            found |= {(name, hashlib.sha256(record.value or b"").digest()) for record in some.records
                      if record.timestamp >= since and record.key == key(agency) and _sender(record, wanted[name]) == agency}
    await reading.turn(None)
    return found


def _sender(record: ConsumerRecord, topic: Topic) -> AgencyId | None:
    """Whom a record says it is from; None where it says nothing readable."""
    try:
        return Label.read(record.headers, topic.purpose, "").sender
    except ExchangeError:
        return None
