"""Suite 1: what the number in a chunk's prefix and a manifest's `suite` stands for. Nothing inside a suite is negotiable.

| part | algorithm |
|---|---|
| key wrap | HPKE (RFC 9180) base mode, single shot: KEM 0x647a X-Wing (ML-KEM-768 + X25519), KDF HKDF-SHA256, AEAD AES-256-GCM |
| body | C2SP chunked-encryption with SHA-512 and AES-256-GCM ("Cobblestone-256") |
| digests, tree | SHA-256, RFC 9162 |
| signatures | Ed25519, and ML-DSA-65 (FIPS 204) beside it where docs/spec/manifest.md says so |

Suite 2 (SM2, SM3, SM4-GCM 国密) has its number reserved.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from contracts.errors import ExchangeError
from security.keys import PublicKey, wrap_public

SUITE = 1
CEK_LENGTH = 32
WRAP_LENGTH = 1168
"""enc 1120 (ML-KEM ciphertext 1088 ‖ X25519 32) ‖ ciphertext 32 ‖ tag 16."""
BODY_CONTEXT = b"cx/body/v1\0"
WRAP_INFO = b"cx/wrap/v1\0"

_HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def wrap_info(kid: str, prefix: bytes) -> bytes:
    """HPKE `info`: label ‖ 16 bytes of the recipient's key name ‖ the chunk's exact prefix."""
    return WRAP_INFO + bytes.fromhex(kid) + prefix


def body_context(prefix: bytes, wraps: bytes) -> bytes:
    """Context of the body: label ‖ the chunk's exact prefix ‖ wraps. With it nobody who got the CEK can re-address the body."""
    return BODY_CONTEXT + prefix + wraps


def wrap(cek: bytes, key: PublicKey, info: bytes) -> bytes:
    """The content key (32 B) sealed to `key`: 1168 B. 67 µs.

    Raises:
        ExchangeError: E-KEY-FORM, the key is not an X-Wing key.
    """
    return _HPKE.encrypt(cek, wrap_public(key), info)


def unwrap(private: MLKEM768X25519PrivateKey, wrapped: bytes, info: bytes) -> bytes:
    """The content key out of its wrap: what a key store's `unwrap` does with the private key it found. 57 µs.

    HPKE base mode does not authenticate the sender: the caller owes a verified manifest over the chunk, beforehand.

    Raises:
        ExchangeError: E-CHUNK-KEY, another key, another prefix, or a changed wrap.
    """
    try:
        if len(wrapped) != WRAP_LENGTH:
            raise ValueError("length")
        cek = _HPKE.decrypt(wrapped, private, info)
        if len(cek) != CEK_LENGTH:
            raise ValueError("length")
    except (InvalidTag, ValueError):
        raise ExchangeError("E-CHUNK-KEY") from None
    return cek
