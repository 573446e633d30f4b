"""Connections that last for a command, and letters without a transaction: what is won must not cost anything that was promised."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import CloseReason

from contracts.errors import ExchangeError
from gateway.carriers.kafka.carrier import KafkaCarrier
from gateway.carriers.kafka.client import learn, wire
from gateway.carriers.port import Arrival
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, drain, letter, package, records
from tests.kafka.mailroom import KafkaMailroom


def waiting(door: KafkaCarrier) -> tuple[AIOKafkaConsumer | None, AIOKafkaProducer | None]:
    """The reader and the producer that wait for the next call."""
    assert not door._readers.out, "somebody has one that nobody uses"
    assert not door._postmen.out
    return door._readers.idle, door._postmen.idle


def used(mailroom: KafkaMailroom) -> tuple[KafkaCarrier, AIOKafkaConsumer, AIOKafkaProducer]:
    """A carrier that has polled and posted, with what it has kept."""
    door = mailroom.door(EDUCATION)
    list(door.poll(None))
    door.post([letter("receipt", "first", to=CIVIL_AFFAIRS, sender=EDUCATION)])
    reader, postman = waiting(door)
    assert reader is not None
    assert postman is not None
    return door, reader, postman


async def cut(client: AIOKafkaClient) -> None:
    """All its connections are gone, as when the brokers were all started again."""
    cut = [connection for connection in client._conns.values() if connection.connected()]
    assert cut
    for connection in cut:
        connection.close(reason=CloseReason.CONNECTION_BROKEN)


def test_one_reader_and_one_producer_serve_a_command(mailroom: KafkaMailroom) -> None:
    door, reader, postman = used(mailroom)
    list(door.poll(None))
    door.post([letter("receipt", "second", to=CIVIL_AFFAIRS, sender=EDUCATION)])
    assert waiting(door) == (reader, postman)
    door.close()
    assert waiting(door) == (None, None)


def test_a_reader_that_is_kept_reads_what_came_later_and_nothing_twice(mailroom: KafkaMailroom) -> None:
    sender, reader = mailroom.door(CIVIL_AFFAIRS), mailroom.door(EDUCATION)
    position: bytes | None = None
    for number in range(4):
        items = [package(f"number {number}"), letter("trust", f"list {number}", to=None)]
        sender.post(items)
        good, bad, position = drain(reader, position)
        assert not bad
        assert sorted((each.kind, each.index, each.data) for each in good) == sorted(
            (kind, index, data) for item in items for kind, index, data in records(item))
        assert drain(reader, position)[0] == []


def test_connections_that_were_cut_while_nobody_used_them_are_made_again(mailroom: KafkaMailroom) -> None:
    sender, reader = mailroom.door(CIVIL_AFFAIRS), mailroom.door(EDUCATION)
    items = [letter("prekeys", "one", to=None), letter("prekeys", "two", to=None)]
    sender.post(items[:1])
    assert arrived(reader.poll(None)) == records(items[0])
    idle, postman = waiting(sender)
    other, _ = waiting(reader)
    assert idle is not None
    assert other is not None
    assert postman is not None
    for door, client in ((sender, wire(idle)), (sender, postman.client), (reader, wire(other))):
        door._loop.run(cut(client), 20)
    assert [each.outcome for each in sender.post(items[1:])] == ["posted"]
    assert arrived(reader.poll(None)) == [*records(items[0]), *records(items[1])]


def test_a_poll_that_is_given_up_ends_its_reader(mailroom: KafkaMailroom) -> None:
    """What it fetches ahead would go on in the background."""
    mailroom.door(CIVIL_AFFAIRS).post([package("given up", 3)])
    door = mailroom.door(EDUCATION)
    poll = door.poll(None)
    assert isinstance(next(poll), Arrival)
    poll.close()  # type: ignore[attr-defined]  # it is a generator
    assert waiting(door) == (None, None)
    assert arrived(door.poll(None)) == records(package("given up", 3))


def test_two_polls_at_once_have_a_reader_each(mailroom: KafkaMailroom) -> None:
    item = package("for two", 3)
    mailroom.door(CIVIL_AFFAIRS).post([item])
    door = mailroom.door(EDUCATION)
    pairs = list(zip(door.poll(None), door.poll(None), strict=True))
    assert arrived(first for first, _ in pairs) == arrived(second for _, second in pairs) == records(item)


def test_a_letter_is_one_record_and_nothing_beside_it(mailroom: KafkaMailroom) -> None:
    """No commit's marker: the next letter has the next offset. A package's transaction leaves one."""
    receipts = [letter("receipt", name, to=CIVIL_AFFAIRS, sender=EDUCATION) for name in ("a", "b", "c")]
    for each in receipts:
        mailroom.door(EDUCATION).post([each])
    topic = mailroom.naming.receipt(EDUCATION.code, CIVIL_AFFAIRS.code)
    offsets = [record.offset for record in mailroom.records(topic)]
    assert [at - offsets[0] for at in offsets] == [0, 1, 2]
    mailroom.door(CIVIL_AFFAIRS).post([package("one", 1)])
    mailroom.door(CIVIL_AFFAIRS).post([package("two", 1)])
    offsets = [record.offset for record in mailroom.records(mailroom.naming.package("assistance-persons", EDUCATION.code))]
    assert [at - offsets[0] for at in offsets] == [0, 1, 3, 4]


@pytest.mark.parametrize("many", [1, 40])
def test_letters_beside_packages_are_all_there_once(mailroom: KafkaMailroom, many: int) -> None:
    back = [package("answer", 2, to=CIVIL_AFFAIRS, sender=EDUCATION)]
    items = [*(letter("receipt", str(at), to=CIVIL_AFFAIRS, sender=EDUCATION) for at in range(many)), *back]
    door = mailroom.door(EDUCATION)
    try:
        outcomes = door.post(items)
    except ExchangeError as error:
        pytest.fail(str(error))
    assert len(outcomes) == many + 1
    found = [(each.kind, each.index, each.data) for each in drain(mailroom.door(CIVIL_AFFAIRS))[0]]
    posted = [item for item, outcome in zip(items, outcomes, strict=True) if outcome.outcome == "posted"]
    assert sorted(found, key=str) == sorted((each for item in posted for each in records(item)), key=str)
    assert [item for item in items if item.purpose == "receipt"] == [item for item in posted if item.purpose == "receipt"]


@pytest.mark.parametrize("kind", ["reader", "postman"])
def test_a_client_whose_end_fails_is_closed_all_the_same_and_says_nothing(mailroom: KafkaMailroom, kind: str) -> None:
    """As a reader's does whose leader is gone: it awaits tasks that it has just cancelled."""
    door, reader, postman = used(mailroom)
    client, within = (reader, wire(reader)) if kind == "reader" else (postman, postman.client)

    async def fails() -> None:
        raise asyncio.CancelledError

    client.stop = fails
    door.close()
    assert not [each for each in within._conns.values() if each.connected()]
    assert waiting(door) == (None, None)
    client._closed = True


def test_a_reader_that_rests_asks_nothing(mailroom: KafkaMailroom) -> None:
    """It would, without a pause, for the leaders of topics that it is assigned and that another question has made it forget."""
    mailroom.door(CIVIL_AFFAIRS).post([package("read", 1)])
    door = mailroom.door(EDUCATION)
    list(door.poll(None))
    reader, _ = waiting(door)
    assert reader is not None
    assert reader.assignment()
    door._loop.run(learn(reader, [mailroom.naming.trust()]), 20)
    before = wire(reader).cluster._last_successful_refresh_ms
    door._loop.run(asyncio.sleep(0.5), 20)
    assert wire(reader).cluster._last_successful_refresh_ms == before
