"""Writing a file so that it survives a power cut: what every peer that leaves files does, and no more than that."""

from __future__ import annotations

import os
from pathlib import Path


def put(path: Path, content: bytes) -> int:
    """Write, fsync, rename; returns the number of bytes."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return len(content)


def settle(folder: Path) -> None:
    """Make the renames in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
