"""Merkle trees of RFC 6962 §2.1 / RFC 9162 §2.1 over SHA-256.

Everything works on *leaf hashes*, `leaf_hash(data)`. In an edition `data` is the 32-byte SHA-256 of a chunk, in the ledger an
entry's body. Trees in memory and in SQL share the path functions: they ask for the roots of complete subtrees by
`(level, index)`, level 0 being the leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from contracts.errors import ExchangeError

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a tree without leaves (a withdrawn edition)."""

Node = Callable[[int, int], bytes]
"""(level, index) -> root of the complete subtree over leaves [index << level, (index + 1) << level)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree in memory, all complete subtrees kept (64 B a leaf)."""

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaf_hashes)]
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def root(self) -> bytes:
        """32 B; EMPTY_ROOT without leaves."""
        return range_root(self._node, 0, self.size)

    def inclusion(self, index: int) -> list[bytes]:
        """Path of leaf `index`, ⌈log₂ size⌉ hashes at most, lowest first."""
        return inclusion_path(self._node, index, self.size)

    def consistency(self, old: int) -> list[bytes]:
        """Proof that the first `old` leaves are a prefix of this tree."""
        return consistency_path(self._node, old, self.size)

    def _node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root over the leaf hashes in order; EMPTY_ROOT for none."""
    return Tree(leaf_hashes).root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Path of one leaf. For the paths of many leaves build one `Tree`."""
    return Tree(leaf_hashes).inclusion(index)


def consistency_proof(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """Proof that the tree over the first `old` leaves is a prefix."""
    return Tree(leaf_hashes).consistency(old)


def range_root(node: Node, begin: int, end: int) -> bytes:
    """MTH(D[begin:end]) of RFC 6962 §2.1, `begin` at the start of a subtree of that tree."""
    width = end - begin
    if width == 0:
        return EMPTY_ROOT
    if width & (width - 1) == 0 and begin % width == 0:
        level = width.bit_length() - 1
        return node(level, begin >> level)
    split = begin + _split(width)
    return node_hash(range_root(node, begin, split), range_root(node, split, end))


def inclusion_path(node: Node, index: int, size: int) -> list[bytes]:
    """PATH(index, D[0:size]) of RFC 6962 §2.1.1.

    Raises:
        ExchangeError: E-PROOF, no such leaf.
    """
    if not 0 <= index < size:
        raise ExchangeError("E-PROOF", why=f"leaf {index} of {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        split = begin + _split(end - begin)
        if index < split:
            path.append(range_root(node, split, end))
            end = split
        else:
            path.append(range_root(node, begin, split))
            begin = split
    path.reverse()
    return path


def consistency_path(node: Node, old: int, size: int) -> list[bytes]:
    """PROOF(old, D[0:size]) of RFC 6962 §2.1.2.

    Raises:
        ExchangeError: E-PROOF, `old` is not within 1…size (nothing is proven about the empty tree).
    """
    if not 1 <= old <= size:
        raise ExchangeError("E-PROOF", why=f"tree of {old} in {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while old != end:
        split = begin + _split(end - begin)
        if old <= split:
            path.append(range_root(node, split, end))
            end = split
        else:
            path.append(range_root(node, begin, split))
            begin = split
    if begin != 0:
        path.append(range_root(node, begin, end))
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if the leaf hash stands at `index` of the tree (size, root) (RFC 9162 §2.1.3.2).

    The caller owes: where `index`, `size` and `root` come from. A path also verifies under some other (index, size).

    Raises:
        ExchangeError: E-PROOF.
    """
    if not 0 <= index < size:
        raise ExchangeError("E-PROOF", why=f"leaf {index} of {size}")
    fn, sn, node = index, size - 1, leaf
    for sibling in path:
        if sn == 0 or len(sibling) != 32:
            raise ExchangeError("E-PROOF", why="path length")
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ExchangeError("E-PROOF", why="path length")
    if node != root:
        raise ExchangeError("E-PROOF", why="another root")


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """Return if the tree (old, old_root) is a prefix of the tree (size, root) (RFC 9162 §2.1.4.2).

    Raises:
        ExchangeError: E-PROOF; also for old = 0, of which nothing can be proven.
    """
    if not 1 <= old <= size or any(len(hash_) != 32 for hash_ in path):
        raise ExchangeError("E-PROOF", why=f"tree of {old} in {size}")
    if old == size:
        if path or old_root != root:
            raise ExchangeError("E-PROOF", why="two roots for one size")
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not path:
        raise ExchangeError("E-PROOF", why="path length")
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_seen = new_seen = hashes[0]
    for hash_ in hashes[1:]:
        if sn == 0:
            raise ExchangeError("E-PROOF", why="path length")
        if fn & 1 or fn == sn:
            old_seen, new_seen = node_hash(hash_, old_seen), node_hash(hash_, new_seen)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_seen = node_hash(new_seen, hash_)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ExchangeError("E-PROOF", why="path length")
    if old_seen != old_root or new_seen != root:
        raise ExchangeError("E-PROOF", why="another history")


def _split(width: int) -> int:
    """Largest power of two below `width` (> 1)."""
    return 1 << ((width - 1).bit_length() - 1)
