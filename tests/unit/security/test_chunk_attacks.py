"""Chunks under attack. Where the manifest's digest would already stop it, the attacker is given a manifest that is truly signed over
the changed bytes: the layers behind must hold by themselves."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security import chunk, suite
from security.chunk import Opener, take_apart
from security.chunk_layout import Prefixes
from security.package_leaves import VerifiedLeaves, tree_of
from tests.unit.security.sealed_world import OTHER, RECIPIENT, SENDER, code_of, header, refused, seal, signed

EDITION = seal([b"first rows", b"second rows", b"third rows"])
ONE = seal([b"rows of one chunk"])
PARTS = take_apart(ONE.chunks[0])
START = len(PARTS.prefix)
FORMAL = ("E-CHUNK-FORM", "E-CHUNK-LENGTH", "E-SUITE", "E-HEADER-FIELD", "E-CHUNK-FOREIGN", "E-CHUNK-ORDER", "E-CHUNK-HEADER")


def open_signed(data: bytes) -> bytes:
    """Open under a manifest whose tree is over exactly these bytes."""
    edition = signed(header(), [data])
    return edition.open(0)


def test_one_bit_anywhere_is_refused_by_the_digest() -> None:
    data = ONE.chunks[0]
    verified, leaves = ONE.verified, ONE.leaves
    opener = Opener(verified, RECIPIENT.unwrap)
    for place in range(0, len(data), 3):
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        with refused("E-CHUNK-DIGEST", *FORMAL):
            opener.open(0, bytes(changed), leaves)


def test_one_bit_of_the_prefix_under_a_signed_digest_is_refused() -> None:
    for place in range(START):
        changed = bytearray(ONE.chunks[0])
        changed[place] ^= 1 << (place % 8)
        with refused(*FORMAL):
            open_signed(bytes(changed))


def test_one_bit_of_the_wrap_under_a_signed_digest_is_refused() -> None:
    for place in range(START, START + suite.WRAP_LENGTH, 7):
        changed = bytearray(ONE.chunks[0])
        changed[place] ^= 1 << (place % 8)
        with refused("E-CHUNK-KEY"):
            open_signed(bytes(changed))


def test_one_bit_of_the_body_under_a_signed_digest_is_refused() -> None:
    start = START + suite.WRAP_LENGTH
    places = [*range(start, start + 80), *range(start + 80, len(ONE.chunks[0]), 101), len(ONE.chunks[0]) - 1]
    for place in places:
        changed = bytearray(ONE.chunks[0])
        changed[place] ^= 1 << (place % 8)
        with refused("E-CHUNK-BODY"):
            open_signed(bytes(changed))


def test_a_cut_or_longer_chunk_is_refused() -> None:
    data = ONE.chunks[0]
    for length in [0, 3, 4, 11, 12, START - 1, START, START + 1167, START + 1168, START + 1168 + 56, len(data) - 16, len(data) - 1]:
        with refused("E-CHUNK-SIZE", "E-CHUNK-FORM", "E-CHUNK-LENGTH"):
            open_signed(data[:length])
    for more in (b"\0", bytes(16), data):
        with refused("E-CHUNK-LENGTH"):
            open_signed(data + more)


def test_a_whole_segment_cut_off_or_swapped_is_refused() -> None:
    """The lengths are possible ones again; the segment counter and the short last segment speak."""
    long = seal([os.urandom(60_000)]).chunks[0]
    start = len(take_apart(long).prefix) + suite.WRAP_LENGTH + 56
    segment = 16_384 + 16
    shorter = long[: start + 2 * segment] + long[start + 3 * segment :]
    swapped = long[:start] + long[start + segment : start + 2 * segment] + long[start : start + segment] + long[start + 2 * segment :]
    with refused("E-CHUNK-BODY", "E-CHUNK-LENGTH"):
        open_signed(shorter)
    with refused("E-CHUNK-BODY"):
        open_signed(swapped)


def test_an_oversize_chunk_is_not_looked_at() -> None:
    with refused("E-CHUNK-SIZE"):
        take_apart(b"CXC1" + bytes(chunk.MAX_CHUNK))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000) | st.binary(max_size=60).map(lambda tail: b"CXC1\0\1\0\1\0\0\0" + tail))
def test_any_bytes_end_in_a_refusal(data: bytes) -> None:
    assert code_of(lambda: take_apart(data)) in {"E-CHUNK-SIZE", *FORMAL}


@pytest.mark.parametrize(
    ("number", "recipients", "length"),
    [(0, 1, 400), (2, 1, 400), (65_535, 1, 400), (1, 0, 400), (1, 64, 400), (1, 65_535, 400), (1, 1, 0), (1, 1, 2**32 - 1)],
)
def test_suite_recipients_and_header_length_are_bounded(number: int, recipients: int, length: int) -> None:
    """A million recipients, a header of 4 GiB, a suite that is not there: refused before anything is allocated."""
    changed = b"CXC1" + number.to_bytes(2, "big") + recipients.to_bytes(2, "big") + length.to_bytes(4, "big") + ONE.chunks[0][12:]
    with refused("E-SUITE", "E-CHUNK-FORM"):
        take_apart(changed)


def test_no_splice_of_prefix_wrap_and_body_opens() -> None:
    """Twelve of thirteen: all mixtures of the parts of three chunks, of which the three whole ones alone open."""
    one, two = EDITION.chunks[:2]
    other = seal([b"other edition"], header(edition="assistance-persons.2023-04.990101.education")).chunks[0]
    parts = [take_apart(data) for data in (one, two, other)]
    opened = 0
    for a, b, c in itertools.product(parts, repeat=3):
        data = a.prefix + b.wrap + bytes(c.body)
        edition = signed(a.header.edition, [data] * a.header.total)
        code = code_of(lambda edition=edition, index=a.header.index: edition.open(index))  # type: ignore[misc]  # bound now, on purpose
        opened += code is None
        assert (code is None) == (a is b is c)
        assert code in {None, "E-CHUNK-KEY", "E-CHUNK-BODY"}
    assert opened == 3


@pytest.mark.parametrize(("index", "found"), [(0, 1), (1, 0), (2, 1), (0, 2)])
def test_chunks_in_another_order_are_refused(index: int, found: int) -> None:
    with refused("E-CHUNK-ORDER"):
        EDITION.open(index, EDITION.chunks[found])


@pytest.mark.parametrize("index", [-1, 3, 100])
def test_there_is_no_chunk_outside_the_edition(index: int) -> None:
    with refused("E-CHUNK-ORDER", "E-CHUNK-HEADER"):
        chunk.open_chunk(EDITION.chunks[0], EDITION.verified, index, EDITION.leaves, RECIPIENT.unwrap)


@pytest.mark.parametrize(
    "changed",
    [
        {"edition": "assistance-persons.2023-02.990101.education"},
        {"revision": 2},
        {"feed": "assistance-households"},
        {"recipient": OTHER.id},
        {"sender": OTHER.id},
    ],
    ids=str,
)
def test_a_chunk_of_another_edition_is_refused(changed: dict[str, object]) -> None:
    foreign = seal([b"rows"], header(**changed))
    with refused("E-CHUNK-FOREIGN"):
        ONE.open(0, foreign.chunks[0])


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "其他用途"},
        {"contract": "ab" * 32},
        {"schema": "ab" * 32},
        {"expires": header().expires - timedelta(days=1)},
        {"created": header().created - timedelta(seconds=1), "expires": header().expires - timedelta(seconds=1)},
        {"recipient_kid": OTHER.wrap_key.kid},
    ],
    ids=str,
)
def test_a_chunk_that_says_one_word_otherwise_is_refused(changed: dict[str, object]) -> None:
    """Signed over by the sender itself: a purpose widened inside while the manifest shows the agreed one."""
    inside = seal([b"rows"], header(**changed)).chunks[0]
    edition = signed(header(), [inside])
    with refused("E-CHUNK-HEADER"):
        edition.open(0)


def test_a_chunk_of_a_longer_edition_is_refused() -> None:
    with refused("E-CHUNK-HEADER"):
        signed(header(), EDITION.chunks[:2]).open(0)


def test_a_chunk_made_by_an_outsider_is_refused() -> None:
    """HPKE does not say who sealed: anyone can make a chunk "from civil affairs" that would open. The digest stops it first."""
    outsider = seal([b"rows of nobody"]).chunks[0]
    asked: list[str] = []

    def unwrap(kid: str, wrapped: bytes, info: bytes) -> bytes:
        asked.append(kid)
        return RECIPIENT.unwrap(kid, wrapped, info)

    with refused("E-CHUNK-DIGEST"):
        chunk.open_chunk(outsider, ONE.verified, 0, ONE.leaves, unwrap)
    assert asked == [], "the key store is not asked about bytes that nobody signed"


def test_a_chunk_resigned_by_another_agency_does_not_open_as_theirs() -> None:
    """Re-attribution: housing puts its own true manifest over civil affairs' ciphertext."""
    mine = header(sender=OTHER.id)
    stolen = signed(mine, ONE.chunks, OTHER)
    with refused("E-CHUNK-FOREIGN"):
        stolen.open(0)
    renamed = Prefixes(mine, 1).at(0) + PARTS.wrap + bytes(PARTS.body)
    with refused("E-CHUNK-KEY"):
        signed(mine, [renamed], OTHER).open(0)


