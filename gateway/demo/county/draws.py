"""Random columns: one 32-byte seed, a name per draw, one number per row; no state, so that adding a draw changes no other.

The mixer is splitmix64 (Steele, Lea, Flood 2014), written as wrapping UInt64 expressions: Polars' own hash may change between
releases, this does not, and a seed is a county for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

NEVER = 99
"""A month index that no county reaches."""

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _fold(z: pl.Expr, shift: int) -> pl.Expr:
    return z ^ (z // _word(1 << shift))


@dataclass(frozen=True, slots=True)
class Draws:
    """Named random expressions over an integer column.

    Attributes:
        seed: 32 bytes; equal seeds make equal counties.
    """

    seed: bytes

    def bits(self, name: str, on: pl.Expr) -> pl.Expr:
        """64 random bits a row (UInt64)."""
        key = int.from_bytes(hashlib.blake2b(name.encode(), key=self.seed, digest_size=8).digest(), "big")
        z = on.cast(pl.UInt64) * _word(_GOLDEN) + _word(key)
        return _fold(_fold(_fold(z, 30) * _word(_FIRST), 27) * _word(_SECOND), 31)

    def below(self, name: str, on: pl.Expr, limit: int) -> pl.Expr:
        """A whole number from 0 to `limit` - 1 (Int64)."""
        return (self.bits(name, on) % _word(limit)).cast(pl.Int64)

    def chance(self, name: str, on: pl.Expr, share: float) -> pl.Expr:
        """True in `share` (0 to 1) of the rows."""
        return self.below(name, on, 1_000_000) < round(share * 1_000_000)

    def month(self, name: str, on: pl.Expr, rate: float, first: int = 1) -> pl.Expr:
        """The month index in which something with a monthly `rate` happens, from `first` on; NEVER where not in time (Int32)."""
        steps = self.below(name, on, 1_000_000) // max(1, round(rate * 1_000_000)) + first
        return steps.clip(upper_bound=NEVER).cast(pl.Int32)

    def pick(self, name: str, on: pl.Expr, words: Sequence[str]) -> pl.Expr:
        """One of the words, all alike."""
        return pl.lit(pl.Series(list(words), dtype=pl.String)).gather(self.below(name, on, len(words)))

    def weighted(self, name: str, on: pl.Expr, weights: Mapping[str, int]) -> pl.Expr:
        """One of the words, by whole weights."""
        return self.pick(name, on, [word for word, weight in weights.items() for _ in range(weight)])
