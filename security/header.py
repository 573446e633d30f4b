"""What every chunk and its manifest say about the edition they belong to, in the same words (docs/spec/chunk.md, "Header")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from security import encoding
from security.strict_json import MAX_INTEGER, Json, encode, is_showable
from security.strict_json_reader import Fields

VERSION = 1
CODEC = "zstd"
PAD = "padme16k"
MAX_CHUNKS = 16_384
"""Chunks of one edition: 8 GiB of sealed rows, and an inclusion path of at most 14 hashes (448 B)."""
MAX_REVISION = 9_999
LIFETIME = timedelta(days=400)
"""Longest span between `created` and `expires`."""
PURPOSE_LENGTH = 200

EDITION_FIELDS = (
    "v", "contract", "schema", "edition", "rev", "seq", "from", "to", "county", "feed", "period", "purpose",
    "codec", "pad", "created", "expires",
)  # fmt: skip
CHUNK_FIELDS = (*EDITION_FIELDS, "i", "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionHeader:
    """The fields that a manifest and all chunks of its edition share.

    Attributes:
        contract: digest of the view (64 hex).
        schema: SHA-256 of the Avro parsing canonical form of the view's schema (64 hex).
        edition: name of the edition without its revision, `[a-z0-9][a-z0-9.-]{0,127}`; nothing about persons.
        revision: 1 for the first, +1 for each correction; a recall is a revision.
        sequence: 1, 2, 3 … without a hole per (sender, feed, recipient).
        recipient_kid: the X-Wing key the chunks are sealed to.
        county: six digits, the sender's or the recipient's county: whose people these are.
        purpose: why the recipient may have this, 1…200 characters.
        created, expires: whole seconds in UTC, at most 400 days apart.

    Raises:
        ExchangeError: E-HEADER-FIELD, a value is outside what the wire can carry.
    """

    contract: str
    schema: str
    edition: str
    revision: int
    sequence: int
    sender: AgencyId
    recipient: AgencyId
    recipient_kid: str
    county: str
    feed: str
    period: Period
    purpose: str
    created: datetime
    expires: datetime

    def __post_init__(self) -> None:
        _check_text(self)
        _within("rev", self.revision, 1, MAX_REVISION)
        _within("seq", self.sequence, 1, MAX_INTEGER)
        if self.county not in (self.sender.county, self.recipient.county):
            raise ExchangeError("E-HEADER-FIELD", field="county")
        _time("created", self.created)
        _time("expires", self.expires)
        if not self.created < self.expires <= self.created + LIFETIME:
            raise ExchangeError("E-HEADER-FIELD", field="expires")

    def wire(self) -> dict[str, Json]:
        """The JSON members of the shared fields."""
        return {
            "v": VERSION,
            "contract": self.contract,
            "schema": self.schema,
            "edition": self.edition,
            "rev": self.revision,
            "seq": self.sequence,
            "from": str(self.sender),
            "to": [{"id": str(self.recipient), "kid": self.recipient_kid}],
            "county": self.county,
            "feed": self.feed,
            "period": str(self.period),
            "purpose": self.purpose,
            "codec": CODEC,
            "pad": PAD,
            "created": encoding.time_text(self.created),
            "expires": encoding.time_text(self.expires),
        }

    @classmethod
    def read(cls, fields: Fields, code: str) -> EditionHeader:
        """The shared fields out of a parsed document.

        Raises:
            ExchangeError: `code` for a wrong shape, E-HEADER-FIELD for values that do not fit each other.
        """
        fields.constant("v", VERSION)
        fields.constant("codec", CODEC)
        fields.constant("pad", PAD)
        to = fields.items("to", 1)
        if len(to) != 1:
            raise fields.wrong("to")
        recipient = Fields(to[0], ("id", "kid"), code)
        return cls(
            contract=fields.digest("contract"),
            schema=fields.digest("schema"),
            edition=fields.match("edition", encoding.EDITION),
            revision=fields.integer("rev", 1, MAX_REVISION),
            sequence=fields.integer("seq", 1),
            sender=fields.agency("from"),
            recipient=recipient.agency("id"),
            recipient_kid=recipient.match("kid", encoding.KID),
            county=fields.match("county", encoding.COUNTY),
            feed=fields.match("feed", encoding.FEED),
            period=fields.period("period"),
            purpose=fields.text("purpose", PURPOSE_LENGTH),
            created=fields.time("created"),
            expires=fields.time("expires"),
        )


@dataclass(frozen=True, slots=True)
class ChunkHeader:
    """The header of chunk `index` (from 0) of `total`."""

    edition: EditionHeader
    index: int
    total: int

    def __post_init__(self) -> None:
        _within("n", self.total, 1, MAX_CHUNKS)
        _within("i", self.index, 0, self.total - 1)

    def to_bytes(self) -> bytes:
        """Canonical JSON, about 600 B."""
        return encode({**self.edition.wire(), "i": self.index, "n": self.total})


class HeaderTemplate:
    """The headers of all chunks of an edition: they differ in `i` alone, so the rest is encoded once."""

    __slots__ = ("_after", "_before", "_total")

    def __init__(self, edition: EditionHeader, total: int) -> None:
        members: dict[str, Json] = {**edition.wire(), "n": ChunkHeader(edition, 0, total).total}
        before = encode({name: value for name, value in members.items() if name < "i"})
        after = encode({name: value for name, value in members.items() if name > "i"})
        self._before, self._after, self._total = before[:-1] + b',"i":', b"," + after[1:], total

    def at(self, index: int) -> bytes:
        """`ChunkHeader(edition, index, total).to_bytes()`, in 1 µs.

        Raises:
            ExchangeError: E-HEADER-FIELD, no such index.
        """
        _within("i", index, 0, self._total - 1)
        return b"%b%d%b" % (self._before, index, self._after)


def _check_text(header: EditionHeader) -> None:
    patterns: tuple[tuple[str, str, re.Pattern[str]], ...] = (
        ("contract", header.contract, encoding.DIGEST),
        ("schema", header.schema, encoding.DIGEST),
        ("edition", header.edition, encoding.EDITION),
        ("to", header.recipient_kid, encoding.KID),
        ("county", header.county, encoding.COUNTY),
        ("feed", header.feed, encoding.FEED),
    )
    for field, value, pattern in patterns:
        if not pattern.fullmatch(value):
            raise ExchangeError("E-HEADER-FIELD", field=field)
    if not is_showable(header.purpose, PURPOSE_LENGTH):
        raise ExchangeError("E-HEADER-FIELD", field="purpose")


def _within(field: str, value: int, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise ExchangeError("E-HEADER-FIELD", field=field)


def _time(field: str, value: datetime) -> None:
    try:
        encoding.time_text(value)
    except ValueError:
        raise ExchangeError("E-HEADER-FIELD", field=field) from None
