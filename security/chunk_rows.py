"""Rows in and out of a chunk: codec and seal together, which is what publishing and collecting call."""

from __future__ import annotations

from collections.abc import Sequence

from security.chunk import Sealer, Unwrap, open_chunk
from security.compression import MAX_CONTENT, compress, decompress
from security.manifest import VerifiedManifest
from security.package_leaves import VerifiedLeaves


def seal_rows(sealer: Sealer, index: int, content: bytes) -> bytes:
    """Chunk `index` around an Avro object container file, compressed.

    Raises:
        ExchangeError: E-CONTENT-SIZE, E-SEAL-SIZE (compresses to more than a chunk holds: take fewer rows).
    """
    return sealer.seal(index, compress(content))


def open_rows(
    data: bytes,
    manifest: VerifiedManifest,
    index: int,
    proof: Sequence[bytes] | VerifiedLeaves,
    unwrap: Unwrap,
    *,
    limit: int = MAX_CONTENT,
) -> bytes:
    """The Avro file in chunk `index`, at most `limit` bytes.

    The seven steps of `chunk.open_chunk`, then 8: one zstd frame whose declared size is within `limit` and true.

    The caller owes: reading it with the pinned schema; all chunks before anything is visible.

    Raises:
        ExchangeError: as `chunk.open_chunk`, and E-CONTENT-SIZE, E-CONTENT-CODEC.
    """
    return decompress(open_chunk(data, manifest, index, proof, unwrap), limit)
