"""The tables of one home. No column holds a personal value in the clear: rows live in sealed packages, matching is by HMAC."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

document = Table(  # signed envelopes, by SHA-256 of the payload: manifests, receipts, roots, trust lists, prekeys, cards
    "document",
    metadata,
    Column("digest", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
)

import_ = Table(
    "import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list", String, nullable=False),
    Column("period", String, nullable=False),
    Column("part", Integer, nullable=False),
    Column("state", String, nullable=False),  # current | replaced
    Column("nil", Boolean, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("town", String),  # the one town that a part or a nil report speaks for
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("categories", String, nullable=False),  # JSON: rows by category, accepted and rejected
    Column("fingerprint", String, nullable=False),  # HMAC over the canonical rows, under the period's key
    Column("accepted_package", String),
    Column("rejected_package", String),
    Column("sender", String, nullable=False),
    Column("manifest", String),  # of the edition it came in, where it was collected
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String),
    Index("import_by_month", "period", "list"),
)

area = Table(  # towns and villages of the county, from AREA_TABLE; valid from its period on
    "area",
    metadata,
    Column("period", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

layout = Table(  # what a person confirmed about the headers of one sender's files
    "layout",
    metadata,
    Column("list", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String, nullable=False),
    Column("body", String, nullable=False),  # JSON: headers, and header -> field
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

edition = Table(
    "edition",
    metadata,
    Column("id", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("period", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),  # sealed | posted | received | loaded | rejected | withdrawn
    Column("rows", Integer, nullable=False),
    Column("unconfirmed", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("manifest", String, nullable=False),
    Column("plan", String, nullable=False),  # digest of the plan it carries out
    Column("inputs", String, nullable=False),  # JSON: list -> fingerprint of what went in
    Column("sources", String, nullable=False),  # JSON: state of every source list
    Column("reason", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    UniqueConstraint("feed", "recipient", "seq", name="edition_seq"),
    Index("edition_by_month", "period", "feed", "recipient"),
)

arrival = Table(
    "arrival",
    metadata,
    Column("manifest", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", String),
    Column("sender", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("period", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),  # spooled | received | loaded | rejected
    Column("code", String),
    Column("rows", Integer),
    Column("receipt", String),
    Column("at", String, nullable=False),
    Index("arrival_by_feed", "sender", "feed", "seq"),
)

refusal = Table(  # what could not be authenticated: reported, never answered
    "refusal",
    metadata,
    Column("name", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("code", String, nullable=False),
    Column("at", String, nullable=False),
)

dead_letter = Table(  # what could not be used, by its place on the carrier
    "dead_letter",
    metadata,
    Column("place", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("edition", String, nullable=False),
    Column("at", String, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("number", Integer, primary_key=True),  # order of giving: `prev` of the next one is the last
    Column("digest", String, nullable=False, unique=True),
    Column("direction", String, nullable=False),  # in | out
    Column("manifest", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("party", String, nullable=False),  # who signed it (in), who gets it (out)
    Column("stage", String, nullable=False),
    Column("result", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("posted", Boolean, nullable=False),
    Column("at", String, nullable=False),
    Index("receipt_by_manifest", "manifest"),
)

belief = Table(  # the trust this home has: one row, a whole trust bundle, verified again whenever it is read
    "belief",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

proposal = Table(
    "proposal",
    metadata,
    Column("digest", String, primary_key=True),
    Column("as_of", String, nullable=False),
    Column("period", String, nullable=False),
    Column("package", String, nullable=False),
    Column("counts", String, nullable=False),
    Column("signed", Boolean, nullable=False),  # the list came as the sender's own signed edition
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("proposal", String, primary_key=True),
    Column("side", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("document", String),
    Column("at", String, nullable=False),
)

registration = Table(
    "registration",
    metadata,
    Column("person", String, primary_key=True),  # HMAC of the ID number under the lasting key
    Column("proposal", String, nullable=False),
    Column("package", String, nullable=False),
    Column("row", Integer, nullable=False),
    Column("state", String, nullable=False),  # half | registered
    Column("since", String, nullable=False),
    Column("at", String, nullable=False),
)
