"""What this home may do on a cluster, asked before it does it.

aiokafka's consumer waits for ever at a topic it may not read, so whoever reads asks here first; the answer names topic and permission.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from confluent_kafka import KafkaError, KafkaException, TopicCollection

from contracts.errors import ExchangeError
from gateway.carriers.kafka.admin import client, explained
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.topics_plan import Operation


def missing(
    servers: Sequence[str],
    security: Security,
    who: str,
    wants: Mapping[str, Collection[Operation]],
    at: datetime,
    *,
    timeout: float = 10.0,
) -> tuple[ExchangeError, ...]:
    """What of `wants` (topic -> operations) is not there or not allowed, as E-KAFKA-TOPIC and E-KAFKA-PERMISSION, in the order given.

    One request. A cluster without permissions allows everything.

    Args:
        who: our principal, for the messages.
        timeout: seconds.

    Raises:
        ExchangeError: E-CARRIER-REACH, E-KAFKA-*, nobody could be asked.
    """
    if not wants:
        return ()
    place = f"kafka:{','.join(servers)}"
    names = TopicCollection(list(wants))
    admin = client(servers, security, at)  # while it has a name; without one it is gone before it is answered
    asked = admin.describe_topics(names, include_authorized_operations=True, request_timeout=timeout)
    found: list[ExchangeError] = []
    for topic, operations in wants.items():
        try:
            allowed = {each.name for each in asked[topic].result(timeout + 5).authorized_operations or ()}
        except KafkaException as error:
            code = error.args[0].code()
            if code == KafkaError.UNKNOWN_TOPIC_OR_PART:
                found.append(ExchangeError("E-KAFKA-TOPIC", topic=topic))
                continue
            if code != KafkaError.TOPIC_AUTHORIZATION_FAILED:
                raise explained(error, place, servers, security, at) from None
            allowed = set()
        found += [refused(who, each, topic) for each in operations if each not in allowed]
    return tuple(found)


def refused(who: str, operation: Operation, topic: str) -> ExchangeError:
    """The error for a permission that is not there."""
    return ExchangeError("E-KAFKA-PERMISSION", principal=who, operation=operation, topic=topic)
