"""The key wrap of suite 1."""

from __future__ import annotations

import pytest

from security import suite
from security.keys import PublicKey, wrap_private
from tests.unit.security.sealed_world import OTHER, RECIPIENT, SENDER, refused

CEK = bytes(range(32))
INFO = suite.wrap_info(RECIPIENT.wrap_key.kid, b"prefix")
WRAPPED = suite.wrap(CEK, RECIPIENT.wrap_key, INFO)
PRIVATE = wrap_private(RECIPIENT.wrap_seed)


def test_a_content_key_comes_back() -> None:
    assert len(WRAPPED) == suite.WRAP_LENGTH
    assert suite.unwrap(PRIVATE, WRAPPED, INFO) == CEK


def test_info_and_context_bind_every_part() -> None:
    assert suite.wrap_info(RECIPIENT.wrap_key.kid, b"prefix") == b"cx/wrap/v1\0" + bytes.fromhex(RECIPIENT.wrap_key.kid) + b"prefix"
    assert suite.body_context(b"prefix", b"wraps") == b"cx/body/v1\0prefixwraps"


def test_another_seed_opens_nothing() -> None:
    with refused("E-CHUNK-KEY"):
        suite.unwrap(wrap_private(OTHER.wrap_seed), WRAPPED, INFO)


@pytest.mark.parametrize("info", [b"", INFO[:-1], INFO + b"\0", suite.wrap_info(OTHER.wrap_key.kid, b"prefix")])
def test_another_prefix_or_recipient_opens_nothing(info: bytes) -> None:
    with refused("E-CHUNK-KEY"):
        suite.unwrap(PRIVATE, WRAPPED, info)


def test_every_byte_of_a_wrap_counts() -> None:
    for place in range(len(WRAPPED)):
        changed = bytearray(WRAPPED)
        changed[place] ^= 1 << (place % 8)
        with refused("E-CHUNK-KEY"):
            suite.unwrap(PRIVATE, bytes(changed), INFO)


@pytest.mark.parametrize("wrapped", [b"", WRAPPED[:-1], WRAPPED + b"\0", bytes(1168)])
def test_another_length_opens_nothing(wrapped: bytes) -> None:
    with refused("E-CHUNK-KEY"):
        suite.unwrap(PRIVATE, wrapped, INFO)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_content_key_has_32_bytes(length: int) -> None:
    """A shorter one under a good tag would be a downgrade by the sender."""
    with refused("E-CHUNK-KEY"):
        suite.unwrap(PRIVATE, suite.wrap(bytes(length), RECIPIENT.wrap_key, INFO), INFO)


def test_a_signing_key_receives_nothing() -> None:
    key: PublicKey = SENDER.signing[0]
    with refused("E-KEY-FORM"):
        suite.wrap(CEK, key, INFO)
