"""The product's reading of a vector, for comparison with the second readers'."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from contracts.ids import AgencyId
from security import chunk, compression, encoding, manifest, package, receipt, suite
from security.keys import PublicKey, wrap_private
from tests.vectors.reader import Opened
from tests.vectors.vector import Vector


def read(vector: Vector) -> list[Opened]:
    """As `reader.read`, by the product's code.

    Raises:
        ExchangeError: with the code.
    """
    verified = manifest.verify(
        base64.b64decode(vector.one("manifest")), _trusted(vector), encoding.time_of(vector.one("at")), AgencyId.parse(vector.one("me"))
    )
    kind = vector.one("kind")
    if kind == "receipt":
        receipt.verify(base64.b64decode(vector.one("receipt")), verified, _trusted(vector))
    if kind in {"manifest", "receipt"}:
        return []
    private = wrap_private(bytes.fromhex(vector.one("seed")))
    opener = chunk.Opener(verified, lambda _kid, wrapped, info: suite.unwrap(private, wrapped, info))
    chunks = [base64.b64decode(data) for data in vector.all("chunk")]
    if kind == "chunk":
        path = [bytes.fromhex(hash_) for hash_ in vector.all("path")]
        return [_opened(opener.open(int(vector.one("index")), chunks[0], path))]
    whole = package.Package(verified.envelope, len(chunks), lambda index: chunks[index] or None)
    leaves = package.check(whole, verified)
    return [_opened(opener.open(index, data, leaves)) for index, data in enumerate(chunks)]


def _opened(payload: bytes) -> Opened:
    return Opened(payload, compression.decompress(payload))


def _trusted(vector: Vector) -> manifest.SigningKeys:
    entries = [line.split() for line in vector.all("trust")]

    def keys(owner: AgencyId, _at: datetime, /) -> Sequence[PublicKey]:
        found = []
        for name, alg, public in entries:
            if name == str(owner):
                found.append(PublicKey.of("ed25519" if alg == "ed25519" else "ml-dsa-65", base64.b64decode(public)))
        return found

    return keys
