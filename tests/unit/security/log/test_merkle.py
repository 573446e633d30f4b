"""The Merkle tree against the RFC's definition, written again here word for word, and against every proof it must refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from security.log import merkle

LEAVES = [merkle.leaf_hash(bytes((number,))) for number in range(70)]


def mth(data: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, over the data itself."""
    if not data:
        return hashlib.sha256().digest()
    if len(data) == 1:
        return hashlib.sha256(b"\0" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\1" + mth(data[:k]) + mth(data[k:])).digest()


def path(m: int, data: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1."""
    if len(data) == 1:
        return []
    k = 1
    while k * 2 < len(data):
        k *= 2
    return [*path(m, data[:k]), mth(data[k:])] if m < k else [*path(m - k, data[k:]), mth(data[:k])]


def subproof(m: int, data: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2."""
    n = len(data)
    if m == n:
        return [] if whole else [mth(data)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*subproof(m, data[:k], whole=whole), mth(data[k:])]
    return [*subproof(m - k, data[k:], whole=False), mth(data[:k])]


def test_known_roots() -> None:
    """The eight leaves that every implementation of RFC 6962 is tested with."""
    texts = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    data = [bytes.fromhex(text) for text in texts]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert merkle.root_of([merkle.leaf_hash(each) for each in data[:size]]).hex() == root


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33, 64, 70])
def test_roots_and_proofs_are_those_of_the_definition(size: int) -> None:
    data = [bytes((number,)) for number in range(size)]
    tree = merkle.Tree(LEAVES[:size])
    assert tree.root() == mth(data)
    for index in range(size):
        assert tree.inclusion(index) == path(index, data)
        merkle.verify_inclusion(LEAVES[index], index, size, tree.inclusion(index), tree.root())
    for old in range(1, size + 1):
        assert tree.consistency(old) == subproof(old, data, whole=True)
        merkle.verify_consistency(old, size, merkle.root_of(LEAVES[:old]), tree.root(), tree.consistency(old))


@given(st.integers(1, 70), st.data())
def test_a_proof_with_anything_changed_is_refused(size: int, data: st.DataObject) -> None:
    tree = merkle.Tree(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index)
    wrong: list[tuple[bytes, list[bytes], bytes]] = [
        (LEAVES[index], [*proof, bytes(32)], tree.root()),
        (LEAVES[index], [bytes(32), *proof], tree.root()),
        (bytes(32), proof, tree.root()),
        (LEAVES[index], proof, bytes(32)),
        (LEAVES[index], [each[:31] for each in proof] or [b""], tree.root()),
    ]
    if proof:
        place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[place], "big") ^ 1 << bit).to_bytes(32, "big")
        wrong += [
            (LEAVES[index], proof[:-1], tree.root()),
            (LEAVES[index], proof[1:], tree.root()),
            (LEAVES[index], [*proof[:place], flipped, *proof[place + 1 :]], tree.root()),
        ]
    for leaf, each, root in wrong:
        with pytest.raises(ExchangeError) as error:
            merkle.verify_inclusion(leaf, index, size, each, root)
        assert error.value.code == "E-PROOF"


@given(st.integers(2, 70), st.data())
def test_two_histories_are_told_apart(size: int, data: st.DataObject) -> None:
    """A log that changed, dropped or inserted an entry below `old` cannot prove that it continues."""
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    forked = [*LEAVES[:changed], merkle.leaf_hash(b"other"), *LEAVES[changed + 1 : size]]
    tree = merkle.Tree(forked)
    with pytest.raises(ExchangeError):
        merkle.verify_consistency(old, size, merkle.root_of(LEAVES[:old]), tree.root(), tree.consistency(old))


@pytest.mark.parametrize("size", [2, 5, 8, 13])
def test_consistency_proofs_have_their_exact_length(size: int) -> None:
    tree = merkle.Tree(LEAVES[:size])
    for old in range(1, size + 1):
        proof, before = tree.consistency(old), merkle.root_of(LEAVES[:old])
        for wrong in ([*proof, bytes(32)], proof[:-1] if proof else [bytes(32)], [each[:-1] for each in proof] or [b""]):
            with pytest.raises(ExchangeError):
                merkle.verify_consistency(old, size, before, tree.root(), wrong)


def test_nothing_is_proven_about_the_empty_tree_or_one_that_is_larger() -> None:
    tree = merkle.Tree(LEAVES[:4])
    for old in (0, -1, 5):
        with pytest.raises(ExchangeError):
            tree.consistency(old)
        with pytest.raises(ExchangeError):
            merkle.verify_consistency(old, 4, merkle.EMPTY_ROOT, tree.root(), [])
    for index in (-1, 4):
        with pytest.raises(ExchangeError):
            tree.inclusion(index)
        with pytest.raises(ExchangeError):
            merkle.verify_inclusion(LEAVES[0], index, 4, tree.inclusion(0), tree.root())


def test_leaves_and_nodes_are_not_confused() -> None:
    """The second preimage of a plain Merkle tree: two leaves whose concatenation is passed off as one."""
    tree = merkle.Tree(LEAVES[:2])
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != tree.root()
    assert merkle.root_of([]) == merkle.EMPTY_ROOT == hashlib.sha256(b"").digest()
