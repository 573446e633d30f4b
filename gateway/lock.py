"""The home's lock: one changing use case at a time, freed by the kernel when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import ExchangeError

WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


@contextmanager
def held(home: Path, doing: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the home's lock; `doing` names the command for whoever waits.

    Raises:
        ExchangeError: E-HOME-BUSY, another process holds it longer than `wait_seconds` seconds.
    """
    with (home / "lock").open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.seek(0)
                    raise ExchangeError("E-HOME-BUSY", holder=file.read(120).strip() or "?", seconds=int(wait_seconds)) from None
                time.sleep(_PAUSE_SECONDS)
        file.seek(0)
        file.truncate()
        file.write(f"{doing} (pid {os.getpid()})\n")
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()
