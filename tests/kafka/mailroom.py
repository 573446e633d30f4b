"""The `kafka:` carrier for the conformance suite, and for tests of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from contracts.feeds import Feed, load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka.carrier import KafkaCarrier
from gateway.carriers.kafka.security import PLAINTEXT, Security, address
from gateway.carriers.kafka.topics import Naming, key, partition
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION
from tests.kafka import topics
from tests.kafka.brokers import Brokers


def duties() -> list[Feed]:
    """Few duties make few topics: what the suite posts and nothing else."""
    known = load_feeds()
    persons = known["assistance-persons"]
    [view, *_] = persons.views
    out = replace(persons, views=(view, replace(view, to="housing")))
    back = replace(known["monitoring-subjects"], sender="education")
    return [out, back]


@dataclass(frozen=True, slots=True)
class KafkaMailroom:
    """A cluster under one prefix.

    Attributes:
        doors: carriers that were handed out.
    """

    brokers: Brokers
    prefix: str
    doors: list[KafkaCarrier] = field(default_factory=list)

    @property
    def naming(self) -> Naming:
        return Naming(self.prefix)

    @property
    def worker_url(self) -> str:
        return f"kafka:{self.brokers.bootstrap}?plaintext={PLAINTEXT}&prefix={self.prefix}"

    @property
    def names(self) -> list[str]:
        return [topic.name for topic in self.naming.all(duties())]

    def door(self, agency: AgencyId) -> KafkaCarrier:
        where = address(self.worker_url)
        made = KafkaCarrier(where, Security.of(where, {}, Path()), agency, feeds=duties)
        self.doors.append(made)
        return made

    def open(self) -> None:
        topics.make(self.brokers.bootstrap, self.names, self.brokers.replicas)
        topics.empty(self.brokers.bootstrap, self.names, partition(CIVIL_AFFAIRS.county))

    def close(self) -> None:
        for door in self.doors:
            door.close()

    def lose_chunk(self, name: str, index: int) -> None:
        """Nobody can take a record out of the middle of a log; so the package comes again without it, and the log before is cut."""
        topic = self.naming.package("assistance-persons", EDUCATION.code)
        kept = [each for each in self.records(topic) if dict(each.headers)["ce_id"] != f"{name}/{index}".encode()]
        topics.empty(self.brokers.bootstrap, [topic], partition(CIVIL_AFFAIRS.county))
        self.write(topic, kept)

    def leader(self, topic: str) -> int:
        """The node that leads the county's partition of a topic."""
        return topics.leader(self.brokers.bootstrap, topic, partition(EDUCATION.county))

    def records(self, topic: str, isolation: str = "read_committed") -> list[ConsumerRecord]:
        """All records of the county's partition."""
        return asyncio.run(self._records(topic, isolation))

    def write(self, topic: str, records: Iterable[ConsumerRecord]) -> None:
        """Write records as they are, as anybody could who may."""
        asyncio.run(self._write(topic, list(records)))

    def put(self, topic: str, value: bytes | None, headers: Iterable[tuple[str, bytes]] = (), *,
            county: bytes | None = key(EDUCATION)) -> int:
        """Write one record into the county's partition; its offset."""
        return asyncio.run(self._put(topic, value, list(headers), county))

    async def _put(self, topic: str, value: bytes | None, headers: list[tuple[str, bytes]], county: bytes | None) -> int:
        async with AIOKafkaProducer(bootstrap_servers=self.brokers.bootstrap) as producer:
            put = await producer.send_and_wait(topic, value, county, partition(EDUCATION.county), headers=headers)
            return int(put.offset)

    async def _write(self, topic: str, records: list[ConsumerRecord]) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.brokers.bootstrap) as producer:
            for each in records:
                await producer.send_and_wait(topic, each.value, each.key, each.partition, headers=list(each.headers))

    async def _records(self, topic: str, isolation: str) -> list[ConsumerRecord]:
        place = TopicPartition(topic, partition(EDUCATION.county))
        async with AIOKafkaConsumer(bootstrap_servers=self.brokers.bootstrap, auto_offset_reset="none", enable_auto_commit=False,
                                    isolation_level=isolation) as consumer:
            begin, end = (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
            consumer.assign([place])
            consumer.seek(place, begin)
            found: list[ConsumerRecord] = []
            while await consumer.position(place) < end:
                for some in (await consumer.getmany(place, timeout_ms=100)).values():
                    found += some
            return found
