"""What a length may tell."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.padding import FLOOR, bucket, is_bucket, padme, unpadded


@settings(deadline=None)
@given(st.integers(0, 2**40))
def test_padme_never_shrinks_and_is_stable(length: int) -> None:
    padded = padme(length)
    assert padded >= length
    assert padme(padded) == padded
    assert padded - length <= length * 0.12


@settings(deadline=None)
@given(st.integers(FLOOR, 900_000))
def test_the_cost_of_a_chunk_is_at_most_one_sixteenth(payload: int) -> None:
    assert bucket(payload) <= (payload + 4) * 1.0626


def test_known_lengths() -> None:
    """By hand from the definition: E = ⌊log₂ L⌋, S = ⌊log₂ E⌋ + 1, low E - S bits cleared, rounding up."""
    assert [padme(n) for n in (0, 1, 2, 9, 10, 1000, 65_537, 500_004, 884_736)] == [0, 1, 2, 10, 10, 1024, 67_584, 507_904, 884_736]


def test_everything_up_to_16_kib_looks_alike() -> None:
    assert {bucket(n) for n in range(0, FLOOR - 3, 7)} == {FLOOR}
    assert bucket(FLOOR - 3) > FLOOR


def test_lengths_between_60_and_70_kb_fall_into_few_buckets() -> None:
    assert len({bucket(n) for n in range(60_000, 70_001)}) == 6


@settings(deadline=None)
@given(st.binary(max_size=40_000))
def test_a_payload_comes_back(payload: bytes) -> None:
    padded = len(payload).to_bytes(4, "big") + payload
    padded += bytes(bucket(len(payload)) - len(padded))
    found = unpadded(memoryview(padded))
    assert found is not None
    assert bytes(found) == payload
    assert is_bucket(len(padded))


@pytest.mark.parametrize("place", [4 + 5, 4 + 6, FLOOR // 2, FLOOR - 1])
def test_a_set_bit_in_the_zeros_is_refused(place: int) -> None:
    padded = bytearray((5).to_bytes(4, "big") + b"hello" + bytes(FLOOR - 9))
    assert unpadded(memoryview(padded)) is not None
    padded[place] = 1
    assert unpadded(memoryview(padded)) is None


def test_another_bucket_than_the_payloads_is_refused() -> None:
    """A sender who pads more than the rule could signal in the length; one who pads less would tell it."""
    plaintext = (5).to_bytes(4, "big") + b"hello"
    for zeros in (0, 1, 1000, FLOOR - 10, FLOOR - 8, FLOOR, 20_000, 32_768 - 9):
        assert unpadded(memoryview(plaintext + bytes(zeros))) is None
    assert unpadded(memoryview(plaintext + bytes(FLOOR - 9))) is not None


@pytest.mark.parametrize("claimed", [FLOOR - 3, FLOOR, 2**31, 2**32 - 1])
def test_a_length_past_the_end_is_refused(claimed: int) -> None:
    assert unpadded(memoryview(claimed.to_bytes(4, "big") + bytes(FLOOR - 4))) is None


def test_a_death_note_does_not_show_in_the_length() -> None:
    """Compressed lists of the same month with and without one longer remark: the lengths on the wire are one and the same."""
    rnd = random.Random(7)  # noqa: S311  # sizes, not secrets
    with_note, without = ([23_000 + rnd.randrange(40) + extra for _ in range(200)] for extra in (70, 0))
    assert {bucket(n) for n in with_note} == {bucket(n) for n in without}
    assert not set(with_note) & set(range(23_000, 23_040)), "the lengths themselves tell it"
