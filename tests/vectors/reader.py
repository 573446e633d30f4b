"""A second reader of the wire format, written from docs/spec/ alone: it shares no code with `security` or `contracts`.

Key wrap and body are built here from X25519, ML-KEM-768, HKDF and AES-GCM, not taken from the library's HPKE and Cobblestone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.reader_documents import Key, Manifest, RefusedError, check_header, check_receipt, read_manifest
from tests.vectors.vector import Vector

SEGMENT, TAG, WRAP = 16_384, 16, 1168
MAX_CHUNK, MAX_BUCKET, MAX_CONTENT = 900_000, 884_736, 64 * 1024 * 1024
HPKE_SUITE = b"HPKE" + (0x647A).to_bytes(2, "big") + (1).to_bytes(2, "big") + (2).to_bytes(2, "big")


@dataclass(frozen=True)
class Opened:
    """What came out of a chunk."""

    payload: bytes
    content: bytes


def read(vector: Vector) -> list[Opened]:
    """What the vector's chunks hold, in order; nothing for a manifest or receipt.

    Raises:
        RefusedError: with the code.
    """
    trust = [Key(owner, alg, base64.b64decode(public)) for owner, alg, public in map(str.split, vector.all("trust"))]
    manifest = read_manifest(base64.b64decode(vector.one("manifest")), trust, vector.one("at"), vector.one("me"))
    kind = vector.one("kind")
    if kind == "receipt":
        check_receipt(base64.b64decode(vector.one("receipt")), manifest, trust, root_of)
    if kind in {"manifest", "receipt"}:
        return []
    seed, chunks = bytes.fromhex(vector.one("seed")), [base64.b64decode(chunk) for chunk in vector.all("chunk")]
    if kind == "package":
        return read_package(chunks, manifest, seed)
    path = [bytes.fromhex(hash_) for hash_ in vector.all("path")]
    return [open_chunk(chunks[0], manifest, int(vector.one("index")), path, seed)]


def read_package(chunks: Sequence[bytes], manifest: Manifest, seed: bytes) -> list[Opened]:
    """docs/spec/chunk.md, "Whole packages". A missing chunk stands as an empty value."""
    size = manifest.members["tree"]["size"]
    if len(chunks) > size:
        raise RefusedError("E-PACKAGE-COUNT")
    for index in range(size):
        if index >= len(chunks) or not chunks[index]:
            raise RefusedError("E-CHUNK-MISSING")
        check_prefix(chunks[index], manifest, index)
    digests = [hashlib.sha256(chunk).digest() for chunk in chunks]
    if root_of(digests) != manifest.members["tree"]["root"]:
        raise RefusedError("E-CHUNK-DIGEST" if size == 1 else "E-PACKAGE-ROOT")
    return [open_chunk(chunk, manifest, index, path_of(digests, index), seed) for index, chunk in enumerate(chunks)]


def open_chunk(data: bytes, manifest: Manifest, index: int, path: Sequence[bytes], seed: bytes) -> Opened:
    """docs/spec/chunk.md, "Opening"."""
    end = check_prefix(data, manifest, index)
    if climb(data, index, manifest.members["tree"]["size"], path).hex() != manifest.members["tree"]["root"]:
        raise RefusedError("E-CHUNK-DIGEST")
    prefix, wrapped, body = data[:end], data[end : end + WRAP], data[end + WRAP :]
    kid = bytes.fromhex(manifest.members["to"][0]["kid"])
    try:
        cek = hpke_open(seed, wrapped, b"cx/wrap/v1\0" + kid + prefix)
    except (InvalidTag, ValueError):
        raise RefusedError("E-CHUNK-KEY") from None
    if len(cek) != 32:
        raise RefusedError("E-CHUNK-KEY")
    padded = decrypt(cek, b"cx/body/v1\0" + prefix + wrapped, body)
    length = int.from_bytes(padded[:4], "big")
    payload, zeros = padded[4 : 4 + length], padded[4 + length :]
    if len(payload) != length or bucket(4 + length) != len(padded) or zeros.strip(b"\0"):
        raise RefusedError("E-CHUNK-PADDING")
    return Opened(payload, inflate(payload))


def check_prefix(data: bytes, manifest: Manifest, index: int) -> int:
    """Steps 1 to 3; where the wrap begins."""
    if not 12 <= len(data) <= MAX_CHUNK:
        raise RefusedError("E-CHUNK-SIZE")
    suite, recipients, length = (int.from_bytes(data[a:b], "big") for a, b in ((4, 6), (6, 8), (8, 12)))
    if data[:4] != b"CXC1":
        raise RefusedError("E-CHUNK-FORM")
    if suite != 1:
        raise RefusedError("E-SUITE")
    if recipients != 1 or not 2 <= length <= 4096:
        raise RefusedError("E-CHUNK-FORM")
    if len(data) - 12 - length - WRAP not in BODY_LENGTHS:
        raise RefusedError("E-CHUNK-LENGTH")
    check_header(data[12 : 12 + length], manifest, index)
    return 12 + length


def bucket(length: int) -> int:
    """max(16384, PADMÉ), by the definition: clear the low E - S bits, rounding up."""
    exponent = length.bit_length() - 1
    step = 2 ** (exponent - exponent.bit_length()) if length > 1 else 1
    return max(16_384, -(-length // step) * step)


def _body_lengths() -> frozenset[int]:
    lengths, size = set(), 16_384
    while size <= MAX_BUCKET:
        lengths.add(size + 56 + TAG * (size // SEGMENT + 1))
        size = bucket(size + 1)
    return frozenset(lengths)


BODY_LENGTHS = _body_lengths()


def expand(key: bytes, info: bytes, length: int, digest: str) -> bytes:
    """HKDF-Expand (RFC 5869 §2.3)."""
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(key, block + info + bytes([counter]), digest)
        out, counter = out + block, counter + 1
    return out[:length]


def xwing(seed: bytes, enc: bytes) -> bytes:
    """X-Wing decapsulation (draft-connolly-cfrg-xwing-kem §5.4)."""
    expanded = hashlib.shake_256(seed).digest(96)
    private = X25519PrivateKey.from_private_bytes(expanded[64:])
    shared = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(enc[:1088])
    exchanged = private.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return hashlib.sha3_256(shared + exchanged + enc[1088:] + private.public_key().public_bytes_raw() + b"\\.//^\\").digest()


def hpke_open(seed: bytes, wrapped: bytes, info: bytes) -> bytes:
    """HPKE base mode, single shot (RFC 9180 §5.1, §6.1): X-Wing, HKDF-SHA256, AES-256-GCM."""

    def extract(salt: bytes, label: bytes, value: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + HPKE_SUITE + label + value, "sha256")

    def labelled(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
        return expand(secret, length.to_bytes(2, "big") + b"HPKE-v1" + HPKE_SUITE + label + context, length, "sha256")

    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(xwing(seed, wrapped[:1120]), b"secret", b"")
    return AESGCM(labelled(secret, b"key", context, 32)).decrypt(labelled(secret, b"base_nonce", context, 12), wrapped[1120:], None)


def decrypt(cek: bytes, context: bytes, body: bytes) -> bytes:
    """C2SP chunked-encryption with SHA-512 and AEAD_AES_256_GCM: all segments, or nothing."""
    salt, commitment, sealed = body[:24], body[24:56], body[56:]
    derived = expand(cek, b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context, 32 + 12 + 32, "sha512")
    if not hmac.compare_digest(derived[44:], commitment):
        raise RefusedError("E-CHUNK-BODY")
    aead, nonce, out = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), []
    for counter in range(len(sealed) // (SEGMENT + TAG) + 1):
        segment = sealed[counter * (SEGMENT + TAG) : (counter + 1) * (SEGMENT + TAG)]
        try:
            out.append(aead.decrypt((nonce ^ counter).to_bytes(12, "big"), segment, None))
        except (InvalidTag, ValueError):
            raise RefusedError("E-CHUNK-BODY") from None
    return b"".join(out)


def inflate(payload: bytes) -> bytes:
    """One zstd frame that says its size and is followed by nothing."""
    try:
        says = zstandard.get_frame_parameters(payload)
        if says.content_size in {0, 2**64 - 1} or says.dict_id:
            raise RefusedError("E-CONTENT-CODEC")
        if says.content_size > MAX_CONTENT:
            raise RefusedError("E-CONTENT-SIZE")
        reader = zstandard.ZstdDecompressor(max_window_size=8 << 20).decompressobj()
        content = reader.decompress(payload)
    except zstandard.ZstdError:
        raise RefusedError("E-CONTENT-CODEC") from None
    if not reader.eof or reader.unused_data or len(content) != says.content_size:
        raise RefusedError("E-CONTENT-CODEC")
    return content


def leaf(digest: bytes) -> bytes:
    return hashlib.sha256(b"\0" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def subtree(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, as it is defined there."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(subtree(leaves[:split]), subtree(leaves[split:]))


def root_of(digests: Sequence[bytes]) -> str:
    return subtree([leaf(digest) for digest in digests]).hex()


def path_of(digests: Sequence[bytes], index: int) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1, lowest first."""
    leaves = [leaf(digest) for digest in digests]
    path: list[bytes] = []
    while len(leaves) > 1:
        split = 1 << ((len(leaves) - 1).bit_length() - 1)
        near, far = (leaves[:split], leaves[split:]) if index < split else (leaves[split:], leaves[:split])
        path.append(subtree(far))
        leaves, index = near, index if index < split else index - split
    return path[::-1]


def climb(data: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a chunk and its path lead to; nothing where the path has another length."""
    sides: list[bool] = []
    while size > 1:
        split = 1 << ((size - 1).bit_length() - 1)
        sides.append(index < split)
        index, size = (index, split) if index < split else (index - split, size - split)
    if len(path) != len(sides):
        return b""
    found = leaf(hashlib.sha256(data).digest())
    for is_left, sibling in zip(reversed(sides), path, strict=True):
        found = node(found, sibling) if is_left else node(sibling, found)
    return found
