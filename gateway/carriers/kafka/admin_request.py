"""One request to a cluster that no admin class makes, or whose refusal it keeps to itself, over aiokafka's connections."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response

from contracts.errors import ExchangeError
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.security_connection import connected

_DENIED = 31
"""CLUSTER_AUTHORIZATION_FAILED."""


async def ask(servers: Sequence[str], security: Security, request: Request[RequestStruct], timeout: float) -> Response:
    """The answer of the first broker that gives one.

    Raises:
        ExchangeError: E-KAFKA-CLUSTER, none did within the time; E-KAFKA-FILE.
    """
    why = "-"
    for server in servers:
        try:
            async with connected(server, security, timeout) as connection:
                return await asyncio.wait_for(connection.send(request), timeout)
        except (KafkaError, OSError) as error:
            why = type(error).__name__
    raise ExchangeError("E-KAFKA-CLUSTER", place=_place(servers), why=why)


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
