"""Manifests under attack."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security import dsse, manifest
from security.header import MAX_CHUNKS
from security.log.merkle import EMPTY_ROOT
from security.manifest import SIGNED_WITH, TYPE, Manifest, verify, verify_past
from security.strict_json import Json, encode
from tests.unit.security.sealed_world import LATER, NOW, OTHER, RECIPIENT, SENDER, Agency, code_of, header, refused, seal, signed, trusted

EDITION = seal([b"one", b"two"])


def payload() -> dict[str, Json]:
    return json.loads(EDITION.statement.to_bytes())  # type: ignore[no-any-return]  # an object, by its own law


def resigned(agency: Agency = SENDER, /, **changed: Json) -> bytes:
    """A changed manifest with true signatures: what a sender's broken software can do."""
    return dsse.sign_envelope(TYPE, encode({**payload(), **changed}), agency.signers)


def test_a_manifest_is_verified_and_named_by_its_payload() -> None:
    found = verify(EDITION.envelope, trusted, LATER, RECIPIENT.id)
    assert found.manifest == EDITION.statement
    assert found.digest == dsse.digest(EDITION.statement.to_bytes())
    assert found.signed_by == tuple(sorted(key.kid for key in SENDER.signing))


def test_signing_again_gives_another_envelope_and_the_same_name() -> None:
    again = manifest.sign(EDITION.statement, SENDER.signers)
    assert again != EDITION.envelope  # ML-DSA is randomised
    assert verify_past(again, trusted).digest == EDITION.verified.digest


@pytest.mark.parametrize("keep", [0, 1])
def test_a_manifest_with_one_signature_stripped_is_refused(keep: int) -> None:
    """Downgrade: whoever breaks one algorithm must not do without the other."""
    with refused("E-SIGNATURE-MISSING"):
        manifest.sign(EDITION.statement, SENDER.signers[keep : keep + 1])
    stripped = dsse.sign_envelope(TYPE, EDITION.statement.to_bytes(), SENDER.signers[keep : keep + 1])
    with refused("E-SIGNATURE-MISSING"):
        verify(stripped, trusted, LATER, RECIPIENT.id)


def test_a_manifest_is_not_signed_with_three_keys() -> None:
    with refused("E-SIGNATURE-MISSING"):
        manifest.sign(EDITION.statement, [*SENDER.signers, OTHER.signers[0]])


@pytest.mark.parametrize("forger", [RECIPIENT, OTHER])
def test_a_manifest_signed_by_another_agency_is_refused(forger: Agency) -> None:
    """Re-attribution: `from` says civil affairs, the signatures are somebody else's own good ones."""
    with refused("E-SIGNER"):
        verify(resigned(forger), trusted, LATER, RECIPIENT.id)


def test_one_signature_of_each_of_two_agencies_is_refused() -> None:
    mixed = dsse.sign_envelope(TYPE, EDITION.statement.to_bytes(), [SENDER.signers[0], OTHER.signers[1]])
    with refused("E-SIGNER"):
        verify(mixed, trusted, LATER, RECIPIENT.id)


def test_a_key_outside_its_validity_signs_nothing() -> None:
    old = header(created=NOW.replace(year=2022), expires=NOW.replace(year=2022) + timedelta(days=300))
    with refused("E-SIGNER"):
        verify_past(signed(old, EDITION.chunks).envelope, trusted)


def test_a_manifest_for_another_department_is_refused() -> None:
    with refused("E-RECIPIENT"):
        verify(EDITION.envelope, trusted, LATER, OTHER.id)


def test_an_expired_edition_is_refused_and_stays_evidence() -> None:
    expires = EDITION.statement.header.expires
    assert verify(EDITION.envelope, trusted, expires - timedelta(seconds=1), RECIPIENT.id)
    with refused("E-MANIFEST-EXPIRED"):
        verify(EDITION.envelope, trusted, expires, RECIPIENT.id)
    assert verify_past(EDITION.envelope, trusted).manifest == EDITION.statement


def test_an_edition_from_the_future_is_refused_past_a_day() -> None:
    """A sender's clock may be wrong by a time zone or a day; not by a month."""
    assert verify(EDITION.envelope, trusted, NOW - timedelta(hours=24), RECIPIENT.id)
    with refused("E-MANIFEST-FUTURE"):
        verify(EDITION.envelope, trusted, NOW - timedelta(hours=24, seconds=1), RECIPIENT.id)


def test_a_suite_that_the_feed_does_not_allow_is_refused() -> None:
    with refused("E-SUITE"):
        verify(resigned(suite=2), trusted, LATER, RECIPIENT.id)
    with refused("E-SUITE"):
        verify(EDITION.envelope, trusted, LATER, RECIPIENT.id, suites=frozenset({2}))
    with refused("E-SUITE"):
        verify(EDITION.envelope, trusted, LATER, RECIPIENT.id, suites=frozenset())


