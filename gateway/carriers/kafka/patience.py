"""Trying again while a cluster gets over the loss of a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import errors as kafka

T = TypeVar("T")

_SECONDS = 20.0
"""More than a cluster with default settings takes to see that a broker is gone (9 s) and to elect other leaders."""
_PAUSE = 0.2
_PASSING = (kafka.NodeNotReadyError, kafka.RequestTimedOutError, kafka.NotLeaderForPartitionError, kafka.LeaderNotAvailableError,
            kafka.KafkaTimeoutError, kafka.StaleMetadata, kafka.CorrelationIdError)
"""Not KafkaConnectionError: that comes when none of the named brokers answers at all."""


async def patiently(work: Callable[[], Awaitable[T]], seconds: float = _SECONDS) -> T:
    """The result of `work`, which is called again while a broker that it needs is not there.

    Raises:
        KafkaError: the last one, when it does not get better in time.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        try:
            return await work()
        except _PASSING:
            if loop.time() > end:
                raise
            await asyncio.sleep(_PAUSE)
