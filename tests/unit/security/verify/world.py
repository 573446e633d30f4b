"""One county month as evidence: manifests, receipts, trust lists and a ledger, made without any chunk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from contracts.ids import Period
from security import dsse, manifest, receipt
from security.header import EditionHeader
from security.log import checkpoint
from security.log.checkpoint import Checkpoint
from security.log.merkle import Tree, leaf_hash
from security.manifest import Manifest, VerifiedManifest
from security.package_leaves import tree_of
from security.receipt import Receipt, Seen
from security.trust import own
from security.trust.bundle import TrustBundle
from security.trust.prekeys import sealing_month
from security.trust.trust_list import TrustList
from security.verify import Evidence, LoggedEntry, build_bundle
from tests.unit.security.trust.county import CA, EDU, NOW, County, county

CHUNKS = [hashlib.sha256(bytes((number,))).digest() for number in range(3)]


@dataclass
class World:
    """Civil affairs' home as the evidence sees it; entries are appended in order."""

    county: County
    lists: list[TrustList] = field(default_factory=list)
    manifests: list[bytes] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    at: datetime = NOW

    def log(self, event: str, **facts: str) -> int:
        self.at += timedelta(minutes=1)
        body = {"at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}", "event": event, **facts}
        self.bodies.append(json.dumps(body, sort_keys=True).encode())
        return len(self.bodies) - 1

    def publish_list(self, trusted: TrustList) -> None:
        self.lists.append(trusted)
        self.log("trust.signed", list=f"sha256:{trusted.digest}")

    def make_manifest(self, sequence: int = 1, prev: str | None = None, created: datetime | None = None) -> VerifiedManifest:
        at = created or self.at
        keys = self.county.edu.store.find(f"wrap/{sealing_month(at)}")
        assert keys is not None
        header = EditionHeader(
            contract="c" * 64, schema="5" * 64, edition=f"522722.assistance-persons.2023-03.{sequence}", revision=1, sequence=sequence,
            sender=CA, recipient=EDU, recipient_kid=keys.kid, county="522722", feed="assistance-persons", period=Period(2023, 3),
            purpose="教育资助", created=at, expires=at + timedelta(days=400),
        )  # fmt: skip
        document = Manifest(header=header, kind="snapshot", size=3, root=tree_of(CHUNKS).root().hex(), prev=prev, trust=1)
        envelope = manifest.sign(document, own.signers(self.county.ca.store, "sign"))
        return VerifiedManifest(document, dsse.digest(document.to_bytes()), envelope, ())

    def send(self, made: VerifiedManifest) -> VerifiedManifest:
        self.manifests.append(made.envelope)
        self.log("edition.sealed", manifest=f"sha256:{made.digest}")
        return made

    def make_receipt(self, about: VerifiedManifest, stage: receipt.Stage = "loaded", seen: Seen | None = None) -> bytes:
        header = about.manifest.header
        document = Receipt(
            edition=header.edition, revision=1, manifest=about.digest, by=EDU, kid=header.recipient_kid, stage=stage,
            chunks=tuple(each.hex() for each in CHUNKS), result="accepted", opened=3 if stage == "loaded" else 0,
            records=812 if stage == "loaded" else 0, seen=seen, trust=1, software="test 1", at=self.at, prev=None,
        )  # fmt: skip
        return receipt.sign(document, own.signers(self.county.edu.store, "sign")[0])

    def receive(self, envelope: bytes) -> None:
        self.receipts.append(envelope)
        payload = dsse.peek(envelope, receipt.TYPE).payload
        about = Receipt.of_bytes(payload).manifest
        self.log("receipt.taken", receipt=f"sha256:{dsse.digest(payload)}", manifest=f"sha256:{about}")

    def tree(self, bodies: Sequence[bytes] | None = None) -> Tree:
        return Tree([leaf_hash(body) for body in (self.bodies if bodies is None else bodies)])

    def seen(self) -> Seen:
        """What a recipient sees of the ledger now."""
        return Seen(checkpoint.origin_of(CA), len(self.bodies), self.tree().root().hex())

    def evidence(self, witnessed: Sequence[int] = ()) -> Evidence:
        tree = self.tree()
        note = checkpoint.sign(Checkpoint(CA, tree.size, tree.root()), own.log_keys(self.county.ca.store))
        return Evidence(
            roots=(self.county.root.envelope,),
            lists=tuple(each.envelope for each in self.lists),
            manifests=tuple(self.manifests),
            receipts=tuple(self.receipts),
            checkpoint=note,
            entries=tuple(LoggedEntry(i, body, tuple(tree.inclusion(i))) for i, body in enumerate(self.bodies)),
            witnessed={size: tuple(tree.consistency(size)) for size in witnessed},
        )

    def root_file(self) -> bytes:
        return TrustBundle(roots=(self.county.root.envelope,)).to_bytes()

    def bundle(self, witnessed: Sequence[int] = ()) -> bytes:
        return build_bundle(self.evidence(witnessed))


def world(directory: Path) -> World:
    """A county that has issued its first list."""
    made = World(county(directory))
    made.publish_list(made.county.first_list())
    return made


def month(directory: Path) -> World:
    """One edition sent, received and loaded."""
    made = world(directory)
    sent = made.send(made.make_manifest())
    made.receive(made.make_receipt(sent, "received"))
    made.receive(made.make_receipt(sent, "loaded"))
    return made
