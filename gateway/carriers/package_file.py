"""A package as one file, `*.cxp`: an uncompressed ZIP of `manifest.dsse.json` and `chunks/000000.cxc` …

Any ZIP program lists and unpacks it. It is read by the few rules below instead of a ZIP library, since the file may come from
anyone: members stored one after another, none overlapping, nothing before, between or behind them, names from a fixed pattern in
ascending order, no ZIP64, no comments, no extra fields. Checksums are not looked at: whether the bytes are the sender's is
decided by the signed digests, and a checksum error would only hide that from the person who must hear of it.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from contracts.errors import ExchangeError
from gateway.carriers.port import CHUNK_LIMIT, RECORD_LIMIT, Chunks

MANIFEST = "manifest.dsse.json"
CHUNKS_LIMIT = 65_000
"""Most chunks of a package; with the largest chunks this is far beyond what ZIP can address, which bounds it first."""

_CHUNK = re.compile(rb"chunks/([0-9]{6})\.cxc")
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_package(file: BinaryIO, manifest: bytes, chunks: Chunks) -> None:
    """Write a package into an empty seekable file, one chunk in memory at a time. The same package gives the same bytes.

    Raises:
        ExchangeError: E-CARRIER-SIZE, a chunk, the manifest or the whole is too large; the file is then of no use.
        OSError: the disk's.
    """
    if len(manifest) > RECORD_LIMIT:
        raise ExchangeError("E-CARRIER-SIZE", name=MANIFEST, size=len(manifest), limit=RECORD_LIMIT)
    if len(chunks) > CHUNKS_LIMIT:
        raise ExchangeError("E-CARRIER-SIZE", name="chunks", size=len(chunks), limit=CHUNKS_LIMIT)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EARLIEST), manifest)
        for index in range(len(chunks)):
            data = chunks[index]
            name = chunk_name(index)
            if len(data) > CHUNK_LIMIT:
                raise ExchangeError("E-CARRIER-SIZE", name=name, size=len(data), limit=CHUNK_LIMIT)
            if file.tell() + len(data) > zipfile.ZIP64_LIMIT:
                raise ExchangeError("E-CARRIER-SIZE", name=name, size=file.tell() + len(data), limit=zipfile.ZIP64_LIMIT)
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), data)


def chunk_name(index: int) -> str:
    return f"chunks/{index:06d}.cxc"


@dataclass(frozen=True, slots=True)
class Member:
    """A member's place in the file. `index` is None for the manifest."""

    index: int | None
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class PackageFile:
    """An open package: where things lie, not what they are.

    Attributes:
        fd: an open file descriptor, kept by the caller.
        members: the manifest, then the chunks that are there, by index; some may be missing.
    """

    fd: int
    members: tuple[Member, ...]

    @classmethod
    def of(cls, fd: int, name: str) -> PackageFile:
        """Find the members of an open file.

        Raises:
            ExchangeError: E-CARRIER-PARTIAL it begins as a package and does not end as one; E-CARRIER-SHAPE it is none;
                E-CARRIER-LARGE a member is too large to be read.
        """
        return cls(fd, tuple(_members(fd, os.fstat(fd).st_size, name)))

    @property
    def indices(self) -> tuple[int, ...]:
        return tuple(member.index for member in self.members if member.index is not None)

    def read(self, member: Member) -> bytes:
        """The bytes of a member; fewer than promised when the file has shrunk meanwhile."""
        return os.pread(self.fd, member.size, member.offset)


def _members(fd: int, size: int, name: str) -> Iterator[Member]:
    count, start = _end(fd, size, name)
    directory = os.pread(fd, size - _END.size - start, start)
    position, next_offset, last = 0, 0, -1
    for number in range(count):
        if len(directory) - position < _CENTRAL.size:
            raise ExchangeError("E-CARRIER-SHAPE", name=name, why="directory")
        (sign, _, _, flags, method, _, _, _, packed, plain, length, extra, comment, _, _, _, offset) = _CENTRAL.unpack_from(
            directory, position)
        title = directory[position + _CENTRAL.size:position + _CENTRAL.size + length]
        position += _CENTRAL.size + length
        if sign != b"PK\1\2" or flags or method or extra or comment or packed != plain or offset != next_offset:
            raise ExchangeError("E-CARRIER-SHAPE", name=name, why="member")
        index = _index(title, first=number == 0, name=name)
        if index is not None and index <= last:
            raise ExchangeError("E-CARRIER-SHAPE", name=name, why="order")
        if plain > RECORD_LIMIT:
            raise ExchangeError("E-CARRIER-LARGE", name=name, size=plain, limit=RECORD_LIMIT)
        last = last if index is None else index
        data_offset = offset + _LOCAL.size + length
        next_offset = data_offset + plain
        if next_offset > start:
            raise ExchangeError("E-CARRIER-SHAPE", name=name, why="overlap")
        yield Member(index, data_offset, plain)
    if position != len(directory) or next_offset != start:
        raise ExchangeError("E-CARRIER-SHAPE", name=name, why="gap")


def _end(fd: int, size: int, name: str) -> tuple[int, int]:
    """Number of members and offset of the central directory, from the 22 bytes that end every such file."""
    tail = os.pread(fd, _END.size, max(0, size - _END.size))
    if len(tail) < _END.size or not tail.startswith(b"PK\5\6"):
        begins = size == 0 or os.pread(fd, 4, 0) in {b"PK\3\4"[:size], b"\0\0\0\0"[:size]}
        raise ExchangeError("E-CARRIER-PARTIAL", name=name) if begins else ExchangeError("E-CARRIER-SHAPE", name=name, why="format")
    _, disk, first_disk, here, count, length, start, comment = _END.unpack(tail)
    if disk or first_disk or comment or here != count or not 1 <= count <= CHUNKS_LIMIT + 1 or start + length + _END.size != size:
        raise ExchangeError("E-CARRIER-SHAPE", name=name, why="end")
    if length != count * _CENTRAL.size + len(MANIFEST) + (count - 1) * len(chunk_name(0)):
        raise ExchangeError("E-CARRIER-SHAPE", name=name, why="names")
    return count, start


def _index(title: bytes, *, first: bool, name: str) -> int | None:
    if first and title == MANIFEST.encode():
        return None
    match = None if first else _CHUNK.fullmatch(title)
    if match is None:
        raise ExchangeError("E-CARRIER-SHAPE", name=name, why="name")
    return int(match[1])
