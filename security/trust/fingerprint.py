"""Digests as people read them out on the phone."""

from __future__ import annotations

GROUPS = 8


def of(digest: str) -> str:
    """Eight groups of five decimal digits out of a SHA-256 in hex (132 of its bits): digits sound the same in every dialect.

    Finding another document with the same forty digits takes 2^132 tries; two of one's own making, 2^66, harm nobody else.
    """
    number = int(digest, 16) % 10 ** (5 * GROUPS)
    digits = f"{number:0{5 * GROUPS}d}"
    return " ".join(digits[i : i + 5] for i in range(0, len(digits), 5))
