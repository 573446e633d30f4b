"""Signed envelopes: DSSE v1 (secure-systems-lab/dsse), read strictly.

Plain DSSE lets one signed statement travel in many envelopes. Here an envelope has one spelling: canonical JSON, canonical
base64, key names ascending, exactly the signatures that are required. Statements are named by their payload's digest all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import encoding
from security.keys import Algorithm, PublicKey, Signer, verify_signature
from security.strict_json import Json, encode, parse
from security.strict_json_reader import Fields

MAX_ENVELOPE = 1 << 20
"""Bytes; a manifest's envelope has 6 kB."""
MAX_SIGNATURES = 64
_FORM = "E-ENVELOPE-FORM"


@dataclass(frozen=True, slots=True)
class Unverified:
    """An envelope's parts, for finding out which keys it wants. Nothing in it is to be believed."""

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(kid for kid, _ in self.signatures)


def pae(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding, which binds the type."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_envelope(payload_type: str, payload: bytes, signers: Sequence[Signer]) -> bytes:
    """The canonical envelope of `payload`, signed by all of `signers`.

    Raises:
        ValueError: no signer, or one twice.
    """
    if not signers or len({signer.kid for signer in signers}) != len(signers):
        raise ValueError("an envelope wants one signature a key and one at least")
    signed = pae(payload_type, payload)
    return _encode(Unverified(payload_type, payload, tuple((s.kid, s.sign(signed)) for s in sorted(signers, key=lambda s: s.kid))))


def peek(data: bytes, payload_type: str, *, limit: int = MAX_ENVELOPE) -> Unverified:
    """The parts of a well-formed envelope of that type, nothing verified.

    Raises:
        ExchangeError: E-ENVELOPE-FORM, E-ENVELOPE-TYPE.
    """
    fields = Fields(parse(data, limit=limit, code=_FORM), ("payload", "payloadType", "signatures"), _FORM)
    signatures = tuple(_signature(item) for item in fields.items("signatures", MAX_SIGNATURES))
    kids = [kid for kid, _ in signatures]
    if not kids or kids != sorted(set(kids)):
        raise ExchangeError(_FORM, why="key names are not ascending")
    envelope = Unverified(fields.text("payloadType"), _bytes(fields, "payload", limit), signatures)
    if envelope.payload_type != payload_type:
        raise ExchangeError("E-ENVELOPE-TYPE", wanted=payload_type)
    return envelope


def key_ids(data: bytes, payload_type: str, *, limit: int = MAX_ENVELOPE) -> tuple[str, ...]:
    """The names of the keys that the envelope claims, ascending. Errors as `peek`."""
    return peek(data, payload_type, limit=limit).key_ids


def open_envelope(data: bytes, payload_type: str, required: Sequence[PublicKey], *, limit: int = MAX_ENVELOPE) -> bytes:
    """The payload, signed by every key of `required` and by no other.

    1. at most `limit` bytes of canonical JSON with exactly DSSE's fields
    2. of the type asked for
    3. the key names are exactly those required, ascending, none twice
    4. every signature holds over type and payload, with the algorithm that the key has in the trust list

    The caller owes: that the required keys are the right ones (owner, use, validity, enough algorithms: `choose`), and the
    payload's own checks. Name the statement by SHA-256 of the payload.

    Raises:
        ExchangeError: E-ENVELOPE-FORM, E-ENVELOPE-TYPE, E-ENVELOPE-KEYS, E-SIG.
        ValueError: nothing is required.
    """
    if not required:
        raise ValueError("an envelope that nobody need have signed says nothing")
    envelope = peek(data, payload_type, limit=limit)
    keys = {key.kid: key for key in required}
    if envelope.key_ids != tuple(sorted(keys)):
        raise ExchangeError("E-ENVELOPE-KEYS")
    signed = pae(payload_type, envelope.payload)
    for kid, signature in envelope.signatures:
        verify_signature(keys[kid], signature, signed)
    return envelope.payload


def choose(key_ids: Iterable[str], candidates: Iterable[PublicKey], algorithms: Sequence[Algorithm], signer: str) -> list[PublicKey]:
    """Those of the trusted `candidates` that an envelope names: exactly one key of each of `algorithms`.

    Two live keys of one algorithm (a rotation) are both candidates; the envelope says which it used, never with what algorithm.

    Raises:
        ExchangeError: E-SIGNER, a name is no candidate's; E-SIGNATURE-MISSING, an algorithm is not there (stripped);
            E-ENVELOPE-KEYS, one too many.
    """
    trusted = {key.kid: key for key in candidates}
    named = list(key_ids)
    if any(kid not in trusted for kid in named):
        raise ExchangeError("E-SIGNER", signer=signer)
    chosen = [trusted[kid] for kid in named]
    found = [key.alg for key in chosen]
    for algorithm in algorithms:
        if algorithm not in found:
            raise ExchangeError("E-SIGNATURE-MISSING", alg=algorithm, signer=signer)
    if len(found) != len(algorithms):
        raise ExchangeError("E-ENVELOPE-KEYS")
    return chosen


def digest(payload: bytes) -> str:
    """The name of a signed statement: SHA-256 of its payload, 64 hex digits."""
    return hashlib.sha256(payload).hexdigest()


def _encode(envelope: Unverified) -> bytes:
    signatures: list[Json] = [{"keyid": kid, "sig": encoding.base64_text(sig)} for kid, sig in envelope.signatures]
    return encode(
        {
            "payload": encoding.base64_text(envelope.payload),
            "payloadType": envelope.payload_type,
            "signatures": signatures,
        }
    )


def _signature(item: Json) -> tuple[str, bytes]:
    fields = Fields(item, ("keyid", "sig"), _FORM)
    return fields.match("keyid", encoding.KID), _bytes(fields, "sig", 8192)


def _bytes(fields: Fields, name: str, longest: int) -> bytes:
    try:
        return encoding.base64_of(fields.text(name, longest))
    except ValueError:
        raise fields.wrong(name) from None
