"""The digests of all chunks of an edition, held against the root that its manifest signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security.log.merkle import Tree, leaf_hash
from security.manifest import VerifiedManifest


@dataclass(frozen=True, slots=True)
class VerifiedLeaves:
    """What `verify_leaves` returns; nothing else makes one.

    Attributes:
        manifest: digest of the manifest they belong to.
        digests: SHA-256 of each chunk, 32 B each, in order.
    """

    manifest: str
    digests: tuple[bytes, ...]


def tree_of(digests: Sequence[bytes]) -> Tree:
    """The edition's Merkle tree over the SHA-256 of each chunk; gives root and inclusion paths."""
    return Tree([leaf_hash(digest) for digest in digests])


def verify_leaves(manifest: VerifiedManifest, digests: Sequence[bytes]) -> VerifiedLeaves:
    """The digests, if they are the chunks of this edition: all, in order, no others.

    Raises:
        ExchangeError: E-PACKAGE-COUNT, too few or too many; E-PACKAGE-ROOT, one of them is another.
    """
    size = manifest.manifest.size
    if len(digests) != size:
        raise ExchangeError("E-PACKAGE-COUNT", found=len(digests), wanted=size)
    if any(len(digest) != 32 for digest in digests) or tree_of(digests).root().hex() != manifest.manifest.root:
        raise ExchangeError("E-PACKAGE-ROOT", wanted=size)
    return VerifiedLeaves(manifest.digest, tuple(digests))
