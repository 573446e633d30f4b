"""One connection to one broker, closed before whoever asked goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaError

from gateway.carriers.kafka.security import Security

_CLOSING = 5.0
"""Seconds for the other side to say goodbye; TLS waits for that."""


@asynccontextmanager
async def connected(server: str, security: Security, timeout: float) -> AsyncIterator[AIOKafkaConnection]:
    """A connection that has shown who it is.

    Args:
        server: `host:port`.
        timeout: seconds, also of each request.

    Raises:
        ExchangeError: E-KAFKA-FILE. OSError, TimeoutError: nobody there. KafkaError: refused.
    """
    host, _, port = server.rpartition(":")
    made = AIOKafkaConnection(host.strip("[]"), int(port), request_timeout_ms=int(timeout * 1000), **security.aiokafka())
    try:
        await asyncio.wait_for(made.connect(), timeout)
    except KafkaError:
        await asyncio.wait({made.close()}, timeout=_CLOSING)
        raise
    try:
        yield made
    finally:
        await asyncio.wait({made.close()}, timeout=_CLOSING)