def test_the_wrong_department_cannot_open() -> None:
    def unwrap(_kid: str, wrapped: bytes, info: bytes) -> bytes:
        return OTHER.unwrap(OTHER.wrap_key.kid, wrapped, info)

    with refused("E-CHUNK-KEY"):
        chunk.open_chunk(ONE.chunks[0], ONE.verified, 0, ONE.leaves, unwrap)


def test_a_body_cannot_be_addressed_anew_by_who_has_the_content_key() -> None:
    """The recipient keeps the body and wraps its key to a third department: the wrap is bound into the body."""
    kid = RECIPIENT.wrap_key.kid
    cek = RECIPIENT.unwrap(kid, PARTS.wrap, suite.wrap_info(kid, PARTS.prefix))
    again = suite.wrap(cek, RECIPIENT.wrap_key, suite.wrap_info(kid, PARTS.prefix))
    with refused("E-CHUNK-BODY"):
        open_signed(PARTS.prefix + again + bytes(PARTS.body))


def test_two_contents_under_one_digest_need_a_broken_commitment() -> None:
    """A content key other than the sealed one opens nothing: the body commits to (key, prefix, wrap)."""
    for _ in range(20):
        with refused("E-CHUNK-BODY"):
            chunk.open_chunk(ONE.chunks[0], ONE.verified, 0, ONE.leaves, lambda *_: os.urandom(32))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_store_that_gives_another_length_opens_nothing(length: int) -> None:
    with refused("E-CHUNK-BODY"):
        chunk.open_chunk(ONE.chunks[0], ONE.verified, 0, ONE.leaves, lambda *_: bytes(length))


