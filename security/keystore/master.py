"""The one file that opens all others: the store's name and its master key, in the clear or sealed by a passphrase.

```
0   4  magic CXM1
4   1  lock: 0 = the file's permissions, 1 = Argon2id
5  16  store id, random
21  28 lock 1 only: memory KiB u32, passes u32, lanes u32, salt 16 (big-endian)
..  32 master key, or Cobblestone-256 of it under the derived key, context `cx/master/v1` 00 ‖ all bytes before
..  32 SHA-256 of all bytes before: tells a damaged file from a wrong passphrase, and protects nothing
```
"""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from contracts.errors import ExchangeError

MAGIC = b"CXM1"
MEMORY_KIB, PASSES, LANES = 65536, 3, 1
"""64 MiB, 3 passes: some 130 ms a try (OWASP asks for at least 19 MiB, 2 passes)."""
MAX_MEMORY_KIB, MAX_PASSES, MAX_LANES = 1 << 20, 32, 16
"""What a file may ask of us before it is authenticated."""
_SEALED = 32 + 56 + 16


@dataclass(frozen=True, slots=True, repr=False)
class Master:
    """The store's id (16 B) and master key (32 B)."""

    store_id: bytes
    key: bytes


def encode(master: Master, passphrase: str | None, random: Callable[[int], bytes]) -> bytes:
    """The file's bytes.

    Raises:
        ExchangeError: E-STORE-PASSPHRASE-EMPTY.
    """
    if passphrase is None:
        body = MAGIC + b"\0" + master.store_id + master.key
    else:
        head = MAGIC + b"\1" + master.store_id + struct.pack(">III", MEMORY_KIB, PASSES, LANES) + random(16)
        sealer = Cobblestone256Encryptor(_derive(head, passphrase), _context(head))
        body = head + sealer.update(master.key) + sealer.finalize()
    return body + hashlib.sha256(body).digest()


def decode(data: bytes, passphrase: str | None, file: str) -> Master:
    """The master key of a file's bytes. A passphrase given for a store that has none is ignored.

    Raises:
        ExchangeError: E-STORE-DAMAGED (naming `file`), E-STORE-PASSPHRASE, E-STORE-PASSPHRASE-MISSING, E-STORE-PASSPHRASE-EMPTY.
    """
    body, checksum = data[:-32], data[-32:]
    expected = {b"\0": 53, b"\1": 49 + _SEALED}.get(body[4:5])
    if body[:4] != MAGIC or len(body) != expected or hashlib.sha256(body).digest() != checksum:
        raise ExchangeError("E-STORE-DAMAGED", file=file)
    store_id = body[5:21]
    if body[4] == 0:
        return Master(store_id, body[21:53])
    if passphrase is None:
        raise ExchangeError("E-STORE-PASSPHRASE-MISSING")
    head = body[:49]
    memory, passes, lanes = struct.unpack(">III", head[21:33])
    if memory > MAX_MEMORY_KIB or passes > MAX_PASSES or lanes > MAX_LANES or memory < 8 * lanes or 0 in (passes, lanes):
        raise ExchangeError("E-STORE-DAMAGED", file=file)
    opener = Cobblestone256Decryptor(_derive(head, passphrase), _context(head))
    try:
        return Master(store_id, opener.update(body[49:]) + opener.finalize())
    except InvalidTag:
        raise ExchangeError("E-STORE-PASSPHRASE") from None


def needs_passphrase(data: bytes) -> bool:
    """Whether a master file is locked by a passphrase."""
    return data[4:5] == b"\1"


def _context(head: bytes) -> bytes:
    return b"cx/master/v1\0" + head


def _derive(head: bytes, passphrase: str) -> bytes:
    """The key of a passphrase, normalised (NFC) so that it does not depend on the keyboard."""
    text = unicodedata.normalize("NFC", passphrase)
    if not text:
        raise ExchangeError("E-STORE-PASSPHRASE-EMPTY")
    memory, passes, lanes = struct.unpack(">III", head[21:33])
    return Argon2id(salt=head[33:49], length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(text.encode())
