"""Run a module in a process that dies of SIGKILL at its first Kafka commit: `python -m tests.fault.dying_publisher before gateway …`.

`before`: every record is acknowledged, nothing committed. `after`: committed, and the home's database does not know it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys

from aiokafka import AIOKafkaProducer


def main() -> None:
    when, module, *words = sys.argv[1:]
    commit = AIOKafkaProducer.commit_transaction

    async def dying(producer: AIOKafkaProducer) -> None:
        if when == "after":
            await commit(producer)
        os.kill(os.getpid(), signal.SIGKILL)

    AIOKafkaProducer.commit_transaction = dying
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
