"""The frame around Avro data: object container file header and blocks (Avro 1.12, "Object Container Files").

Written and read by hand, because the data between is written and read by Polars, whose reader is not made for hostile bytes:
it panics or believes a count. Everything that it would believe is checked here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MAGIC = b"Obj\x01"
SYNC_BYTES = 16
MAX_METADATA_ENTRIES = 64
MAX_METADATA_BYTES = 1 << 20


class MalformedError(Exception):
    """The bytes are no container file of the accepted shape. Never leaves `contracts.avro`."""


@dataclass(frozen=True, slots=True)
class Container:
    """Where the parts of a container file lie.

    Attributes:
        metadata: of the header, `avro.*` included.
        sync: the 16 bytes that end every block.
        blocks: offset of the first block.
        rows: sum of the blocks' counts.
        bodies: begin and end of each block's rows.
    """

    metadata: dict[str, bytes]
    sync: bytes
    blocks: int
    rows: int
    bodies: tuple[tuple[int, int], ...]

    def row_bytes(self, data: bytes) -> bytes:
        """The rows' bytes of all blocks, one behind the other."""
        return b"".join(data[begin:end] for begin, end in self.bodies)


def write_long(value: int) -> bytes:
    """Zig-zag variable-length encoding of a 64-bit integer."""
    rest = (value << 1) ^ (value >> 63)
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def read_long(data: bytes, at: int) -> tuple[int, int]:
    """The integer at an offset, and the offset behind it.

    Raises:
        MalformedError: cut off, longer than 64 bits, or longer than it need be.
    """
    result = shift = 0
    for offset in range(at, min(at + 10, len(data))):
        byte = data[offset]
        result |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            if result >> 64 or (byte == 0 and offset > at):
                raise MalformedError("integer out of range or padded")
            return (result >> 1) ^ -(result & 1), offset + 1
    raise MalformedError("integer cut off")


def write_header(metadata: Mapping[str, bytes]) -> bytes:
    """Magic and metadata; the sync marker follows it."""
    parts = [MAGIC]
    if metadata:
        parts.append(write_long(len(metadata)))
    for key, value in metadata.items():
        name = key.encode()
        parts += (write_long(len(name)), name, write_long(len(value)), value)
    parts.append(b"\x00")
    return b"".join(parts)


def _read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = read_long(data, at)
    if not 0 <= length <= min(MAX_METADATA_BYTES, len(data) - at):
        raise MalformedError("length out of range")
    return data[at : at + length], at + length


def read_header(data: bytes) -> tuple[dict[str, bytes], int]:
    """Metadata, and the offset of the sync marker.

    Raises:
        MalformedError: no magic, a key twice, too many or too long entries, a map block with a byte size.
    """
    if data[:4] != MAGIC:
        raise MalformedError("no Avro container file")
    metadata: dict[str, bytes] = {}
    count, at = read_long(data, 4)
    while count:
        if not 0 < count <= MAX_METADATA_ENTRIES - len(metadata):
            raise MalformedError("number of metadata entries")
        for _ in range(count):
            name, at = _read_bytes(data, at)
            value, at = _read_bytes(data, at)
            try:
                key = name.decode()
                value.decode()
            except UnicodeDecodeError:
                raise MalformedError("metadata is no UTF-8") from None
            if key in metadata:
                raise MalformedError("metadata key twice")
            metadata[key] = value
        count, at = read_long(data, at)
    return metadata, at


def read_container(data: bytes, *, fields: int, row_limit: int) -> Container:
    """Check header and block structure without reading a row.

    `fields` is the number of columns of the wire schema: each takes at least one byte in a row (its union branch), so a
    block cannot hold more rows than its size divided by it. That keeps a small block from announcing a billion rows.

    Raises:
        MalformedError: anything out of order, or bytes behind the last block.
    """
    metadata, at = read_header(data)
    sync = data[at : at + SYNC_BYTES]
    if len(sync) != SYNC_BYTES:
        raise MalformedError("sync marker cut off")
    at += SYNC_BYTES
    blocks, rows = at, 0
    bodies: list[tuple[int, int]] = []
    while at < len(data):
        count, at = read_long(data, at)
        size, at = read_long(data, at)
        end = at + size
        if count < 0 or size < 0 or end + SYNC_BYTES > len(data) or data[end : end + SYNC_BYTES] != sync:
            raise MalformedError("block out of shape")
        if count * max(fields, 1) > size or (count == 0) != (size == 0):
            raise MalformedError("more rows than the block has bytes for, or bytes without rows")
        rows += count
        bodies.append((at, end))
        if rows > row_limit:
            raise MalformedError("too many rows")
        at = end + SYNC_BYTES
    return Container(metadata, sync, blocks, rows, tuple(bodies))
