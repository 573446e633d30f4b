"""Prekeys (收件公钥): an agency's X-Wing keys by calendar month of sealing, posted some months ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from security import dsse, encoding
from security.keys import PAIR, PublicKey, Signer
from security.strict_json import Json, encode, parse
from security.strict_json_reader import Fields
from security.trust.role import FORM, key_of, key_wire
from security.trust.root import check_not_future
from security.trust.trust_list import TrustList

TYPE = "application/vnd.cx.prekeys+json"
LIMIT = 1 << 18
MAX_MONTHS = 24
AHEAD = 4
"""Months after the current one for which keys are posted."""
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class PrekeysDocument:
    """What an agency says about its receiving keys.

    Attributes:
        months: month of sealing -> X-Wing key.

    Raises:
        ExchangeError: E-TRUST-FORM, none or too many, one key for two months, or a key that cannot receive.
    """

    agency: AgencyId
    created: datetime
    months: Mapping[Period, PublicKey]

    def __post_init__(self) -> None:
        kids = {key.kid for key in self.months.values()}
        if not 1 <= len(self.months) <= MAX_MONTHS or len(kids) != len(self.months):
            raise ExchangeError(FORM, why="field keys")
        if any(key.alg != "x-wing" for key in self.months.values()):
            raise ExchangeError(FORM, why="field alg")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON, months ascending."""
        keys: list[Json] = []
        for month in sorted(self.months):
            key = key_wire(self.months[month])
            keys.append({"month": str(month), **(key if isinstance(key, dict) else {})})
        return encode({"v": 1, "agency": str(self.agency), "created": encoding.time_text(self.created), "keys": keys})

    @classmethod
    def of_bytes(cls, payload: bytes) -> PrekeysDocument:
        """The inverse of `to_bytes`; nothing is verified."""
        fields = Fields(parse(payload, limit=LIMIT, code=FORM), ("v", "agency", "created", "keys"), FORM)
        fields.constant("v", 1)
        items = [Fields(item, ("month", "kid", "alg", "pub"), FORM) for item in fields.items("keys", MAX_MONTHS)]
        months = [item.period("month") for item in items]
        if months != sorted(set(months)):
            raise fields.wrong("keys")
        keys = {month: key_of(item) for month, item in zip(months, items, strict=True)}
        return cls(fields.agency("agency"), fields.time("created"), keys)


@dataclass(frozen=True, slots=True)
class Prekeys:
    """Verified prekeys; `verify` and card.verify make them."""

    document: PrekeysDocument
    digest: str
    envelope: bytes

    @property
    def agency(self) -> AgencyId:
        return self.document.agency

    def key(self, month: Period) -> PublicKey:
        """The key for sealing in that calendar month.

        Raises:
            ExchangeError: E-PREKEY-NONE.
        """
        found = self.document.months.get(month)
        if found is None:
            raise ExchangeError("E-PREKEY-NONE", agency=self.agency.code, month=str(month))
        return found


def sealing_month(at: datetime) -> Period:
    """The calendar month of `at` in China (UTC+8, no summer time): which wrap key is used, and which `keys destroy` ends."""
    local = at.astimezone(_BEIJING)
    return Period(local.year, local.month)


def sign(document: PrekeysDocument, signers: Sequence[Signer]) -> bytes:
    """The envelope, signed by the agency's Ed25519 and ML-DSA-65 signing keys."""
    return dsse.sign_envelope(TYPE, document.to_bytes(), signers)


def verify(envelope: bytes, trusted: TrustList, previous: Prekeys | None, at: datetime) -> Prekeys:
    """Prekeys of an agency of the trust list.

    1. size, shape; every key is an X-Wing key, one a month
    2. signed by exactly one Ed25519 and one ML-DSA-65 key that the list gives the agency for `sign`, live at `at`
    3. not created more than a day after `at`; not before `previous` of that agency, nor another document of the same second

    The caller owes, before sealing: that the list does not revoke the key (`Trust.recipient_key` sees to it).

    Raises:
        ExchangeError: E-TRUST-FORM, E-KEY-FORM, E-TRUST-AGENCY, E-SIGNER, E-SIGNATURE-MISSING, E-ENVELOPE-*, E-SIG, E-TRUST-FUTURE,
            E-PREKEY-OLD.
    """
    # 1
    document = peek(envelope)
    # 2
    candidates = trusted.signing_keys(document.agency, at)
    if not candidates:
        raise ExchangeError("E-TRUST-AGENCY", agency=document.agency.code)
    found = open_by_pair(envelope, candidates)
    # 3
    check_not_future(document.created, at)
    if previous is not None:
        check_newer(found, previous)
    return found


def verify_stored(envelope: bytes, trusted: TrustList, at: datetime) -> Prekeys:
    """Prekeys out of a trust file or a home's own state: as `verify`, with the signer judged at the document's own date.

    So prekeys outlive the end of their signer's validity window, not its revocation.
    """
    document = peek(envelope)
    candidates = trusted.signing_keys(document.agency, document.created)
    if not candidates:
        raise ExchangeError("E-TRUST-AGENCY", agency=document.agency.code)
    found = open_by_pair(envelope, candidates)
    check_not_future(document.created, at)
    return found


def peek(envelope: bytes) -> PrekeysDocument:
    """What an envelope says, nothing verified: whose it wants to be."""
    return PrekeysDocument.of_bytes(dsse.peek(envelope, TYPE, limit=LIMIT).payload)


def open_by_pair(envelope: bytes, candidates: Sequence[PublicKey]) -> Prekeys:
    """Prekeys signed by one Ed25519 and one ML-DSA-65 key of `candidates`."""
    unverified = dsse.peek(envelope, TYPE, limit=LIMIT)
    document = PrekeysDocument.of_bytes(unverified.payload)
    required = dsse.choose(unverified.key_ids, candidates, PAIR, document.agency.code)
    payload = dsse.open_envelope(envelope, TYPE, required, limit=LIMIT)
    return Prekeys(document, dsse.digest(payload), envelope)


def check_newer(found: Prekeys, previous: Prekeys) -> None:
    """Return if `found` may take the place of `previous` (the same document may).

    Raises:
        ExchangeError: E-PREKEY-OLD.
    """
    older = found.document.created < previous.document.created
    same_second = found.document.created == previous.document.created and found.digest != previous.digest
    if older or same_second:
        raise ExchangeError("E-PREKEY-OLD", agency=found.agency.code)
