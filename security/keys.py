"""Public keys, their names, and what can be done with them.

An algorithm is always known before a signature is looked at: it comes with the key from the trust list, never from a message
(docs/spec/trust.md). Key objects of the library are built once a key and kept, for building one costs more than using it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from contracts.errors import ExchangeError

Algorithm = Literal["ed25519", "ml-dsa-65", "x-wing"]

PUBLIC_LENGTHS: dict[str, int] = {"ed25519": 32, "ml-dsa-65": 1952, "x-wing": 1216}
"""Bytes of a raw public key: RFC 8032, FIPS 204, and ML-KEM-768 (1184) ‖ X25519 (32)."""
SIGNATURE_LENGTHS: dict[str, int] = {"ed25519": 64, "ml-dsa-65": 3309}
SEED_LENGTH = 32
"""Bytes of every private key we keep: Ed25519 seed, ML-DSA seed (FIPS 204 xi), X-Wing decapsulation key."""
PAIR: tuple[Algorithm, ...] = ("ed25519", "ml-dsa-65")
"""Both sign whatever others rely on for years: root, trust list, card, prekeys, manifest, checkpoint."""
KID = re.compile(r"[0-9a-f]{32}")

_P = 2**255 - 19
_Y8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
"""y of the eight points whose order divides 8 (RFC 8032 §5.1): a key among them "verifies" messages nobody signed."""
_PROBE = hashlib.sha256(b"cx/probe/v1").digest()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A checked public key.

    Attributes:
        kid: 32 hex digits, `kid_of(alg, public)`.
        alg: `ed25519` and `ml-dsa-65` sign, `x-wing` receives.
        public: raw bytes, length per PUBLIC_LENGTHS.

    Raises:
        ExchangeError: E-KEY-FORM, wrong name, length or encoding, or a key of small order.
    """

    kid: str
    alg: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != PUBLIC_LENGTHS.get(self.alg, -1):
            raise ExchangeError("E-KEY-FORM", alg=str(self.alg)[:20], why="length or algorithm")
        if self.kid != kid_of(self.alg, self.public):
            raise ExchangeError("E-KEY-FORM", alg=self.alg, why="kid is not that of the key")
        _check_point(self.alg, self.public)

    @classmethod
    def of(cls, alg: Algorithm, public: bytes) -> PublicKey:
        """The key with its name computed."""
        return cls(kid_of(alg, public), alg, public)


@dataclass(frozen=True, slots=True)
class Signer:
    """The power to sign with one key, without the key: a key store hands these out.

    Attributes:
        sign: message -> raw signature (64 B Ed25519, 3309 B ML-DSA-65).
    """

    kid: str
    alg: Algorithm
    sign: Callable[[bytes], bytes]


def kid_of(alg: str, public: bytes) -> str:
    """The name of a key: first 16 bytes, in hex, of SHA-256(alg ‖ 0x00 ‖ raw public)."""
    return hashlib.sha256(alg.encode() + b"\0" + public).hexdigest()[:32]


def verify_signature(key: PublicKey, signature: bytes, data: bytes) -> None:
    """Return if `signature` over exactly `data` is by `key`; else raise.

    The caller owes: the key's owner, use and validity window, and that `data` names its own type (DSSE PAE).

    Raises:
        ExchangeError: E-SIG, also for a key that cannot sign and a signature of another length.
    """
    if len(signature) != SIGNATURE_LENGTHS.get(key.alg, -1):
        raise ExchangeError("E-SIG", kid=key.kid)
    try:
        if key.alg == "ed25519":
            _ed25519(key.public).verify(signature, data)
        else:
            _mldsa(key.public).verify(signature, data)
    except InvalidSignature:
        raise ExchangeError("E-SIG", kid=key.kid) from None


def wrap_public(key: PublicKey) -> MLKEM768X25519PublicKey:
    """The HPKE recipient key, built once per key.

    Raises:
        ExchangeError: E-KEY-FORM, not an X-Wing key.
    """
    if key.alg != "x-wing":
        raise ExchangeError("E-KEY-FORM", alg=key.alg, why="not a key that can receive")
    return _xwing(key.public)


def wrap_private(seed: bytes) -> MLKEM768X25519PrivateKey:
    """The HPKE private key of a 32-byte X-Wing seed: SHAKE256(seed, 96) = ML-KEM seed 64 ‖ X25519 scalar 32.

    80 µs: keep the result. The library cannot give the seed back.
    """
    mlkem, x25519 = _halves(seed)
    return MLKEM768X25519PrivateKey(mlkem, x25519)


def wrap_public_of_seed(seed: bytes) -> bytes:
    """Raw public X-Wing key (1216 B) of a 32-byte seed."""
    mlkem, x25519 = _halves(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_LENGTH:
        raise ExchangeError("E-KEY-FORM", alg="x-wing", why="seed length")
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


@lru_cache(maxsize=4096)
def _check_point(alg: Algorithm, public: bytes) -> None:
    """Refuse what the library would take: small-order points, encodings that are not the canonical ones."""
    try:
        if alg == "ed25519":
            y = int.from_bytes(public, "little") & (2**255 - 1)
            if y >= _P or y in _SMALL_ORDER_Y:
                raise ExchangeError("E-KEY-FORM", alg=alg, why="small order")
            _ed25519(public)
        elif alg == "ml-dsa-65":
            _mldsa(public)
        else:
            _xwing(public)
            # A low-order X25519 half gives an all-zero secret, which the library refuses only when sealing.
            X25519PrivateKey.from_private_bytes(_PROBE).exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    except ValueError:
        raise ExchangeError("E-KEY-FORM", alg=alg, why="not a point of the curve or module") from None


@lru_cache(maxsize=1024)
def _ed25519(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(maxsize=256)
def _mldsa(public: bytes) -> MLDSA65PublicKey:
    return MLDSA65PublicKey.from_public_bytes(public)


@lru_cache(maxsize=1024)
def _xwing(public: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:1184]), X25519PublicKey.from_public_bytes(public[1184:])
    )
