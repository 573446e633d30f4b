"""The signed statement of one edition: what it is, how many chunks, the tree over them (docs/spec/manifest.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import dsse, encoding
from security.header import EDITION_FIELDS, MAX_CHUNKS, ChunkHeader, EditionHeader
from security.keys import Algorithm, PublicKey, Signer
from security.log.merkle import EMPTY_ROOT
from security.strict_json import MAX_INTEGER, encode, parse
from security.strict_json_reader import Fields
from security.suite import SUITE

TYPE = "application/vnd.cx.manifest+json"
MAX_PAYLOAD = 16_384
SIGNED_WITH: tuple[Algorithm, ...] = ("ed25519", "ml-dsa-65")
CLOCK_TOLERANCE = timedelta(hours=24)
"""How far in the future `created` may lie: a computer that takes local time for UTC is 8 h off, one on yesterday's date 24."""
TREE_ALG = "rfc9162-sha256"
LEAF = "sha256(chunk)"

Kind = Literal["snapshot", "increment", "event", "withdrawn"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS = (*EDITION_FIELDS, "kind", "suite", "tree", "leaf", "prev", "trust")
_FORM = "E-MANIFEST-FORM"


class SigningKeys(Protocol):
    """The trust list's answer to "who may sign for `owner`": its keys with use `sign`, inside their validity at `at`."""

    def __call__(self, owner: AgencyId, at: datetime, /) -> Sequence[PublicKey]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One edition as its sender states it.

    Attributes:
        header: what the chunks' headers repeat.
        kind: what an absent row means; `withdrawn` recalls the edition.
        size: number of chunks, at least one, none if withdrawn.
        root: Merkle root over SHA-256 of each chunk, 64 hex digits.
        prev: digest of the sender's previous manifest of this feed for this recipient; None with sequence 1 alone.
        trust: version of the trust list that the sender used, 0 before it had any.

    Raises:
        ExchangeError: E-MANIFEST-FORM.
    """

    header: EditionHeader
    kind: Kind
    size: int
    root: str
    prev: str | None
    trust: int
    suite: int = SUITE

    def __post_init__(self) -> None:
        withdrawn = self.kind == "withdrawn"
        laws = (
            ("kind", self.kind in KINDS),
            ("suite", type(self.suite) is int and 1 <= self.suite <= 0xFFFF),
            ("tree", type(self.size) is int and (self.size == 0 if withdrawn else 1 <= self.size <= MAX_CHUNKS)),
            ("tree", encoding.DIGEST.fullmatch(self.root) is not None and (self.root == EMPTY_ROOT.hex()) == withdrawn),
            ("rev", not withdrawn or self.header.revision > 1),
            ("prev", (self.prev is None) == (self.header.sequence == 1)),
            ("prev", self.prev is None or encoding.DIGEST.fullmatch(self.prev) is not None),
            ("trust", type(self.trust) is int and 0 <= self.trust <= MAX_INTEGER),
        )
        for field, holds in laws:
            if not holds:
                raise ExchangeError(_FORM, why=f"field {field}")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON."""
        return encode(
            {
                **self.header.wire(),
                "kind": self.kind,
                "suite": self.suite,
                "tree": {"alg": TREE_ALG, "size": self.size, "root": self.root},
                "leaf": LEAF,
                "prev": self.prev,
                "trust": self.trust,
            }
        )

    @classmethod
    def of_bytes(cls, payload: bytes) -> Manifest:
        """The inverse of `to_bytes`; nothing is verified.

        Raises:
            ExchangeError: E-MANIFEST-FORM, E-HEADER-FIELD.
        """
        fields = Fields(parse(payload, limit=MAX_PAYLOAD, code=_FORM), FIELDS, _FORM)
        fields.constant("leaf", LEAF)
        tree = fields.members("tree", ("alg", "size", "root"))
        tree.constant("alg", TREE_ALG)
        return cls(
            header=EditionHeader.read(fields, _FORM),
            kind=_kind(fields),
            size=tree.integer("size", 0, MAX_CHUNKS),
            root=tree.digest("root"),
            prev=fields.digest_or_null("prev"),
            trust=fields.integer("trust", 0),
            suite=fields.integer("suite", 1, 0xFFFF),
        )

    def chunk_header(self, index: int) -> ChunkHeader:
        """The one header that chunk `index` can have."""
        return ChunkHeader(self.header, index, self.size)


@dataclass(frozen=True, slots=True)
class VerifiedManifest:
    """What `verify`, `verify_past` and `of_record` return; nothing else makes one.

    Attributes:
        digest: SHA-256 of the payload, 64 hex digits: the edition's name in receipts, ledger and database.
        envelope: the bytes as received.
        signed_by: names of the keys whose signatures held; none after `of_record`.
    """

    manifest: Manifest
    digest: str
    envelope: bytes
    signed_by: tuple[str, ...]


def sign(manifest: Manifest, signers: Sequence[Signer]) -> bytes:
    """The envelope, signed by the sender's Ed25519 and ML-DSA-65 keys. About 700 µs, 6 kB.

    Raises:
        ExchangeError: E-SIGNATURE-MISSING, not exactly one signer of each.
    """
    for algorithm in SIGNED_WITH:
        if [signer.alg for signer in signers].count(algorithm) != 1 or len(signers) != len(SIGNED_WITH):
            raise ExchangeError("E-SIGNATURE-MISSING", alg=algorithm, signer=str(manifest.header.sender))
    return dsse.sign_envelope(TYPE, manifest.to_bytes(), signers)


def verify(
    envelope: bytes, keys: SigningKeys, at: datetime, me: AgencyId, *, suites: frozenset[int] = frozenset({SUITE})
) -> VerifiedManifest:
    """The manifest of an edition that has just arrived for `me`.

    Steps 1 to 5 are those of `verify_past`, then:
    6. its suite is one of `suites`, those that the feed allows
    7. not from the future by more than a day, and not expired at `at`
    8. addressed to `me`

    The caller owes: a trust list not older than it may be; the feed, contract and schema named are known and allowed between
    these two (`contract` equals the pinned view's digest); the place in the sender's chain (`manifest_chain.place`); that all
    chunks are there (`package.check`); that the key in `to` is its own and alive.

    Raises:
        ExchangeError: as `verify_past`, and E-SUITE, E-MANIFEST-FUTURE, E-MANIFEST-EXPIRED, E-RECIPIENT.
    """
    verified = verify_past(envelope, keys)
    manifest, header = verified.manifest, verified.manifest.header
    if manifest.suite not in suites:  # 6
        raise ExchangeError("E-SUITE", suite=manifest.suite)
    if header.created > at + CLOCK_TOLERANCE:  # 7
        raise ExchangeError("E-MANIFEST-FUTURE", created=encoding.time_text(header.created), sender=str(header.sender))
    if at >= header.expires:
        raise ExchangeError("E-MANIFEST-EXPIRED", expires=encoding.time_text(header.expires))
    if header.recipient != me:  # 8
        raise ExchangeError("E-RECIPIENT", to=str(header.recipient), me=str(me))
    return verified


def verify_past(envelope: bytes, keys: SigningKeys) -> VerifiedManifest:
    """A manifest as evidence: authentic, whatever the day, whoever it was for.

    1. an envelope of the manifest's type, in its one spelling
    2. a payload with exactly the manifest's fields, canonical, values that fit each other
    3. every signing key is one that the trust list gives to `from`, for signing, valid when the manifest was made
    4. one Ed25519 and one ML-DSA-65 signature, neither stripped nor doubled
    5. both hold

    The caller owes everything that depends on today or on who asks: see `verify`. `created` is the signer's claim.

    Raises:
        ExchangeError: E-ENVELOPE-FORM, E-ENVELOPE-TYPE, E-MANIFEST-FORM, E-HEADER-FIELD, E-SIGNER, E-SIGNATURE-MISSING,
            E-ENVELOPE-KEYS, E-SIG.
    """
    seen = dsse.peek(envelope, TYPE)  # 1
    manifest = Manifest.of_bytes(seen.payload)  # 2
    sender, created = manifest.header.sender, manifest.header.created
    required = dsse.choose(seen.key_ids, keys(sender, created), SIGNED_WITH, str(sender))  # 3, 4
    payload = dsse.open_envelope(envelope, TYPE, required)  # 5
    return VerifiedManifest(manifest, dsse.digest(payload), envelope, seen.key_ids)


def of_record(envelope: bytes, digest: str) -> VerifiedManifest:
    """A manifest that the caller's own records name by its digest: as firm as the records, whoever signed and whenever.

    1. an envelope of the manifest's type, in its one spelling
    2. the payload's SHA-256 is the digest on record
    3. a payload with exactly the manifest's fields, canonical, values that fit each other

    The caller owes: that the digest comes from records nobody else writes (its database, held by its ledger), never from a
    message. No signature is looked at; for anything that came in, or goes out as evidence, `verify_past`.

    Raises:
        ExchangeError: E-ENVELOPE-FORM, E-ENVELOPE-TYPE, E-MANIFEST-RECORD (another digest), E-MANIFEST-FORM, E-HEADER-FIELD.
    """
    seen = dsse.peek(envelope, TYPE)  # 1
    if dsse.digest(seen.payload) != digest:  # 2
        raise ExchangeError("E-MANIFEST-RECORD", digest=digest[:16])
    return VerifiedManifest(Manifest.of_bytes(seen.payload), digest, envelope, ())  # 3


def _kind(fields: Fields) -> Kind:
    value = fields.one_of("kind", KINDS)
    return next(kind for kind in KINDS if kind == value)
