"""Envelopes, manifests, headers and receipts for the second reader; from docs/spec/manifest.md and receipt.md alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

from tests.vectors.reader_json import FORBIDDEN, NotCanonicalError, parse

Rule = Callable[[Any], bool]
EMPTY_ROOT = hashlib.sha256().hexdigest()
REASONS = {"E-REJECT-CONTENT", "E-REJECT-CONTRACT", "E-REJECT-KEY", "E-REJECT-PERSON", "E-REJECT-ROWS"}


class RefusedError(Exception):
    """The one argument is the code."""


@dataclass(frozen=True)
class Key:
    owner: str
    alg: str
    public: bytes

    @property
    def kid(self) -> str:
        return hashlib.sha256(self.alg.encode() + b"\0" + self.public).digest()[:16].hex()


Trust = Sequence[Key]


@dataclass(frozen=True)
class Manifest:
    """A verified manifest: its members, the digest that names it, the envelope."""

    members: Mapping[str, Any]
    digest: str
    envelope: bytes


def pattern(expression: str) -> Rule:
    compiled = re.compile(expression)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def integer(low: int, high: int = 2**53 - 1) -> Rule:
    return lambda value: type(value) is int and low <= value <= high


def text(longest: int) -> Rule:
    return lambda value: isinstance(value, str) and 1 <= len(value) <= longest and not FORBIDDEN.search(value)


def exactly(expected: object) -> Rule:
    return lambda value: type(value) is type(expected) and value == expected


def one_of(*words: str) -> Rule:
    return lambda value: isinstance(value, str) and value in words


def or_null(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


def members(**rules: Rule) -> Rule:
    return lambda value: isinstance(value, dict) and value.keys() == rules.keys() and all(rule(value[name]) for name, rule in rules.items())


def moment(value: object) -> bool:
    try:
        return (
            isinstance(value, str)
            and re.fullmatch(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value, re.ASCII) is not None
            and bool(when(value))
        )
    except ValueError:
        return False


def when(value: str) -> datetime:
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


DIGEST, KID, AGENCY = pattern("[0-9a-f]{64}"), pattern("[0-9a-f]{32}"), pattern("[0-9]{6}/[a-z][a-z0-9-]{1,39}")
SHARED: dict[str, Rule] = {
    "v": exactly(1),
    "contract": DIGEST,
    "schema": DIGEST,
    "edition": pattern("[a-z0-9][a-z0-9.-]{0,127}"),
    "rev": integer(1, 9999),
    "seq": integer(1),
    "from": AGENCY,
    "to": lambda value: isinstance(value, list) and len(value) == 1 and members(id=AGENCY, kid=KID)(value[0]),
    "county": pattern("[0-9]{6}"),
    "feed": pattern("[a-z][a-z0-9-]{1,63}"),
    "period": pattern("(199[0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])"),
    "purpose": text(200),
    "codec": exactly("zstd"),
    "pad": exactly("padme16k"),
    "created": moment,
    "expires": moment,
}
CHUNK = {**SHARED, "i": integer(0, 16_383), "n": integer(1, 16_384)}
MANIFEST = {
    **SHARED,
    "kind": one_of("snapshot", "increment", "event", "withdrawn"),
    "suite": integer(1, 65_535),
    "tree": members(alg=exactly("rfc9162-sha256"), size=integer(0, 16_384), root=DIGEST),
    "leaf": exactly("sha256(chunk)"),
    "prev": or_null(DIGEST),
    "trust": integer(0),
}
RECEIPT: dict[str, Rule] = {
    "v": exactly(1),
    "edition": SHARED["edition"],
    "rev": integer(1, 9999),
    "manifest": DIGEST,
    "by": AGENCY,
    "kid": KID,
    "stage": one_of("received", "loaded"),
    "chunks": lambda value: (
        DIGEST(value)
        or (
            isinstance(value, list)
            and len(value) <= 20
            and all(isinstance(item, list) and len(item) == 2 and exactly(i)(item[0]) and DIGEST(item[1]) for i, item in enumerate(value))
        )
    ),
    "result": one_of("accepted", "rejected"),
    "reasons": lambda value: (
        isinstance(value, list)
        and len(value) <= 20
        and all(
            isinstance(item, list) and len(item) == 2 and or_null(integer(0, 16_383))(item[0]) and one_of(*REASONS)(item[1])
            for item in value
        )
    ),
    "opened": integer(0),
    "records": integer(0),
    "refused": integer(0),
    "seen": or_null(members(origin=text(200), size=integer(0), root=DIGEST)),
    "trust": integer(0),
    "software": text(60),
    "at": moment,
    "prev": or_null(DIGEST),
}


def document(data: bytes, longest: int, rules: Mapping[str, Rule], code: str) -> dict[str, Any]:
    try:
        found = parse(data, longest)
    except NotCanonicalError:
        raise RefusedError(code) from None
    if not members(**rules)(found):
        raise RefusedError(code)
    return found


def unbase64(value: object) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(r"(?:[A-Za-z0-9+/]{4})+|(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2}", value):
        raise RefusedError("E-ENVELOPE-FORM")
    try:
        data = base64.b64decode(value)
    except ValueError:
        raise RefusedError("E-ENVELOPE-FORM") from None
    if base64.b64encode(data).decode() != value:
        raise RefusedError("E-ENVELOPE-FORM")
    return data


def envelope(data: bytes, kind: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Payload and signatures of an envelope in its one spelling; nothing verified."""
    rules: dict[str, Rule] = {"payload": lambda _: True, "payloadType": text(200), "signatures": lambda value: isinstance(value, list)}
    found = document(data, 1 << 20, rules, "E-ENVELOPE-FORM")
    signatures = []
    for item in found["signatures"]:
        if not members(keyid=KID, sig=lambda _: True)(item):
            raise RefusedError("E-ENVELOPE-FORM")
        signatures.append((item["keyid"], unbase64(item["sig"])))
    kids = [kid for kid, _ in signatures]
    if not 1 <= len(kids) <= 64 or kids != sorted(set(kids)):
        raise RefusedError("E-ENVELOPE-FORM")
    payload = unbase64(found["payload"])
    if found["payloadType"] != kind:
        raise RefusedError("E-ENVELOPE-TYPE")
    return payload, signatures


