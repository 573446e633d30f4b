"""One request to a cluster that no admin class makes, or whose refusal it keeps to itself, over aiokafka's connections."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response

from contracts.errors import ExchangeError
from gateway.carriers.kafka.security import Security

_DENIED = 31
"""CLUSTER_AUTHORIZATION_FAILED."""


async def ask(servers: Sequence[str], security: Security, request: Request[RequestStruct], timeout: float) -> Response:
    """The answer of any broker.

    Raises:
        ExchangeError: E-KAFKA-CLUSTER, none within the time.
    """
    client = AIOKafkaClient(bootstrap_servers=list(servers), **security.aiokafka())
    try:
        async with asyncio.timeout(timeout):
            await client.bootstrap()
            return await client.send(client.get_random_node(), request)
    except (KafkaError, TimeoutError) as error:
        raise ExchangeError("E-KAFKA-CLUSTER", place=_place(servers), why=type(error).__name__) from error
    finally:
        await client.close()


def check(servers: Sequence[str], code: int) -> None:
    """Return if an answer's error code is none.

    Raises:
        ExchangeError: E-KAFKA-ADMIN, not allowed; E-KAFKA-CLUSTER.
    """
    if code == _DENIED:
        raise ExchangeError("E-KAFKA-ADMIN", place=_place(servers), why="CLUSTER_AUTHORIZATION_FAILED")
    if code:
        raise ExchangeError("E-KAFKA-CLUSTER", place=_place(servers), why=str(code))


def _place(servers: Sequence[str]) -> str:
    return f"kafka:{','.join(servers)}"
