"""Manifest vectors."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

from security import dsse
from security.encoding import time_text
from security.manifest import TYPE
from security.strict_json import Json, encode
from tests.unit.security.sealed_world import NOW, OTHER, SENDER, Agency, header, seal
from tests.vectors.case import Case, binary, payload, trust_line


def case(name: str, expect: str, about: str, data: bytes, *more: tuple[str, str], needs: str = "") -> Case:
    """A manifest's envelope; `more` stands in for the common lines of the same key."""
    return Case(f"manifest-{name}", expect, about, "manifest", (*more, binary("manifest", data)), needs)


def manifests() -> Iterator[Case]:
    edition = seal([payload(20), payload(30)])
    statement, envelope = edition.statement.to_bytes(), edition.envelope

    yield case("ok", "ok", "A snapshot of two chunks.", envelope)
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev=edition.verified.digest)
    yield case(
        "ok-withdrawn", "ok", "A recall: no chunks, the empty tree's root, revision 2, the digest of the one before.", recall.envelope
    )
    yield from _spellings(envelope)
    yield from _signatures(statement, envelope)
    yield from _fields(statement)
    yield from _judged(statement, envelope)


def _spellings(envelope: bytes) -> Iterator[Case]:
    parts = json.loads(envelope)
    one, two = parts["signatures"]

    def with_(*signatures: dict[str, Json]) -> bytes:
        return encode({**parts, "signatures": list(signatures)})

    form = "E-ENVELOPE-FORM"
    yield case("newline", form, "A line feed behind the envelope: another spelling of the same statement.", envelope + b"\n")
    yield case("blank", form, "A blank after a colon.", envelope.replace(b'"payload":', b'"payload": '))
    yield case("escaped-solidus", form, "\\/ for / in the payload type.", envelope.replace(b"application/", b"application\\/"))
    yield case("more-fields", form, "A field that DSSE does not have.", envelope[:-1] + b',"v":1}')
    yield case("name-twice", form, "The name signatures twice.", envelope[:-1] + b',"signatures":[]}')
    yield case("byte-order-mark", form, "A byte order mark in front.", b"\xef\xbb\xbf" + envelope)
    yield case("no-signature", form, "No signature at all.", with_())
    yield case("unsorted", form, "Key names descending.", with_(two, one))
    yield case("doubled", form, "One signature twice.", with_(one, one, two))
    last = {"Q": "R", "g": "h", "w": "x", "A": "B"}
    ed = next(item for item in (one, two) if len(base64.b64decode(item["sig"])) == 64)
    body = ed["sig"].rstrip("=")
    changed = {**ed, "sig": body[:-1] + last[body[-1]] + "=="}
    yield case("base64-bits", form, "A set bit behind the end of a signature's base64: plain decoders do not see it.",
               with_(*(changed if item is ed else item for item in (one, two))))  # fmt: skip


def _signatures(statement: bytes, envelope: bytes) -> Iterator[Case]:
    ed, ml = SENDER.signers
    parts = json.loads(envelope)

    def flipped(length: int) -> bytes:
        changed: list[Json] = []
        for item in parts["signatures"]:
            raw = bytearray(base64.b64decode(item["sig"]))
            raw[5] ^= 1 if len(raw) == length else 0
            changed.append({**item, "sig": base64.b64encode(raw).decode()})
        return encode({**parts, "signatures": changed})

    receipt = dsse.sign_envelope("application/vnd.cx.receipt+json", statement, SENDER.signers)
    yield case("type", "E-ENVELOPE-TYPE", "Signed as a receipt, offered as a manifest.", receipt)
    yield case("type-renamed", "E-SIG", "Signed as a receipt, then renamed to a manifest.",
               receipt.replace(b"vnd.cx.receipt", b"vnd.cx.manifest"))  # fmt: skip
    yield case("ed25519-changed", "E-SIG", "One bit of the Ed25519 signature changed.", flipped(64))
    yield case("ml-dsa-changed", "E-SIG", "One bit of the ML-DSA-65 signature changed.", flipped(3309), needs="ml-dsa-65")
    other = encode({**json.loads(statement), "trust": 2})
    yield case("payload-changed", "E-SIG", "Another payload under the same signatures.",
               encode({**parts, "payload": base64.b64encode(other).decode()}))  # fmt: skip
    yield case("ed25519-stripped", "E-SIGNATURE-MISSING", "The ML-DSA-65 signature alone.", dsse.sign_envelope(TYPE, statement, [ml]))
    yield case(
        "ml-dsa-stripped", "E-SIGNATURE-MISSING", "The Ed25519 signature alone: a downgrade.", dsse.sign_envelope(TYPE, statement, [ed])
    )
    yield case("re-attributed", "E-SIGNER", "Signed by housing with its own good keys; from says civil affairs.",
               dsse.sign_envelope(TYPE, statement, OTHER.signers))  # fmt: skip
    yield case("half-signed", "E-SIGNER", "One signature of civil affairs, one of housing.",
               dsse.sign_envelope(TYPE, statement, [ed, OTHER.signers[1]]))  # fmt: skip
    spare = Agency("civil-affairs-spare")
    key = spare.signing[0]
    more = [trust_line(SENDER.id, trusted) for trusted in (*SENDER.signing, key)]
    three = dsse.sign_envelope(TYPE, statement, [*SENDER.signers, spare.signers[0]])
    yield case("three-signatures", "E-ENVELOPE-KEYS", "A third good signature by a second Ed25519 key of the sender.", three, *more)
    rotated = dsse.sign_envelope(TYPE, statement, [spare.signers[0], ml])
    yield case("ok-rotated", "ok", "The sender has two Ed25519 keys in the trust list; one of them signed.", rotated, *more)


