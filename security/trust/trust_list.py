"""The county's trust list (信任名单): every agency's keys, issued anew at least monthly by the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import dsse, encoding
from security.keys import PublicKey, Signer
from security.strict_json import encode, parse
from security.strict_json_reader import Fields
from security.trust.entry import Entry, Use
from security.trust.role import FORM, open_by
from security.trust.root import Root, check_not_future

TYPE = "application/vnd.cx.trust-list+json"
LIFETIME = timedelta(days=35)
"""Longest validity for publishing: a month, and days to notice."""
MAX_ENTRIES = 4096
LIMIT = 16 << 20
"""Bytes of a list's envelope; 4096 ML-DSA-65 keys need 16 MiB in base64 twice, a county some 40 kB."""
_FIELDS = ("v", "county", "root", "version", "created", "expires", "entries")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustListDocument:
    """What a trust list says.

    Attributes:
        root: digest of the root whose registry signs it.
        version: +1 with each list under one root; starts anew with a new root.
        entries: ascending by kid.

    Raises:
        ExchangeError: E-TRUST-FORM, E-TRUST-KEY.
    """

    county: str
    root: str
    version: int
    created: datetime
    expires: datetime
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        kids = [entry.key.kid for entry in self.entries]
        if not self.created < self.expires <= self.created + LIFETIME:
            raise ExchangeError(FORM, why="field expires")
        for before, kid in pairwise(kids):
            if before >= kid:
                raise ExchangeError("E-TRUST-KEY", kid=kid, why="order, or there twice")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON."""
        return encode(
            {
                "v": 1,
                "county": self.county,
                "root": self.root,
                "version": self.version,
                "created": encoding.time_text(self.created),
                "expires": encoding.time_text(self.expires),
                "entries": [entry.wire() for entry in self.entries],
            }
        )

    @classmethod
    def of_bytes(cls, payload: bytes) -> TrustListDocument:
        """The inverse of `to_bytes`; nothing is verified."""
        fields = Fields(parse(payload, limit=LIMIT, code=FORM), _FIELDS, FORM)
        fields.constant("v", 1)
        return cls(
            county=fields.match("county", encoding.COUNTY),
            root=fields.digest("root"),
            version=fields.integer("version", 1),
            created=fields.time("created"),
            expires=fields.time("expires"),
            entries=tuple(Entry.read(item) for item in fields.items("entries", MAX_ENTRIES)),
        )


@dataclass(frozen=True, slots=True)
class TrustList:
    """A verified trust list; `verify` makes it.

    Attributes:
        digest: SHA-256 of the payload, 64 hex digits.
        envelope: the bytes as received.
        root_version: of the root it stands under.
    """

    document: TrustListDocument
    digest: str
    envelope: bytes
    root_version: int

    @property
    def version(self) -> int:
        return self.document.version

    @property
    def rank(self) -> tuple[int, int]:
        """What may only grow: root version, list version. A new root starts the count anew (TUF's answer to fast-forward)."""
        return self.root_version, self.document.version

    def entry(self, kid: str) -> Entry | None:
        """The entry of a key name."""
        return next((entry for entry in self.document.entries if entry.key.kid == kid), None)

    def agencies(self) -> tuple[AgencyId, ...]:
        """All owners, sorted."""
        return tuple(sorted({entry.owner for entry in self.document.entries}))

    def keys_for(self, owner: AgencyId, use: Use, at: datetime) -> tuple[PublicKey, ...]:
        """The owner's keys of that use, inside their validity at `at`, not revoked (whenever that was)."""
        return tuple(e.key for e in self.document.entries if e.owner == owner and e.use == use and e.within(at) and e.revoked is None)

    def signing_keys(self, owner: AgencyId, at: datetime, /) -> tuple[PublicKey, ...]:
        """`keys_for` with use `sign`: what manifest.verify and receipt.verify ask for."""
        return self.keys_for(owner, "sign", at)

    def keys_even_if_revoked(self, owner: AgencyId, use: Use, at: datetime) -> tuple[PublicKey, ...]:
        """As `keys_for`, revoked ones included.

        The caller owes proof that what they signed was in a ledger before the list that revokes them was: times inside a document
        are its signer's word, and a thief signs with any.
        """
        return tuple(e.key for e in self.document.entries if e.owner == owner and e.use == use and e.within(at))

    def is_revoked(self, kid: str) -> bool:
        """Whether the list revokes that key, a wrap key of a prekey document for instance."""
        entry = self.entry(kid)
        return entry is not None and entry.revoked is not None

    def check_for_publishing(self, at: datetime) -> None:
        """Return if something may be sent by this list at `at`.

        Raises:
            ExchangeError: E-TRUST-EXPIRED, E-TRUST-FUTURE.
        """
        if at >= self.document.expires:
            raise ExchangeError("E-TRUST-EXPIRED", expires=encoding.time_text(self.document.expires))
        check_not_future(self.document.created, at)


def sign(document: TrustListDocument, signers: Sequence[Signer]) -> bytes:
    """The envelope, signed by registry holders (both keys of each)."""
    return dsse.sign_envelope(TYPE, document.to_bytes(), signers)


def peek(envelope: bytes) -> TrustListDocument:
    """What an envelope says, nothing verified: the root it wants to stand under, its version."""
    return TrustListDocument.of_bytes(dsse.peek(envelope, TYPE, limit=LIMIT).payload)


def verify(envelope: bytes, root: Root, previous: TrustList | None, at: datetime) -> TrustList:
    """A list that stands under `root` and follows `previous`.

    1. size, shape; every key is a key; kids ascending, so none twice
    2. signed by the threshold of the root's registry role
    3. same county; names this root by its digest; created within the root's validity
    4. valid for at most 35 days; not created more than a day after `at`
    5. after `previous`: higher rank; under the same root, created no earlier
    6. after `previous`: a key keeps owner and use; a revoked key is still there, and revoked, until its window has closed

    An expired list is verified all the same: it proves the past. The caller owes `check_for_publishing` before sending.

    Raises:
        ExchangeError: E-TRUST-FORM, E-KEY-FORM, E-TRUST-KEY, E-TRUST-THRESHOLD, E-TRUST-COUNTY, E-TRUST-ROOT, E-TRUST-ROLLBACK,
            E-TRUST-FORK, E-TRUST-FUTURE, E-ENVELOPE-*, E-SIG.
    """
    # 2 before 1: nothing of an unsigned list is looked at
    payload = open_by([root.document.registry], envelope, TYPE, "trust list", LIMIT)
    document = TrustListDocument.of_bytes(payload)
    # 3
    if document.county != root.document.county:
        raise ExchangeError("E-TRUST-COUNTY", given=document.county, wanted=root.document.county)
    if document.root != root.digest:
        raise ExchangeError("E-TRUST-ROOT", given=document.root[:16], pinned=root.digest[:16])
    if not root.document.created <= document.created < root.document.expires:
        raise ExchangeError("E-TRUST-EXPIRED", expires=encoding.time_text(root.document.expires))
    # 4 (the span is a law of the document)
    check_not_future(document.created, at)
    found = TrustList(document, dsse.digest(payload), envelope, root.document.version)
    if previous is not None:
        _follows(found, previous)
    return found


def _follows(found: TrustList, previous: TrustList) -> None:
    # 5
    if found.rank == previous.rank and found.digest != previous.digest:
        raise ExchangeError("E-TRUST-FORK", version=found.version)
    same_root = found.root_version == previous.root_version
    if found.rank < previous.rank or (same_root and found.document.created < previous.document.created):
        raise ExchangeError("E-TRUST-ROLLBACK", given=found.version, known=previous.version)
    # 6
    now = {entry.key.kid: entry for entry in found.document.entries}
    for before in previous.document.entries:
        entry = now.get(before.key.kid)
        if entry is None:
            if before.revoked is not None and before.naf > found.document.created:
                raise ExchangeError("E-TRUST-KEY", kid=before.key.kid, why="a revoked key was dropped")
        elif (entry.owner, entry.use) != (before.owner, before.use):
            raise ExchangeError("E-TRUST-KEY", kid=before.key.kid, why="another owner or use")
        elif before.revoked is not None and entry.revoked != before.revoked:
            raise ExchangeError("E-TRUST-KEY", kid=before.key.kid, why="a revoked key came back")
