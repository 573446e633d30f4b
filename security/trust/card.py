"""An agency's card (单位名片): the public keys it introduces itself with, signed by every one of them, and its prekeys.

`gateway trust export` prints it. It proves possession of the keys, not whose they are: that is what reading the fingerprint out on
the phone is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import dsse
from security.keys import PAIR, PublicKey, Signer
from security.strict_json import Json, encode, parse
from security.strict_json_reader import Fields
from security.trust import prekeys
from security.trust.entry import Entry, Use
from security.trust.prekeys import Prekeys
from security.trust.role import FORM, key_of, key_wire
from security.trust.root import check_not_future
from security.trust.trust_list import TrustList

TYPE = "application/vnd.cx.card+json"
KIND = "agency-card"
LIMIT = 1 << 19
"""Bytes of the whole file; it has some 30 kB."""
_USES: dict[str, Use] = {"sign": "sign", "log": "log"}


@dataclass(frozen=True, slots=True)
class CardDocument:
    """What an agency says about its signing keys. It holds no time: the same keys give the same fingerprint.

    Attributes:
        keys: (use, key): for `sign` and `log` one Ed25519 and one ML-DSA-65 key each, ascending by kid.

    Raises:
        ExchangeError: E-TRUST-FORM, not these four keys.
    """

    agency: AgencyId
    keys: tuple[tuple[Use, PublicKey], ...]

    def __post_init__(self) -> None:
        wanted = sorted((use, alg) for use in _USES for alg in PAIR)
        kids = [key.kid for _, key in self.keys]
        if sorted((use, key.alg) for use, key in self.keys) != wanted or kids != sorted(set(kids)):
            raise ExchangeError(FORM, why="field keys")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON."""
        keys: list[Json] = []
        for use, key in self.keys:
            wire = key_wire(key)
            keys.append({"use": use, **(wire if isinstance(wire, dict) else {})})
        return encode({"v": 1, "agency": str(self.agency), "keys": keys})

    @classmethod
    def of_bytes(cls, payload: bytes) -> CardDocument:
        """The inverse of `to_bytes`; nothing is verified."""
        fields = Fields(parse(payload, limit=LIMIT, code=FORM), ("v", "agency", "keys"), FORM)
        fields.constant("v", 1)
        keys: list[tuple[Use, PublicKey]] = []
        for item in fields.items("keys", 4):
            members = Fields(item, ("use", "kid", "alg", "pub"), FORM)
            use = _USES.get(members.text("use"))
            if use is None:
                raise members.wrong("use")
            keys.append((use, key_of(members)))
        return cls(fields.agency("agency"), tuple(keys))


@dataclass(frozen=True, slots=True)
class Card:
    """A verified card; `verify` makes it.

    Attributes:
        digest: SHA-256 of the card's payload, 64 hex digits; `fingerprint.of` makes it readable.
        prekeys: the receiving keys that came with it.
        file: the bytes as received.
    """

    document: CardDocument
    digest: str
    prekeys: Prekeys
    file: bytes

    @property
    def agency(self) -> AgencyId:
        return self.document.agency

    def entries(self, nbf: datetime, naf: datetime) -> tuple[Entry, ...]:
        """What the trust list says about these keys once someone compared the fingerprint."""
        return tuple(Entry(key=key, owner=self.agency, use=use, nbf=nbf, naf=naf) for use, key in self.document.keys)

    def is_listed(self, trusted: TrustList, at: datetime) -> bool:
        """Whether all its keys are live in the list already, so that nothing new is being believed."""
        return all(key in trusted.keys_for(self.agency, use, at) for use, key in self.document.keys)


def sign(document: CardDocument, signers: Sequence[Signer], prekeys_envelope: bytes) -> bytes:
    """The file: canonical JSON of card and prekeys envelopes. `signers` are all four keys of the card."""
    envelope = dsse.sign_envelope(TYPE, document.to_bytes(), signers)
    members: dict[str, Json] = {
        "v": 1,
        "kind": KIND,
        "card": parse(envelope, limit=LIMIT, code=FORM),
        "prekeys": parse(prekeys_envelope, limit=LIMIT, code=FORM),
    }
    return encode(members)


def verify(file: bytes, at: datetime) -> Card:
    """A card that is consistent in itself.

    1. size, shape; every key is a key
    2. signed by exactly the keys it names: each proves possession
    3. the prekeys are the same agency's, signed by the card's own `sign` keys, not created more than a day after `at`

    The caller owes: a person who compared the fingerprint with the agency on another way than the card came.

    Raises:
        ExchangeError: E-TRUST-FORM, E-KEY-FORM, E-ENVELOPE-*, E-SIG, E-SIGNER, E-SIGNATURE-MISSING, E-CARD-OWNER, E-TRUST-FUTURE.
    """
    # 1
    members = parse(file.rstrip(b"\r\n"), limit=LIMIT, code=FORM)
    fields = Fields(members, ("v", "kind", "card", "prekeys"), FORM)
    fields.constant("v", 1)
    fields.constant("kind", KIND)
    envelope = encode(members["card"])
    document = CardDocument.of_bytes(dsse.peek(envelope, TYPE, limit=LIMIT).payload)
    # 2
    payload = dsse.open_envelope(envelope, TYPE, [key for _, key in document.keys], limit=LIMIT)
    # 3
    found = prekeys.open_by_pair(encode(members["prekeys"]), [key for use, key in document.keys if use == "sign"])
    if found.agency != document.agency:
        raise ExchangeError("E-CARD-OWNER", given=str(found.agency), wanted=str(document.agency))
    check_not_future(found.document.created, at)
    return Card(document, dsse.digest(payload), found, file)
