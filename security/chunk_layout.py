"""The bytes of a chunk: where what stands, how long it can be. Nothing here verifies anything."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import padding, suite
from security.header import CHUNK_FIELDS, MAX_CHUNKS, ChunkHeader, EditionHeader, HeaderTemplate
from security.strict_json import parse
from security.strict_json_reader import Fields

MAGIC = b"CXC1"
MAX_CHUNK = 900_000
"""Bytes of a whole chunk on any carrier."""
MAX_HEADER = 4_096
"""Bytes; the longest header that the field limits allow is shorter."""
MAX_BUCKET = 884_736
"""The largest padded plaintext whose chunk stays within MAX_CHUNK."""
MAX_PAYLOAD = MAX_BUCKET - padding.LENGTH_SIZE
TARGET = 512 * 1024
"""Bytes that senders aim at, for the whole chunk."""
SEGMENT = 16_384
_OVERHEAD = 56
"""Salt 24 ‖ key commitment 32."""
_TAG = 16
_HEAD = struct.Struct(">4sHHI")
_FORM = "E-CHUNK-FORM"


@dataclass(frozen=True, slots=True)
class Parts:
    """A chunk taken apart, nothing verified. `prefix` is the exact bytes that key wrap and body are bound to."""

    header: ChunkHeader
    prefix: bytes
    wrap: bytes
    body: memoryview


class Prefixes:
    """The one prefix that each chunk of an edition can have: magic, suite, one recipient, header length, header."""

    __slots__ = ("_template",)

    def __init__(self, header: EditionHeader, total: int) -> None:
        self._template = HeaderTemplate(header, total)

    def at(self, index: int) -> bytes:
        """Prefix of chunk `index`.

        Raises:
            ExchangeError: E-HEADER-FIELD, no such index.
        """
        encoded = self._template.at(index)
        return _HEAD.pack(MAGIC, suite.SUITE, 1, len(encoded)) + encoded


def body_length(bucket: int) -> int:
    """Bytes of the body of a padded plaintext: salt, commitment, a tag for each segment, the last one short or empty."""
    return bucket + _OVERHEAD + _TAG * (bucket // SEGMENT + 1)


def check_size(data: bytes) -> None:
    """Return if the chunk may be looked at.

    Raises:
        ExchangeError: E-CHUNK-SIZE.
    """
    if not _HEAD.size <= len(data) <= MAX_CHUNK:
        raise ExchangeError("E-CHUNK-SIZE", size=len(data), limit=MAX_CHUNK)


def split(data: bytes, prefix_length: int) -> tuple[bytes, memoryview]:
    """Wrap and body of a chunk whose prefix has that length.

    Raises:
        ExchangeError: E-CHUNK-LENGTH, no padded plaintext has a body of what is left.
    """
    start = prefix_length + suite.WRAP_LENGTH
    if not is_body_length(len(data) - start):
        raise ExchangeError("E-CHUNK-LENGTH", size=len(data))
    return data[prefix_length:start], memoryview(data)[start:]


def take_apart(data: bytes) -> Parts:
    """A chunk's parts, by its lengths alone. Good for routing and for saying what is wrong; nothing in it is to be believed.

    Raises:
        ExchangeError: E-CHUNK-SIZE, E-CHUNK-FORM, E-SUITE, E-HEADER-FIELD, E-CHUNK-LENGTH.
    """
    check_size(data)
    magic, number, recipients, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise ExchangeError(_FORM, why="magic")
    if number != suite.SUITE:
        raise ExchangeError("E-SUITE", suite=number)
    if recipients != 1 or not 2 <= length <= MAX_HEADER:
        raise ExchangeError(_FORM, why="recipients or header length")
    start = _HEAD.size + length
    wrap, body = split(data, start)
    return Parts(_read_header(data[_HEAD.size : start]), data[:start], wrap, body)


def is_body_length(length: int) -> bool:
    """Whether some allowed bucket has a body of that length: every segment but the last carries 16 KiB + 16."""
    sealed = length - _OVERHEAD
    segments = -(-sealed // (SEGMENT + _TAG))
    bucket = sealed - _TAG * segments
    return padding.is_bucket(bucket) and bucket <= MAX_BUCKET and body_length(bucket) == length


def _read_header(data: bytes) -> ChunkHeader:
    fields = Fields(parse(data, limit=MAX_HEADER, code=_FORM), CHUNK_FIELDS, _FORM)
    total = fields.integer("n", 1, MAX_CHUNKS)
    return ChunkHeader(EditionHeader.read(fields, _FORM), fields.integer("i", 0, total - 1), total)
