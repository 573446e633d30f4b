"""What others may put into our topics: each is set aside with its position and cause, and the feed goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import Producer

from gateway.carriers.kafka.headers import Header, Label
from gateway.carriers.kafka.topics import key, partition
from gateway.carriers.port import Arrival
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, digest, drain, package, records
from tests.kafka import topics
from tests.kafka.mailroom import KafkaMailroom

OLDER: list[Header] = [("ce_type", b"roster.v0.manifest"), ("ce_specversion", b"1.0"), ("ce_source", b"/522722/civil-affairs")]


def labelled(*, without: str = "", **other: str) -> list[Header]:
    """Sound headers, one of them missing or another."""
    good = Label("manifest", digest("poison"), CIVIL_AFFAIRS, "0" * 16, None, 1, "assistance-persons").headers()
    return [(name, other.get(name, value.decode()).encode()) for name, value in good if name != without]


@pytest.fixture
def topic(mailroom: KafkaMailroom) -> str:
    return mailroom.naming.package("assistance-persons", EDUCATION.code)


POISON: dict[str, tuple[Callable[[KafkaMailroom, str], int], str]] = {
    "a foreign record": (lambda room, topic: room.put(topic, b"hello"), "E-KAFKA-FOREIGN"),
    "an older layout": (lambda room, topic: room.put(topic, b"{}", OLDER), "E-KAFKA-FOREIGN"),
    "a tombstone": (lambda room, topic: room.put(topic, None, labelled()), "E-KAFKA-TOMBSTONE"),
    "a tombstone of a stranger": (lambda room, topic: room.put(topic, None), "E-KAFKA-TOMBSTONE"),
    "without a key": (lambda room, topic: room.put(topic, b"x", labelled(), county=None), "E-KAFKA-FOREIGN"),
    "a key that is no county": (lambda room, topic: room.put(topic, b"x", labelled(), county=b"everyone"), "E-KAFKA-FOREIGN"),
    "another event": (lambda room, topic: room.put(topic, b"x", labelled(ce_type="roster.v1.receipt")), "E-KAFKA-FOREIGN"),
    "no source": (lambda room, topic: room.put(topic, b"x", labelled(without="ce_source")), "E-KAFKA-FOREIGN"),
    "a source that is none": (lambda room, topic: room.put(topic, b"x", labelled(ce_source="/../../x")), "E-KAFKA-FOREIGN"),
    "a count that is none": (lambda room, topic: room.put(topic, b"x", labelled(ce_count="-1")), "E-KAFKA-FOREIGN"),
    "an id that is none": (lambda room, topic: room.put(topic, b"x", labelled(ce_id="../x")), "E-KAFKA-FOREIGN"),
}


def test_each_is_named_with_its_place_and_holds_nothing_back(mailroom: KafkaMailroom, topic: str) -> None:
    mailroom.door(CIVIL_AFFAIRS).post([package("before")])
    offsets = {name: put(mailroom, topic) for name, (put, _) in POISON.items()}
    mailroom.door(CIVIL_AFFAIRS).post([package("behind")])
    good, bad, position = drain(mailroom.door(EDUCATION))
    assert arrived(good) == [*records(package("before")), *records(package("behind"))]
    wanted = [(code, f"{topic}[{partition(EDUCATION.county)}]@{offsets[name]}") for name, (_, code) in POISON.items()]
    assert [(each.error.code, each.place) for each in bad] == wanted
    assert all(each.place in each.error.message("en") and each.error.fix("zh") for each in bad)
    assert list(mailroom.door(EDUCATION).poll(position)) == [], "each is told once"


def test_whoever_stops_at_poison_goes_on_behind_it(mailroom: KafkaMailroom, topic: str) -> None:
    mailroom.put(topic, b"hello")
    mailroom.door(CIVIL_AFFAIRS).post([package("behind")])
    first = next(iter(mailroom.door(EDUCATION).poll(None)))
    assert not isinstance(first, Arrival)
    assert arrived(mailroom.door(EDUCATION).poll(first.position)) == records(package("behind"))


def test_records_of_other_counties_are_nobodys_poison(mailroom: KafkaMailroom, topic: str) -> None:
    for value in (b"anything", None):
        mailroom.put(topic, value, county=b"522701")
    mailroom.door(CIVIL_AFFAIRS).post([package("ours")])
    assert arrived(mailroom.door(EDUCATION).poll(None)) == records(package("ours"))


def test_a_forged_chunk_between_the_senders_is_a_delivery_of_its_own(mailroom: KafkaMailroom, topic: str) -> None:
    """Whoever has write access to the topic can imitate everything but the delivery, which is chosen anew for each posting."""
    mailroom.door(CIVIL_AFFAIRS).post([package("a", 1)])
    forged = Label("chunk", digest("a"), CIVIL_AFFAIRS, "f" * 16, 0, 0, "assistance-persons").headers()
    mailroom.put(topic, b"forged", forged)
    good, bad, _ = drain(mailroom.door(EDUCATION))
    assert not bad
    assert len({record.delivery for record in good}) == 2
    assert [record.data for record in good if record.delivery == good[0].delivery] == [data for _, _, data in records(package("a", 1))]


def test_a_flood_of_begun_packages_costs_bounded_memory_and_delays_nobody(mailroom: KafkaMailroom, topic: str) -> None:
    for number in range(40):
        begun = Label("manifest", digest("x"), CIVIL_AFFAIRS, f"{number:016x}", None, 9, "assistance-persons")
        mailroom.put(topic, b"begun", begun.headers())
    mailroom.door(CIVIL_AFFAIRS).post([package("behind")])
    good, _, position = drain(mailroom.door(EDUCATION))
    assert arrived(good)[-3:] == records(package("behind"))
    assert list(mailroom.door(EDUCATION).poll(position)) == []


CODECS = ("gzip", "snappy", "lz4", "zstd")


def _packed(mailroom: KafkaMailroom, topic: str, codec: str, value: bytes) -> str | None:
    """Write a record as another client would, packed; what the broker said against it."""
    said: list[str | None] = []
    producer = Producer({"bootstrap.servers": mailroom.brokers.bootstrap, "compression.type": codec, "message.max.bytes": 100_000_000,
                         "log_level": 0})
    producer.produce(topic, value, key(EDUCATION), partition(EDUCATION.county),
                     on_delivery=lambda error, _: said.append(error.name() if error else None))
    producer.flush(30)
    [answer] = said
    return answer


def test_brokers_unpack_what_strangers_packed(mailroom: KafkaMailroom, topic: str) -> None:
    """Topics store records uncompressed, so that a reader needs no codec and no record grows in its memory."""
    assert [_packed(mailroom, topic, codec, b"x" * 10_000) for codec in CODECS] == [None] * 4
    assert _packed(mailroom, topic, "gzip", bytes(20_000_000)) == "MSG_SIZE_TOO_LARGE"
    mailroom.door(CIVIL_AFFAIRS).post([package("behind")])
    good, bad, _ = drain(mailroom.door(EDUCATION))
    assert [each.error.code for each in bad] == ["E-KAFKA-FOREIGN"] * 4
    assert arrived(good) == records(package("behind"))


@pytest.fixture
def careless(mailroom: KafkaMailroom, topic: str) -> Iterator[str]:
    """A topic that somebody made by hand, with Kafka's own default."""
    topics.set_one(mailroom.brokers.bootstrap, topic, "compression.type", "producer")
    yield topic
    topics.set_one(mailroom.brokers.bootstrap, topic, "compression.type", "uncompressed")


def test_what_cannot_be_unpacked_is_stepped_over(mailroom: KafkaMailroom, careless: str) -> None:
    mailroom.door(CIVIL_AFFAIRS).post([package("before")])
    assert [_packed(mailroom, careless, "zstd", b"x" * 10_000) for _ in range(3)] == [None] * 3
    mailroom.door(CIVIL_AFFAIRS).post([package("behind")])
    good, bad, position = drain(mailroom.door(EDUCATION))
    assert arrived(good) == [*records(package("before")), *records(package("behind"))]
    assert [each.error.code for each in bad] == ["E-KAFKA-BROKEN"]
    assert list(mailroom.door(EDUCATION).poll(position)) == []
