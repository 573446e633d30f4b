"""Receipts: what a recipient can be held to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.catalogue import entries
from security import dsse, receipt
from security.receipt import MAX_LISTED, TYPE, Receipt, Seen, chunks_of, sign, verify
from security.receipt_reason import REASONS, reason_of
from security.strict_json import Json, encode
from tests.unit.security.sealed_world import LATER, OTHER, RECIPIENT, SENDER, Edition, code_of, header, refused, seal, trusted

EDITION = seal([b"first", b"second"])


def answer(edition: Edition = EDITION, /, **changed: object) -> Receipt:
    plain = Receipt(
        edition=edition.statement.header.edition,
        revision=edition.statement.header.revision,
        manifest=edition.verified.digest,
        by=RECIPIENT.id,
        kid=RECIPIENT.wrap_key.kid,
        stage="loaded",
        chunks=chunks_of(edition.leaves),
        result="accepted",
        opened=edition.statement.size,
        records=812,
        seen=Seen("ledger.990101/civil-affairs", 4711, "ab" * 32),
        trust=3,
        software="roster-gateway 0.1.0",
        at=LATER,
        prev=None,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # tests name fields by keyword


REJECTED: dict[str, object] = {
    "stage": "received",
    "result": "rejected",
    "records": 0,
    "opened": 1,
    "reasons": ((None, "E-REJECT-CONTRACT"), (0, "E-REJECT-ROWS"), (1, "E-REJECT-CONTENT")),
    "refused": 7,
}
RECEIVED: dict[str, object] = {"stage": "received", "opened": 0, "records": 0}
CHANGED_NAMES: list[dict[str, object]] = [{"manifest": "ab" * 32}, {"edition": "assistance-persons.2023-02"}, {"revision": 2}]
ENVELOPE = sign(answer(), RECIPIENT.signers[0])


def resigned(**changed: Json) -> bytes:
    """A changed receipt with the recipient's true signature."""
    payload = {**json.loads(answer().to_bytes()), **changed}
    return dsse.sign_envelope(TYPE, encode(payload), RECIPIENT.signers[:1])


@pytest.mark.parametrize(
    "changed", [{}, REJECTED, RECEIVED, {"seen": None, "prev": "cd" * 32}], ids=["loaded", "rejected", "received", "bare"]
)
def test_a_receipt_is_verified(changed: dict[str, object]) -> None:
    said = answer(**changed)
    found = verify(sign(said, RECIPIENT.signers[0]), EDITION.verified, trusted)
    assert found.receipt == said
    assert found.digest == dsse.digest(said.to_bytes())
    assert found.signed_by == RECIPIENT.signing[0].kid


def test_an_unchanged_receipt_is_the_same_bytes() -> None:
    """Ed25519 is deterministic: asked again, the recipient cannot help giving the same answer."""
    assert sign(answer(), RECIPIENT.signers[0]) == ENVELOPE


def test_a_receipt_of_up_to_20_chunks_and_of_a_hundred_fits_one_qr_code() -> None:
    for count in (1, MAX_LISTED, MAX_LISTED + 1, 100):
        edition = seal([b"rows"] * count)
        envelope = sign(answer(edition, prev="cd" * 32), RECIPIENT.signers[0])
        assert len(envelope) <= 2953
        assert verify(envelope, edition.verified, trusted).receipt.opened == count


def test_past_20_chunks_the_root_answers_and_only_then() -> None:
    many = seal([b"rows"] * (MAX_LISTED + 1))
    assert chunks_of(many.leaves) == many.statement.root
    few = answer(chunks=EDITION.statement.root)
    with refused("E-RECEIPT-CHUNKS"):
        verify(sign(few, RECIPIENT.signers[0]), EDITION.verified, trusted)
    with refused("E-RECEIPT-CHUNKS"):
        verify(sign(answer(many, chunks=EDITION.statement.root), RECIPIENT.signers[0]), many.verified, trusted)
    with refused("E-RECEIPT-FORM"):
        answer(chunks=("ab" * 32,) * (MAX_LISTED + 1))


