"""What is in an evidence bundle (证据包), and how it lies in the archive.

```
README.txt                        what this is and how to check it
root/0001.dsse.json …             the county's root chain
trust/0001.dsse.json …            trust lists, oldest first
manifest/<sha256>.dsse.json       by digest of the payload
receipt/<sha256>.dsse.json
ledger/checkpoint.note            the ledger's signed size and root
ledger/0000000777.json            an entry, and
ledger/0000000777.tlog-proof      its place under that checkpoint
ledger/0000000700.consistency     proof that the ledger of 700 entries, which a receipt saw, is a prefix
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.errors import ExchangeError
from security import dsse, encoding, manifest, receipt
from security.log.proof import Proof
from security.verify import archive

README = """\
证据包 / Evidence bundle

核验（不需要网关，只要 Python 3.11 和 cryptography）/ To check it, with Python 3.11 and cryptography alone:
    python -m security.verify BUNDLE.zip --root ROOT
ROOT 由县民政局用 gateway trust export --root 另行提供，不要使用随包送来的。
ROOT comes from civil affairs (gateway trust export --root), on another way than this bundle.
格式 / Formats: DSSE v1, c2sp.org/tlog-checkpoint, c2sp.org/tlog-proof@v1, RFC 6962.
""".encode()
_MEMBERS = re.compile(
    r"(?P<place>root|trust)/(?P<number>[0-9]{4})\.dsse\.json"
    r"|(?P<kind>manifest|receipt)/(?P<digest>[0-9a-f]{64})\.dsse\.json"
    r"|ledger/(?P<index>[0-9]{10,16})\.(?P<what>json|tlog-proof|consistency)"
)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One ledger entry with its inclusion path under the bundle's checkpoint."""

    index: int
    body: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of a bundle; nothing verified.

    Attributes:
        roots, lists: envelopes, oldest first.
        manifests, receipts: envelopes.
        checkpoint: the signed note.
        entries: ascending by index.
        witnessed: size of a checkpoint that a receipt saw -> consistency path from it to `checkpoint`.
    """

    roots: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    manifests: tuple[bytes, ...]
    receipts: tuple[bytes, ...]
    checkpoint: bytes
    entries: tuple[LoggedEntry, ...]
    witnessed: Mapping[int, tuple[bytes, ...]] = field(default_factory=dict)


def build_bundle(evidence: Evidence) -> bytes:
    """The archive; the same evidence gives the same bytes."""
    members: dict[str, bytes] = {"README.txt": README, "ledger/checkpoint.note": evidence.checkpoint}
    for place, envelopes in (("root", evidence.roots), ("trust", evidence.lists)):
        members.update((f"{place}/{number:04d}.dsse.json", envelope) for number, envelope in enumerate(envelopes, 1))
    for kind, payload_type, envelopes in _signed(evidence):
        for envelope in envelopes:
            members[f"{kind}/{dsse.digest(dsse.peek(envelope, payload_type).payload)}.dsse.json"] = envelope
    for entry in evidence.entries:
        members[f"ledger/{entry.index:010d}.json"] = entry.body
        members[f"ledger/{entry.index:010d}.tlog-proof"] = Proof(entry.index, entry.path, evidence.checkpoint).to_bytes()
    for size, path in evidence.witnessed.items():
        members[f"ledger/{size:010d}.consistency"] = "".join(encoding.base64_text(each) + "\n" for each in path).encode()
    return archive.pack(members)


def read_bundle(data: bytes) -> Evidence:
    """The inverse of `build_bundle`.

    Raises:
        ExchangeError: E-EVIDENCE-FORM, a member is missing, unknown or misnamed; E-PROOF, E-ENVELOPE-*.
    """
    members = archive.unpack(data)
    readme, note = members.pop("README.txt", None), members.pop("ledger/checkpoint.note", None)
    if readme != README or note is None:
        raise ExchangeError("E-EVIDENCE-FORM", why="checkpoint or README.txt")
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name in sorted(members):
        match = _MEMBERS.fullmatch(name)
        if match is None:
            raise ExchangeError("E-EVIDENCE-FORM", why="a member that does not belong")
        group = match["place"] or match["kind"] or match["what"]
        found.setdefault(group, []).append((match["number"] or match["digest"] or match["index"], members[name]))
    evidence = Evidence(
        roots=_bodies(found, "root"),
        lists=_bodies(found, "trust"),
        manifests=_bodies(found, "manifest"),
        receipts=_bodies(found, "receipt"),
        checkpoint=note,
        entries=_entries(found.get("json", []), found.get("tlog-proof", [])),
        witnessed={int(size): _path(body) for size, body in found.get("consistency", [])},
    )
    # Names are derived from what is in the members, so only right ones come out the same again.
    if build_bundle(evidence) != data:
        raise ExchangeError("E-EVIDENCE-FORM", why="a member's name or proof is another's")
    return evidence


def _signed(evidence: Evidence) -> Sequence[tuple[str, str, tuple[bytes, ...]]]:
    return (("manifest", manifest.TYPE, evidence.manifests), ("receipt", receipt.TYPE, evidence.receipts))


def _bodies(found: Mapping[str, list[tuple[str, bytes]]], group: str) -> tuple[bytes, ...]:
    return tuple(body for _, body in found.get(group, []))


def _entries(bodies: list[tuple[str, bytes]], proofs: list[tuple[str, bytes]]) -> tuple[LoggedEntry, ...]:
    if [name for name, _ in bodies] != [name for name, _ in proofs]:
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry without its proof")
    return tuple(
        LoggedEntry(int(name), body, Proof.of_bytes(proof).path) for (name, body), (_, proof) in zip(bodies, proofs, strict=True)
    )


def _path(body: bytes) -> tuple[bytes, ...]:
    try:
        return tuple(encoding.base64_of(line) for line in body.decode("ascii").splitlines())
    except ValueError:
        raise ExchangeError("E-EVIDENCE-FORM", why="a consistency proof") from None
