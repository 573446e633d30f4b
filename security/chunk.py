"""Sealed chunks, `CXC1` (docs/spec/chunk.md): one prefix, one wrap, one body.

The payload is what the codec made of an Avro file (`chunk_rows`); here it is bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from contracts.errors import ExchangeError
from security import padding, suite
from security.header import CHUNK_FIELDS, MAX_CHUNKS, ChunkHeader, EditionHeader
from security.keys import PublicKey
from security.log.merkle import leaf_hash, verify_inclusion
from security.manifest import VerifiedManifest
from security.package_leaves import VerifiedLeaves
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
_HEAD = struct.Struct(">4sHHI")
_FORM = "E-CHUNK-FORM"

Random = Callable[[int], bytes]
Unwrap = Callable[[str, bytes, bytes], bytes]
"""(kid, wrap 1168 B, info) -> content key 32 B, from a key store; raises ExchangeError where it has no such key or it fits not."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A chunk taken apart, nothing verified. `prefix` is the exact bytes that key wrap and body are bound to."""

    header: ChunkHeader
    prefix: bytes
    wrap: bytes
    body: memoryview


class Sealer:
    """Seals the chunks of one edition, in one buffer.

    Args:
        header: of the edition; its `recipient_kid` must be that of `recipient`.
        total: number of chunks.
        random: n -> n random bytes; gives each chunk its content key.

    Raises:
        ExchangeError: E-SEAL-KEY, the key is not the one the header names or cannot receive.
    """

    def __init__(self, header: EditionHeader, total: int, recipient: PublicKey, random: Random) -> None:
        if recipient.kid != header.recipient_kid or recipient.alg != "x-wing":
            raise ExchangeError("E-SEAL-KEY", to=str(header.recipient))
        self._header, self._total, self._recipient, self._random = header, total, recipient, random
        self._buffer = bytearray()

    def seal(self, index: int, payload: bytes) -> bytes:
        """Chunk `index` with `payload` (0…884,732 B) inside. 512 KiB: about 180 µs.

        Raises:
            ExchangeError: E-SEAL-SIZE, the payload is too long; E-HEADER-FIELD, no such index.
        """
        if len(payload) > MAX_PAYLOAD:
            raise ExchangeError("E-SEAL-SIZE", size=len(payload), limit=MAX_PAYLOAD)
        prefix = _prefix(ChunkHeader(self._header, index, self._total))
        cek = self._random(suite.CEK_LENGTH)
        if len(cek) != suite.CEK_LENGTH:
            raise ValueError("the random source gave too little")
        wrapped = suite.wrap(cek, self._recipient, suite.wrap_info(self._recipient.kid, prefix))
        bucket = padding.bucket(len(payload))
        pieces = (len(payload).to_bytes(padding.LENGTH_SIZE, "big"), payload, bytes(bucket - padding.LENGTH_SIZE - len(payload)))
        return self._write(prefix, wrapped, Cobblestone256Encryptor(cek, suite.body_context(prefix, wrapped)), pieces, bucket)

    def _write(self, prefix: bytes, wrapped: bytes, encryptor: Cobblestone256Encryptor, pieces: Sequence[bytes], bucket: int) -> bytes:
        """One buffer for every chunk: fresh pages for each piece cost five times the encryption."""
        size = len(prefix) + len(wrapped) + body_length(bucket)
        if len(self._buffer) < size:
            self._buffer = bytearray(size)
        with memoryview(self._buffer) as out:
            end = len(prefix)
            out[:end] = prefix
            out[end : end + len(wrapped)] = wrapped
            end += len(wrapped)
            for piece in pieces:
                end += encryptor.update_into(piece, out[end:])
            last = encryptor.finalize()
            out[end : end + len(last)] = last
            return bytes(out[: end + len(last)])


def seal_chunk(header: ChunkHeader, payload: bytes, recipient: PublicKey, random: Random) -> bytes:
    """One chunk; for several of one edition a `Sealer` is faster. Errors as there."""
    return Sealer(header.edition, header.total, recipient, random).seal(header.index, payload)


