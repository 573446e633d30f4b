"""The home's lock: one changing use case at a time, freed by the kernel when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contracts.errors import ExchangeError

WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


@contextmanager
def held(home: Path, doing: str, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the home's lock; `doing` names the command for whoever waits.

    Raises:
        ExchangeError: E-HOME-BUSY, another process holds it longer than `wait_seconds` seconds; E-DISK, there is no lock file and none
            can be made.
    """
    with _opened(home / "lock") as file:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    holder = os.pread(file, 120, 0).decode("utf-8", errors="replace").strip()
                    raise ExchangeError("E-HOME-BUSY", holder=holder or "?", seconds=int(wait_seconds)) from None
                time.sleep(_PAUSE_SECONDS)
        _name(file, f"{doing} (pid {os.getpid()})\n")
        try:
            yield
        finally:
            _name(file, "")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
    try:
        yield file
    finally:
        os.close(file)


def _name(file: int, holder: str) -> None:
    """Say who holds it: a courtesy to whoever waits, which a full disk must not turn into a refusal of its own."""
    with suppress(OSError):
        os.ftruncate(file, 0)
        os.pwrite(file, holder.encode(), 0)
