"""Topics for tests: made once, emptied between tests, since twelve partitions with three copies each are not made in no time."""

from __future__ import annotations

import time
from collections.abc import Iterable

from confluent_kafka import OFFSET_END, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from gateway.carriers.kafka.topics import PARTITIONS

_SECONDS = 120


def make(bootstrap: str, names: Iterable[str], replicas: int) -> None:
    """Make topics as the product wants them; those that are there stay."""
    settings = {"min.insync.replicas": str(max(1, replicas - 1)), "compression.type": "uncompressed"}
    wanted = [NewTopic(name, PARTITIONS, replicas, config=settings) for name in names]
    admin = _admin(bootstrap)
    for told in admin.create_topics(wanted, operation_timeout=_SECONDS, request_timeout=_SECONDS).values():
        try:
            told.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def empty(bootstrap: str, names: Iterable[str], partition: int) -> None:
    """Delete all records of one partition of each topic. Offsets go on from where they were."""
    admin = _admin(bootstrap)
    left, end = list(names), time.monotonic() + _SECONDS
    while left:
        told = admin.delete_records([TopicPartition(name, partition, OFFSET_END) for name in left])
        left = [place.topic for place, result in told.items() if result.exception() is not None]
        if left and time.monotonic() > end:  # a topic that was made just now has no leader yet
            raise TimeoutError(f"could not be emptied: {left}")


def leader(bootstrap: str, topic: str, partition: int) -> int:
    """The node that leads a partition."""
    found: int = _admin(bootstrap).list_topics(topic, timeout=_SECONDS).topics[topic].partitions[partition].leader
    return found


def groups(bootstrap: str) -> list[str]:
    """What stands for groups of consumers on the brokers: the groups, and the topic of their offsets."""
    admin = _admin(bootstrap)
    found = [each.group_id for each in admin.list_consumer_groups(request_timeout=_SECONDS).result().valid]
    return [*found, *(name for name in admin.list_topics(timeout=_SECONDS).topics if name == "__consumer_offsets")]


def set_one(bootstrap: str, topic: str, name: str, value: str) -> None:
    """Change one setting of a topic."""
    admin = _admin(bootstrap)
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    for told in admin.incremental_alter_configs([ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])]).values():
        told.result()


def remove(bootstrap: str, names: Iterable[str]) -> None:
    admin = _admin(bootstrap)
    for told in admin.delete_topics(list(names), operation_timeout=_SECONDS).values():
        told.result()


def _admin(bootstrap: str) -> AdminClient:
    return AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
