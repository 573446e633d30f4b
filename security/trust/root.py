"""The county's root document: who may change the root, and who may sign the trust list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import ExchangeError
from security import dsse, encoding
from security.keys import Signer
from security.strict_json import encode, parse
from security.strict_json_reader import Fields
from security.trust.role import FORM, Role, open_by

TYPE = "application/vnd.cx.root+json"
LIMIT = 1 << 18
"""Bytes of a root's envelope; 16 holders a role need 170 kB."""
LIFETIME = timedelta(days=3653)
"""Longest validity: a root on paper in a safe is renewed by ceremony, not by routine."""
_FIELDS = ("v", "county", "version", "created", "expires", "prev", "root", "registry")


@dataclass(frozen=True, slots=True, kw_only=True)
class RootDocument:
    """What a root says.

    Attributes:
        version: 1, then +1 at each rotation.
        prev: digest of the version before; None for version 1.
        root: who signs roots.
        registry: who signs trust lists.

    Raises:
        ExchangeError: E-TRUST-FORM.
    """

    county: str
    version: int
    created: datetime
    expires: datetime
    prev: str | None
    root: Role
    registry: Role

    def __post_init__(self) -> None:
        kids = [key.kid for role in (self.root, self.registry) for holder in role.holders for key in holder.keys]
        laws = (
            ("version", self.version >= 1 and (self.prev is None) == (self.version == 1)),
            ("expires", self.created < self.expires <= self.created + LIFETIME),
            ("registry", len(set(kids)) == len(kids)),
        )
        for field, holds in laws:
            if not holds:
                raise ExchangeError(FORM, why=f"field {field}")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON."""
        return encode(
            {
                "v": 1,
                "county": self.county,
                "version": self.version,
                "created": encoding.time_text(self.created),
                "expires": encoding.time_text(self.expires),
                "prev": self.prev,
                "root": self.root.wire(),
                "registry": self.registry.wire(),
            }
        )

    @classmethod
    def of_bytes(cls, payload: bytes) -> RootDocument:
        """The inverse of `to_bytes`; nothing is verified."""
        fields = Fields(parse(payload, limit=LIMIT, code=FORM), _FIELDS, FORM)
        fields.constant("v", 1)
        names = ("threshold", "holders")
        return cls(
            county=fields.match("county", encoding.COUNTY),
            version=fields.integer("version", 1),
            created=fields.time("created"),
            expires=fields.time("expires"),
            prev=fields.digest_or_null("prev"),
            root=Role.read(fields.members("root", names)),
            registry=Role.read(fields.members("registry", names)),
        )


@dataclass(frozen=True, slots=True)
class Root:
    """A verified root; `verify` makes it.

    Attributes:
        digest: SHA-256 of the payload, 64 hex digits; what a home pins.
        envelope: the bytes as received.
    """

    document: RootDocument
    digest: str
    envelope: bytes


def sign(document: RootDocument, signers: Sequence[Signer]) -> bytes:
    """The envelope."""
    return dsse.sign_envelope(TYPE, document.to_bytes(), signers)


def verify(envelope: bytes, previous: Root | None, at: datetime) -> Root:
    """A root that signs itself and, if there is one before it, follows that.

    1. shape, sizes; every key is a key (role.key_of)
    2. signed by the threshold of its own root role
    3. after `previous`: same county, version +1, `prev` its digest, signed by the threshold of its root role too
    4. not created more than a day after `at`

    The caller owes, without `previous`: that the digest is the pinned one, or that a person compared its fingerprint. An expired
    root still proves the past; `Trust` refuses new lists under it.

    Raises:
        ExchangeError: E-TRUST-FORM, E-KEY-FORM, E-TRUST-THRESHOLD, E-TRUST-COUNTY, E-TRUST-ROLLBACK, E-TRUST-FORK, E-TRUST-FUTURE,
            E-ENVELOPE-*, E-SIG.
    """
    # 1
    document = RootDocument.of_bytes(dsse.peek(envelope, TYPE, limit=LIMIT).payload)
    # 3
    roles = [document.root]
    if previous is not None:
        before = previous.document
        if document.county != before.county:
            raise ExchangeError("E-TRUST-COUNTY", given=document.county, wanted=before.county)
        if document.version <= before.version:
            raise ExchangeError("E-TRUST-ROLLBACK", given=document.version, known=before.version)
        if document.version != before.version + 1 or document.prev != previous.digest:
            raise ExchangeError("E-TRUST-FORK", version=document.version)
        roles.append(before.root)
    # 2, 3
    payload = open_by(roles, envelope, TYPE, "root", LIMIT)
    # 4
    check_not_future(document.created, at)
    return Root(document, dsse.digest(payload), envelope)


def check_not_future(created: datetime, at: datetime) -> None:
    """A day of tolerance: a computer that takes local time for UTC is 8 h off, one on yesterday's date 24.

    Raises:
        ExchangeError: E-TRUST-FUTURE.
    """
    if created > at + timedelta(days=1):
        raise ExchangeError("E-TRUST-FUTURE", created=encoding.time_text(created))
