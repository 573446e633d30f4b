"""One key file: what is public in the clear, the 32 secret bytes sealed by the master key, all bound to store and label.

```
0  4  magic CXK1
4  1  algorithm: 1 ed25519, 2 ml-dsa-65, 3 x-wing, 4 hmac-sha256
5  …  raw public key (none for hmac-sha256)
…  …  Cobblestone-256 of the 32 secret bytes, context `cx/key/v1` 00 ‖ store id 16 ‖ label ‖ 00 ‖ all bytes before
```
A file moved to another label or store, or with another public key in front, does not open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from contracts.errors import ExchangeError
from security.keys import PUBLIC_LENGTHS, SEED_LENGTH, kid_of
from security.keystore.master import Master

MAGIC = b"CXK1"
StoredAlgorithm = Literal["ed25519", "ml-dsa-65", "x-wing", "hmac-sha256"]
_NUMBERS: dict[StoredAlgorithm, int] = {"ed25519": 1, "ml-dsa-65": 2, "x-wing": 3, "hmac-sha256": 4}
_NAMES = {number: name for name, number in _NUMBERS.items()}
_SEALED = SEED_LENGTH + 56 + 16


@dataclass(frozen=True, slots=True)
class Head:
    """The clear part of a key file. Believe it only after the file was opened."""

    alg: StoredAlgorithm
    public: bytes

    @property
    def kid(self) -> str:
        """"" for a MAC key, which has no public half to name it by."""
        return kid_of(self.alg, self.public) if self.public else ""


def encode(head: Head, secret: bytes, label: str, master: Master) -> bytes:
    """The file's bytes."""
    front = MAGIC + bytes((_NUMBERS[head.alg],)) + head.public
    sealer = Cobblestone256Encryptor(master.key, _context(master, label, front))
    return front + sealer.update(secret) + sealer.finalize()


def peek(data: bytes, file: str) -> Head:
    """The clear part, not yet authenticated.

    Raises:
        ExchangeError: E-STORE-DAMAGED, naming `file`.
    """
    alg = _NAMES.get(data[4]) if len(data) > 4 and data[:4] == MAGIC else None
    if alg is None or len(data) != 5 + PUBLIC_LENGTHS.get(alg, 0) + _SEALED:
        raise ExchangeError("E-STORE-DAMAGED", file=file)
    return Head(alg, data[5:-_SEALED])


def decode(data: bytes, label: str, master: Master, file: str) -> tuple[Head, bytes]:
    """The authenticated clear part and the secret.

    Raises:
        ExchangeError: E-STORE-DAMAGED, naming `file`.
    """
    head = peek(data, file)
    front = data[:-_SEALED]
    opener = Cobblestone256Decryptor(master.key, _context(master, label, front))
    try:
        return head, opener.update(data[-_SEALED:]) + opener.finalize()
    except InvalidTag:
        raise ExchangeError("E-STORE-DAMAGED", file=file) from None


def _context(master: Master, label: str, front: bytes) -> bytes:
    return b"cx/key/v1\0" + master.store_id + label.encode() + b"\0" + front
