"""Run a module in a process that something happens to at its Kafka commits: `python -m tests.fault.disturbed_publisher before gateway …`.

`before`: it dies of SIGKILL, every record is acknowledged and nothing committed. `after`: it dies behind the commit, which the home's
database does not know. A number: it waits so many seconds for something to happen to the brokers, before it sends its first record and,
all records being acknowledged, before each commit.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import signal
import sys

from aiokafka import AIOKafkaProducer


def main() -> None:
    when, module, *words = sys.argv[1:]
    if when in {"before", "after"}:
        _dying(when)
    else:
        _waiting(float(when))
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _dying(when: str) -> None:
    commit = AIOKafkaProducer.commit_transaction

    async def disturbed(producer: AIOKafkaProducer) -> None:
        if when == "after":
            await commit(producer)
        os.kill(os.getpid(), signal.SIGKILL)

    AIOKafkaProducer.commit_transaction = disturbed


def _waiting(seconds: float) -> None:
    commit, send = AIOKafkaProducer.commit_transaction, AIOKafkaProducer.send
    begun: list[bool] = []

    async def committing(producer: AIOKafkaProducer) -> None:
        await asyncio.sleep(seconds)
        await commit(producer)

    async def sending(producer: AIOKafkaProducer, *record: object, **more: object) -> object:
        if not begun:
            begun.append(True)
            await asyncio.sleep(seconds)
        return await send(producer, *record, **more)

    AIOKafkaProducer.commit_transaction, AIOKafkaProducer.send = committing, sending


if __name__ == "__main__":
    main()
