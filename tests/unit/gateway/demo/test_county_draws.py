"""Draws are a fixed function of seed, name and row: a seed is a county for ever, on every release of Polars."""

from __future__ import annotations

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from gateway.demo.county.draws import NEVER, Draws

_MASK = (1 << 64) - 1


def _splitmix(row: int, key: int) -> int:
    z = (row * 0x9E3779B97F4A7C15 + key) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


@given(
    seed=st.binary(min_size=32, max_size=32), name=st.text(max_size=20), rows=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20),
)
def test_bits_are_splitmix64_of_row_and_named_key(seed: bytes, name: str, rows: list[int]) -> None:
    frame = pl.DataFrame({"row": pl.Series(rows, dtype=pl.UInt32)})
    key = int.from_bytes(hashlib.blake2b(name.encode(), key=seed, digest_size=8).digest(), "big")
    assert frame.select(Draws(seed).bits(name, pl.col("row"))).to_series().to_list() == [_splitmix(row, key) for row in rows]


def test_a_seed_draws_what_it_always_drew() -> None:
    frame = pl.DataFrame({"row": pl.Series([0, 1, 2, 3], dtype=pl.UInt32)})
    assert frame.select(Draws(bytes(32)).below("fixed", pl.col("row"), 1000)).to_series().to_list() == [762, 205, 568, 263]


@given(share=st.floats(0, 1))
def test_a_share_is_a_share(share: float) -> None:
    frame = pl.select(row=pl.int_range(4000, dtype=pl.UInt32))
    hit = frame.select(Draws(bytes(32)).chance("share", pl.col("row"), share).mean()).item()
    assert abs(hit - share) < 0.04


def test_months_start_where_told_and_end_in_never() -> None:
    frame = pl.select(row=pl.int_range(20_000, dtype=pl.UInt32))
    months = frame.select(Draws(bytes(32)).month("event", pl.col("row"), 0.01, first=2)).to_series()
    assert months.min() == 2
    assert months.max() == NEVER
    assert 150 < months.eq(2).sum() < 250


def test_every_word_is_drawn() -> None:
    frame = pl.select(row=pl.int_range(5000, dtype=pl.UInt32))
    words = frame.select(Draws(bytes(32)).weighted("word", pl.col("row"), {"a": 3, "b": 1}).alias("w"))["w"].value_counts(sort=True)
    assert words["w"].to_list() == ["a", "b"]
    assert abs(words["count"][0] / 5000 - 0.75) < 0.03
