"""The administrator's side of a cluster: look it over and set it up, over confluent-kafka's admin client.

Quotas, which that client lacks, go by `admin_quotas`. Nothing is ever deleted but permissions and quotas of agencies.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from itertools import islice
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from contracts.errors import ExchangeError
from contracts.feeds.feed import Feed
from gateway.carriers.kafka import admin_permissions, admin_quotas
from gateway.carriers.kafka.admin_permissions import binding, precisely
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.security_diagnosis import diagnose
from gateway.carriers.kafka.topics_drift import Drift, Observed, drift
from gateway.carriers.kafka.topics_plan import Permission, Plan, TopicPlan

T = TypeVar("T")

BATCH = 500
"""Permissions in one request: a province has thousands."""
_REFUSED = frozenset({KafkaError.CLUSTER_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED})
_GONE = frozenset({"_TRANSPORT", "_ALL_BROKERS_DOWN", "_TIMED_OUT", "_RESOLVE", "_SSL", "_AUTHENTICATION"})


def client(servers: Sequence[str], security: Security, at: datetime) -> AdminClient:
    """An admin client that keeps its remarks to itself: whatever matters comes as an error, and at once where nobody would answer it.

    Raises:
        ExchangeError: E-CARRIER-REACH, E-KAFKA-*: none of the servers can be spoken to, and why.
    """
    found = diagnose(servers, security, at)
    if found is not None:
        raise found
    return AdminClient({"bootstrap.servers": ",".join(servers), "log_level": 0, **security.librdkafka()})


class KafkaCluster:
    """The cluster behind some brokers. Implements `topics_drift.Cluster`."""

    def __init__(self, servers: Sequence[str], security: Security, clock: Callable[[], datetime], *, timeout: float = 30.0) -> None:
        """Touches no network yet.

        Args:
            timeout: seconds for each request.
        """
        self._servers, self._security, self._clock, self._timeout = tuple(servers), security, clock, timeout

    @property
    def place(self) -> str:
        return f"kafka:{','.join(self._servers)}"

    def observe(self, wanted: Plan) -> Observed:
        """What is there. Two requests for topics, one for permissions, one for quotas."""
        admin = client(self._servers, self._security, self._clock())
        try:
            metadata = admin.list_topics(timeout=self._timeout)
            ours = {name: topic.partitions for name, topic in metadata.topics.items() if wanted.naming.parse(name)}
            copies = {name: min((len(each.replicas) for each in parts.values()), default=0) for name, parts in ours.items()}
            settings = self._settings(admin, sorted(ours), {name for topic in wanted.topics for name, _ in topic.settings})
            topics = {name: TopicPlan(name, len(parts), copies[name], settings[name]) for name, parts in ours.items()}
        except KafkaException as error:
            raise explained(error, self.place, self._servers, self._security, self._clock()) from None
        granted = asyncio.run(admin_permissions.describe(self._servers, self._security, self._timeout))
        quotas = asyncio.run(admin_quotas.describe(self._servers, self._security, self._timeout))
        return Observed(len(metadata.brokers), topics, granted, quotas, self._security.protocol == "PLAINTEXT")

    def apply(self, wanted: Plan, changes: Iterable[Drift], feeds: Iterable[Feed]) -> Observed:
        """Mend, and look until it shows: brokers say yes first and do it a moment later."""
        mended, known = [each for each in changes if each.repaired], tuple(feeds)
        self._mend(mended)
        end = time.monotonic() + self._timeout
        while True:
            found = self.observe(wanted)
            if not {*mended} & {*drift(wanted, found, known)}:
                return found
            if time.monotonic() > end:
                raise ExchangeError("E-KAFKA-CLUSTER", place=self.place, why="not done after all")
            time.sleep(0.2)

    def _mend(self, mended: Sequence[Drift]) -> None:
        """Topics, then settings, then permissions (given before taken), then quotas."""
        admin = client(self._servers, self._security, self._clock())
        try:
            self._create(admin, [each.topic for each in mended if each.kind == "topic-missing" and each.topic])
            self._set(admin, [each for each in mended if each.kind == "setting"])
            for some in _batches(each.permission for each in mended if each.kind == "permission-missing" and each.permission):
                self._all(admin.create_acls([binding(each) for each in some], request_timeout=self._timeout).values())
            for some in _batches(each.permission for each in mended if each.kind == "permission-unplanned" and each.permission):
                self._all(admin.delete_acls([precisely(each) for each in some], request_timeout=self._timeout).values())
        except KafkaException as error:
            raise explained(error, self.place, self._servers, self._security, self._clock()) from None
        quotas = {each.subject: each.quota for each in mended if each.kind.startswith("quota-")}
        if quotas:
            asyncio.run(admin_quotas.alter(self._servers, self._security, quotas, self._timeout))

    def _settings(self, admin: AdminClient, names: Sequence[str], of: set[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        if not names:
            return {}
        asked = {ConfigResource(ConfigResource.Type.TOPIC, name): name for name in names}
        found = {asked[each]: self._wait(told) for each, told in admin.describe_configs(list(asked), request_timeout=self._timeout).items()}
        return {name: tuple(sorted((key, entry.value) for key, entry in values.items() if key in of)) for name, values in found.items()}

    def _create(self, admin: AdminClient, topics: Sequence[TopicPlan]) -> None:
        if not topics:
            return
        made = [NewTopic(each.name, each.partitions, each.replication, config=dict(each.settings)) for each in topics]
        for told in admin.create_topics(made, operation_timeout=self._timeout, request_timeout=self._timeout).values():
            try:
                self._wait(told)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # somebody was quicker; the next check looks at it
                    raise

    def _set(self, admin: AdminClient, changes: Sequence[Drift]) -> None:
        by_topic: dict[str, list[ConfigEntry]] = {}
        for each in changes:
            entry = ConfigEntry(each.detail, each.wanted, incremental_operation=AlterConfigOpType.SET)
            by_topic.setdefault(each.subject, []).append(entry)
        if by_topic:
            asked = [ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=some) for name, some in by_topic.items()]
            self._all(admin.incremental_alter_configs(asked, request_timeout=self._timeout).values())

    def _all(self, told: Iterable[Future[T]]) -> list[T]:
        return [self._wait(each) for each in told]

    def _wait(self, told: Future[T]) -> T:
        return told.result(self._timeout + 5)


def explained(error: KafkaException, place: str, servers: Sequence[str], security: Security, at: datetime) -> ExchangeError:
    """What librdkafka says, as a code with its remedy; what it only knows as silence is looked into."""
    inner = error.args[0]
    if inner.name() in _GONE:
        found = diagnose(servers, security, at, each=True)
        return found or ExchangeError("E-CARRIER-REACH", place=place, why=inner.name())
    if inner.code() in _REFUSED:
        return ExchangeError("E-KAFKA-ADMIN", place=place, why=inner.name())
    return ExchangeError("E-KAFKA-CLUSTER", place=place, why=inner.name())


def _batches(some: Iterable[Permission]) -> Iterator[list[Permission]]:
    rest = iter(some)
    while batch := list(islice(rest, BATCH)):
        yield batch
