"""A role: holders, of whom k must sign. A holder has a pair of keys and has signed only if both did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import dsse, encoding
from security.keys import PAIR, Algorithm, PublicKey
from security.strict_json import Json
from security.strict_json_reader import Fields

FORM = "E-TRUST-FORM"
MAX_HOLDERS = 16


@dataclass(frozen=True, slots=True)
class Holder:
    """A person or office with a pair of keys.

    Attributes:
        name: shown to people; an office, such as `522722/civil-affairs`.
        keys: one Ed25519 and one ML-DSA-65 key, in this order.
    """

    name: str
    keys: tuple[PublicKey, ...]

    def __post_init__(self) -> None:
        if tuple(key.alg for key in self.keys) != PAIR:
            raise ExchangeError(FORM, why="a holder has one Ed25519 and one ML-DSA-65 key")


@dataclass(frozen=True, slots=True)
class Role:
    """`threshold` of `holders` must sign.

    Raises:
        ExchangeError: E-TRUST-FORM, threshold out of range or a key twice.
    """

    threshold: int
    holders: tuple[Holder, ...]

    def __post_init__(self) -> None:
        kids = [key.kid for holder in self.holders for key in holder.keys]
        if not 1 <= self.threshold <= len(self.holders) <= MAX_HOLDERS or len(set(kids)) != len(kids):
            raise ExchangeError(FORM, why="threshold or holders")

    def signed(self, kids: frozenset[str]) -> tuple[Holder, ...]:
        """The holders all of whose keys are among `kids`."""
        return tuple(holder for holder in self.holders if all(key.kid in kids for key in holder.keys))

    def wire(self) -> dict[str, Json]:
        holders: list[Json] = [{"name": holder.name, "keys": [key_wire(key) for key in holder.keys]} for holder in self.holders]
        return {"threshold": self.threshold, "holders": holders}

    @classmethod
    def read(cls, fields: Fields) -> Role:
        holders = [Fields(item, ("name", "keys"), FORM) for item in fields.items("holders", MAX_HOLDERS)]
        return cls(
            fields.integer("threshold", 1, MAX_HOLDERS),
            tuple(Holder(holder.text("name"), tuple(key_read(item) for item in holder.items("keys", 2))) for holder in holders),
        )


def open_by(roles: Sequence[Role], envelope: bytes, payload_type: str, document: str, limit: int) -> bytes:
    """The payload, if every one of `roles` signed it by its threshold and nobody else did.

    Raises:
        ExchangeError: E-TRUST-THRESHOLD, and what dsse.open_envelope raises.
    """
    kids = frozenset(dsse.key_ids(envelope, payload_type, limit=limit))
    required: dict[str, PublicKey] = {}
    for role in roles:
        signed = role.signed(kids)
        if len(signed) < role.threshold:
            raise ExchangeError("E-TRUST-THRESHOLD", document=document, needed=role.threshold, found=len(signed))
        required.update((key.kid, key) for holder in signed for key in holder.keys)
    return dsse.open_envelope(envelope, payload_type, list(required.values()), limit=limit)


def key_wire(key: PublicKey) -> Json:
    return {"kid": key.kid, "alg": key.alg, "pub": encoding.base64_text(key.public)}


def key_read(item: Json) -> PublicKey:
    """A key as it stands in roots, cards and prekeys.

    Raises:
        ExchangeError: E-TRUST-FORM, E-KEY-FORM.
    """
    return key_of(Fields(item, ("kid", "alg", "pub"), FORM))


def key_of(fields: Fields) -> PublicKey:
    """The key in the fields `kid`, `alg`, `pub`."""
    algorithms: dict[str, Algorithm] = {"ed25519": "ed25519", "ml-dsa-65": "ml-dsa-65", "x-wing": "x-wing"}
    alg = algorithms.get(fields.text("alg"))
    if alg is None:
        raise fields.wrong("alg")
    try:
        public = encoding.base64_of(fields.text("pub", 4096))
    except ValueError:
        raise fields.wrong("pub") from None
    return PublicKey(fields.match("kid", encoding.KID), alg, public)
