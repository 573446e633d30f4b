"""Packages as directories: `manifest.dsse.json` and `chunks/000000.cxc …`, wholly there or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from contracts.errors import ExchangeError
from gateway.config import sync_directory
from security.chunk import MAX_CHUNK
from security.package import Package

MANIFEST = "manifest.dsse.json"
MAX_MANIFEST = 64 * 1024
INCOMING = ".incoming-"
"""What a package's folder is called while it is coming in."""
_DRAFT = ".draft-"
_NAME = re.compile(r"[0-9a-f]{64}")


def write(shelf: Path, name: str, manifest: bytes, chunks: Iterable[bytes]) -> None:
    """Write a package under `shelf/name`: draft, fsync each file and folder, one rename. A package of that name is left as it is."""
    goal = shelf / name
    if goal.exists():
        return
    draft = shelf / f"{_DRAFT}{name}"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "chunks").mkdir(parents=True)
    try:
        for index, chunk in enumerate(chunks):
            _file(draft / "chunks" / chunk_name(index), chunk)
        _file(draft / MANIFEST, manifest)
        sync_directory(draft / "chunks")
        sync_directory(draft)
        draft.rename(goal)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_directory(shelf)


def read(shelf: Path, name: str) -> Package:
    """The package under that name; chunks are read when asked for, never more than a chunk's limit.

    Raises:
        ExchangeError: E-PACKAGE-GONE, there is no such package.
    """
    place = shelf / name
    try:
        with (place / MANIFEST).open("rb") as file:
            manifest = file.read(MAX_MANIFEST)
        chunks = sum(1 for entry in (place / "chunks").iterdir() if entry.suffix == ".cxc")
    except FileNotFoundError:
        raise ExchangeError("E-PACKAGE-GONE", package=name[:16]) from None

    def chunk(index: int) -> bytes | None:
        try:
            with (place / "chunks" / chunk_name(index)).open("rb") as file:
                return file.read(MAX_CHUNK + 1)
        except FileNotFoundError:
            return None

    return Package(manifest, chunks, chunk)


def chunk_name(index: int) -> str:
    return f"{index:06d}.cxc"


def names(shelf: Path) -> set[str]:
    """Names of the whole packages on a shelf."""
    return {entry.name for entry in _packages(shelf)}


def sweep(shelf: Path, wanted: set[str]) -> int:
    """Remove drafts and packages that nothing refers to (left by a crash between rename and commit); returns how many.

    What is no package is not ours to remove.
    """
    stray = [entry for entry in (*_packages(shelf), *_drafts(shelf)) if entry.name not in wanted]
    for entry in stray:
        shutil.rmtree(entry)
    if stray:
        sync_directory(shelf)
    return len(stray)


def tidy(shelf: Path) -> None:
    """Remove what a killed run left half-written; whoever holds the home's lock may."""
    for entry in _drafts(shelf):
        shutil.rmtree(entry)


def _packages(shelf: Path) -> list[Path]:
    return [entry for entry in _folders(shelf) if _NAME.fullmatch(entry.name)]


def _drafts(shelf: Path) -> list[Path]:
    return [entry for entry in _folders(shelf) if entry.name.startswith((_DRAFT, INCOMING))]


def _folders(shelf: Path) -> list[Path]:
    return [entry for entry in shelf.iterdir() if entry.is_dir() and not entry.is_symlink()] if shelf.exists() else []


def _file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
