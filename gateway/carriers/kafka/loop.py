"""The carrier's own thread with its own event loop, behind synchronous calls."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_ENDING = 15.0


class Loop:
    """An event loop in a thread of its own, from the first `run` to `close`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """The result of a coroutine, which is cancelled when it takes longer, or when the caller is interrupted.

        Raises:
            TimeoutError: it took longer.
        """
        loop = self._loop or self._start()
        if threading.current_thread() is self._thread:  # somebody's poll was collected as garbage in here, who waits for nothing
            loop.create_task(work)
            raise RuntimeError("the carrier's own thread cannot wait for itself")
        task = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), loop)
        try:
            return task.result()
        except BaseException:
            task.cancel()
            raise

    def close(self) -> None:
        """End the thread. Nothing may be running."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_ENDING)
        self._loop = self._thread = None

    def _start(self) -> asyncio.AbstractEventLoop:
        chatter = logging.getLogger("aiokafka")  # what matters reaches people as an error, the rest whoever set up logging
        if not chatter.handlers:
            chatter.addHandler(logging.NullHandler())
        self._loop = loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda _loop, _context: None)  # of tasks nobody waits for; what is waited for raises
        self._thread = threading.Thread(target=_run, args=(loop,), name="kafka", daemon=True)
        self._thread.start()
        return loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
