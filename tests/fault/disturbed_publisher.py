"""Run a module in a process that something happens to at its Kafka commits: `python -m tests.fault.disturbed_publisher before gateway …`.

`before`: it dies of SIGKILL, every record is acknowledged and nothing committed. `after`: it dies behind the commit, which the home's
database does not know. A number: it waits so many seconds, its transaction open, for something to happen to the brokers.
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
    commit = AIOKafkaProducer.commit_transaction

    async def disturbed(producer: AIOKafkaProducer) -> None:
        if when not in {"before", "after"}:
            await asyncio.sleep(float(when))
        if when != "before":
            await commit(producer)
        if when in {"before", "after"}:
            os.kill(os.getpid(), signal.SIGKILL)

    AIOKafkaProducer.commit_transaction = disturbed
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