def test_a_recall_is_answered_too() -> None:
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev=EDITION.verified.digest)
    said = answer(recall, records=0)
    assert said.chunks == ()
    assert verify(sign(said, RECIPIENT.signers[0]), recall.verified, trusted).receipt == said


def test_a_receipt_for_another_edition_is_refused() -> None:
    other = seal([b"first", b"second"], header(edition="assistance-persons.2023-02.990101.education"))
    with refused("E-RECEIPT-OTHER"):
        verify(ENVELOPE, other.verified, trusted)
    for changed in CHANGED_NAMES:
        with refused("E-RECEIPT-OTHER"):
            verify(sign(answer(**changed), RECIPIENT.signers[0]), EDITION.verified, trusted)


def test_a_receipt_by_someone_else_is_refused() -> None:
    with refused("E-RECEIPT-BY"):
        verify(sign(answer(by=OTHER.id), OTHER.signers[0]), EDITION.verified, trusted)
    with refused("E-RECEIPT-BY"):
        verify(sign(answer(kid=OTHER.wrap_key.kid), RECIPIENT.signers[0]), EDITION.verified, trusted)
    with refused("E-SIGNER"):
        verify(sign(answer(), OTHER.signers[0]), EDITION.verified, trusted)


def test_the_sender_cannot_write_its_own_receipt() -> None:
    with refused("E-SIGNER"):
        verify(sign(answer(), SENDER.signers[0]), EDITION.verified, trusted)


def test_a_receipt_has_one_signature_of_one_algorithm() -> None:
    with refused("E-SIGNATURE-MISSING"):
        sign(answer(), RECIPIENT.signers[1])
    both = dsse.sign_envelope(TYPE, answer().to_bytes(), RECIPIENT.signers)
    with refused("E-ENVELOPE-KEYS"):
        verify(both, EDITION.verified, trusted)
    post_quantum = dsse.sign_envelope(TYPE, answer().to_bytes(), RECIPIENT.signers[1:])
    with refused("E-SIGNATURE-MISSING"):
        verify(post_quantum, EDITION.verified, trusted)


def test_a_manifest_is_no_receipt() -> None:
    with refused("E-ENVELOPE-TYPE"):
        verify(EDITION.envelope, EDITION.verified, trusted)


def test_a_receipt_signed_after_the_key_ended_is_refused() -> None:
    with refused("E-SIGNER"):
        verify(sign(answer(at=LATER + timedelta(days=400)), RECIPIENT.signers[0]), EDITION.verified, trusted)


@pytest.mark.parametrize(
    "changed",
    [
        {"chunks": []},
        {"chunks": [[0, "ab" * 32], [1, "ab" * 32]]},
        {"opened": 1},
        {"opened": 3},
    ],
    ids=str,
)
def test_a_receipt_answers_for_exactly_the_editions_chunks(changed: dict[str, Json]) -> None:
    with refused("E-RECEIPT-CHUNKS"):
        verify(resigned(**changed), EDITION.verified, trusted)


def test_chunks_in_another_order_or_half_of_them_are_refused() -> None:
    first, second = (digest.hex() for digest in EDITION.digests)
    swapped: list[Json] = [[0, second], [1, first]]
    with refused("E-RECEIPT-CHUNKS"):
        verify(resigned(chunks=swapped), EDITION.verified, trusted)
    with refused("E-RECEIPT-CHUNKS"):
        verify(resigned(chunks=swapped[:1]), EDITION.verified, trusted)


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"stage": "rejected"},
        {"result": "partial"},
        {"result": "rejected"},
        {"reasons": [[0, "E-REJECT-ROWS"]]},
        {"chunks": [[1, "ab" * 32], [0, "ab" * 32]]},
        {"chunks": [[True, "ab" * 32]]},
        {"chunks": [["0", "ab" * 32]]},
        {"chunks": [[0, "AB" * 32]]},
        {"chunks": [[0, "ab" * 32, 1]]},
        {"chunks": None},
        {"opened": True},
        {"records": 1.5},
        {"records": None},
        {"refused": 1},
        {"seen": {"origin": "", "size": 1, "root": "ab" * 32}},
        {"seen": {"origin": "a", "size": 1, "root": "ab"}},
        {"seen": {"origin": "a", "size": 1}},
        {"software": ""},
        {"software": "a" * 61},
        {"at": "2023-04-03"},
        {"by": "education"},
        {"person": "x"},
    ],
    ids=str,
)
def test_a_signed_but_wrong_receipt_is_refused(changed: dict[str, Json]) -> None:
    with refused("E-RECEIPT-FORM"):
        payload = {**json.loads(answer().to_bytes()), **changed}
        spelled = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
        verify(dsse.sign_envelope(TYPE, spelled, RECIPIENT.signers[:1]), EDITION.verified, trusted)