def test_nothing_comes_out_before_the_end_was_checked() -> None:
    """Three of four segments are good; the last tag is not. The opener that failed gives nothing of them to the next call."""
    edition = seal([b"\xaa" * 60_000, b"next"])
    damaged = edition.chunks[0][:-1] + bytes([edition.chunks[0][-1] ^ 1])
    both = signed(header(), [damaged, edition.chunks[1]])
    opener = Opener(both.verified, RECIPIENT.unwrap)
    with refused("E-CHUNK-BODY"):
        opener.open(0, damaged, both.leaves)
    assert opener.open(1, edition.chunks[1], both.leaves) == b"next"


def test_leaves_of_another_manifest_prove_nothing() -> None:
    again = seal([b"rows of one chunk"])
    with refused("E-CHUNK-DIGEST"):
        chunk.open_chunk(again.chunks[0], again.verified, 0, ONE.leaves, RECIPIENT.unwrap)
    borrowed = VerifiedLeaves(ONE.verified.digest, ())
    with refused("E-CHUNK-DIGEST"):
        chunk.open_chunk(ONE.chunks[0], ONE.verified, 0, borrowed, RECIPIENT.unwrap)


def test_a_path_of_another_chunk_or_shape_proves_nothing() -> None:
    tree = tree_of(EDITION.digests)
    good = tree.inclusion(1)
    for path in (tree.inclusion(0), tree.inclusion(2), good[:-1], [*good, good[0]], [], [good[0][:31], *good[1:]], good[::-1]):
        with refused("E-CHUNK-DIGEST"):
            chunk.open_chunk(EDITION.chunks[1], EDITION.verified, 1, path, RECIPIENT.unwrap)


def test_a_manifest_of_another_suite_opens_no_chunk_of_this_one() -> None:
    verified = ONE.verified
    other = replace(verified, manifest=replace(verified.manifest, suite=2))
    with refused("E-SUITE"):
        chunk.open_chunk(ONE.chunks[0], other, 0, ONE.leaves, RECIPIENT.unwrap)


def test_a_recalled_edition_has_nothing_to_open() -> None:
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev=ONE.verified.digest)
    with refused("E-CHUNK-FOREIGN", "E-CHUNK-HEADER"):
        chunk.open_chunk(ONE.chunks[0], recall.verified, 0, recall.leaves, RECIPIENT.unwrap)
    assert SENDER.id == recall.statement.header.sender
