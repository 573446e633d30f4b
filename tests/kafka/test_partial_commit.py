"""aiokafka commits a transaction although sends in it failed (reference: kafka.md 0.1). What that does to a roster, and why not to ours."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka import errors as kafka

from contracts.errors import ExchangeError
from gateway.carriers.kafka.loop import Loop
from gateway.carriers.kafka.parcel import Parcel
from gateway.carriers.kafka.topics import key, partition
from gateway.carriers.port import CHUNK_LIMIT, Outgoing
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, HOUSING, arrived, drain, package, records
from tests.kafka import topics
from tests.kafka.mailroom import KafkaMailroom

SMALL = 100_000


@pytest.fixture
def narrow(mailroom: KafkaMailroom) -> Iterator[str]:
    """Education's topic, which for once takes no record beyond SMALL bytes."""
    topic = mailroom.naming.package("assistance-persons", EDUCATION.code)
    topics.set_one(mailroom.brokers.bootstrap, topic, "max.message.bytes", str(SMALL))
    yield topic
    topics.set_one(mailroom.brokers.bootstrap, topic, "max.message.bytes", "1048588")


async def _trap(bootstrap: str, topic: str, item: Outgoing, headers: list[list[tuple[str, bytes]]]) -> str:
    """Post as aiokafka's own example does, without looking at the futures; what the commit said."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="trap", max_request_size=2_000_000)
    await producer.start()
    try:
        await producer.begin_transaction()
        for value, beside in zip([item.body, *item.chunks], headers, strict=True):  # type: ignore[misc]  # a list of chunks here
            await producer.send(topic, value, key(EDUCATION), partition(EDUCATION.county), headers=beside)
            await asyncio.sleep(0.3)
        await asyncio.wait_for(producer.commit_transaction(), 20)
        return "committed"
    except kafka.KafkaError as error:
        return type(error).__name__
    finally:
        with suppress(TimeoutError, asyncio.TimeoutError, kafka.KafkaError):
            await asyncio.wait_for(producer.stop(), 5)


def test_the_trap_is_real_and_a_short_edition_is_seen_as_short(mailroom: KafkaMailroom, narrow: str) -> None:
    item = package("short", [b"one" * 100, b"two" * SMALL, b"three" * 100])
    labels = [headers for _, headers in Parcel.of(item, mailroom.naming).records()]
    assert Loop().run(_trap(mailroom.brokers.bootstrap, narrow, item, labels), 60) == "committed"
    good, bad, _ = drain(mailroom.door(EDUCATION))
    assert not bad
    assert [record.kind for record in good][:1] == ["manifest"]
    assert [record.index for record in good if record.kind == "chunk"] == [0], "it arrives as it lies there, and whoever counts sees it"


def test_ours_is_there_whole_or_not_at_all_and_holds_nobody_back(mailroom: KafkaMailroom, narrow: str) -> None:
    first, other, last = package("first"), package("x", to=HOUSING), package("z")
    short = package("short", [b"one", b"two" * SMALL, b"three"])
    done = mailroom.door(CIVIL_AFFAIRS).post([first, short, other, last])
    assert [one.outcome for one in done] == ["posted", "failed", "posted", "posted"]
    assert [one.error.code for one in done if one.error] == ["E-KAFKA-LIMIT"]
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [*records(first), *records(last)]
    assert arrived(mailroom.door(HOUSING).poll(None)) == records(other)


@dataclass(slots=True)
class Fading:
    """Large chunks on a disk that fails while they are being sent, after it was looked through."""

    reads: int = 0

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int, /) -> bytes:
        self.reads += 1
        if self.reads > 7:
            raise ExchangeError("E-CHUNK-MISSING", number=4, total=4)
        return bytes([index]) * CHUNK_LIMIT


def test_what_fails_halfway_was_never_there(mailroom: KafkaMailroom) -> None:
    before, fading, behind = package("before"), package("fading", Fading()), package("behind")
    done = mailroom.door(CIVIL_AFFAIRS).post([before, fading, behind])
    assert [one.outcome for one in done] == ["posted", "failed", "posted"]
    assert [one.error.code for one in done if one.error] == ["E-CHUNK-MISSING"]
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [*records(before), *records(behind)]
    topic = mailroom.naming.package("assistance-persons", EDUCATION.code)
    assert len(mailroom.records(topic, "read_uncommitted")) > len(mailroom.records(topic)), "an aborted try lies there, and nobody sees it"


def test_it_goes_once_the_topic_takes_it(mailroom: KafkaMailroom, narrow: str) -> None:
    large = package("large", [bytes(CHUNK_LIMIT), b"small"])
    assert mailroom.door(CIVIL_AFFAIRS).post([large])[0].outcome == "failed"
    topics.set_one(mailroom.brokers.bootstrap, narrow, "max.message.bytes", "1048588")
    assert mailroom.door(CIVIL_AFFAIRS).post([large])[0].outcome == "posted"
    assert arrived(mailroom.door(EDUCATION).poll(None)) == records(large)
