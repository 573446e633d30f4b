"""Three agencies of a county that is not there, their keys (from seeds, so the same in every run), and editions between them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from security import chunk, manifest, package, suite
from security.header import EditionHeader
from security.keys import PublicKey, Signer, wrap_private, wrap_public_of_seed
from security.manifest import Kind, Manifest, VerifiedManifest
from security.package_leaves import VerifiedLeaves, tree_of, verify_leaves

COUNTY = "990101"
NOW = datetime(2023, 4, 3, 9, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def seed(label: str) -> bytes:
    return hashlib.sha256(b"synthetic seed: " + label.encode()).digest()


@dataclass(frozen=True)
class Agency:
    """An agency with all its private keys, which only tests have."""

    code: str
    id: AgencyId = field(init=False)
    wrap_seed: bytes = field(init=False)
    ed25519: Ed25519PrivateKey = field(init=False)
    mldsa: MLDSA65PrivateKey = field(init=False)

    def __post_init__(self) -> None:
        for name, value in (
            ("id", AgencyId(COUNTY, self.code)),
            ("wrap_seed", seed(f"{self.code} wrap")),
            ("ed25519", Ed25519PrivateKey.from_private_bytes(seed(f"{self.code} ed25519"))),
            ("mldsa", MLDSA65PrivateKey.from_seed_bytes(seed(f"{self.code} ml-dsa-65"))),
        ):
            object.__setattr__(self, name, value)

    @property
    def wrap_key(self) -> PublicKey:
        return PublicKey.of("x-wing", wrap_public_of_seed(self.wrap_seed))

    @property
    def signing(self) -> tuple[PublicKey, PublicKey]:
        return (
            PublicKey.of("ed25519", self.ed25519.public_key().public_bytes_raw()),
            PublicKey.of("ml-dsa-65", self.mldsa.public_key().public_bytes_raw()),
        )

    @property
    def signers(self) -> tuple[Signer, Signer]:
        one, two = self.signing
        return Signer(one.kid, "ed25519", self.ed25519.sign), Signer(two.kid, "ml-dsa-65", self.mldsa.sign)

    def unwrap(self, kid: str, wrapped: bytes, info: bytes) -> bytes:
        """What its key store does."""
        assert kid == self.wrap_key.kid
        return suite.unwrap(wrap_private(self.wrap_seed), wrapped, info)


SENDER = Agency("civil-affairs")
RECIPIENT = Agency("education")
OTHER = Agency("housing")
AGENCIES = (SENDER, RECIPIENT, OTHER)


def trusted(owner: AgencyId, at: datetime) -> Sequence[PublicKey]:
    """The trust list: everyone's signing keys, valid in 2023."""
    return [key for agency in AGENCIES if agency.id == owner and at.year == 2023 for key in agency.signing]


def header(**changed: object) -> EditionHeader:
    plain = EditionHeader(
        contract=seed("contract").hex(),
        schema=seed("schema").hex(),
        edition="assistance-persons.2023-03.990101.education",
        revision=1,
        sequence=1,
        sender=SENDER.id,
        recipient=RECIPIENT.id,
        recipient_kid=RECIPIENT.wrap_key.kid,
        county=COUNTY,
        feed="assistance-persons",
        period=Period(2023, 3),
        purpose="教育资助资格核对",
        created=NOW,
        expires=NOW + timedelta(days=400),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # tests name fields by keyword


@dataclass(frozen=True)
class Edition:
    """A sealed edition and what was inside."""

    statement: Manifest
    envelope: bytes
    chunks: tuple[bytes, ...]
    payloads: tuple[bytes, ...]

    @property
    def digests(self) -> list[bytes]:
        return [hashlib.sha256(data).digest() for data in self.chunks]

    @property
    def verified(self) -> VerifiedManifest:
        return manifest.verify_past(self.envelope, trusted)

    @property
    def leaves(self) -> VerifiedLeaves:
        return verify_leaves(self.verified, self.digests)

    @property
    def package(self) -> package.Package:
        return package.Package(self.envelope, len(self.chunks), lambda index: self.chunks[index])

    def open(self, index: int, data: bytes | None = None) -> bytes:
        found = self.chunks[index] if data is None else data
        return chunk.open_chunk(found, self.verified, index, self.leaves, RECIPIENT.unwrap)


def seal(payloads: Sequence[bytes], edition: EditionHeader | None = None, *, kind: Kind = "snapshot", prev: str | None = None) -> Edition:
    """An edition from SENDER, sealed to RECIPIENT unless the header says otherwise."""
    chosen = edition or header()
    to = next(agency for agency in AGENCIES if agency.wrap_key.kid == chosen.recipient_kid)
    sender = next(agency for agency in AGENCIES if agency.id == chosen.sender)
    sealer = chunk.Sealer(chosen, max(1, len(payloads)), to.wrap_key, os.urandom)
    chunks = tuple(sealer.seal(index, payload) for index, payload in enumerate(payloads))
    return signed(chosen, chunks, sender, payloads=tuple(payloads), kind=kind, prev=prev)


def signed(
    edition: EditionHeader,
    chunks: Sequence[bytes],
    sender: Agency = SENDER,
    *,
    payloads: tuple[bytes, ...] = (),
    kind: Kind = "snapshot",
    prev: str | None = None,
) -> Edition:
    """A manifest truly signed over whatever bytes: what a dishonest sender, or one with broken software, can do."""
    root = tree_of([hashlib.sha256(data).digest() for data in chunks]).root().hex()
    statement = Manifest(header=edition, kind=kind, size=len(chunks), root=root, prev=prev, trust=1)
    return Edition(statement, manifest.sign(statement, sender.signers), tuple(chunks), payloads)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The block must end in a refusal with one of these codes, whose sentences can be said in both languages."""
    with pytest.raises(ExchangeError) as caught:
        yield
    assert caught.value.code in codes, f"{caught.value.code} instead of {codes}"
    for language in ("zh", "en"):
        assert caught.value.message(language)
        assert caught.value.fix(language)


def code_of(call: Callable[[], object]) -> str | None:
    """The code that the call ends in, None if it passes."""
    try:
        call()
    except ExchangeError as error:
        return error.code
    return None
