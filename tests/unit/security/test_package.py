"""Whole editions: nothing missing, nothing more, nothing moved."""

from __future__ import annotations

import pytest

from security import manifest
from security.package import Package, check
from security.package_leaves import verify_leaves
from tests.unit.security.sealed_world import SENDER, header, refused, seal

EDITION = seal([b"first", b"second", b"third"])
OTHER_EDITION = seal([b"first"], header(edition="assistance-persons.2023-02.990101.education"))


def package(*chunks: bytes | None) -> Package:
    return Package(EDITION.envelope, len(chunks), lambda index: chunks[index])


def test_a_whole_package_gives_its_leaves() -> None:
    assert list(check(EDITION.package, EDITION.verified).digests) == EDITION.digests


def test_a_recall_is_a_whole_package_without_chunks() -> None:
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev=EDITION.verified.digest)
    assert check(recall.package, recall.verified).digests == ()


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_chunk_is_named(missing: int) -> None:
    chunks: list[bytes | None] = list(EDITION.chunks)
    chunks[missing] = None
    with refused("E-CHUNK-MISSING"):
        check(package(*chunks), EDITION.verified)
    with refused("E-CHUNK-MISSING"):
        check(package(*EDITION.chunks[:missing]), EDITION.verified)


def test_a_chunk_too_many_is_refused() -> None:
    with refused("E-PACKAGE-COUNT"):
        check(package(*EDITION.chunks, EDITION.chunks[0]), EDITION.verified)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (0, 0, 2), (2, 1, 0)])
def test_chunks_moved_or_doubled_are_refused(order: tuple[int, ...]) -> None:
    with refused("E-CHUNK-ORDER"):
        check(package(*(EDITION.chunks[place] for place in order)), EDITION.verified)


def test_a_chunk_of_another_month_is_refused() -> None:
    with refused("E-CHUNK-FOREIGN"):
        check(package(EDITION.chunks[0], OTHER_EDITION.chunks[0], EDITION.chunks[2]), EDITION.verified)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_chunk_of_several_is_refused(place: int) -> None:
    chunks = list(EDITION.chunks)
    chunks[place] = chunks[place][:-1] + bytes([chunks[place][-1] ^ 1])
    with refused("E-PACKAGE-ROOT"):
        check(package(*chunks), EDITION.verified)


def test_the_only_chunk_changed_is_named() -> None:
    one = seal([b"rows"])
    changed = one.chunks[0][:-1] + bytes([one.chunks[0][-1] ^ 1])
    with refused("E-CHUNK-DIGEST"):
        check(Package(one.envelope, 1, lambda _: changed), one.verified)


def test_a_cut_chunk_is_refused() -> None:
    chunks = [EDITION.chunks[0], EDITION.chunks[1][:-100], EDITION.chunks[2]]
    with refused("E-CHUNK-LENGTH"):
        check(package(*chunks), EDITION.verified)


def test_the_chunks_of_the_same_rows_sealed_again_are_refused() -> None:
    again = seal([b"first", b"second", b"third"])
    with refused("E-PACKAGE-ROOT"):
        check(package(*again.chunks), EDITION.verified)


def test_a_package_under_another_envelope_is_refused() -> None:
    again = manifest.sign(EDITION.statement, SENDER.signers)
    with refused("E-PACKAGE-OTHER"):
        check(Package(again, 3, lambda index: EDITION.chunks[index]), EDITION.verified)


def test_leaves_are_all_of_them_in_order() -> None:
    digests, verified = EDITION.digests, EDITION.verified
    with refused("E-PACKAGE-COUNT"):
        verify_leaves(verified, digests[:2])
    with refused("E-PACKAGE-COUNT"):
        verify_leaves(verified, [*digests, digests[2]])
    for changed in (digests[::-1], [digests[0]] * 3, [digests[0] + b"\0", *digests[1:]], [b"", *digests[1:]]):
        with refused("E-PACKAGE-ROOT"):
            verify_leaves(verified, changed)


def test_one_chunk_is_in_memory_at_a_time() -> None:
    alive: list[int] = []

    def read(index: int) -> bytes:
        alive.append(index)
        return EDITION.chunks[index]

    check(Package(EDITION.envelope, 3, read), EDITION.verified)
    assert alive == [0, 1, 2]
