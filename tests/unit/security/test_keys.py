"""Keys: names, what is refused on import, and signatures that must not hold."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from security.keys import Algorithm, PublicKey, kid_of, verify_signature, wrap_public, wrap_public_of_seed

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = PublicKey.of("ed25519", SIGNER.public_key().public_bytes_raw())


def encodings_of_small_order() -> list[bytes]:
    """Every encoding, canonical or not, of the eight points P with 8·P = 0, found by doubling, not from a list."""
    found: list[bytes] = []
    for y in [*range(20), *range(P - 20, P)]:
        found += [value.to_bytes(32, "little") for value in _encodings(y) if _order_divides_eight(y)]
    for y in _y_of_order_eight():
        assert _order_divides_eight(y)
        found += [value.to_bytes(32, "little") for value in _encodings(y)]
    return found


def _encodings(y: int) -> list[int]:
    values = [y, y + P] if y + P < 2**255 else [y]
    return [value | sign << 255 for value in values for sign in (0, 1)]


def _x_of(y: int) -> int | None:
    return _sqrt((y * y - 1) * pow(D * y * y + 1, -1, P))


def _double(x: int, y: int) -> tuple[int, int]:
    xy, product = 2 * x * y % P, D * x * x * y * y % P
    return xy * pow(1 + product, -1, P) % P, (y * y + x * x) * pow(1 - product, -1, P) % P


def _order_divides_eight(y: int) -> bool:
    x = _x_of(y % P)
    if x is None:
        return False
    point = (x, y % P)
    for _ in range(3):
        point = _double(*point)
    return point == (0, 1)


def _y_of_order_eight() -> list[int]:
    """2·(x, y) has y = 0 iff x² = -y²; with the curve's equation -x² + y² = 1 + d·x²·y² that is d·y⁴ + 2·y² - 1 = 0."""
    root = _sqrt(4 + 4 * D)
    assert root is not None
    found = (_sqrt((-2 + sign) * pow(2 * D, -1, P)) for sign in (root, -root))
    return [value for y in found if y is not None for value in (y, P - y)]


def _sqrt(square: int) -> int | None:
    x = pow(square % P, (P + 3) // 8, P)
    if x * x % P != square % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x * x % P == square % P else None


def test_small_order_keys_are_refused() -> None:
    encodings = encodings_of_small_order()
    assert len({int.from_bytes(each, "little") & (2**255 - 1) for each in encodings}) >= 7
    for encoding in encodings:
        with pytest.raises(ExchangeError) as error:
            PublicKey.of("ed25519", encoding)
        assert error.value.code == "E-KEY-FORM", encoding.hex()


def test_two_spellings_of_one_key_are_not_two_keys() -> None:
    """y and y + p decode to one point; only the canonical one is a key."""
    for y in range(19):
        with pytest.raises(ExchangeError):
            PublicKey.of("ed25519", (y + P).to_bytes(32, "little"))


@pytest.mark.parametrize("half", [bytes(32), b"\1" + bytes(31), (P - 1).to_bytes(32, "little"), P.to_bytes(32, "little")])
def test_receiving_keys_with_a_low_order_half_are_refused(half: bytes) -> None:
    good = wrap_public_of_seed(bytes(32))
    with pytest.raises(ExchangeError) as error:
        PublicKey.of("x-wing", good[:1184] + half)
    assert error.value.code == "E-KEY-FORM"


def test_receiving_keys_outside_the_module_are_refused() -> None:
    good = wrap_public_of_seed(bytes(32))
    with pytest.raises(ExchangeError):
        PublicKey.of("x-wing", b"\xff" * 1184 + good[1184:])


@pytest.mark.parametrize("alg", ["ed25519", "ml-dsa-65", "x-wing"])
@pytest.mark.parametrize("change", [-1, 1])
def test_lengths_are_exact(alg: Algorithm, change: int) -> None:
    length = {"ed25519": 32, "ml-dsa-65": 1952, "x-wing": 1216}[alg] + change
    with pytest.raises(ExchangeError):
        PublicKey.of(alg, b"\x05" * length)


def test_a_key_has_the_name_of_its_bytes() -> None:
    assert KEY.kid == hashlib.sha256(b"ed25519\0" + KEY.public).hexdigest()[:32]
    assert kid_of("ed25519", KEY.public) != kid_of("x-wing", KEY.public)
    with pytest.raises(ExchangeError):
        PublicKey("0" * 32, "ed25519", KEY.public)


@given(st.binary(max_size=200), st.integers(0, 63), st.integers(0, 7))
def test_no_bit_of_a_signature_may_change(data: bytes, byte: int, bit: int) -> None:
    signature = bytearray(SIGNER.sign(data))
    verify_signature(KEY, bytes(signature), data)
    signature[byte] ^= 1 << bit
    with pytest.raises(ExchangeError) as error:
        verify_signature(KEY, bytes(signature), data)
    assert error.value.code == "E-SIG"


def test_the_order_of_the_group_cannot_be_added_to_a_signature() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = SIGNER.sign(b"data")
    scalar = int.from_bytes(signature[32:], "little") + order
    with pytest.raises(ExchangeError):
        verify_signature(KEY, signature[:32] + scalar.to_bytes(32, "little"), b"data")


def test_the_key_says_the_algorithm_not_the_signature() -> None:
    other = MLDSA65PrivateKey.from_seed_bytes(bytes(32))
    key = PublicKey.of("ml-dsa-65", other.public_key().public_bytes_raw())
    verify_signature(key, other.sign(b"data"), b"data")
    for wrong_key, signature in ((KEY, other.sign(b"data")), (key, SIGNER.sign(b"data")), (KEY, b""), (key, b"")):
        with pytest.raises(ExchangeError) as error:
            verify_signature(wrong_key, signature, b"data")
        assert error.value.code == "E-SIG"
    receiving = PublicKey.of("x-wing", wrap_public_of_seed(bytes(32)))
    with pytest.raises(ExchangeError):
        verify_signature(receiving, b"", b"data")
    with pytest.raises(ExchangeError):
        wrap_public(KEY)


def test_x_wing_key_of_a_seed_known_answer() -> None:
    """First vector of draft-connolly-cfrg-xwing-kem: the seed's public key, by its SHA-256."""
    public = wrap_public_of_seed(bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"))
    assert public[:8].hex() == "e2236b35a8c24b39"
    assert wrap_public(PublicKey.of("x-wing", public)) is wrap_public(PublicKey.of("x-wing", public))
