"""What a home has posted for everyone lately."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.errors import ExchangeError
from gateway.carriers.kafka.client import Connecting
from gateway.carriers.kafka.headers import Label
from gateway.carriers.kafka.reading import Reading
from gateway.carriers.kafka.topics import Topic, key, partition

LATELY = timedelta(days=7)
"""After which the same is posted again: nothing lies on a cluster for ever."""


async def recently_posted(connecting: Connecting, topics: Iterable[Topic], now: datetime) -> set[tuple[str, bytes]]:
    """(topic, SHA-256 of the value) of what lies there in this home's name, not older than LATELY."""
    agency = connecting.agency
    found: set[tuple[str, bytes]] = set()
    since = (now - LATELY).timestamp() * 1000
    async with connecting.consumer() as consumer:
        reading = Reading(consumer, partition(agency.county), key(agency))
        wanted = {topic.name: topic for topic in topics}
        for name, (begin, end) in (await reading.bounds(wanted)).items():
            if begin < end:
                reading.begin(name, begin)
            at = begin
            while at < end:
                some = await reading.some(name, end)
                at = some.next
                for record in some.records:
                    try:
                        label = Label.read(record.headers, wanted[name].purpose, "")
                    except ExchangeError:
                        continue
                    if label.sender == agency and record.timestamp >= since and record.key == key(agency):
                        found.add((name, hashlib.sha256(record.value or b"").digest()))
    return found
