"""Files that are either wholly there or not, and stay so after a power cut."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename over, fsync the directory. Owner-only permissions from the first byte on."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def erase(path: Path, random_bytes: bytes) -> None:
    """Overwrite in place, fsync, unlink. Says nothing about copies that a file system, a disk or a backup keeps."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(random_bytes[: path.stat().st_size])
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_directory(path.parent)


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
