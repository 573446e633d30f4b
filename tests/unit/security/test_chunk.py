"""Chunks: sealed, opened, and every law of their layout."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from security import chunk
from security.chunk import MAX_CHUNK, MAX_PAYLOAD, Opener, Sealer, open_chunk, seal_chunk, take_apart
from security.chunk_layout import MAX_BUCKET, body_length, is_body_length
from security.chunk_rows import open_rows, seal_rows
from security.header import ChunkHeader
from security.keys import PublicKey
from security.package_leaves import tree_of
from security.padding import bucket
from tests.unit.security.sealed_world import OTHER, RECIPIENT, header, refused, seal, signed

SIZES = [0, 1, 16_380, 16_381, 16_384, 50_000, 262_140, MAX_PAYLOAD]


@pytest.mark.parametrize("size", SIZES)
def test_a_payload_comes_back(size: int) -> None:
    payload = os.urandom(size)
    edition = seal([payload])
    assert edition.open(0) == payload
    assert len(edition.chunks[0]) <= MAX_CHUNK


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=40_000), min_size=1, max_size=5))
def test_an_edition_comes_back_by_leaves_and_by_paths(payloads: list[bytes]) -> None:
    edition = seal(payloads)
    opener, tree = Opener(edition.verified, RECIPIENT.unwrap), tree_of(edition.digests)
    for index, payload in enumerate(payloads):
        assert opener.open(index, edition.chunks[index], edition.leaves) == payload
        assert opener.open(index, edition.chunks[index], tree.inclusion(index)) == payload


def test_the_layout_is_the_documented_one() -> None:
    """docs/spec/chunk.md, the table."""
    data = seal([b"rows"]).chunks[0]
    encoded = ChunkHeader(header(), 0, 1).to_bytes()
    assert data[:12] == b"CXC1" + b"\0\1" + b"\0\1" + len(encoded).to_bytes(4, "big")
    assert data[12 : 12 + len(encoded)] == encoded
    assert len(data) == 12 + len(encoded) + 1168 + 24 + 32 + 16_384 + 16 * 2


def test_what_parses_re_encodes_to_the_same_prefix() -> None:
    for data in seal([b"a", b"b", b"c"]).chunks:
        parts = take_apart(data)
        encoded = parts.header.to_bytes()
        assert parts.prefix == b"CXC1\0\1\0\1" + len(encoded).to_bytes(4, "big") + encoded
        assert parts.prefix + parts.wrap + bytes(parts.body) == data


def test_the_same_rows_never_give_the_same_chunk() -> None:
    assert seal([b"rows"]).chunks != seal([b"rows"]).chunks


def test_one_chunk_alone_is_the_sealers() -> None:
    made = seal_chunk(ChunkHeader(header(), 1, 3), b"rows", RECIPIENT.wrap_key, os.urandom)
    edition = signed(header(), [seal([b"x"]).chunks[0], made, made])
    assert open_chunk(made, edition.verified, 1, edition.leaves, RECIPIENT.unwrap) == b"rows"


def test_a_payload_over_the_limit_is_not_sealed() -> None:
    with refused("E-SEAL-SIZE"):
        seal([bytes(MAX_PAYLOAD + 1)])


@pytest.mark.parametrize("key", [OTHER.wrap_key, RECIPIENT.signing[0]])
def test_nothing_is_sealed_to_a_key_that_the_header_does_not_name(key: PublicKey) -> None:
    with refused("E-SEAL-KEY"):
        Sealer(header(), 1, key, os.urandom)
    named = replace(header(), recipient_kid=RECIPIENT.signing[0].kid)
    with refused("E-SEAL-KEY"):
        Sealer(named, 1, RECIPIENT.signing[0], os.urandom)


def test_a_random_source_that_gives_too_little_seals_nothing() -> None:
    with pytest.raises(ValueError, match="random"):
        Sealer(header(), 1, RECIPIENT.wrap_key, lambda n: b"\1" * (n - 1)).seal(0, b"rows")


def test_each_chunk_asks_for_its_own_content_key() -> None:
    asked: list[int] = []

    def random(count: int) -> bytes:
        asked.append(count)
        return os.urandom(count)

    sealer = Sealer(header(), 3, RECIPIENT.wrap_key, random)
    for index in range(3):
        sealer.seal(index, b"rows")
    assert asked == [32, 32, 32]


def test_a_large_chunk_leaves_nothing_in_the_small_one_after_it() -> None:
    """Both ends keep one buffer for all chunks."""
    payloads = [b"\xaa" * 300_000, b"", b"\xbb" * 10]
    edition = seal(payloads)
    opener = Opener(edition.verified, RECIPIENT.unwrap)
    assert [opener.open(i, data, edition.leaves) for i, data in enumerate(edition.chunks)] == payloads
    assert len(edition.chunks[1]) == len(edition.chunks[2])


@settings(deadline=None)
@given(st.integers(0, MAX_PAYLOAD))
def test_every_payload_has_a_body_length_that_is_allowed(payload: int) -> None:
    assert is_body_length(body_length(bucket(payload)))


def test_only_buckets_have_body_lengths() -> None:
    allowed = {body_length(length) for length in range(16_384, 40_000) if bucket(length - 4) == length}
    assert {length for length in range(40_000) if is_body_length(length)} == {length for length in allowed if length < 40_000}
    assert is_body_length(body_length(MAX_BUCKET))
    assert not is_body_length(body_length(bucket(MAX_PAYLOAD + 1)))
    assert not any(is_body_length(length) for length in range(-100, 100))


def test_rows_go_in_compressed_and_come_out_bounded() -> None:
    sealer = Sealer(header(), 1, RECIPIENT.wrap_key, os.urandom)
    content = b"synthetic row;" * 10_000
    data = seal_rows(sealer, 0, content)
    assert len(data) < 20_000
    edition = signed(header(), [data])
    arguments = (data, edition.verified, 0, edition.leaves, RECIPIENT.unwrap)
    assert open_rows(*arguments) == content
    with refused("E-CONTENT-SIZE"):
        open_rows(*arguments, limit=len(content) - 1)


def test_the_key_stores_own_refusal_comes_through() -> None:
    """A destroyed month says so, not that the chunk is bad."""
    edition, refusal = seal([b"rows"]), ExchangeError("E-KEY-DESTROYED", key="wrap/2023-04")

    def destroyed(_kid: str, _wrapped: bytes, _info: bytes) -> bytes:
        raise refusal

    with pytest.raises(ExchangeError) as caught:
        chunk.open_chunk(edition.chunks[0], edition.verified, 0, edition.leaves, destroyed)
    assert caught.value is refusal
