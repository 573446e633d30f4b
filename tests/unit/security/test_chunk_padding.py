"""A sender that seals well and pads otherwise."""

from __future__ import annotations

import os

import pytest
from cryptography.cobblestone import Cobblestone256Encryptor

from security import suite
from security.chunk_layout import Prefixes, body_length
from security.padding import FLOOR
from tests.unit.security.sealed_world import RECIPIENT, Edition, code_of, header, signed


def forged(plaintext: bytes) -> Edition:
    """A chunk whose padded plaintext is this, all else right."""
    prefix, cek = Prefixes(header(), 1).at(0), os.urandom(32)
    wrapped = suite.wrap(cek, RECIPIENT.wrap_key, suite.wrap_info(RECIPIENT.wrap_key.kid, prefix))
    encryptor = Cobblestone256Encryptor(cek, suite.body_context(prefix, wrapped))
    body = encryptor.update(plaintext) + encryptor.finalize()
    assert len(body) == body_length(len(plaintext))
    return signed(header(), [prefix + wrapped + body])


@pytest.mark.parametrize(
    ("plaintext", "code"),
    [
        ((5).to_bytes(4, "big") + b"hello" + bytes(FLOOR - 9), None),
        ((5).to_bytes(4, "big") + b"hello" + bytes(FLOOR - 10) + b"\1", "E-CHUNK-PADDING"),
        ((5).to_bytes(4, "big") + b"hello!" + bytes(FLOOR - 10), "E-CHUNK-PADDING"),
        ((5).to_bytes(4, "big") + b"hello" + bytes(2 * FLOOR - 9), "E-CHUNK-PADDING"),
        ((FLOOR - 3).to_bytes(4, "big") + bytes(FLOOR - 4), "E-CHUNK-PADDING"),
        ((2**32 - 1).to_bytes(4, "big") + bytes(FLOOR - 4), "E-CHUNK-PADDING"),
        ((5).to_bytes(4, "big") + b"hello", "E-CHUNK-LENGTH"),
        (b"", "E-CHUNK-LENGTH"),
    ],
    ids=["right", "last byte", "first zero", "larger bucket", "length past the end", "length huge", "not padded", "nothing"],
)
def test_a_sender_that_pads_otherwise_is_refused(plaintext: bytes, code: str | None) -> None:
    edition = forged(plaintext)
    assert code_of(lambda: edition.open(0)) == code