@pytest.mark.parametrize(
    "changed",
    [
        {**REJECTED, "stage": "loaded"},
        {**REJECTED, "reasons": ()},
        {**REJECTED, "records": 1},
        {**REJECTED, "reasons": ((0, "E-REJECT-ROWS"), (0, "E-REJECT-ROWS"))},
        {**REJECTED, "reasons": ((1, "E-REJECT-ROWS"), (0, "E-REJECT-ROWS"))},
        {**REJECTED, "reasons": ((0, "E-REJECT-ROWS"), (None, "E-REJECT-ROWS"))},
        {**REJECTED, "reasons": ((0, "E-SIG"),)},
        {**REJECTED, "reasons": ((0, "王某某"),)},
        {**REJECTED, "reasons": tuple((i, "E-REJECT-ROWS") for i in range(21))},
        {**RECEIVED, "opened": 1},
        {**RECEIVED, "records": 1},
        {"refused": 1},
        {"trust": -1},
        {"records": True},
        {"software": "a\nb"},
        {"at": LATER.replace(microsecond=5)},
    ],
    ids=str,
)
def test_a_receipt_that_contradicts_itself_is_not_written(changed: dict[str, object]) -> None:
    with refused("E-RECEIPT-FORM"):
        answer(**changed)


def test_a_reason_about_a_chunk_that_is_not_there_is_refused() -> None:
    said = answer(**{**REJECTED, "reasons": ((2, "E-REJECT-ROWS"),)})
    with refused("E-RECEIPT-CHUNKS"):
        verify(sign(said, RECIPIENT.signers[0]), EDITION.verified, trusted)


def test_reasons_are_words_of_the_catalogue_that_need_no_facts() -> None:
    for word in REASONS:
        entry = entries()[word]
        assert "{" not in entry.zh + entry.en + entry.fix_zh + entry.fix_en
    assert tuple(sorted(REASONS)) == REASONS


def test_only_what_was_verified_is_answered() -> None:
    assert reason_of("E-CHUNK-BODY") == "E-REJECT-CONTENT"
    assert reason_of("E-CHUNK-KEY") == "E-REJECT-KEY"
    for code in ("E-SIG", "E-CHUNK-DIGEST", "E-PACKAGE-ROOT", "E-CHUNK-MISSING", "E-RECIPIENT"):
        assert reason_of(code) is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_receipt_verifies(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(ENVELOPE)))
    changed = ENVELOPE[:start] + data.draw(st.binary(max_size=4)) + ENVELOPE[start + data.draw(st.integers(0, 9)) :]
    code = code_of(lambda: verify(changed, EDITION.verified, trusted))
    assert (code is None) == (changed == ENVELOPE)


COUNTS = st.integers(0, 2**53 - 1)


@settings(deadline=None)
@given(COUNTS, COUNTS, st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=60), st.booleans())
def test_what_is_written_is_read_back(records: int, trust: int, software: str, seen: bool) -> None:
    said = answer(records=records, trust=trust, software=software, seen=Seen(software, records, "ef" * 32) if seen else None)
    assert Receipt.of_bytes(said.to_bytes()) == said


def test_a_receipt_says_nothing_about_persons() -> None:
    """Its fields are a closed list; all that is free are names, digests, numbers and times."""
    assert set(json.loads(answer().to_bytes())) == set(receipt.FIELDS)
    assert len(receipt.FIELDS) == 18
