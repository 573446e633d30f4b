"""The demonstration's mail on a Kafka cluster, and what somebody can do to records who may write and delete there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import OFFSET_END, Consumer, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from gateway.app import topics
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.topics import Wanted
from gateway.carriers.kafka.security import PLAINTEXT, address
from gateway.carriers.kafka.topics import Naming, partition
from gateway.carriers.kafka.topics_plan import REPLICATION
from gateway.demo.run.mail import flipped
from gateway.state.editions import Edition

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class KafkaMail:
    """Topics under a prefix of the demonstration's own, on brokers without encryption."""

    servers: str
    prefix: str

    @classmethod
    def at(cls, servers: str, prefix: str) -> KafkaMail:
        """Raises ExchangeError: E-CARRIER-URL, no `HOST:PORT,…`."""
        made = cls(servers, prefix)
        address(made.url)
        return made

    @property
    def url(self) -> str:
        return f"kafka:{self.servers}?plaintext={PLAINTEXT}&prefix={self.prefix}"

    def prepare(self, civil: Office, actor: Actor) -> None:
        """Topics by their plan; in as many copies as a cluster of one or two brokers can hold."""
        brokers = topics.check(civil, Wanted()).brokers
        topics.apply(civil, actor, Wanted(replication=min(REPLICATION, brokers)))

    def damage(self, edition: Edition) -> None:
        manifest, first, *rest = self._taken(edition)
        self._write(_place(self._topic(edition), edition), [manifest, (first[0], flipped(first[1])), *rest])

    def shorten(self, edition: Edition) -> None:
        self._write(_place(self._topic(edition), edition), self._taken(edition)[:-1])

    def misdirect(self, edition: Edition, to: str) -> None:
        self._write(_place(Naming(self.prefix).package(edition.feed, to), edition), self._records(edition))

    def _topic(self, edition: Edition) -> str:
        return Naming(self.prefix).package(edition.feed, edition.recipient)

    def _taken(self, edition: Edition) -> list[_Record]:
        """An edition's records, which are then no longer there: a log is only ever cut from its beginning, here as far as it goes."""
        found = self._records(edition)
        place = _place(self._topic(edition), edition)
        admin = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})
        for told in admin.delete_records([TopicPartition(place.topic, place.partition, OFFSET_END)]).values():
            told.result(_SECONDS)
        return found

    def _records(self, edition: Edition) -> list[_Record]:
        """Manifest and chunks of an edition, in order."""
        place = _place(self._topic(edition), edition)
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": self.prefix, "enable.auto.commit": False,
                             "auto.offset.reset": "error", "enable.partition.eof": False, "log_level": 0})  # fmt: skip
        try:
            place.offset, _ = consumer.get_watermark_offsets(place, timeout=_SECONDS)
            consumer.assign([place])
            found: list[_Record] = []
            while len(found) < edition.chunks + 1:
                message = consumer.poll(_SECONDS)  # one by one: to ask for several waits until there are so many
                if message is None:
                    raise AssertionError(f"{edition.id} is not on the cluster")
                if (record := _record(message, edition)) is not None:
                    found.append(record)
            return found
        finally:
            consumer.close()

    def _write(self, place: TopicPartition, records: Iterable[_Record]) -> None:
        producer = Producer({"bootstrap.servers": self.servers, "enable.idempotence": True, "log_level": 0})
        for headers, value in records:
            producer.produce(place.topic, value, place.metadata, place.partition, headers=headers)
        if left := producer.flush(_SECONDS):
            raise AssertionError(f"{left} records were not taken")


_Record = tuple[list[tuple[str, str | bytes | None]], bytes]


def _record(message: Message, edition: Edition) -> _Record | None:
    """Headers and value of a record, if it is the edition's."""
    if (error := message.error()) is not None:
        raise AssertionError(error.str())
    told, value = message.headers() or [], message.value()
    headers = list(told.items() if isinstance(told, dict) else told)
    identity = dict(headers).get("ce_id")
    ours = isinstance(identity, bytes) and identity.decode("ascii").partition("/")[0] == edition.manifest
    return (headers, value) if ours and value is not None else None


def _place(topic: str, edition: Edition) -> TopicPartition:
    """The county's partition; its key goes along as `metadata`."""
    county = edition.edition.partition(".")[0]
    return TopicPartition(topic, partition(county), metadata=county)