def test_a_receipt_is_no_manifest() -> None:
    other = dsse.sign_envelope("application/vnd.cx.receipt+json", EDITION.statement.to_bytes(), SENDER.signers)
    with refused("E-ENVELOPE-TYPE"):
        verify(other, trusted, LATER, RECIPIENT.id)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "full"}, "E-MANIFEST-FORM"),
        ({"kind": "withdrawn"}, "E-MANIFEST-FORM"),
        ({"kind": ["snapshot"]}, "E-MANIFEST-FORM"),
        ({"suite": 0}, "E-MANIFEST-FORM"),
        ({"suite": True}, "E-MANIFEST-FORM"),
        ({"suite": 65_536}, "E-MANIFEST-FORM"),
        ({"leaf": "chunk"}, "E-MANIFEST-FORM"),
        ({"prev": "ab" * 32}, "E-MANIFEST-FORM"),
        ({"seq": 2}, "E-MANIFEST-FORM"),
        ({"prev": ""}, "E-MANIFEST-FORM"),
        ({"trust": "1"}, "E-MANIFEST-FORM"),
        ({"trust": None}, "E-MANIFEST-FORM"),
        ({"tree": None}, "E-MANIFEST-FORM"),
        ({"tree": {"alg": "rfc9162-sha256", "size": 0, "root": EMPTY_ROOT.hex()}}, "E-MANIFEST-FORM"),
        ({"tree": {"alg": "rfc9162-sha256", "size": 1, "root": EMPTY_ROOT.hex()}}, "E-MANIFEST-FORM"),
        ({"tree": {"alg": "rfc9162-sha256", "size": MAX_CHUNKS + 1, "root": "ab" * 32}}, "E-MANIFEST-FORM"),
        ({"tree": {"alg": "sha1", "size": 2, "root": "ab" * 32}}, "E-MANIFEST-FORM"),
        ({"tree": {"alg": "rfc9162-sha256", "size": 2, "root": "ab" * 32, "x": 1}}, "E-MANIFEST-FORM"),
        ({"to": []}, "E-MANIFEST-FORM"),
        ({"to": [{"id": "990101/education", "kid": "ab" * 16}, {"id": "990101/housing", "kid": "cd" * 16}]}, "E-MANIFEST-FORM"),
        ({"to": [{"id": "990101/education", "kid": "AB" * 16}]}, "E-MANIFEST-FORM"),
        ({"i": 0}, "E-MANIFEST-FORM"),
        ({"v": 2}, "E-MANIFEST-FORM"),
        ({"period": "2023-13"}, "E-MANIFEST-FORM"),
        ({"county": "110101"}, "E-HEADER-FIELD"),
        ({"expires": "2023-04-03T09:05:00Z"}, "E-HEADER-FIELD"),
        ({"expires": "2033-04-03T09:05:00Z"}, "E-HEADER-FIELD"),
    ],
    ids=str,
)
def test_a_signed_but_wrong_manifest_is_refused(changed: dict[str, Json], code: str) -> None:
    with refused(code):
        verify(resigned(**changed), trusted, LATER, RECIPIENT.id)


@pytest.mark.parametrize("field", sorted(json.loads(EDITION.statement.to_bytes())))
def test_a_missing_field_is_refused(field: str) -> None:
    less = {name: value for name, value in payload().items() if name != field}
    with refused("E-MANIFEST-FORM"):
        verify_past(dsse.sign_envelope(TYPE, encode(less), SENDER.signers), trusted)


def test_a_payload_in_another_spelling_is_refused() -> None:
    spelled = json.dumps(payload()).encode()
    with refused("E-MANIFEST-FORM"):
        verify_past(dsse.sign_envelope(TYPE, spelled, SENDER.signers), trusted)


def test_a_recall_has_no_chunks_and_is_never_the_first() -> None:
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev=EDITION.verified.digest)
    found = verify(recall.envelope, trusted, LATER, RECIPIENT.id).manifest
    assert (found.size, found.root) == (0, EMPTY_ROOT.hex())
    with refused("E-MANIFEST-FORM"):
        seal([], header(sequence=2), kind="withdrawn", prev=EDITION.verified.digest)


def test_an_empty_month_is_an_edition_with_a_chunk() -> None:
    with refused("E-MANIFEST-FORM"):
        Manifest(header=header(), kind="snapshot", size=0, root=EMPTY_ROOT.hex(), prev=None, trust=1)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_manifest_verifies(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(EDITION.envelope)))
    changed = EDITION.envelope[:start] + data.draw(st.binary(max_size=4)) + EDITION.envelope[start + data.draw(st.integers(0, 9)) :]
    code = code_of(lambda: verify(changed, trusted, LATER, RECIPIENT.id))
    assert (code is None) == (changed == EDITION.envelope)


def test_what_verifies_re_encodes_to_the_same_bytes() -> None:
    assert verify_past(EDITION.envelope, trusted).manifest.to_bytes() == dsse.peek(EDITION.envelope, TYPE).payload


def test_both_algorithms_are_required_whatever_the_trust_list_has() -> None:
    assert SIGNED_WITH == ("ed25519", "ml-dsa-65")
    with refused("E-SIGNER"):
        verify_past(EDITION.envelope, lambda owner, at: list(trusted(owner, at))[:1])
