"""Sealing and opening chunks, `CXC1` (docs/spec/chunk.md): one prefix, one wrap, one body.

The payload is what the codec made of an Avro file (`chunk_rows`); here it is bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from contracts.errors import ExchangeError
from security import padding, suite
from security.chunk_layout import (
    MAX_CHUNK,
    MAX_PAYLOAD,
    TARGET,
    Parts,
    Prefixes,
    body_length,
    check_size,
    split,
    take_apart,
)
from security.header import ChunkHeader, EditionHeader
from security.keys import PublicKey
from security.log.merkle import leaf_hash, verify_inclusion
from security.manifest import VerifiedManifest
from security.package_leaves import VerifiedLeaves

__all__ = [
    "MAX_CHUNK",
    "MAX_PAYLOAD",
    "TARGET",
    "Opener",
    "Parts",
    "Random",
    "Sealer",
    "Unwrap",
    "check_leaf",
    "check_place",
    "open_chunk",
    "seal_chunk",
    "take_apart",
]

Random = Callable[[int], bytes]
Unwrap = Callable[[str, bytes, bytes], bytes]
"""(kid, wrap 1168 B, info) -> content key 32 B, from a key store; raises ExchangeError where it has no such key or it fits not."""
Proof = Sequence[bytes] | VerifiedLeaves


class Sealer:
    """Seals the chunks of one edition, in one buffer: fresh pages for each piece would cost five times the encryption. Not for two
    threads at once.

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
        self._prefixes, self._recipient, self._random = Prefixes(header, total), recipient, random
        self._buffer = bytearray()

    def seal(self, index: int, payload: bytes) -> bytes:
        """Chunk `index` with `payload` (0…884,732 B) inside. 500 kB: about 160 µs.

        Raises:
            ExchangeError: E-SEAL-SIZE, the payload is too long; E-HEADER-FIELD, no such index.
        """
        if len(payload) > MAX_PAYLOAD:
            raise ExchangeError("E-SEAL-SIZE", size=len(payload), limit=MAX_PAYLOAD)
        prefix = self._prefixes.at(index)
        cek = self._random(suite.CEK_LENGTH)
        if len(cek) != suite.CEK_LENGTH:
            raise ValueError("the random source gave too little")
        wrapped = suite.wrap(cek, self._recipient, suite.wrap_info(self._recipient.kid, prefix))
        encryptor = Cobblestone256Encryptor(cek, suite.body_context(prefix, wrapped))
        bucket = padding.bucket(len(payload))
        length = len(payload).to_bytes(padding.LENGTH_SIZE, "big")
        zeros = bytes(bucket - padding.LENGTH_SIZE - len(payload))
        size = len(prefix) + len(wrapped) + body_length(bucket)
        if len(self._buffer) < size:
            self._buffer = bytearray(size)
        with memoryview(self._buffer) as out:
            end = _put(out, 0, prefix, wrapped)
            for piece in (length, payload, zeros):
                end += encryptor.update_into(piece, out[end:])
            end = _put(out, end, encryptor.finalize())
            return bytes(out[:end])


