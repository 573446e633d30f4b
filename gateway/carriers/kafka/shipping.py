"""Sending a run: one transaction for all its packages, or a few; each either wholly there or not at all. Letters need none.

aiokafka commits a transaction although sends in it have failed, unless somebody looks at what became of each. So every future is
kept and awaited before the commit. After a failure a producer is of no further use (its sequence numbers have a hole): what was not
at fault goes again, through a new one under the same id, which also ends what the old one left open.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka import errors as kafka
from aiokafka.structs import RecordMetadata

from contracts.errors import ExchangeError
from gateway.carriers.kafka.headers import Header
from gateway.carriers.kafka.kept import Kept
from gateway.carriers.kafka.parcel import Parcel, loads

WINDOW = 2 * 1024 * 1024
"""Bytes on their way at once: what bounds memory. Brokers take one batch of a partition at a time anyway."""
_ABORTING = 5.0
_ACKNOWLEDGING = 30.0
"""Seconds for letters: brokers have elected another leader by then, and what goes to one that is not there must not hold back the rest."""
_OF_TOPIC = (kafka.TopicAuthorizationFailedError, kafka.UnknownTopicOrPartitionError, kafka.InvalidTopicError)
_OF_BATCH = (kafka.MessageSizeTooLargeError, kafka.RecordListTooLargeError, kafka.InvalidTimestampError, kafka.PolicyViolationError)
"""What a broker says of several records at once, which may be of several parcels."""

Producers = Callable[[], AbstractAsyncContextManager[AIOKafkaProducer]]


class FailedError(Exception):
    """A transaction did not come about because of `error`, met with `parcel`."""

    def __init__(self, parcel: Parcel, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.parcel, self.error = parcel, error

    def blamed(self, load: Sequence[Parcel]) -> list[Parcel]:
        """Those of a load that are at fault, for which alone it failed; none when it is nobody's in particular."""
        if isinstance(self.error, ExchangeError):
            return [self.parcel]
        if isinstance(self.error, _OF_TOPIC):
            named = self.error.args[0] if self.error.args else None
            topics = set(named) if isinstance(named, (set, frozenset, list, tuple)) else {self.parcel.topic}
            return [each for each in load if each.topic in topics]
        suspects = self.suspects(load)
        return suspects if len(suspects) == 1 else []

    def suspects(self, load: Sequence[Parcel]) -> list[Parcel]:
        """Those of a load among which somebody is at fault: sent one by one, each shows whether it is."""
        return [each for each in load if each.topic == self.parcel.topic] if isinstance(self.error, _OF_BATCH) else []


@dataclass(slots=True)
class Shipment:
    """What became of the parcels of a run; filled as it goes on, so that it tells when the run is cut short.

    Attributes:
        reached: last offset that was committed, by place.
    """

    sent: list[Parcel] = field(default_factory=list)
    failed: dict[Parcel, Exception] = field(default_factory=dict)
    reached: dict[TopicPartition, int] = field(default_factory=dict)


async def ship(parcels: Iterable[Parcel], producers: Producers, done: Shipment) -> None:
    """Send parcels in order; a refused one is taken out and holds back no other.

    Raises:
        KafkaError: nothing more can be sent; what stands in neither list of `done` was not.
    """
    waiting = deque(loads(parcels))
    while waiting:
        async with producers() as producer:
            while waiting:
                load = waiting.popleft()
                try:
                    done.reached |= await transact(producer, load)
                except FailedError as failure:
                    blamed, suspects = failure.blamed(load), failure.suspects(load)
                    if not blamed and not suspects:
                        raise failure.error from None
                    done.failed |= dict.fromkeys(blamed, failure.error)
                    apart = [[each] for each in suspects if each not in blamed]
                    rest = [each for each in load if each not in blamed and each not in suspects]
                    waiting.extendleft(reversed([rest, *apart] if rest else apart))
                    break
                done.sent += load


async def mail(kept: Kept[AIOKafkaProducer], letters: Sequence[Parcel], done: Shipment) -> None:
    """Send what is one record each without a transaction. What is not acknowledged soon is in neither list of `done`: `ship` says why."""
    with suppress(kafka.KafkaError, kafka.IllegalOperation):
        producer = await kept.take()
        under_way = await _handed(producer, letters)
        try:
            if under_way:
                await asyncio.wait(under_way.values(), timeout=_ACKNOWLEDGING)
        finally:  # when the run is cut short here, what was acknowledged by then counts
            stored = [letter for letter, sent in under_way.items() if sent.done() and not sent.cancelled() and sent.exception() is None]
            done.sent += stored
        await (kept.keep(producer) if len(stored) == len(letters) else kept.end(producer))


