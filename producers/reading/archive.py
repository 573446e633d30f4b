"""A zip that may come from anybody: its members are what its directory says of them, and no longer."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import ExchangeError

MAX_PACKED = 256 << 20
"""Bytes of the file itself, which calamine holds in memory."""

MAX_UNPACKED = 768 << 20
"""Bytes of all members together, as the archive's directory says; a member that is longer is damaged."""

MAX_MEMBERS = 20_000
_MAX_INDEX = 16 << 20
_BLOCK = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, when its directory is within bounds.

    Raises:
        ExchangeError: E-FILE-SIZE; E-FILE-CORRUPT, two members of one name: two readers could take either.
        zipfile.BadZipFile: no archive.
    """
    size = path.stat().st_size
    if size > MAX_PACKED:
        raise ExchangeError("E-FILE-SIZE", size=f"{size >> 20} MiB", limit=f"{MAX_PACKED >> 20} MiB")
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise ExchangeError("E-FILE-SIZE", size=f"{len(members)} members", limit=f"{MAX_MEMBERS}")
        total = sum(member.file_size for member in members)
        if total > MAX_UNPACKED:
            raise ExchangeError("E-FILE-SIZE", size=f"{total >> 20} MiB", limit=f"{MAX_UNPACKED >> 20} MiB")
        if len({member.filename.lower() for member in members}) < len(members):
            raise ExchangeError("E-FILE-CORRUPT")
        yield archive


def blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member's bytes to its end, checked against its digest and its length: the directory must not say less than there is.

    Raises:
        ExchangeError: E-FILE-CORRUPT, it is longer.
        KeyError: there is no such member.
        zipfile.BadZipFile: its digest is another.
    """
    said = archive.getinfo(name)
    open_ended = copy.copy(said)
    open_ended.file_size += 1  # else reading would stop where the directory says, whatever comes behind
    read = 0
    with archive.open(open_ended) as stream:
        while block := stream.read(_BLOCK):
            read += len(block)
            if read > said.file_size:
                raise ExchangeError("E-FILE-CORRUPT")
            yield block


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small member, such as an index.

    Raises:
        ExchangeError: E-FILE-SIZE, it is not small; otherwise as `blocks`.
    """
    if archive.getinfo(name).file_size > _MAX_INDEX:
        raise ExchangeError("E-FILE-SIZE", size=name[:40], limit=f"{_MAX_INDEX >> 20} MiB")
    return b"".join(blocks(archive, name))
