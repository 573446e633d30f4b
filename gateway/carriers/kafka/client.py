"""Connections to the brokers, and what their refusals mean to people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka import errors as kafka
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.metadata import MetadataRequest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.kafka.kept import stop
from gateway.carriers.kafka.patience import patiently
from gateway.carriers.kafka.security import Address, Security
from gateway.carriers.kafka.security_diagnosis import diagnose
from gateway.carriers.kafka.topics import principal

FETCH_BYTES = 1024 * 1024
"""Of one partition at a time: one record of the largest size that brokers take as shipped."""
_REQUEST = 10_000
"""Milliseconds for one request to a broker that may hang; then another is asked."""
_TRANSACTION = 120_000
"""Milliseconds after which brokers abort what a killed publisher left open; until then readers of those partitions wait."""
_SAFELY: Mapping[str, Any] = {"acks": "all", "max_request_size": FETCH_BYTES, "max_batch_size": FETCH_BYTES - 1024}
_DOORS = (OSError, kafka.KafkaConnectionError, kafka.NodeNotReadyError, kafka.RequestTimedOutError, kafka.KafkaTimeoutError)
"""What may come of one broker alone that cannot be spoken to; TimeoutError is an OSError."""
_ABSENT = frozenset({kafka.UnknownTopicOrPartitionError.errno, kafka.InvalidTopicError.errno})
_DENIED = kafka.TopicAuthorizationFailedError.errno


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a metadata call said.

    Attributes:
        id: of the cluster; another one after it was set up anew.
        missing: topics that were asked for and are not there.
        denied: topics that this agency may not even describe.
        leaderless: topics that have a partition without a leader.
    """

    id: str
    missing: frozenset[str]
    denied: frozenset[str]
    leaderless: frozenset[str]

    def fault(self, topic: str, who: AgencyId, operation: str) -> ExchangeError | None:
        """What keeps `who` from a topic, as far as can be seen from here."""
        if topic in self.missing:
            return ExchangeError("E-KAFKA-TOPIC", topic=topic)
        if topic in self.denied:
            return ExchangeError("E-KAFKA-PERMISSION", principal=principal(who), operation=operation, topic=topic)
        return None


@dataclass(frozen=True, slots=True)
class Connecting:
    """How one home connects."""

    where: Address
    security: Security
    agency: AgencyId
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def producer(self, transactional_id: str) -> AsyncIterator[AIOKafkaProducer]:
        """A transactional producer: idempotent, acknowledged by all replicas in sync. It fences every earlier one of that id."""
        made = AIOKafkaProducer(**self._options(), **_SAFELY, transactional_id=transactional_id, transaction_timeout_ms=_TRANSACTION)
        try:
            await made.start()
            yield made
        finally:
            await stop(made)

    def postman(self) -> AIOKafkaProducer:
        """A producer for what is one record each and needs no transaction: idempotent, acknowledged by all replicas in sync."""
        return AIOKafkaProducer(**self._options(), **_SAFELY, enable_idempotence=True)

    def consumer(self) -> AIOKafkaConsumer:
        """A reader of what is committed, in no group. 'none': it goes where it is told, and never somewhere else by itself."""
        return AIOKafkaConsumer(**self._options(), group_id=None, enable_auto_commit=False, auto_offset_reset="none",
                                isolation_level="read_committed", max_partition_fetch_bytes=FETCH_BYTES, fetch_max_bytes=FETCH_BYTES,
                                fetch_max_wait_ms=5)  # a fetch that waits holds up the next one to that broker

    async def look(self, consumer: AIOKafkaConsumer, topics: Iterable[str]) -> Cluster:
        """The cluster and the topics that matter, over a reader's connections. Makes none."""
        client, request = wire(consumer), MetadataRequest(sorted(topics), allow_auto_topic_creation=False)
        brokers = cycle(broker.nodeId for broker in client.cluster.brokers())  # in turn: the first may hang
        answer = (await patiently(lambda: client.send(next(brokers), request))).to_object()
        told: list[Mapping[str, Any]] = answer["topics"]
        missing = frozenset(str(each["topic"]) for each in told if each["error_code"] in _ABSENT)
        denied = frozenset(str(each["topic"]) for each in told if each["error_code"] == _DENIED)
        leaderless = frozenset(str(each["topic"]) for each in told if any(part["leader"] < 0 for part in each["partitions"]))
        return Cluster(str(answer["cluster_id"]), missing, denied, leaderless)

    def explained(self, error: Exception, *, topic: str = "", operation: str = "READ", seconds: float = 0.0) -> ExchangeError:
        """A failure as a code with its remedy. Not from inside the loop: it may knock at the brokers' doors.

        Args:
            topic: that was being read or written; `operation` READ or WRITE.
            seconds: the limit that a TimeoutError is about.
        """
        doors = isinstance(error, _DOORS)
        found = self._refusal(error, topic, operation) or diagnose(self.where.servers, self.security, self.clock(), each=doors)
        if found is not None:
            return found
        if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
            return ExchangeError("E-CARRIER-TIMEOUT", place=self.where.place, seconds=round(seconds))
        return ExchangeError("E-CARRIER-REACH", place=self.where.place, why=type(error).__name__)

    def _refusal(self, error: Exception, topic: str, operation: str) -> ExchangeError | None:
        """What brokers say no to, for a reason of its own."""
        found: ExchangeError | None = None
        match error:
            case ExchangeError():
                found = error
            case kafka.UnknownTopicOrPartitionError() | kafka.InvalidTopicError() if topic:
                found = ExchangeError("E-KAFKA-TOPIC", topic=topic)
            case kafka.TopicAuthorizationFailedError() | kafka.TransactionalIdAuthorizationFailed():
                found = ExchangeError("E-KAFKA-PERMISSION", principal=principal(self.agency), operation=operation, topic=topic or "*")
            case kafka.ProducerFenced() | kafka.InvalidProducerEpoch():
                found = ExchangeError("E-KAFKA-FENCED", agency=str(self.agency))
            case kafka.MessageSizeTooLargeError() | kafka.RecordListTooLargeError():
                found = ExchangeError("E-KAFKA-LIMIT", topic=topic)
        return found

    def _options(self) -> dict[str, Any]:
        return {"bootstrap_servers": list(self.where.servers), "client_id": principal(self.agency), "request_timeout_ms": _REQUEST,
                **self.security.aiokafka()}


async def learn(consumer: AIOKafkaConsumer, topics: Iterable[str]) -> None:
    """One metadata call about these topics, and those that it is assigned: of such it would ask for ever, even while they rest."""
    await wire(consumer).set_topics({*topics, *(place.topic for place in consumer.assignment())})


def wire(consumer: AIOKafkaConsumer) -> AIOKafkaClient:
    """What a reader sends its requests through."""
    return consumer._client  # noqa: SLF001  (it offers metadata in no other way that tells one refusal from another)
