"""One county's partition of one topic after another, from where we said, up to what was committed when we began."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka import errors as kafka

from gateway.carriers.kafka.client import learn, wire
from gateway.carriers.kafka.patience import patiently

Offsets = Mapping[TopicPartition, int]

_MANY = 16
_HANGING, _LONG = 4.0, 40.0
"""Seconds for one question that is answered in milliseconds, and for asking again: whom to ask may have to be asked of who hangs too."""
_COUNTY = re.compile(rb"[0-9]{6}")
_BROKEN = (kafka.UnsupportedCodecError, kafka.CorruptRecordException, zlib.error, EOFError, ValueError, IndexError)
"""What unpacking a batch raises that no honest producer wrote."""


@dataclass(frozen=True, slots=True)
class Some:
    """A few records, and where to go on.

    Attributes:
        records: this county's, and those of nobody; other counties' are left out.
        next: offset.
        broken: offset of a record that could not be unpacked, behind `records`.
    """

    records: Sequence[ConsumerRecord]
    next: int
    broken: int | None = None


@dataclass(slots=True)
class Reading:
    """A consumer on one partition number, of one topic at a time.

    Attributes:
        key: of this county's records.
        careful: read one by one, since something near cannot be unpacked.
    """

    consumer: AIOKafkaConsumer
    partition: int
    key: bytes
    careful: bool = False

    async def bounds(self, topics: Iterable[str]) -> Mapping[str, tuple[int, int]]:
        """First offset that is there, and the one behind the last that is committed."""
        places = [self._place(topic) for topic in topics]
        if not places:
            return {}
        await learn(self.consumer, [place.topic for place in places])
        begins, ends = await patiently(lambda: self._ends(places), _LONG)
        return {place.topic: (begins[place], ends[place]) for place in places}

    async def _ends(self, places: Sequence[TopicPartition]) -> tuple[Offsets, Offsets]:
        """Both ends of each place. A leader that hangs is given up soon, since another may have been elected meanwhile."""
        try:
            async with asyncio.timeout(_HANGING):
                begins, ends = await asyncio.gather(self.consumer.beginning_offsets(places), self.consumer.end_offsets(places))
        except TimeoutError:
            await wire(self.consumer).force_metadata_update()
            raise kafka.RequestTimedOutError from None
        return begins, ends

    async def begin(self, offsets: Mapping[str, int]) -> None:
        """Stand at an offset in each topic, and read none yet.

        Nothing is awaited in here: what assigning sets going by itself must find a position.
        """
        if not offsets:  # to be assigned nothing would make it ask about everything
            return
        places = {self._place(topic): offset for topic, offset in offsets.items()}
        self.consumer.assign(list(places))
        for place, offset in places.items():
            self.consumer.seek(place, offset)
        self.consumer.pause(*places)

    async def turn(self, topic: str | None) -> None:
        """Read this topic of those that were begun, and no other; with None, none."""
        self.consumer.pause(*self.consumer.assignment())
        if topic is not None:
            self.consumer.resume(self._place(topic))

    async def some(self, topic: str, end: int) -> Some:
        """The next records below an offset, at least one unless there is none.

        Raises:
            KafkaError: TopicAuthorizationFailedError; OffsetOutOfRangeError, what was to be read has aged out meanwhile.
        """
        place = self._place(topic)
        patience = 0
        while True:
            try:
                found = await self.consumer.getmany(place, timeout_ms=patience, max_records=1 if self.careful else _MANY)
            except _BROKEN:
                if self.careful:
                    return await self._over(place)
                self.careful = True
                self.consumer.seek(place, await self.consumer.position(place))
                continue
            at = await self.consumer.position(place)
            records = [record for record in found.get(place, ()) if record.offset < end and not self._of_another(record)]
            if records or at >= end:
                return Some(records, min(at, end))
            patience = 50

    async def _over(self, place: TopicPartition) -> Some:
        """Step over one record that cannot be unpacked."""
        at: int = await self.consumer.position(place)
        self.consumer.seek(place, at + 1)
        return Some((), at + 1, at)

    def _place(self, topic: str) -> TopicPartition:
        return TopicPartition(topic, self.partition)

    def _of_another(self, record: ConsumerRecord) -> bool:
        return record.key is not None and record.key != self.key and _COUNTY.fullmatch(record.key) is not None
