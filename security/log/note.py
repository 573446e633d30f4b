"""Signed notes (c2sp.org/signed-note): a text, a blank line, signature lines `— <name> <base64(key id ‖ signature)>`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import encoding
from security.keys import Algorithm, PublicKey, Signer

MAX_NOTE = 1 << 17
MAX_SIGNATURES = 32
_DASH = "\u2014"
_TYPES: dict[Algorithm, bytes] = {"ed25519": b"\x01", "ml-dsa-65": b"\xffcx-ml-dsa-65/v1\n"}
"""Signature types: 0x01 is assigned to Ed25519; 0xff wants an identifier of one's own behind it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart; nothing verified.

    Attributes:
        text: what is signed, line end included.
        signatures: (key name, 4-byte key id, signature), as they stand.
    """

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def key_id(name: str, key: PublicKey) -> bytes:
    """SHA-256(name ‖ 0x0A ‖ signature type ‖ public key)[:4].

    Raises:
        ExchangeError: E-KEY-FORM, a key that cannot sign.
    """
    if key.alg not in _TYPES:
        raise ExchangeError("E-KEY-FORM", alg=key.alg, why="not a key that can sign")
    return hashlib.sha256(name.encode() + b"\n" + _TYPES[key.alg] + key.public).digest()[:4]


def sign(text: str, name: str, keys: Sequence[tuple[PublicKey, Signer]]) -> bytes:
    """The note over `text` (which ends in a line end), one line a key in the order given."""
    lines = [f"{_DASH} {name} {encoding.base64_text(key_id(name, key) + signer.sign(text.encode()))}\n" for key, signer in keys]
    return (text + "\n" + "".join(lines)).encode()


def parse(data: bytes) -> Note:
    """The parts of a note.

    Raises:
        ExchangeError: E-CHECKPOINT-FORM.
    """
    if len(data) > MAX_NOTE:
        raise _refusal("too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal("not UTF-8") from None
    text, gap, signatures = whole.rpartition("\n\n")
    if not gap or not signatures.endswith("\n") or any(ord(each) < 0x20 and each != "\n" for each in whole):
        raise _refusal("lines")
    lines = signatures[:-1].split("\n")
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise _refusal("signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1] or "+" in parts[1]:
        raise _refusal("signature line")
    try:
        raw = encoding.base64_of(parts[2])
    except ValueError:
        raise _refusal("signature line") from None
    if len(raw) < 5:
        raise _refusal("signature line")
    return parts[1], raw[:4], raw[4:]


def _refusal(why: str) -> ExchangeError:
    return ExchangeError("E-CHECKPOINT-FORM", why=why)
