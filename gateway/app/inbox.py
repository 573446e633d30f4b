"""Taking packages in: record by record off the carrier, onto the inbox shelf once they are whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.feeds import Feed
from contracts.views import View
from gateway import spool
from gateway.app import receipting
from gateway.app.office import Office
from gateway.carriers.port import Arrival
from gateway.config import sync_directory
from gateway.state import arrivals, documents
from gateway.state.arrivals import ArrivalEntry
from gateway.state.unit import UnitOfWork, stamp
from security import dsse, manifest, manifest_chain
from security.header import EditionHeader
from security.log.merkle import leaf_hash, verify_inclusion
from security.manifest import VerifiedManifest
from security.package import check
from security.package_leaves import VerifiedLeaves
from security.trust.trust import Trust


@dataclass(slots=True)
class Incoming:
    """A package that is coming in.

    Attributes:
        place: hidden folder on the inbox shelf.
        standing: of its manifest in the sender's chain.
        got: indices of the chunks that are there.
    """

    verified: VerifiedManifest
    place: Path
    standing: manifest_chain.Standing
    got: set[int] = field(default_factory=set)

    @property
    def edition(self) -> str:
        header = self.verified.manifest.header
        return f"{header.edition}.r{header.revision}"

    @property
    def whole(self) -> bool:
        return len(self.got) == self.verified.manifest.size


@dataclass(frozen=True, slots=True)
class Door:
    """What decides whether an edition may come in.

    Attributes:
        feeds: the catalogue of this program.
        at: time of the poll.
    """

    office: Office
    trust: Trust
    feeds: Mapping[str, Feed]
    at: datetime

    def greet(self, connection: Connection, record: Arrival) -> Incoming | None:
        """Verify a manifest and its place in the chain; None for one that is here already.

        Raises:
            ExchangeError: what manifest.verify and manifest_chain.place raise; E-FEED-FOREIGN, no such duty between these two.
        """
        verified = manifest.verify(record.data, self.trust.signing_keys, self.at, self.office.agency)
        known = arrivals.find(connection, verified.digest)
        if known is not None:
            return None
        header = verified.manifest.header
        self.duty(header)
        place = manifest_chain.place(verified, arrivals.links(connection, str(header.sender), header.feed))
        delivery = hashlib.sha256(record.delivery.encode()).hexdigest()  # two deliveries of one package never share a folder
        folder = self.office.inbox / f"{spool.INCOMING}{verified.digest[:16]}-{delivery[:16]}"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "chunks").mkdir(parents=True)
        _write(folder / spool.MANIFEST, record.data)
        return Incoming(verified, folder, place.standing)

    def duty(self, header: EditionHeader) -> tuple[Feed, View]:
        """The feed and view that this edition is of.

        Raises:
            ExchangeError: E-FEED-FOREIGN, this sender owes us no such feed.
        """
        feed = self.feeds.get(header.feed)
        if feed is None or feed.sender != header.sender.code or self.office.agency.code not in feed.recipients:
            raise ExchangeError("E-FEED-FOREIGN", feed=header.feed, sender=header.sender.code)
        return feed, feed.view_for(self.office.agency.code)


def in_place(incoming: Incoming, record: Arrival) -> bool:
    """Whether a chunk that brings an inclusion path is the manifest's; one that brings none is judged when the package is whole."""
    if record.proof is None or record.index is None:
        return True
    signed = incoming.verified.manifest
    path = [record.proof[at:at + 32] for at in range(0, len(record.proof), 32)]
    try:
        verify_inclusion(leaf_hash(hashlib.sha256(record.data).digest()), record.index, signed.size, path, bytes.fromhex(signed.root))
    except ExchangeError:
        return False
    return True


def take_chunk(incoming: Incoming, record: Arrival) -> None:
    """Put one chunk into the incoming folder; bytes are judged when the package is whole."""
    index = record.index if record.index is not None else -1
    if 0 <= index < incoming.verified.manifest.size:
        _write(incoming.place / "chunks" / spool.chunk_name(index), record.data)
        incoming.got.add(index)


def shelve(office: Office, incoming: Incoming) -> VerifiedLeaves | None:
    """Check a whole package against its manifest and rename it onto the shelf, durably. None for a withdrawn edition.

    Raises:
        ExchangeError: as security.package.check; the folder is removed.
    """
    digest = incoming.verified.digest
    try:
        whole = incoming.verified.manifest.size > 0
        leaves = check(spool.read(office.inbox, incoming.place.name), incoming.verified) if whole else None
    except ExchangeError:
        shutil.rmtree(incoming.place, ignore_errors=True)
        raise
    if (office.inbox / digest).exists():
        shutil.rmtree(incoming.place)
        return leaves
    sync_directory(incoming.place / "chunks")
    sync_directory(incoming.place)
    incoming.place.rename(office.inbox / digest)
    sync_directory(office.inbox)
    return leaves


def enter(office: Office, work: UnitOfWork, incoming: Incoming, leaves: VerifiedLeaves | None, trust: Trust) -> ArrivalEntry:
    """Commit an arrival: state, evidence, ledger and, unless it waits for its successor, the receipt `received`."""
    verified = incoming.verified
    header = verified.manifest.header
    waits = incoming.standing == "waiting"
    entry = ArrivalEntry(
        manifest=verified.digest,
        edition=header.edition,
        revision=header.revision,
        seq=header.sequence,
        prev=verified.manifest.prev,
        sender=str(header.sender),
        feed=header.feed,
        period=header.period,
        kind=verified.manifest.kind,
        state="waiting" if waits else "received",
        code=None,
        rows=None,
        receipt=None,
        at=work.now,
    )
    arrivals.add(work.connection, entry)
    documents.keep(work.connection, "manifest", verified.digest, verified.envelope, work.now)
    work.record(
        "package.received",
        manifest=f"sha256:{verified.digest}",
        edition=header.edition,
        revision=header.revision,
        sender=str(header.sender),
    )
    if not waits:
        receipting.keep(work, verified, receipting.draft(office, work, verified, leaves, trust.newest.version, "received"))
    return entry


def refuse(work: UnitOfWork, name: str, edition: str, code: str) -> None:
    """Remember and record what could not be believed; once."""
    if arrivals.refuse(work.connection, name, edition, code, stamp(work.at)):
        work.record("package.refused", name=name, edition=edition, code=code)


def claimed_edition(data: bytes) -> str:
    """What an unverified manifest says it is, for a report; "?" where it says nothing readable."""
    try:
        header = manifest.Manifest.of_bytes(dsse.peek(data, manifest.TYPE).payload).header
    except ExchangeError:
        return "?"
    return f"{header.edition}.r{header.revision}"


def tidy(office: Office) -> None:
    """Remove incoming folders that a crash left; their records come again."""
    spool.tidy(office.inbox)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
