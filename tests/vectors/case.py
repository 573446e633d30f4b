"""One case before it is bytes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import AgencyId
from security.compression import compress, decompress
from security.encoding import time_text
from security.keys import PublicKey
from security.package_leaves import tree_of
from tests.unit.security.sealed_world import LATER, OTHER, RECIPIENT, SENDER, Edition
from tests.vectors.vector import Vector

CONCERNED = {"manifest": (SENDER, OTHER), "chunk": (SENDER,), "package": (SENDER,), "receipt": (SENDER, RECIPIENT, OTHER)}
"""Whose keys a reader is given."""
ROW = b"synthetic row %d; nobody's"


@dataclass(frozen=True)
class Case:
    """Name, what is expected and why, and the lines that go into the file."""

    name: str
    expect: str
    about: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    needs: str = ""

    def vector(self) -> Vector:
        head = [("name", self.name), ("about", self.about), ("kind", self.kind), ("expect", self.expect)]
        if self.needs:
            head.append(("needs", self.needs))
        trust = [trust_line(agency.id, key) for agency in CONCERNED[self.kind] for key in agency.signing]
        common = [("at", time_text(LATER)), ("me", str(RECIPIENT.id)), ("seed", RECIPIENT.wrap_seed.hex()), *trust]
        given = {key for key, _ in self.lines}
        return Vector((*head, *(line for line in common if line[0] not in given), *self.lines))


def trust_line(owner: AgencyId, key: PublicKey) -> tuple[str, str]:
    """A key as the trust list gives it to its owner."""
    return "trust", f"{owner} {key.alg} {base64.b64encode(key.public).decode()}"


def binary(key: str, data: bytes) -> tuple[str, str]:
    return key, base64.b64encode(data).decode()


def content(rows: int) -> bytes:
    """Stands for an Avro file; the layers here do not look inside."""
    return b"\n".join(ROW % number for number in range(rows))


def payload(rows: int) -> bytes:
    return compress(content(rows))


def chunk_case(
    name: str,
    expect: str,
    about: str,
    edition: Edition,
    *,
    index: int = 0,
    data: bytes | None = None,
    path: Sequence[bytes] | None = None,
    needs: str = "",
) -> Case:
    """One chunk with its manifest and inclusion path; with what comes out where it is `ok`."""
    hashes = tree_of(edition.digests).inclusion(index) if path is None else path
    lines = [
        binary("manifest", edition.envelope),
        ("index", str(index)),
        *(("path", hash_.hex()) for hash_ in hashes),
        binary("chunk", edition.chunks[index] if data is None else data),
    ]
    if expect == "ok":
        inside = edition.payloads[index]
        lines += [binary("payload", inside), binary("content", decompress(inside))]
    return Case(name, expect, about, "chunk", tuple(lines), needs)
