"""The recipient's signed answer to one edition (docs/spec/receipt.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import dsse, encoding
from security.header import MAX_CHUNKS, MAX_REVISION
from security.keys import Algorithm, Signer
from security.manifest import SigningKeys, VerifiedManifest
from security.package_leaves import VerifiedLeaves, tree_of
from security.receipt_reason import REASONS
from security.strict_json import MAX_INTEGER, Json, encode, is_showable, parse
from security.strict_json_reader import Fields

TYPE = "application/vnd.cx.receipt+json"
VERSION = 1
MAX_PAYLOAD = 16_384
MAX_LISTED = 20
"""Chunks a receipt lists one by one; past that it gives the root, so that it always fits one QR code (2,953 B)."""
MAX_REASONS = 20
SIGNED_WITH: tuple[Algorithm, ...] = ("ed25519",)
FIELDS = (
    "v", "edition", "rev", "manifest", "by", "kid", "stage", "chunks", "result", "reasons", "opened", "records", "refused",
    "seen", "trust", "software", "at", "prev",
)  # fmt: skip

Stage = Literal["received", "loaded"]
Result = Literal["accepted", "rejected"]
Reason = tuple[int | None, str]
"""(chunk index, or None about the edition; word of `receipt_reason.REASONS`)."""
_FORM = "E-RECEIPT-FORM"


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint of the sender's ledger that the recipient holds: it makes the recipient a witness."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the recipient says about one edition.

    Attributes:
        manifest: digest of the manifest answered.
        by: the recipient; `kid` its wrap key that the edition was sealed to.
        stage: `received`, bytes verified; `loaded`, rows committed to the recipient's own table.
        chunks: SHA-256 of every chunk in order where there are at most 20, else the tree's root alone; 64 hex digits each.
            `chunks_of` makes it.
        result: accepted or rejected, as a whole.
        reasons: why rejected: ascending, an edition's reason first, none twice.
        opened: chunks opened; `records`: rows loaded; `refused`: rows that did not fit the contract. Counts only.
        trust: version of the trust list used; `software`: name and version; `at`: the time claimed.
        prev: digest of the recipient's own previous receipt to this sender, None for the first: a gap shows.

    Raises:
        ExchangeError: E-RECEIPT-FORM, values that do not fit each other.
    """

    edition: str
    revision: int
    manifest: str
    by: AgencyId
    kid: str
    stage: Stage
    chunks: tuple[str, ...] | str
    result: Result
    reasons: tuple[Reason, ...] = ()
    opened: int = 0
    records: int = 0
    refused: int = 0
    seen: Seen | None = None
    trust: int
    software: str
    at: datetime
    prev: str | None

    def __post_init__(self) -> None:
        for field, holds in (*_word_laws(self), *_count_laws(self)):
            if not holds:
                raise ExchangeError(_FORM, why=f"field {field}")

    def to_bytes(self) -> bytes:
        """The payload: canonical JSON."""
        seen = self.seen
        chunks: Json = self.chunks if isinstance(self.chunks, str) else [[i, digest] for i, digest in enumerate(self.chunks)]
        return encode(
            {
                "v": VERSION,
                "edition": self.edition,
                "rev": self.revision,
                "manifest": self.manifest,
                "by": str(self.by),
                "kid": self.kid,
                "stage": self.stage,
                "chunks": chunks,
                "result": self.result,
                "reasons": [[index, word] for index, word in self.reasons],
                "opened": self.opened,
                "records": self.records,
                "refused": self.refused,
                "seen": None if seen is None else {"origin": seen.origin, "size": seen.size, "root": seen.root},
                "trust": self.trust,
                "software": self.software,
                "at": encoding.time_text(self.at),
                "prev": self.prev,
            }
        )

    @classmethod
    def of_bytes(cls, payload: bytes) -> Receipt:
        """The inverse of `to_bytes`; nothing is verified.

        Raises:
            ExchangeError: E-RECEIPT-FORM.
        """
        fields = Fields(parse(payload, limit=MAX_PAYLOAD, code=_FORM), FIELDS, _FORM)
        fields.constant("v", VERSION)
        return cls(
            edition=fields.text("edition"),
            revision=fields.integer("rev", 1),
            manifest=fields.digest("manifest"),
            by=fields.agency("by"),
            kid=fields.match("kid", encoding.KID),
            stage="loaded" if fields.one_of("stage", ("received", "loaded")) == "loaded" else "received",
            chunks=_chunks(fields),
            result="rejected" if fields.one_of("result", ("accepted", "rejected")) == "rejected" else "accepted",
            reasons=tuple(_reason(item, fields) for item in fields.items("reasons", MAX_REASONS)),
            opened=fields.integer("opened", 0),
            records=fields.integer("records", 0),
            refused=fields.integer("refused", 0),
            seen=_seen(fields),
            trust=fields.integer("trust", 0),
            software=fields.text("software"),
            at=fields.time("at"),
            prev=fields.digest_or_null("prev"),
        )


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What `verify` returns; nothing else makes one. `digest`: SHA-256 of the payload, 64 hex digits."""

    receipt: Receipt
    digest: str
    envelope: bytes
    signed_by: str


def chunks_of(leaves: VerifiedLeaves) -> tuple[str, ...] | str:
    """What a receipt says in `chunks` about an edition whose package was verified."""
    if len(leaves.digests) > MAX_LISTED:
        return tree_of(leaves.digests).root().hex()
    return tuple(digest.hex() for digest in leaves.digests)


def sign(receipt: Receipt, signer: Signer) -> bytes:
    """The envelope, signed by the recipient's Ed25519 key alone, so that it can be printed. 25 µs, 1 kB for one chunk.

    Raises:
        ExchangeError: E-SIGNATURE-MISSING, the signer is of another algorithm.
    """
    if signer.alg not in SIGNED_WITH:
        raise ExchangeError("E-SIGNATURE-MISSING", alg=SIGNED_WITH[0], signer=str(receipt.by))
    return dsse.sign_envelope(TYPE, receipt.to_bytes(), [signer])


def verify(envelope: bytes, manifest: VerifiedManifest, keys: SigningKeys) -> VerifiedReceipt:
    """The recipient's answer to that edition.

    1. an envelope of the receipt's type, in its one spelling
    2. a payload with exactly the receipt's fields, canonical, values that fit each other
    3. about this manifest: digest, edition and revision
    4. by the recipient that the manifest names, about the key that it names
    5. the signing key is one that the trust list gives to `by`, for signing, valid at the receipt's `at`; one Ed25519 signature
    6. it holds
    7. the chunks answered for are the manifest's, all of them; `loaded` means that all were opened

    The caller owes: that the receipt is not an older one brought again (`prev` chain, stage does not go back), and comparing
    `seen` with its own ledger by a consistency proof. `at` is the signer's claim. Needs no plaintext, no network, no clock.

    Raises:
        ExchangeError: E-ENVELOPE-FORM, E-ENVELOPE-TYPE, E-RECEIPT-FORM, E-RECEIPT-OTHER, E-RECEIPT-BY, E-SIGNER,
            E-SIGNATURE-MISSING, E-ENVELOPE-KEYS, E-SIG, E-RECEIPT-CHUNKS.
    """
    seen = dsse.peek(envelope, TYPE)  # 1
    receipt, edition = Receipt.of_bytes(seen.payload), manifest.manifest.header  # 2
    if (receipt.manifest, receipt.edition, receipt.revision) != (manifest.digest, edition.edition, edition.revision):  # 3
        raise ExchangeError("E-RECEIPT-OTHER")
    if (receipt.by, receipt.kid) != (edition.recipient, edition.recipient_kid):  # 4
        raise ExchangeError("E-RECEIPT-BY", by=str(receipt.by), to=str(edition.recipient))
    required = dsse.choose(seen.key_ids, keys(receipt.by, receipt.at), SIGNED_WITH, str(receipt.by))  # 5
    payload = dsse.open_envelope(envelope, TYPE, required)  # 6
    if not _covers(receipt, manifest):  # 7
        raise ExchangeError("E-RECEIPT-CHUNKS")
    return VerifiedReceipt(receipt, dsse.digest(payload), envelope, required[0].kid)


def _covers(receipt: Receipt, manifest: VerifiedManifest) -> bool:
    size, chunks = manifest.manifest.size, receipt.chunks
    if isinstance(chunks, str):
        whole = size > MAX_LISTED and chunks == manifest.manifest.root
    else:
        whole = len(chunks) == size and tree_of([bytes.fromhex(digest) for digest in chunks]).root().hex() == manifest.manifest.root
    opened = receipt.opened == size if receipt.stage == "loaded" else receipt.opened <= size
    return whole and opened and all(index is None or index < size for index, _ in receipt.reasons)


def _word_laws(receipt: Receipt) -> tuple[tuple[str, bool], ...]:
    chunks = receipt.chunks
    digests = (chunks,) if isinstance(chunks, str) else chunks
    seen = receipt.seen
    return (
        ("edition", encoding.EDITION.fullmatch(receipt.edition) is not None),
        ("rev", 1 <= receipt.revision <= MAX_REVISION),
        ("manifest", encoding.DIGEST.fullmatch(receipt.manifest) is not None),
        ("kid", encoding.KID.fullmatch(receipt.kid) is not None),
        ("chunks", isinstance(chunks, str) or len(chunks) <= MAX_LISTED),
        ("chunks", all(encoding.DIGEST.fullmatch(digest) for digest in digests)),
        ("seen", seen is None or (is_showable(seen.origin, 200) and 0 <= seen.size <= MAX_INTEGER)),
        ("seen", seen is None or encoding.DIGEST.fullmatch(seen.root) is not None),
        ("software", is_showable(receipt.software, 60)),
        ("prev", receipt.prev is None or encoding.DIGEST.fullmatch(receipt.prev) is not None),
        ("at", _is_time(receipt.at)),
    )


def _count_laws(receipt: Receipt) -> tuple[tuple[str, bool], ...]:
    reasons = receipt.reasons
    order = [(-1 if index is None else index, word) for index, word in reasons]
    accepted, loaded = receipt.result == "accepted", receipt.stage == "loaded"
    counts = (receipt.opened, receipt.records, receipt.refused, receipt.trust)
    return (
        ("stage", receipt.stage in ("received", "loaded")),
        ("result", receipt.result in ("accepted", "rejected") and (accepted or not loaded)),
        ("reasons", bool(reasons) != accepted and len(reasons) <= MAX_REASONS),
        ("reasons", all(word in REASONS for _, word in reasons) and order == sorted(set(order))),
        ("reasons", all(index is None or 0 <= index < MAX_CHUNKS for index, _ in reasons)),
        ("opened", all(type(count) is int and 0 <= count <= MAX_INTEGER for count in counts)),
        ("opened", receipt.opened == 0 or loaded or not accepted),
        ("records", receipt.records == 0 or loaded),
        ("refused", receipt.refused == 0 or not accepted),
    )


def _is_time(value: datetime) -> bool:
    try:
        encoding.time_text(value)
    except ValueError:
        return False
    return True


def _chunks(fields: Fields) -> tuple[str, ...] | str:
    if fields.is_text("chunks"):
        return fields.digest("chunks")
    digests: list[str] = []
    for place, item in enumerate(fields.items("chunks", MAX_LISTED)):
        match item:
            case [int(index), str(digest)] if type(index) is int and index == place:
                digests.append(digest)
            case _:
                raise fields.wrong("chunks")
    return tuple(digests)


def _reason(item: Json, fields: Fields) -> Reason:
    match item:
        case [None, str(word)]:
            return None, word
        case [int(index), str(word)] if type(index) is int:
            return index, word
        case _:
            raise fields.wrong("reasons")


def _seen(fields: Fields) -> Seen | None:
    if fields.is_null("seen"):
        return None
    seen = fields.members("seen", ("origin", "size", "root"))
    return Seen(seen.text("origin"), seen.integer("size", 0), seen.digest("root"))