def check_signatures(kind: str, payload: bytes, signatures: Sequence[tuple[str, bytes]], keys: Trust, algorithms: set[str]) -> None:
    known = {key.kid: key for key in keys}
    if any(kid not in known for kid, _ in signatures):
        raise RefusedError("E-SIGNER")
    used = [known[kid].alg for kid, _ in signatures]
    if not algorithms <= set(used):
        raise RefusedError("E-SIGNATURE-MISSING")
    if len(used) != len(algorithms):
        raise RefusedError("E-ENVELOPE-KEYS")
    signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    for kid, signature in signatures:
        key = known[kid]
        try:
            if key.alg == "ed25519":
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
            else:
                MLDSA65PublicKey.from_public_bytes(key.public).verify(signature, signed)
        except InvalidSignature:
            raise RefusedError("E-SIG") from None


def check_shared(found: Mapping[str, Any]) -> None:
    counties = {found["from"][:6], found["to"][0]["id"][:6]}
    created, expires = when(found["created"]), when(found["expires"])
    if found["county"] not in counties or not created < expires <= created + timedelta(days=400):
        raise RefusedError("E-HEADER-FIELD")


def read_manifest(data: bytes, trust: Trust, at: str, me: str) -> Manifest:
    """docs/spec/manifest.md, "Verification"."""
    kind = "application/vnd.cx.manifest+json"
    payload, signatures = envelope(data, kind)
    found = document(payload, 16_384, MANIFEST, "E-MANIFEST-FORM")
    check_shared(found)
    withdrawn, size, root = found["kind"] == "withdrawn", found["tree"]["size"], found["tree"]["root"]
    if (
        withdrawn != (size == 0)
        or withdrawn != (root == EMPTY_ROOT)
        or (withdrawn and found["rev"] == 1)
        or (found["prev"] is None) != (found["seq"] == 1)
    ):
        raise RefusedError("E-MANIFEST-FORM")
    check_signatures(kind, payload, signatures, [key for key in trust if key.owner == found["from"]], {"ed25519", "ml-dsa-65"})
    if found["suite"] != 1:
        raise RefusedError("E-SUITE")
    if when(found["created"]) > when(at) + timedelta(hours=24):
        raise RefusedError("E-MANIFEST-FUTURE")
    if when(at) >= when(found["expires"]):
        raise RefusedError("E-MANIFEST-EXPIRED")
    if found["to"][0]["id"] != me:
        raise RefusedError("E-RECIPIENT")
    return Manifest(found, hashlib.sha256(payload).hexdigest(), data)


def check_header(data: bytes, manifest: Manifest, index: int) -> None:
    """docs/spec/chunk.md, "Opening", steps 2 and 3: what the header must say."""
    found, wanted = document(data, 4096, CHUNK, "E-CHUNK-FORM"), manifest.members
    if found["i"] >= found["n"]:
        raise RefusedError("E-CHUNK-FORM")
    check_shared(found)
    identity = [(m["from"], m["to"][0]["id"], m["feed"], m["edition"], m["rev"], m["seq"]) for m in (found, wanted)]
    if identity[0] != identity[1]:
        raise RefusedError("E-CHUNK-FOREIGN")
    if any(found[name] != wanted[name] for name in SHARED) or found["n"] != wanted["tree"]["size"]:
        raise RefusedError("E-CHUNK-HEADER")
    if found["i"] != index:
        raise RefusedError("E-CHUNK-ORDER")


def check_receipt(data: bytes, manifest: Manifest, trust: Trust, root_of: Callable[[Sequence[bytes]], str]) -> None:
    """docs/spec/receipt.md, "Verification"."""
    kind = "application/vnd.cx.receipt+json"
    payload, signatures = envelope(data, kind)
    found, wanted = document(payload, 16_384, RECEIPT, "E-RECEIPT-FORM"), manifest.members
    accepted, loaded = found["result"] == "accepted", found["stage"] == "loaded"
    order = [(-1 if item[0] is None else item[0], item[1]) for item in found["reasons"]]
    laws = (
        accepted or not loaded,
        bool(order) != accepted,
        order == sorted(set(order)),
        found["opened"] == 0 or loaded or not accepted,
        found["records"] == 0 or loaded,
        found["refused"] == 0 or not accepted,
    )
    if not all(laws):
        raise RefusedError("E-RECEIPT-FORM")
    if (found["manifest"], found["edition"], found["rev"]) != (manifest.digest, wanted["edition"], wanted["rev"]):
        raise RefusedError("E-RECEIPT-OTHER")
    if {"id": found["by"], "kid": found["kid"]} != wanted["to"][0]:
        raise RefusedError("E-RECEIPT-BY")
    check_signatures(kind, payload, signatures, [key for key in trust if key.owner == found["by"]], {"ed25519"})
    size, root, chunks = wanted["tree"]["size"], wanted["tree"]["root"], found["chunks"]
    if isinstance(chunks, str):
        whole = size > 20 and chunks == root
    else:
        whole = len(chunks) == size and root_of([bytes.fromhex(item[1]) for item in chunks]) == root
    opened = found["opened"] == size if loaded else found["opened"] <= size
    if not (whole and opened and all(index < size for index, _ in order)):
        raise RefusedError("E-RECEIPT-CHUNKS")
