"""`kafka:HOST:PORT,…`: one cluster for a province, a topic for each feed and department, a partition for each county.

Packages that are posted together become one transaction; what is read is what was committed.
Where a home has read to is in its own database.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import errors as kafka

from contracts.errors import ExchangeError
from contracts.feeds import Feed, load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka.client import Cluster, Connecting
from gateway.carriers.kafka.kept import Kept
from gateway.carriers.kafka.loop import Loop
from gateway.carriers.kafka.parcel import Parcel
from gateway.carriers.kafka.polling import Lane, in_order
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.present import recently_posted
from gateway.carriers.kafka.reading import Reading
from gateway.carriers.kafka.security import Address, Security
from gateway.carriers.kafka.shipping import Shipment, mail, ship
from gateway.carriers.kafka.topics import Naming, key, partition
from gateway.carriers.kafka.visibility import visible
from gateway.carriers.port import Arrival, Health, Outgoing, Posted, Unreadable

T = TypeVar("T")
_VISIBLE = _CLOSING = 15.0
_FAULTS = (kafka.KafkaError, kafka.IllegalOperation, kafka.ConsumerStoppedError, OSError, TimeoutError)


@dataclass(slots=True)
class _Budget:
    """Seconds that the carrier itself may still take."""

    left: float
    whole: float
    monotonic: Callable[[], float]

    def spend(self, loop: Loop, work: Coroutine[Any, Any, T]) -> T:
        """Run something within what is left.

        Raises:
            TimeoutError: nothing is left.
        """
        if self.left <= 0:
            work.close()
            raise TimeoutError
        since = self.monotonic()
        try:
            return loop.run(work, self.left)
        finally:
            self.left -= self.monotonic() - since


@dataclass(slots=True)
class KafkaCarrier:
    """`gateway.carriers.port.Carrier` on a cluster.

    Attributes:
        agency: whose home this is: what is polled, and who posts.
        feeds: the duties that decide which topics there are.
    """

    where: Address
    security: Security
    agency: AgencyId
    monotonic: Callable[[], float] = time.monotonic
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    feeds: Callable[[], Iterable[Feed]] = lambda: load_feeds().values()
    _loop: Loop = field(default_factory=Loop)
    _readers: Kept[AIOKafkaConsumer] = field(init=False)
    _postmen: Kept[AIOKafkaProducer] = field(init=False)

    def __post_init__(self) -> None:
        self._readers = Kept(self._connecting.consumer)
        self._postmen = Kept(self._connecting.postman)

    @property
    def _connecting(self) -> Connecting:
        return Connecting(self.where, self.security, self.agency, self.clock)

    @property
    def _naming(self) -> Naming:
        return self.where.naming

    def post(self, items: Sequence[Outgoing], *, timeout: float = 300.0) -> list[Posted]:
        budget = self._budget(timeout)
        parcels, outcomes = self._packed(items, budget)
        if parcels:
            with self._asking(budget, {parcel.topic for parcel in parcels.values()}) as (consumer, cluster):
                for at, parcel in list(parcels.items()):
                    if (fault := cluster.fault(parcel.topic, self.agency, "WRITE")) is not None:
                        outcomes[at] = Posted(parcel.item.name, "failed", fault)
                        del parcels[at]
                for at in self._present(consumer, parcels, budget):
                    outcomes[at] = Posted(parcels.pop(at).item.name, "present")
                outcomes |= self._shipped(consumer, parcels, budget)
        return [outcomes[at] for at in range(len(items))]

    def _packed(self, items: Sequence[Outgoing], budget: _Budget) -> tuple[dict[int, Parcel], dict[int, Posted]]:
        """Parcels and failures by the place of their item: what cannot be read or does not fit is out before anything is sent."""
        parcels: dict[int, Parcel] = {}
        failed: dict[int, Posted] = {}
        end = self.monotonic() + budget.left
        for at, item in enumerate(items):
            try:
                if self.monotonic() > end:
                    raise self._late(budget)
                parcels[at] = Parcel.of(item, self._naming)
            except ExchangeError as error:
                failed[at] = Posted(item.name, "failed", error)
        return parcels, failed

    def _shipped(self, consumer: AIOKafkaConsumer, parcels: dict[int, Parcel], budget: _Budget) -> dict[int, Posted]:
        """Send what is left of a run. When the cluster fails in the middle, what was committed by then counts."""
        if not parcels:
            return {}
        done = Shipment()
        connecting, identity = self._connecting, self._naming.transactional_id(self.agency)
        fault: ExchangeError | None = None
        try:
            letters = [each for each in parcels.values() if each.item.purpose != "package"]
            if letters:
                budget.spend(self._loop, mail(self._postmen, letters, done))
            packages = [each for each in parcels.values() if each not in letters]
            for some in (packages, [each for each in letters if each not in done.sent]):
                if some:
                    budget.spend(self._loop, ship(some, lambda: connecting.producer(identity), done))
        except _FAULTS as error:
            fault = connecting.explained(error, topic=identity, operation="WRITE", seconds=budget.whole)
            if not done.sent and not done.failed:
                raise fault from None
        with suppress(*_FAULTS):  # it is posted all the same, and will be seen when the brokers have come so far
            if done.reached:
                self._loop.run(visible(consumer, done.reached), _VISIBLE)
        sent = set(done.sent)
        errors = {parcel: connecting.explained(why, topic=parcel.topic, operation="WRITE") for parcel, why in done.failed.items()}
        return {at: Posted(parcel.item.name, "posted") if parcel in sent
                else Posted(parcel.item.name, "failed", errors.get(parcel, fault)) for at, parcel in parcels.items()}

    def _present(self, consumer: AIOKafkaConsumer, parcels: dict[int, Parcel], budget: _Budget) -> list[int]:
        """Keys and trust lists that were posted lately: a home offers them at every sync, and everyone would read them again."""
        letters = {at: parcel for at, parcel in parcels.items() if parcel.item.recipient is None}
        if not letters:
            return []
        topics = [topic for parcel in letters.values() if (topic := self._naming.parse(parcel.topic))]
        try:
            known = budget.spend(self._loop, recently_posted(consumer, self.agency, topics, self.clock()))
        except _FAULTS as error:
            raise self._connecting.explained(error, seconds=budget.whole) from None
        return [at for at, parcel in letters.items() if (parcel.topic, hashlib.sha256(parcel.item.body).digest()) in known]

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:
        budget = self._budget(timeout)
        topic = ""
        held: Arrival | Unreadable | None = None  # so that the position of the last can stand behind everything, in all topics
        try:
            topics = in_order(self._naming.read_by(self.agency.code, self.feeds()), self.agency)
            with self._asking(budget, {each.name for each in topics}) as (consumer, cluster):
                position = Position.read(after, cluster.id)
                for each in topics:
                    if (fault := cluster.fault(each.name, self.agency, "READ")) is not None:
                        yield Unreadable(fault, each.name, position.stored())
                there = {each.name: each for each in topics if cluster.fault(each.name, self.agency, "READ") is None}
                reading = Reading(consumer, partition(self.agency.county), key(self.agency))
                bounds = budget.spend(self._loop, reading.bounds(there))
                starts = {name: position.start(name, begin, end) for name, (begin, end) in bounds.items()}
                budget.spend(self._loop, reading.begin({name: at for name, at in starts.items() if at < bounds[name][1]}))
                for topic, at in starts.items():
                    begin, end = bounds[topic]
                    lane = Lane(there[topic], reading.partition, self.agency, end, position)
                    for item in self._lane(reading, lane, begin, at, budget):
                        if held is not None:
                            yield held
                        held = item
                    position = lane.position
                budget.spend(self._loop, reading.turn(None))
                if held is not None:
                    last, held = replace(held, position=position.stored()), None
                    yield last
        except _FAULTS as error:
            if held is not None:
                yield held
            raise self._connecting.explained(error, topic=topic, seconds=budget.whole) from None

    def _lane(self, reading: Reading, lane: Lane, begin: int, at: int, budget: _Budget) -> Iterator[Arrival | Unreadable]:
        """One topic, from our own position."""
        topic = lane.topic.name
        if (wanted := lane.position.offsets.get(topic, begin)) < begin:
            yield lane.gone(begin, wanted)
        if at < lane.end:
            budget.spend(self._loop, reading.turn(topic))
        while at < lane.end:
            try:
                some = budget.spend(self._loop, reading.some(topic, lane.end))
            except kafka.TopicAuthorizationFailedError as error:
                denied = self._connecting.explained(error, topic=topic)
                yield Unreadable(denied, topic, lane.position.stored())
                return
            at = some.next
            yield from lane.take(some)
        lane.close()

    def probe(self, *, timeout: float = 10.0) -> Health:
        budget = self._budget(timeout)
        feeds = list(self.feeds())
        reads, writes = self._naming.read_by(self.agency.code, feeds), self._naming.written_by(self.agency.code, feeds)
        with self._asking(budget, {each.name for each in (*reads, *writes)}) as (_, cluster):
            pass
        for operation, topics in (("READ", reads), ("WRITE", writes)):
            for each in topics:
                if (fault := cluster.fault(each.name, self.agency, operation)) is not None:
                    raise fault
        if cluster.leaderless:
            raise ExchangeError("E-CARRIER-REACH", place=self.where.place, why=f"no leader: {min(cluster.leaderless)}")
        waiting, foreign = 0, 0
        for record in self.poll(None, timeout=max(budget.left, 0.1)):
            waiting += isinstance(record, Arrival) and record.kind in {"manifest", "receipt"}
            foreign += isinstance(record, Unreadable)
        return Health(self.where.place, waiting, foreign)

    def close(self) -> None:
        """End every connection, and the thread."""
        try:
            for kept in (self._readers, self._postmen):
                if kept.idle is not None or kept.out:
                    with suppress(*_FAULTS):
                        self._loop.run(kept.close(), _CLOSING)
        finally:
            self._loop.close()

    @contextmanager
    def _asking(self, budget: _Budget, topics: set[str]) -> Iterator[tuple[AIOKafkaConsumer, Cluster]]:
        """A reader, and what its cluster says of these topics. It is kept for the next call only when nothing went wrong with it."""
        connecting = self._connecting
        old = self._readers.idle is not None
        try:
            try:
                consumer, cluster = budget.spend(self._loop, self._asked(topics))
            except _FAULTS:
                if not old:  # otherwise its connections may just have been lying about for too long
                    raise
                consumer, cluster = budget.spend(self._loop, self._asked(topics))
        except _FAULTS as error:
            raise connecting.explained(error, seconds=budget.whole) from None
        whole = False
        try:
            yield consumer, cluster
            whole = True
        finally:
            if consumer in self._readers.out:  # else the carrier was closed meanwhile
                with suppress(*_FAULTS):
                    self._loop.run(self._readers.keep(consumer) if whole else self._readers.end(consumer), _CLOSING)

    async def _asked(self, topics: set[str]) -> tuple[AIOKafkaConsumer, Cluster]:
        consumer = await self._readers.take()
        try:
            return consumer, await self._connecting.look(consumer, topics)
        except _FAULTS:
            await self._readers.end(consumer)
            raise

    def _budget(self, timeout: float) -> _Budget:
        return _Budget(timeout, timeout, self.monotonic)

    def _late(self, budget: _Budget) -> ExchangeError:
        return ExchangeError("E-CARRIER-TIMEOUT", place=self.where.place, seconds=round(budget.whole))

