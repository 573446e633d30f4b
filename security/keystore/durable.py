"""Files that are either wholly there or not, and stay so after a power cut."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contracts.errors import ExchangeError

OWNER_ONLY = 0o600


def write(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename over, fsync the directory. Owner-only permissions from the first byte on.

    Raises:
        ExchangeError: E-DISK, no space or no permission; the file is as it was.
    """
    beside = path.with_name(f".{path.name}.tmp")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        with suppress(OSError):  # the reason is told below; what is left over is written over next time
            beside.unlink(missing_ok=True)
        raise ExchangeError("E-DISK", why=str(error.strerror)) from error


def erase(path: Path, random_bytes: bytes) -> None:
    """Overwrite (with as much as is given), fsync, unlink. Says nothing about copies that a file system, a disk or a backup keeps."""
    try:
        with path.open("r+b") as file:
            file.write(random_bytes)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return  # another process was faster
    sync_directory(path.parent)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold the directory against other processes; the kernel lets go when the process ends."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_directory(directory: Path) -> None:
    """Make renames and unlinks in `directory` durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def readable_by_others(path: Path) -> bool:
    """Whether anyone but the owner may read the file (always False where permissions mean nothing)."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)