def _fields(statement: bytes) -> Iterator[Case]:
    good = json.loads(statement)
    form = "E-MANIFEST-FORM"

    def signed(data: bytes) -> bytes:
        return dsse.sign_envelope(TYPE, data, SENDER.signers)

    def raw(**changed: object) -> bytes:
        """Spelled canonically, whatever the values."""
        return signed(json.dumps({**good, **changed}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())

    yield case("payload-spelling", form, "The payload with blanks after its colons, truly signed.", signed(json.dumps(good).encode()))
    yield case("field-missing", form, "The field trust is missing.", signed(encode({k: v for k, v in good.items() if k != "trust"})))
    yield case("field-too-many", form, "A chunk's i in a manifest.", raw(i=0))
    yield case("version", form, "Version 2.", raw(v=2))
    yield case("boolean", form, "true for the number 1.", raw(v=True))
    yield case("float", form, "1.0 for the number 1.", raw(rev=1.0))
    yield case("negative", form, "A negative number.", raw(trust=-1))
    yield case("integer-too-large", form, "2^53, which some readers round.", raw(trust=2**53))
    yield case("digest-upper-case", form, "A digest in capitals.", raw(contract=good["contract"].upper()))
    yield case(
        "kid-blank", form, "A key name with a blank, which lax hex decoders skip.", raw(to=[{**good["to"][0], "kid": " " * 2 + "0" * 30}])
    )
    yield case("two-recipients", form, "Two recipients in one edition.", raw(to=good["to"] * 2))
    yield case("no-recipient", form, "No recipient.", raw(to=[]))
    yield case("time", form, "A time with an offset instead of Z.", raw(created="2023-04-03T09:05:00+00:00"))
    yield case("no-such-day", form, "The thirtieth of February.", raw(created="2023-02-30T09:05:00Z"))
    yield case("no-such-month", form, "Month 13 as period.", raw(period="2023-13"))
    yield case("bidi", form, "A character that turns the direction of writing, in the purpose.", raw(purpose="审\u202e核"))
    yield case("kind", form, "A kind that is not there.", raw(kind="full"))
    yield case("no-chunks", form, "A snapshot without chunks; an empty month has one.", raw(tree={**good["tree"], "size": 0}))
    yield case("withdrawn-with-chunks", form, "A recall with chunks.", raw(kind="withdrawn", rev=2, seq=2, prev="ab" * 32))
    yield case("first-with-prev", form, "The first of a chain names one before it.", raw(prev="ab" * 32))
    yield case("second-without-prev", form, "The second of a chain names none before it.", raw(seq=2))
    yield case("county", "E-HEADER-FIELD", "A county that is neither the sender's nor the recipient's.", raw(county="990199"))
    yield case("never-expires", "E-HEADER-FIELD", "Valid for ten years.", raw(expires="2033-04-03T09:05:00Z"))
    yield case("expires-at-once", "E-HEADER-FIELD", "Expired when made.", raw(expires=good["created"]))


def _judged(statement: bytes, envelope: bytes) -> Iterator[Case]:
    expires = NOW + timedelta(days=400)
    suite = dsse.sign_envelope(TYPE, encode({**json.loads(statement), "suite": 2}), SENDER.signers)
    yield case("suite", "E-SUITE", "Suite 2 where the feed allows 1.", suite)
    yield case("future", "E-MANIFEST-FUTURE", "A day and a second ahead of the reader's clock.", envelope,
               ("at", time_text(NOW - timedelta(hours=24, seconds=1))))  # fmt: skip
    yield case("ok-clock", "ok", "Exactly a day ahead of the reader's clock.", envelope, ("at", time_text(NOW - timedelta(hours=24))))
    yield case("expired", "E-MANIFEST-EXPIRED", "Read in the second of expiry.", envelope, ("at", time_text(expires)))
    yield case("ok-last-second", "ok", "Read in the second before expiry.", envelope, ("at", time_text(expires - timedelta(seconds=1))))
    yield case("recipient", "E-RECIPIENT", "Delivered to housing, addressed to education.", envelope, ("me", str(OTHER.id)))
