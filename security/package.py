"""An edition as bytes: manifest envelope and chunks, wherever they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security.chunk import check_place
from security.chunk_layout import Prefixes, check_size, split
from security.manifest import VerifiedManifest
from security.package_leaves import VerifiedLeaves, verify_leaves


@dataclass(frozen=True, slots=True)
class Package:
    """A sealed edition, chunks read when asked for.

    Attributes:
        manifest: the signed envelope.
        chunks: how many there are.
        read: index -> bytes of that chunk, None where it is not there. The reader bounds what it reads (chunk.MAX_CHUNK + 1).
    """

    manifest: bytes
    chunks: int
    read: Callable[[int], bytes | None]


def check(package: Package, manifest: VerifiedManifest) -> VerifiedLeaves:
    """The digests of all chunks, if the package is whole: every chunk there, in its place, unchanged. One chunk in memory.

    1. the envelope is the verified manifest's
    2. as many chunks as the manifest says, none missing
    3. each has, byte for byte, the prefix that the manifest gives to its place, and a possible length
    4. the root over SHA-256 of the chunks is the manifest's

    The caller owes: opening each chunk with these leaves (`chunk.open_chunk` hashes again, for bytes may change between).

    Raises:
        ExchangeError: E-PACKAGE-OTHER, E-PACKAGE-COUNT, E-CHUNK-MISSING, what `chunk.check_place` and `chunk_layout.split` raise,
            E-CHUNK-DIGEST (the only chunk was changed), E-PACKAGE-ROOT (one of several was).
    """
    if package.manifest != manifest.envelope:  # 1
        raise ExchangeError("E-PACKAGE-OTHER")
    size = manifest.manifest.size
    if package.chunks > size:  # 2
        raise ExchangeError("E-PACKAGE-COUNT", found=package.chunks, wanted=size)
    digests: list[bytes] = []
    prefixes = Prefixes(manifest.manifest.header, max(1, size))
    for index in range(size):
        data = package.read(index) if index < package.chunks else None
        if data is None:
            raise ExchangeError("E-CHUNK-MISSING", number=index + 1, total=size)
        check_size(data)  # 3
        split(data, len(check_place(data, manifest, index, prefixes)))
        digests.append(hashlib.sha256(data).digest())
    try:
        return verify_leaves(manifest, digests)  # 4
    except ExchangeError:
        if size == 1:
            raise ExchangeError("E-CHUNK-DIGEST", number=1) from None
        raise
