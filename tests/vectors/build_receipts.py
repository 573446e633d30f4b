"""Receipt vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from security import dsse
from security.package_leaves import VerifiedLeaves
from security.receipt import TYPE, Receipt, Seen, chunks_of, sign
from security.strict_json import encode
from tests.unit.security.sealed_world import LATER, OTHER, RECIPIENT, SENDER, Edition, header, seal, signed
from tests.vectors.case import Case, binary, payload

REJECTED: dict[str, object] = {"stage": "received", "result": "rejected", "records": 0, "refused": 7,
                               "reasons": ((None, "E-REJECT-CONTRACT"), (1, "E-REJECT-ROWS"))}  # fmt: skip


def answer(edition: Edition, **changed: object) -> Receipt:
    head, verified = edition.statement.header, edition.verified
    plain = Receipt(
        edition=head.edition, revision=head.revision, manifest=verified.digest, by=RECIPIENT.id, kid=RECIPIENT.wrap_key.kid,
        stage="loaded", chunks=chunks_of(VerifiedLeaves(verified.digest, tuple(edition.digests))), result="accepted",
        opened=edition.statement.size, records=50, seen=Seen("ledger.990101/civil-affairs", 4711, "ab" * 32), trust=3,
        software="roster-gateway 0.1.0", at=LATER, prev=None,
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type]  # cases name fields by keyword


def receipts() -> Iterator[Case]:
    edition = seal([payload(20), payload(30)])
    # Digests stand for chunks here; nobody opens them.
    many = signed(header(), [b"chunk %d" % number for number in range(21)])
    good = answer(edition)
    members = json.loads(good.to_bytes())

    def case(name: str, expect: str, about: str, data: bytes, over: Edition = edition) -> Case:
        return Case(f"receipt-{name}", expect, about, "receipt", (binary("manifest", over.envelope), binary("receipt", data)))

    def said(**changed: object) -> bytes:
        return sign(answer(edition, **changed), RECIPIENT.signers[0])

    def raw(**changed: object) -> bytes:
        """Truly signed, whatever it says."""
        data = json.dumps({**members, **changed}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return dsse.sign_envelope(TYPE, data, RECIPIENT.signers[:1])

    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev="ab" * 32)
    yield case("ok-loaded", "ok", "All rows loaded.", said())
    yield case("ok-received", "ok", "Bytes verified, nothing loaded.", said(stage="received", opened=0, records=0))
    yield case("ok-rejected", "ok", "Rejected, with reasons.", said(**REJECTED))
    yield case("ok-bare", "ok", "No checkpoint seen; a receipt before this one.", said(seen=None, prev="cd" * 32))
    yield case("ok-21-chunks", "ok", "Past 20 chunks the root stands for the list.", sign(answer(many), RECIPIENT.signers[0]), many)
    yield case("ok-withdrawn", "ok", "A recall is answered too.", sign(answer(recall, records=0), RECIPIENT.signers[0]), recall)
    yield case("type", "E-ENVELOPE-TYPE", "A manifest offered as a receipt.", edition.envelope)
    yield case("spelling", "E-ENVELOPE-FORM", "A line feed behind the envelope.", said() + b"\n")
    yield case("two-signatures", "E-ENVELOPE-KEYS", "An ML-DSA-65 signature beside the one that is asked for.",
               dsse.sign_envelope(TYPE, good.to_bytes(), RECIPIENT.signers))  # fmt: skip
    yield case("other-algorithm", "E-SIGNATURE-MISSING", "An ML-DSA-65 signature instead.",
               dsse.sign_envelope(TYPE, good.to_bytes(), RECIPIENT.signers[1:]))  # fmt: skip
    yield case("by-the-sender", "E-SIGNER", "The sender signed its own receipt.", sign(good, SENDER.signers[0]))
    claims = {**json.loads(said()), "payload": json.loads(said(records=51))["payload"]}
    yield case("forged", "E-SIG", "Another count under the recipient's signature.", encode(claims))
    yield case("other-edition", "E-RECEIPT-OTHER", "About another manifest.", said(manifest="ab" * 32))
    yield case(
        "other-agency", "E-RECEIPT-BY", "By housing, with housing's good signature.", sign(replace(good, by=OTHER.id), OTHER.signers[0])
    )
    yield case("other-key", "E-RECEIPT-BY", "About another wrap key.", said(kid=OTHER.wrap_key.kid))
    chunks, form = "E-RECEIPT-CHUNKS", "E-RECEIPT-FORM"
    listed = members["chunks"]
    yield case("chunks-swapped", chunks, "The digests swapped.", raw(chunks=[[0, listed[1][1]], [1, listed[0][1]]]))
    yield case("chunks-half", chunks, "One chunk of two.", raw(chunks=listed[:1]))
    yield case("chunks-none", chunks, "No chunk of two.", raw(chunks=[]))
    yield case("chunks-root-of-few", chunks, "The root where the list is asked for.", raw(chunks=edition.statement.root))
    yield case("opened-less", chunks, "Loaded, with one chunk of two opened.", raw(opened=1))
    yield case("chunks-unordered", form, "The list begins with chunk 1.", raw(chunks=listed[::-1]))
    yield case("partial", form, "There is no partial acceptance.", raw(result="partial"))
    yield case("accepted-with-reasons", form, "Accepted, with a reason to reject.", raw(reasons=[[0, "E-REJECT-ROWS"]]))
    yield case("accepted-with-refused", form, "Accepted, with rows refused.", raw(refused=1))
    yield case("rejected-without-reasons", form, "Rejected, without saying why.", raw(result="rejected", stage="received", records=0))
    yield case("rejected-and-loaded", form, "Rejected and loaded.", raw(result="rejected", reasons=[[None, "E-REJECT-ROWS"]], records=0))
    yield case("received-with-records", form, "Nothing loaded, and fifty rows.", raw(stage="received", opened=0))
    yield case("reason-free-text", form, "A reason that is no word of the list.",
               raw(result="rejected", stage="received", records=0, reasons=[[0, "E-OTHER"]]))  # fmt: skip
    yield case("boolean", form, "true for a count.", raw(records=True))
    yield case("field-too-many", form, "A field that could carry a name.", raw(note="x"))
