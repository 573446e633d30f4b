"""Clients that stay open between the calls of a command: connecting costs more than most of what is asked over a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

C = TypeVar("C", AIOKafkaConsumer, AIOKafkaProducer)

_STOPPING, _CLOSING = 10.0, 1.0


@dataclass(slots=True)
class Kept(Generic[C]):
    """One client that waits to be used again. Whoever takes it has it alone, and keeps it only when all went well.

    Attributes:
        make: a client that has not been started.
        out: those that are in use, or were when something happened to their user.
    """

    make: Callable[[], C]
    idle: C | None = None
    out: set[C] = field(default_factory=set)

    async def take(self) -> C:
        """The one that waits, else a new one, started.

        Raises:
            KafkaError: the brokers are not to be reached.
        """
        client, self.idle = self.idle, None
        if client is None:
            client = self.make()
            self.out.add(client)
            await client.start()
        self.out.add(client)
        return client

    async def keep(self, client: C) -> None:
        """It is well and may wait for the next."""
        if self.idle is not None:
            await self.end(client)
            return
        self.out.discard(client)
        self.idle = client

    async def end(self, client: C) -> None:
        """It is of no more use."""
        self.out.discard(client)
        await stop(client)

    async def close(self) -> None:
        """End all of them, at once."""
        left = [*self.out, *([self.idle] if self.idle is not None else [])]
        self.out.clear()
        self.idle = None
        await asyncio.gather(*(stop(client) for client in left))


async def stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client, whatever state it is in and not for ever.

    A producer whose brokers are gone waits for its last batches without a limit; a consumer whose leader is gone ends in the
    cancellation of its own tasks, before it has closed anything.
    """
    ending = asyncio.ensure_future(client.stop())
    await asyncio.wait({ending}, timeout=_STOPPING)
    if not ending.done():
        ending.cancel()
    elif not ending.cancelled() and ending.exception() is None:
        return
    wire = client.client if isinstance(client, AIOKafkaProducer) else client._client  # noqa: SLF001  (nobody else closes it now)
    await asyncio.wait({asyncio.ensure_future(wire.close())}, timeout=_CLOSING)
