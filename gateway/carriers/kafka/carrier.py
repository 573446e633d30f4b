"""`kafka:HOST:PORT,…`: one cluster for a province, a topic for each feed and department, a partition for each county.

What is posted together becomes one transaction; what is read is what was committed. Where a home has read to is in its own database.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiokafka import errors as kafka

from contracts.errors import ExchangeError
from contracts.feeds import Feed, load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka.client import Cluster, Connecting
from gateway.carriers.kafka.loop import Loop
from gateway.carriers.kafka.parcel import Parcel
from gateway.carriers.kafka.polling import Lane, in_order
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.present import recently_posted
from gateway.carriers.kafka.reading import Reading
from gateway.carriers.kafka.security import Address, Security
from gateway.carriers.kafka.shipping import Shipment, ship
from gateway.carriers.kafka.topics import Naming, key, partition
from gateway.carriers.kafka.visibility import visible
from gateway.carriers.port import Arrival, Health, Outgoing, Posted, Unreadable

T = TypeVar("T")
_VISIBLE = 15.0
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
    _open: set[AsyncExitStack] = field(default_factory=set)

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
            cluster = self._asked(budget, {parcel.topic for parcel in parcels.values()})
            for at, parcel in list(parcels.items()):
                if (fault := cluster.fault(parcel.topic, self.agency, "WRITE")) is not None:
                    outcomes[at] = Posted(parcel.item.name, "failed", fault)
                    del parcels[at]
            for at in self._present(parcels, budget):
                outcomes[at] = Posted(parcels.pop(at).item.name, "present")
            outcomes |= self._shipped(parcels, budget)
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

    def _shipped(self, parcels: dict[int, Parcel], budget: _Budget) -> dict[int, Posted]:
        """Send what is left of a run. When the cluster fails in the middle, what was committed by then counts."""
        if not parcels:
            return {}
        done = Shipment()
        connecting, identity = self._connecting, self._naming.transactional_id(self.agency)
        fault: ExchangeError | None = None
        try:
            budget.spend(self._loop, ship(parcels.values(), lambda: connecting.producer(identity), done))
        except _FAULTS as error:
            fault = connecting.explained(error, topic=identity, operation="WRITE", seconds=budget.whole)
            if not done.sent and not done.failed:
                raise fault from None
        with suppress(*_FAULTS):  # it is posted all the same, and will be seen when the brokers have come so far
            if done.reached:
                self._loop.run(visible(connecting, done.reached), _VISIBLE)
        sent = set(done.sent)
        errors = {parcel: connecting.explained(why, topic=parcel.topic, operation="WRITE") for parcel, why in done.failed.items()}
        return {at: Posted(parcel.item.name, "posted") if parcel in sent
                else Posted(parcel.item.name, "failed", errors.get(parcel, fault)) for at, parcel in parcels.items()}

    def _present(self, parcels: dict[int, Parcel], budget: _Budget) -> list[int]:
        """Keys and trust lists that were posted lately: a home offers them at every sync, and everyone would read them again."""
        letters = {at: parcel for at, parcel in parcels.items() if parcel.item.recipient is None}
        if not letters:
            return []
        topics = {parcel.topic: self._naming.parse(parcel.topic) for parcel in letters.values()}
        since = self.clock()
        connecting = self._connecting
        try:
            known = budget.spend(self._loop, recently_posted(connecting, [each for each in topics.values() if each], since))
        except _FAULTS as error:
            raise connecting.explained(error, seconds=budget.whole) from None
        return [at for at, parcel in letters.items() if (parcel.topic, hashlib.sha256(parcel.item.body).digest()) in known]

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:
        budget = self._budget(timeout)
        stack = AsyncExitStack()
        self._open.add(stack)
        topic = ""
        try:
            topics = in_order(self._naming.read_by(self.agency.code, self.feeds()), self.agency)
            cluster = self._asked(budget, {each.name for each in topics})
            position = Position.read(after, cluster.id)
            for each in topics:
                if (fault := cluster.fault(each.name, self.agency, "READ")) is not None:
                    yield Unreadable(fault, each.name, position.stored())
            there = [each for each in topics if cluster.fault(each.name, self.agency, "READ") is None]
            reading = self._reading(stack, budget)
            bounds = budget.spend(self._loop, reading.bounds(each.name for each in there))
            for each in there:
                topic = each.name
                begin, end = bounds[topic]
                lane = Lane(each, reading.partition, self.agency, end, position)
                yield from self._lane(reading, lane, begin, budget)
                position = lane.position
        except _FAULTS as error:
            raise self._connecting.explained(error, topic=topic, seconds=budget.whole) from None
        finally:
            self._end(stack)

    def _lane(self, reading: Reading, lane: Lane, begin: int, budget: _Budget) -> Iterator[Arrival | Unreadable]:
        """One topic, from our own position. A position that the topic has never reached is another topic's of that name."""
        topic, wanted = lane.topic.name, lane.position.offsets.get(lane.topic.name, 0)
        at = begin if wanted > lane.end else max(begin, wanted)
        if topic in lane.position.offsets and wanted < begin:
            yield lane.gone(begin, wanted)
        if at < lane.end:
            budget.spend(self._loop, _at_once(reading, topic, at))
        while at < lane.end:
            try:
                some = budget.spend(self._loop, reading.some(topic, lane.end))
            except kafka.TopicAuthorizationFailedError as error:
                denied = self._connecting.explained(error, topic=topic)
                yield Unreadable(denied, topic, lane.position.stored())
                return
            at = some.next
            yield from lane.take(some)
        yield from lane.close()

    def probe(self, *, timeout: float = 10.0) -> Health:
        budget = self._budget(timeout)
        feeds = list(self.feeds())
        reads, writes = self._naming.read_by(self.agency.code, feeds), self._naming.written_by(self.agency.code, feeds)
        cluster = self._asked(budget, {each.name for each in (*reads, *writes)})
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
        """End what polls left open, and the thread."""
        for stack in list(self._open):
            self._end(stack)
        self._loop.close()

    def _reading(self, stack: AsyncExitStack, budget: _Budget) -> Reading:
        consumer = budget.spend(self._loop, stack.enter_async_context(self._connecting.consumer()))
        return Reading(consumer, partition(self.agency.county), key(self.agency))

    def _asked(self, budget: _Budget, topics: set[str]) -> Cluster:
        connecting = self._connecting
        try:
            return budget.spend(self._loop, connecting.look(topics))
        except _FAULTS as error:
            raise connecting.explained(error, seconds=budget.whole) from None

    def _end(self, stack: AsyncExitStack) -> None:
        if stack in self._open:
            self._open.discard(stack)
            self._loop.run(stack.aclose(), 15.0)

    def _budget(self, timeout: float) -> _Budget:
        return _Budget(timeout, timeout, self.monotonic)

    def _late(self, budget: _Budget) -> ExchangeError:
        return ExchangeError("E-CARRIER-TIMEOUT", place=self.where.place, seconds=round(budget.whole))


async def _at_once(reading: Reading, topic: str, offset: int) -> None:
    """`begin` inside the loop, where nothing else runs in between."""
    reading.begin(topic, offset)
