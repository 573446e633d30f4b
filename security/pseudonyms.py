"""Pseudonyms for joins without the ID number (去标识化): a keyed token per person, one key per contract and pair of agencies.

Whoever has the key can try all ID numbers of a county in seconds: a token hides a person from everyone *else*, it makes nobody
anonymous. Two recipients cannot join their tokens behind the sender's back, for their keys differ. Tokens are personal values: never in
names, addresses, logs or the ledger.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from contracts.ids import AgencyId

TOKEN_LENGTH = 16
"""Bytes; two of 10⁸ persons share a token with chance 10⁻²³."""
_NORMAL = re.compile(r"[1-9][0-9]{16}[0-9X]")
_EPOCH = re.compile(r"[0-9a-z-]{1,40}")


def pair_key(contract_root: bytes, contract: str, sender: AgencyId, recipient: AgencyId, epoch: str) -> bytes:
    """The 32-byte key of one contract between two agencies, in one epoch (rotated by sending both epochs in one edition).

    HKDF-Expand (RFC 5869) over SHA-256; the fields are separated by zero bytes, which none of them can contain.

    Args:
        contract_root: 32 random bytes of this contract, kept like a key.
        contract: digest of the view, 64 hex digits.

    Raises:
        ValueError: a root of another length, or an epoch that is not `[0-9a-z-]{1,40}`.
    """
    if len(contract_root) != 32 or not _EPOCH.fullmatch(epoch) or "\0" in contract:
        raise ValueError("root, contract or epoch")
    info = "\0".join(("cx/pseud/v1", contract, str(sender), str(recipient), epoch)).encode()
    return HKDFExpand(SHA256(), 32, info).derive(contract_root)


def tokens(key: bytes, id_numbers: Iterable[str]) -> list[bytes]:
    """HMAC-SHA-256 of each normalised ID number (18 characters, X upper-case, check digit already verified), cut to 16 bytes.

    Raises:
        ValueError: a number is not normalised; the message does not repeat it.
    """
    digest = hmac.digest
    made: list[bytes] = []
    for number in id_numbers:
        if not _NORMAL.fullmatch(number):
            raise ValueError("an ID number is not normalised")
        made.append(digest(key, number.encode(), "sha256")[:TOKEN_LENGTH])
    return made
