"""Envelopes: one spelling, exactly the signatures that are required."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security import dsse
from security.keys import PublicKey, Signer
from security.strict_json import Json, encode
from tests.unit.security.sealed_world import OTHER, RECIPIENT, SENDER, code_of, refused

TYPE = "application/vnd.cx.test+json"
PAYLOAD = b'{"a":1}'
KEYS = SENDER.signing
ENVELOPE = dsse.sign_envelope(TYPE, PAYLOAD, SENDER.signers)


def parts() -> dict[str, Json]:
    return json.loads(ENVELOPE)  # type: ignore[no-any-return]  # an object, as the test below shows


def with_signatures(*signatures: dict[str, Json]) -> bytes:
    return encode({**parts(), "signatures": list(signatures)})


def signatures() -> list[dict[str, Json]]:
    return parts()["signatures"]  # type: ignore[return-value]  # as written above


def test_pae_is_the_specifications() -> None:
    """The example of the DSSE protocol page, secure-systems-lab/dsse."""
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_what_is_signed_opens() -> None:
    assert dsse.open_envelope(ENVELOPE, TYPE, KEYS) == PAYLOAD
    assert dsse.key_ids(ENVELOPE, TYPE) == tuple(sorted(key.kid for key in KEYS))
    assert sorted(parts()) == ["payload", "payloadType", "signatures"]


def test_the_order_of_the_signers_does_not_show() -> None:
    one, two = SENDER.signers
    fixed = Signer(two.kid, two.alg, lambda _: b"s" * 3309)  # ML-DSA signs differently each time
    assert dsse.sign_envelope(TYPE, PAYLOAD, [one, fixed]) == dsse.sign_envelope(TYPE, PAYLOAD, [fixed, one])


@pytest.mark.parametrize("signers", [[], [SENDER.signers[0], SENDER.signers[0]]])
def test_an_envelope_wants_signers(signers: list[Signer]) -> None:
    with pytest.raises(ValueError, match="one signature a key"):
        dsse.sign_envelope(TYPE, PAYLOAD, signers)


def test_requiring_nobody_is_never_enough() -> None:
    with pytest.raises(ValueError, match="nobody"):
        dsse.open_envelope(ENVELOPE, TYPE, [])


def test_a_signature_for_one_type_is_none_for_another() -> None:
    """The class of CVE-2022-35929: a receipt passed off as a manifest."""
    renamed = encode({**parts(), "payloadType": "application/vnd.cx.receipt+json"})
    with refused("E-ENVELOPE-TYPE"):
        dsse.open_envelope(renamed, TYPE, KEYS)
    with refused("E-SIG"):
        dsse.open_envelope(renamed, "application/vnd.cx.receipt+json", KEYS)


def test_a_stripped_signature_is_missed() -> None:
    for signature in signatures():
        with refused("E-ENVELOPE-KEYS"):
            dsse.open_envelope(with_signatures(signature), TYPE, KEYS)


def test_a_signature_too_many_is_refused() -> None:
    """Whoever may add a signature may make a second envelope of the same statement."""
    more = dsse.sign_envelope(TYPE, PAYLOAD, [*SENDER.signers, OTHER.signers[0]])
    with refused("E-ENVELOPE-KEYS"):
        dsse.open_envelope(more, TYPE, KEYS)


def test_doubled_or_unsorted_signatures_are_refused() -> None:
    one, two = signatures()
    for changed in ([one, one, two], [two, one], [one, one], []):
        with refused("E-ENVELOPE-FORM"):
            dsse.open_envelope(with_signatures(*changed), TYPE, KEYS)


def test_swapped_signatures_do_not_hold() -> None:
    one, two = signatures()
    with refused("E-SIG"):
        dsse.open_envelope(with_signatures({**one, "sig": two["sig"]}, {**two, "sig": one["sig"]}), TYPE, KEYS)


def test_the_signature_of_another_key_does_not_hold() -> None:
    forged = [Signer(key.kid, key.alg, signer.sign) for key, signer in zip(KEYS, OTHER.signers, strict=True)]
    with refused("E-SIG"):
        dsse.open_envelope(dsse.sign_envelope(TYPE, PAYLOAD, forged), TYPE, KEYS)


def test_the_algorithm_is_never_the_messages() -> None:
    """An Ed25519 signature under the name of the ML-DSA key, and the other way round."""
    ed, ml = SENDER.signers
    confused = dsse.sign_envelope(TYPE, PAYLOAD, [Signer(ml.kid, "ed25519", ed.sign), ed])
    with refused("E-SIG"):
        dsse.open_envelope(confused, TYPE, KEYS)


@pytest.mark.parametrize(
    "changed",
    [
        ENVELOPE + b"\n",
        b" " + ENVELOPE,
        ENVELOPE.replace(b'"payload":', b'"payload": '),
        ENVELOPE.replace(b"payloadType", b"payloadtype"),
        ENVELOPE.replace(b"/vnd", b"\\/vnd"),
        ENVELOPE.replace(b'"sig":"', b'"sig":"\\u0041'),
        ENVELOPE[:-1] + b',"x":1}',
        ENVELOPE.replace(b'{"keyid"', b'{"alg":"ed25519","keyid"'),
        ENVELOPE[:-1],
        b"",
    ],
    ids=range(10),
)
def test_another_spelling_is_refused(changed: bytes) -> None:
    with refused("E-ENVELOPE-FORM"):
        dsse.open_envelope(changed, TYPE, KEYS)


def test_the_unused_bits_of_base64_are_none() -> None:
    """64 and 3309 bytes both end in a character with bits to spare; plain decoders ignore them: thirty envelopes of one statement."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    tried = 0
    for place, signature in enumerate(signatures()):
        text = str(signature["sig"])
        last = text.rstrip("=")[-1]
        for other in alphabet:
            changed = text.rstrip("=")[:-1] + other + text[len(text.rstrip("=")) :]
            if other != last and base64.b64decode(changed) == base64.b64decode(text):
                both = signatures()
                both[place] = {**signature, "sig": changed}
                with refused("E-ENVELOPE-FORM"):
                    dsse.open_envelope(with_signatures(*both), TYPE, KEYS)
                tried += 1
    assert tried >= 15