def body_length(bucket: int) -> int:
    """Bytes of the body of a padded plaintext: salt 24, commitment 32, a tag of 16 for each segment, the last one short."""
    return bucket + 56 + 16 * (bucket // SEGMENT + 1)


def take_apart(data: bytes) -> Parts:
    """A chunk's parts, by its lengths alone. Good for routing; nothing in it is to be believed.

    Raises:
        ExchangeError: E-CHUNK-SIZE, E-CHUNK-FORM, E-SUITE, E-HEADER-FIELD, E-CHUNK-LENGTH.
    """
    if len(data) > MAX_CHUNK or len(data) < _HEAD.size:
        raise ExchangeError("E-CHUNK-SIZE", size=len(data), limit=MAX_CHUNK)
    magic, number, recipients, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise ExchangeError(_FORM, why="magic")
    if number != suite.SUITE:
        raise ExchangeError("E-SUITE", suite=number)
    if recipients != 1 or not 2 <= length <= MAX_HEADER:
        raise ExchangeError(_FORM, why="recipients or header length")
    start = _HEAD.size + length
    body = memoryview(data)[start + suite.WRAP_LENGTH :]
    if not _is_body_length(len(body)):
        raise ExchangeError("E-CHUNK-LENGTH", size=len(data))
    return Parts(_read_header(data[_HEAD.size : start]), data[:start], data[start : start + suite.WRAP_LENGTH], body)


def open_chunk(data: bytes, manifest: VerifiedManifest, index: int, proof: Sequence[bytes] | VerifiedLeaves, unwrap: Unwrap) -> bytes:
    """The payload of the chunk that stands at `index` of a verified edition.

    1. at most 900,000 bytes
    2. prefix, header and lengths parse; suite known
    3. the suite is the manifest's, and the header is, byte for byte, the one that this manifest gives to chunk `index`
    4. SHA-256 of the whole chunk is leaf `index` of the manifest's tree, by inclusion path or verified leaves
    5. the key store has the key that `to` names, alive, and it opens the wrap under this very prefix
    6. the body decrypts to its end under prefix and wrap
    7. length, bucket and zeros of the padding are right

    The caller owes: the manifest was verified for it (`manifest.verify`); the payload through `compression.decompress` and the
    Avro reader with the pinned schema; every chunk of the edition opened before anything of it is visible.

    Raises:
        ExchangeError: E-CHUNK-SIZE, E-CHUNK-FORM, E-SUITE, E-HEADER-FIELD, E-CHUNK-LENGTH, E-CHUNK-FOREIGN, E-CHUNK-ORDER,
            E-CHUNK-HEADER, E-CHUNK-DIGEST, E-CHUNK-KEY or the key store's own, E-CHUNK-BODY, E-CHUNK-PADDING.
    """
    parts = take_apart(data)  # 1, 2
    check_header(parts, manifest, index)  # 3
    check_leaf(data, manifest, index, proof)  # 4
    kid = manifest.manifest.header.recipient_kid
    cek = unwrap(kid, parts.wrap, suite.wrap_info(kid, parts.prefix))  # 5
    plaintext = _decrypt(cek, parts)  # 6
    payload = padding.unpadded(memoryview(plaintext))  # 7
    if payload is None:
        raise ExchangeError("E-CHUNK-PADDING", number=index + 1)
    return bytes(payload)


def check_header(parts: Parts, manifest: VerifiedManifest, index: int) -> None:
    """Return if the chunk says to be number `index` of that edition, to the byte; else raise what differs.

    Raises:
        ExchangeError: E-SUITE, E-CHUNK-FOREIGN (spliced from another edition), E-CHUNK-ORDER (another place), E-CHUNK-HEADER.
    """
    wanted, found = manifest.manifest, parts.header
    if wanted.suite != suite.SUITE:
        raise ExchangeError("E-SUITE", suite=wanted.suite)
    if found.edition != wanted.header or found.total != wanted.size:
        same = ("sender", "recipient", "feed", "edition", "revision", "sequence")
        if any(getattr(found.edition, name) != getattr(wanted.header, name) for name in same):
            raise ExchangeError("E-CHUNK-FOREIGN", number=index + 1)
        raise ExchangeError("E-CHUNK-HEADER", number=index + 1)
    if found.index != index:
        raise ExchangeError("E-CHUNK-ORDER", number=index + 1, found=found.index + 1)
    if parts.prefix != _prefix(wanted.chunk_header(index)):
        raise ExchangeError("E-CHUNK-HEADER", number=index + 1)


def check_leaf(data: bytes, manifest: VerifiedManifest, index: int, proof: Sequence[bytes] | VerifiedLeaves) -> None:
    """Return if the chunk's digest is leaf `index` of the manifest's tree.

    Raises:
        ExchangeError: E-CHUNK-DIGEST; E-PROOF, the path has a wrong shape.
    """
    digest = hashlib.sha256(data).digest()
    if isinstance(proof, VerifiedLeaves):
        if proof.manifest != manifest.digest or index >= len(proof.digests) or proof.digests[index] != digest:
            raise ExchangeError("E-CHUNK-DIGEST", number=index + 1)
        return
    root = bytes.fromhex(manifest.manifest.root)
    try:
        verify_inclusion(leaf_hash(digest), index, manifest.manifest.size, proof, root)
    except ExchangeError:
        raise ExchangeError("E-CHUNK-DIGEST", number=index + 1) from None


def _prefix(header: ChunkHeader) -> bytes:
    encoded = header.to_bytes()
    return _HEAD.pack(MAGIC, suite.SUITE, 1, len(encoded)) + encoded


def _is_body_length(length: int) -> bool:
    """Whether some allowed bucket has a body of that length: every segment but the last carries 16 KiB + 16."""
    sealed = length - 56
    segments = -(-sealed // (SEGMENT + 16))
    bucket = sealed - 16 * segments
    return padding.is_bucket(bucket) and bucket <= MAX_BUCKET and body_length(bucket) == length


def _read_header(data: bytes) -> ChunkHeader:
    fields = Fields(parse(data, limit=MAX_HEADER, code=_FORM), CHUNK_FIELDS, _FORM)
    total = fields.integer("n", 1, MAX_CHUNKS)
    return ChunkHeader(EditionHeader.read(fields, _FORM), fields.integer("i", 0, total - 1), total)


def _decrypt(cek: bytes, parts: Parts) -> bytes:
    """The whole padded plaintext, or nothing: segments come out before the end is checked and stay in here until then."""
    decryptor = Cobblestone256Decryptor(cek, suite.body_context(parts.prefix, parts.wrap))
    try:
        first = decryptor.update(parts.body)
        last = decryptor.finalize()
    except (InvalidTag, ValueError):
        raise ExchangeError("E-CHUNK-BODY", number=parts.header.index + 1) from None
    return first + last if last else first
