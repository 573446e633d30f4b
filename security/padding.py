"""PADMÉ lengths with a floor: what the size of a sealed chunk may tell.

PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019, §4) lets only
O(log log n) bits of a length through at a cost of at most 12 %, here never more than 6.2 %.
"""

from __future__ import annotations

FLOOR = 16_384
"""Smallest bucket: an empty list and a short increment look alike."""
LENGTH_SIZE = 4
"""Bytes of the big-endian length in front of the payload."""


def padme(length: int) -> int:
    """The smallest PADMÉ length that holds `length` bytes."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def bucket(payload: int) -> int:
    """Bytes of the padded plaintext of a payload of `payload` bytes: max(16384, PADMÉ(4 + payload))."""
    return max(FLOOR, padme(LENGTH_SIZE + payload))


def is_bucket(length: int) -> bool:
    """Whether some payload pads to exactly `length`."""
    return length >= FLOOR and padme(length) == length


def unpadded(plaintext: memoryview) -> memoryview | None:
    """The payload inside a padded plaintext; None unless length, bucket and every zero are right."""
    if len(plaintext) < FLOOR:
        return None
    length = int.from_bytes(plaintext[:LENGTH_SIZE], "big")
    end = LENGTH_SIZE + length
    if end > len(plaintext) or bucket(length) != len(plaintext) or bytes(plaintext[end:]) != bytes(len(plaintext) - end):
        return None
    return plaintext[LENGTH_SIZE:end]
