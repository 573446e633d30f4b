"""fsck: everything that can be derived again from stored bytes is derived again and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from gateway import ledger, spool
from gateway.app import checkpoints, importing
from gateway.app.history import History
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import arrivals, documents, editions, imports, receipts
from gateway.state.arrivals import ArrivalEntry
from gateway.state.editions import RANK, Edition
from gateway.state.receipts import ReceiptEntry
from security import manifest, receipt
from security.manifest import VerifiedManifest
from security.package import check
from security.trust.trust import Trust

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not agree, where it is and the code that says what to do."""

    where: str
    code: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was wrong with it. `strays`: packages nobody names, which the next run removes."""

    entries: int
    checkpoints: int
    editions: int
    arrivals: int
    receipts: int
    packages: int
    strays: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Inspection:
    """The state of one check."""

    office: Office
    connection: Connection
    trust: Trust
    history: History
    faults: list[Fault] = field(default_factory=list)

    def guard(self, where: str, step: Callable[[], Result]) -> Result | None:
        """Run a step; what it refuses is a fault there."""
        try:
            return step()
        except ExchangeError as error:
            self.faults.append(Fault(where, error.code))
            return None

    def statement(self, digest: str, where: str) -> VerifiedManifest | None:
        """The signed manifest of that digest, entered in the ledger."""
        envelope = documents.find(self.connection, digest)
        if envelope is None:
            self.faults.append(Fault(where, "E-FSCK-MANIFEST"))
            return None
        verified = self.guard(where, lambda: manifest.verify_past(envelope, self.history.keys_for(self.trust, digest)))
        if verified is not None and verified.digest != digest:
            self.faults.append(Fault(where, "E-FSCK-MANIFEST"))
            return None
        if digest not in self.history.first:
            self.faults.append(Fault(where, "E-FSCK-LEDGER"))
        return verified

    def package(self, shelf: Path, digest: str) -> None:
        """Every chunk of a spooled package follows from its manifest."""
        package = spool.read(shelf, digest)
        verified = manifest.verify_past(package.manifest, self.history.keys_for(self.trust, digest))
        if verified.digest != digest:
            raise ExchangeError("E-FSCK-MANIFEST")
        if verified.manifest.size:
            check(package, verified)

    def expect(self, where: str, holds: bool, code: str) -> None:
        if not holds:
            self.faults.append(Fault(where, code))


def fsck(office: Office) -> Checked:
    """Check a home; changes nothing.

    1. the ledger's tree follows from its entries, and each checkpoint signed since is the root at its size
    2. belief stands from its pinned root
    3. every edition is what its signed manifest says, entered in the ledger, linked to the one before it; its state follows from the
       receipts; while it is not receipted its package is there
    4. every arrival is what its manifest says, and entered; its package is there while it is still to be loaded; what was answered
       for good has its receipt
    5. every receipt is what was signed, verifies against its manifest, and is entered
    6. every vault package that state names is whole
    7. whatever the ledger tells of is there

    Signatures of keys that were revoked later count for what was entered before.
    """
    with office.reading() as connection:
        faults: list[Fault] = []
        seen = _first(faults, "checkpoints", lambda: checkpoints.known(office, connection)) or []
        entries = _first(faults, "ledger", lambda: ledger.audit(connection, seen).size) or 0
        trust = _first(faults, "trust", lambda: believed(connection, office.clock())) or Trust()
        inspection = _Inspection(office, connection, trust, History.of(connection), faults)
        sent, come, given = editions.listed(connection), arrivals.everything(connection), receipts.listed(connection)
        _editions(inspection, sent, given)
        _arrivals(inspection, come, given)
        for each in given:
            inspection.guard(f"receipt {each.digest[:12]}", partial(_receipt, inspection, each))
        named = importing.packages_named(connection)
        for name in sorted(named):
            inspection.guard(f"vault {name[:12]}", partial(office.vault.verify, name))
        _told(inspection, sent, come, given)
        strays = len(spool.names(office.place / "vault") - named) + len(spool.names(office.outbox) - {edition.manifest for edition in sent})
    return Checked(entries, len(seen), len(sent), len(come), len(given), len(named), strays, tuple(faults))


def _first(faults: list[Fault], where: str, step: Callable[[], Result]) -> Result | None:
    try:
        return step()
    except ExchangeError as error:
        faults.append(Fault(where, error.code))
        return None


def _editions(inspection: _Inspection, sent: Sequence[Edition], given: Sequence[ReceiptEntry]) -> None:
    last: dict[tuple[str, str], Edition] = {}
    for edition in sorted(sent, key=lambda each: (each.feed, each.recipient, each.seq)):
        verified = inspection.statement(edition.manifest, edition.id)
        if edition.state in {"sealed", "posted"}:
            inspection.guard(edition.id, partial(inspection.package, inspection.office.outbox, edition.manifest))
        before = last.get((edition.feed, edition.recipient))
        last[edition.feed, edition.recipient] = edition
        inspection.expect(edition.id, edition.seq == (before.seq if before else 0) + 1, "E-FSCK-CHAIN")
        if verified is not None:
            stated = _stated(verified)
            row = (edition.edition, edition.revision, edition.seq, edition.feed, edition.period, edition.kind)
            inspection.expect(edition.id, stated == row and verified.manifest.size == edition.chunks, "E-FSCK-STATE")
            inspection.expect(edition.id, verified.manifest.prev == (before.manifest if before else None), "E-FSCK-CHAIN")
            inspection.expect(edition.id, verified.manifest.header.recipient.code == edition.recipient, "E-FSCK-STATE")
        answers = ["rejected" if each.result == "rejected" else each.stage for each in given
                   if each.direction == "in" and each.manifest == edition.manifest]  # fmt: skip
        answered = max((RANK[answer] for answer in answers), default=0)
        inspection.expect(edition.id, RANK[edition.state] >= answered, "E-FSCK-STATE")
        inspection.expect(edition.id, edition.state not in {"received", "loaded", "rejected"} or edition.state in answers, "E-FSCK-RECEIPT")


def _arrivals(inspection: _Inspection, come: Sequence[ArrivalEntry], given: Sequence[ReceiptEntry]) -> None:
    ours = {each.digest: each for each in given if each.direction == "out"}
    for arrival in come:
        where = f"{arrival.edition}.r{arrival.revision}"
        verified = inspection.statement(arrival.manifest, where)
        if verified is not None:
            row = (arrival.edition, arrival.revision, arrival.seq, arrival.feed, arrival.period, arrival.kind)
            same = _stated(verified) == row and str(verified.manifest.header.sender) == arrival.sender
            inspection.expect(where, same and verified.manifest.prev == arrival.prev, "E-FSCK-STATE")
        if arrival.state in {"received", "waiting"}:
            inspection.guard(where, partial(inspection.package, inspection.office.inbox, arrival.manifest))
        if arrival.state in {"loaded", "rejected"}:
            receipted = ours.get(arrival.receipt or "")
            inspection.expect(where, receipted is not None and receipted.manifest == arrival.manifest, "E-FSCK-RECEIPT")
            said = "rejected" if receipted is not None and receipted.result == "rejected" else "loaded"
            inspection.expect(where, receipted is None or said == arrival.state, "E-FSCK-STATE")


def _stated(verified: VerifiedManifest) -> tuple[object, ...]:
    header = verified.manifest.header
    return header.edition, header.revision, header.sequence, header.feed, header.period, verified.manifest.kind


def _receipt(inspection: _Inspection, entry: ReceiptEntry) -> None:
    connection, history = inspection.connection, inspection.history
    envelope, about = documents.find(connection, entry.digest), documents.find(connection, entry.manifest)
    if envelope is None or about is None:
        raise ExchangeError("E-FSCK-RECEIPT")
    statement = manifest.verify_past(about, history.keys_for(inspection.trust, entry.manifest))
    verified = receipt.verify(envelope, statement, history.keys_for(inspection.trust, entry.digest))
    signed = verified.receipt
    row = (entry.digest, entry.edition, entry.revision, entry.stage, entry.result, entry.rows)
    if row != (verified.digest, signed.edition, signed.revision, signed.stage, signed.result, signed.records):
        raise ExchangeError("E-FSCK-RECEIPT")
    if entry.digest not in history.first:
        raise ExchangeError("E-FSCK-LEDGER")


def _told(inspection: _Inspection, sent: Sequence[Edition], come: Sequence[ArrivalEntry], given: Sequence[ReceiptEntry]) -> None:
    there: dict[str, set[str | None]] = {
        "editions": {each.manifest for each in sent},
        "arrivals": {each.manifest for each in come},
        "receipts": {each.digest for each in given},
        "imports": {each.accepted_package for each in imports.everything(inspection.connection)},
    }
    for thing, digests in inspection.history.told.items():
        for digest in sorted(digests - there[thing]):
            inspection.faults.append(Fault(f"{thing} {digest[:12]}", "E-FSCK-STATE"))