async def _handed(producer: AIOKafkaProducer, letters: Sequence[Parcel]) -> dict[Parcel, asyncio.Future[RecordMetadata]]:
    """What the producer took, in order; it ends with the first that it did not."""
    under_way: dict[Parcel, asyncio.Future[RecordMetadata]] = {}
    with suppress(kafka.KafkaError, kafka.IllegalOperation):
        await producer.client.set_topics({letter.topic for letter in letters})  # one metadata call about them all
        for letter in letters:
            [(value, headers)] = letter.records()
            under_way[letter] = await producer.send(letter.topic, value, letter.key, letter.partition, headers=headers)
    return under_way


async def transact(producer: AIOKafkaProducer, load: Sequence[Parcel]) -> dict[TopicPartition, int]:
    """One transaction: every record acknowledged, then the commit. Otherwise it is aborted.

    Returns:
        The last offset at each place.

    Raises:
        FailedError: nothing of it can be seen by anybody.
        KafkaError: the commit's own failure: it may have come about all the same. What is sent again then is there twice, harmlessly.
    """
    await producer.begin_transaction()
    try:
        reached = await _send(producer, load)
    except BaseException:
        with suppress(Exception):  # a producer in disorder cannot even abort; its successor or the brokers do
            await asyncio.wait_for(producer.abort_transaction(), _ABORTING)
        raise
    await producer.commit_transaction()
    return reached


async def _send(producer: AIOKafkaProducer, load: Sequence[Parcel]) -> dict[TopicPartition, int]:
    under_way: deque[tuple[Parcel, int, asyncio.Future[RecordMetadata]]] = deque()
    reached: dict[TopicPartition, int] = {}
    size = 0
    for parcel in load:
        try:
            for value, headers in parcel.records():
                future = await _sent(producer, parcel, value, headers)
                under_way.append((parcel, len(value), future))
                size += len(value)
                while size > WINDOW:
                    first, length, stored = under_way.popleft()
                    reached |= await _acknowledged(producer, first, stored)
                    size -= length
        except (kafka.KafkaError, kafka.IllegalOperation, ExchangeError) as error:
            raise FailedError(parcel, _reason(producer) or error) from error
    for parcel, _, stored in under_way:
        reached |= await _acknowledged(producer, parcel, stored)
    return reached


async def _sent(producer: AIOKafkaProducer, parcel: Parcel, value: bytes, headers: list[Header]) -> asyncio.Future[RecordMetadata]:
    """Put a record on its way. It waits for room as long as the run's time lasts: a leader may have to be elected first."""
    while True:
        try:
            future: asyncio.Future[RecordMetadata] = await producer.send(
                parcel.topic, value, parcel.key, parcel.partition, headers=headers)
        except kafka.KafkaTimeoutError:  # it was not taken, so that it can be offered again
            if _reason(producer) is not None:
                raise
        else:
            return future


async def _acknowledged(
    producer: AIOKafkaProducer, parcel: Parcel, future: asyncio.Future[RecordMetadata]
) -> dict[TopicPartition, int]:
    """Wait until a record is stored; where. Of a topic that may not be written its future never ends, but the transaction does."""
    await asyncio.wait([future, _ending(producer)], return_when=asyncio.FIRST_COMPLETED)
    error = future.exception() if future.done() else _reason(producer)
    if isinstance(error, Exception):
        raise FailedError(parcel, error)
    stored = future.result()
    return {stored.topic_partition: stored.offset}


def _ending(producer: AIOKafkaProducer) -> asyncio.Future[None]:
    """Done when the transaction has ended, well or badly. aiokafka shows it to nobody before the commit, which is too late."""
    ending: asyncio.Future[None] = producer._txn_manager.wait_for_transaction_end()  # noqa: SLF001  (its waiter is nowhere else)
    return ending


def _reason(producer: AIOKafkaProducer) -> Exception | None:
    """Why the transaction is over; None when it is not."""
    ending = _ending(producer)
    error = ending.exception() if ending.done() else None
    return error if isinstance(error, Exception) else None