class Opener:
    """Opens the chunks of one verified edition, in one buffer. Not for two threads at once.

    Args:
        manifest: verified for this recipient by `manifest.verify`.
        unwrap: the key store's.
    """

    def __init__(self, manifest: VerifiedManifest, unwrap: Unwrap) -> None:
        self._manifest, self._unwrap = manifest, unwrap
        self._prefixes = Prefixes(manifest.manifest.header, max(1, manifest.manifest.size))
        self._buffer = bytearray()

    def open(self, index: int, data: bytes, proof: Proof) -> bytes:
        """The payload of the chunk that stands at `index` of the edition.

        1. at most 900,000 bytes
        2. the suite is the manifest's and known; prefix, wrap and body have possible lengths
        3. prefix and header are, byte for byte, those that this manifest gives to chunk `index`
        4. SHA-256 of the whole chunk is leaf `index` of the manifest's tree, by inclusion path or verified leaves
        5. the key store has the key that `to` names, alive, and it opens the wrap under this very prefix
        6. the body decrypts to its end under prefix and wrap
        7. length, bucket and zeros of the padding are right

        The caller owes: the payload through `compression.decompress` and the Avro reader with the pinned schema; every chunk of
        the edition opened before anything of it is visible.

        Raises:
            ExchangeError: E-CHUNK-SIZE, E-CHUNK-FORM, E-SUITE, E-HEADER-FIELD, E-CHUNK-LENGTH, E-CHUNK-FOREIGN, E-CHUNK-ORDER,
                E-CHUNK-HEADER, E-CHUNK-DIGEST, E-CHUNK-KEY or the key store's own, E-CHUNK-BODY, E-CHUNK-PADDING.
        """
        check_size(data)  # 1
        prefix = check_place(data, self._manifest, index, self._prefixes)  # 2, 3
        wrapped, body = split(data, len(prefix))  # 2
        check_leaf(data, self._manifest, index, proof)  # 4
        kid = self._manifest.manifest.header.recipient_kid
        cek = self._unwrap(kid, wrapped, suite.wrap_info(kid, prefix))  # 5
        payload = padding.unpadded(self._decrypt(cek, suite.body_context(prefix, wrapped), body, index))  # 6, 7
        if payload is None:
            raise ExchangeError("E-CHUNK-PADDING", number=index + 1)
        return bytes(payload)

    def _decrypt(self, cek: bytes, context: bytes, body: memoryview, index: int) -> memoryview:
        """The whole padded plaintext, or nothing: segments come out before the end is checked and stay in here until then."""
        if len(self._buffer) < len(body):
            self._buffer = bytearray(len(body))
        try:
            decryptor = Cobblestone256Decryptor(cek, context)
            end = decryptor.update_into(body, self._buffer)
            last = decryptor.finalize()
        except (InvalidTag, ValueError):
            self._buffer = bytearray()
            raise ExchangeError("E-CHUNK-BODY", number=index + 1) from None
        out = memoryview(self._buffer)
        return out[: _put(out, end, last)]


def seal_chunk(header: ChunkHeader, payload: bytes, recipient: PublicKey, random: Random) -> bytes:
    """One chunk; for several of one edition a `Sealer` is faster. Errors as there."""
    return Sealer(header.edition, header.total, recipient, random).seal(header.index, payload)


def open_chunk(data: bytes, manifest: VerifiedManifest, index: int, proof: Proof, unwrap: Unwrap) -> bytes:
    """The payload of the chunk at `index` of a verified edition: steps, debts and errors of `Opener.open`, which is faster for
    several chunks."""
    return Opener(manifest, unwrap).open(index, data, proof)


def check_place(data: bytes, manifest: VerifiedManifest, index: int, prefixes: Prefixes) -> bytes:
    """The prefix of the chunk, if it says to be number `index` of that edition, to the byte; else raise what differs.

    Its JSON is read only to say what is wrong.

    Raises:
        ExchangeError: as `take_apart`, and E-SUITE, E-CHUNK-FOREIGN (spliced from another edition), E-CHUNK-ORDER (another
            place), E-CHUNK-HEADER (another word).
    """
    wanted = manifest.manifest
    if wanted.suite != suite.SUITE:
        raise ExchangeError("E-SUITE", suite=wanted.suite)
    if 0 <= index < wanted.size and data.startswith(prefix := prefixes.at(index)):
        return prefix
    found = take_apart(data).header
    same = ("sender", "recipient", "feed", "edition", "revision", "sequence")
    if any(getattr(found.edition, name) != getattr(wanted.header, name) for name in same):
        raise ExchangeError("E-CHUNK-FOREIGN", number=index + 1)
    if found.edition == wanted.header and found.total == wanted.size and found.index != index:
        raise ExchangeError("E-CHUNK-ORDER", number=index + 1, found=found.index + 1)
    raise ExchangeError("E-CHUNK-HEADER", number=index + 1)


def check_leaf(data: bytes, manifest: VerifiedManifest, index: int, proof: Proof) -> None:
    """Return if SHA-256 of the chunk is leaf `index` of the manifest's tree.

    Raises:
        ExchangeError: E-CHUNK-DIGEST, also for a path of a wrong shape and for leaves of another manifest.
    """
    digest = hashlib.sha256(data).digest()
    if isinstance(proof, VerifiedLeaves):
        right = proof.manifest == manifest.digest and 0 <= index < len(proof.digests) and proof.digests[index] == digest
    else:
        right = _included(digest, manifest, index, proof)
    if not right:
        raise ExchangeError("E-CHUNK-DIGEST", number=index + 1)


def _included(digest: bytes, manifest: VerifiedManifest, index: int, path: Sequence[bytes]) -> bool:
    try:
        verify_inclusion(leaf_hash(digest), index, manifest.manifest.size, path, bytes.fromhex(manifest.manifest.root))
    except ExchangeError:
        return False
    return True


def _put(out: memoryview, end: int, *pieces: bytes) -> int:
    for piece in pieces:
        out[end : end + len(piece)] = piece
        end += len(piece)
    return end