def test_an_envelope_over_its_limit_is_not_parsed() -> None:
    assert dsse.open_envelope(ENVELOPE, TYPE, KEYS, limit=len(ENVELOPE)) == PAYLOAD
    with refused("E-ENVELOPE-FORM"):
        dsse.open_envelope(ENVELOPE, TYPE, KEYS, limit=len(ENVELOPE) - 1)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_changed_envelope_opens(data: st.DataObject) -> None:
    """The malleability law under random cuts, copies and replacements: opened means the very bytes that were signed."""
    start = data.draw(st.integers(0, len(ENVELOPE)))
    cut = data.draw(st.integers(0, 40))
    new = data.draw(st.binary(max_size=6) | st.sampled_from([ENVELOPE[start : start + 30], b'"', b"A", b"=", b",", b"{}"]))
    changed = ENVELOPE[:start] + new + ENVELOPE[start + cut :]
    code = code_of(lambda: dsse.open_envelope(changed, TYPE, KEYS))
    assert (code is None) == (changed == ENVELOPE)


def test_every_bit_of_an_envelope_counts() -> None:
    for place in range(0, len(ENVELOPE), 5):
        changed = bytearray(ENVELOPE)
        changed[place] ^= 1 << (place % 8)
        with refused("E-ENVELOPE-FORM", "E-ENVELOPE-TYPE", "E-ENVELOPE-KEYS", "E-SIG"):
            dsse.open_envelope(bytes(changed), TYPE, KEYS)


ROTATED = PublicKey.of("ed25519", OTHER.signing[0].public)


@pytest.mark.parametrize(
    ("named", "candidates", "code"),
    [
        ([KEYS[0].kid, KEYS[1].kid], [*KEYS, ROTATED], None),
        ([ROTATED.kid, KEYS[1].kid], [*KEYS, ROTATED], None),
        ([KEYS[0].kid], KEYS, "E-SIGNATURE-MISSING"),
        ([KEYS[1].kid], KEYS, "E-SIGNATURE-MISSING"),
        ([KEYS[0].kid, ROTATED.kid], [*KEYS, ROTATED], "E-SIGNATURE-MISSING"),
        ([KEYS[0].kid, KEYS[1].kid, ROTATED.kid], [*KEYS, ROTATED], "E-ENVELOPE-KEYS"),
        ([KEYS[0].kid, KEYS[1].kid], KEYS[:1], "E-SIGNER"),
        ([RECIPIENT.signing[0].kid, RECIPIENT.signing[1].kid], KEYS, "E-SIGNER"),
        ([], KEYS, "E-SIGNATURE-MISSING"),
        ([KEYS[0].kid, KEYS[1].kid], [], "E-SIGNER"),
    ],
)
def test_one_trusted_key_of_each_algorithm(named: list[str], candidates: list[PublicKey], code: str | None) -> None:
    assert code_of(lambda: dsse.choose(named, candidates, ("ed25519", "ml-dsa-65"), "990101/civil-affairs")) == code
