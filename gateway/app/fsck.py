"""fsck: everything that can be derived again from stored bytes is derived again and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from gateway import ledger, spool
from gateway.app import importing
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import arrivals, documents, editions, receipts
from security import dsse, manifest, receipt
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
    editions: int
    arrivals: int
    receipts: int
    packages: int
    strays: int
    faults: tuple[Fault, ...]


def fsck(office: Office) -> Checked:
    """Check a home; changes nothing.

    1. the ledger's tree follows from its entries
    2. belief stands from its pinned root
    3. every edition has its signed manifest, a ledger entry, and while it is not receipted its package
    4. every arrival has its manifest and ledger entry, and its package where it is still to be loaded
    5. every receipt verifies against its manifest and is in the ledger; a loaded edition has one
    6. every vault package that state names is whole
    """
    with office.reading() as connection:
        faults: list[Fault] = []
        entries = _guard(faults, "ledger", lambda: ledger.audit(connection).size) or 0
        trust = _guard(faults, "trust", lambda: believed(connection, office.clock())) or Trust()
        text = b"\n".join(entry.body for entry in ledger.entries(connection))
        sent = editions.listed(connection)
        come = arrivals.everything(connection)
        for edition in sent:
            faults += _document(connection, text, edition.manifest, edition.id, trust)
            if edition.state in {"sealed", "posted"}:
                _guard(faults, edition.id, partial(_package, office.outbox, edition.manifest, trust))
        for arrival in come:
            place = f"{arrival.edition}.r{arrival.revision}"
            faults += _document(connection, text, arrival.manifest, place, trust)
            if arrival.state in {"received", "waiting"}:
                _guard(faults, place, partial(_package, office.inbox, arrival.manifest, trust))
            if arrival.state == "loaded" and arrival.receipt is None:
                faults.append(Fault(place, "E-FSCK-RECEIPT"))
        given = receipts.listed(connection)
        for each in given:
            _guard(faults, f"receipt {each.digest[:12]}", partial(_receipt, connection, text, each.digest, each.manifest, trust))
        named = importing.packages_named(connection)
        for name in sorted(named):
            _guard(faults, f"vault {name[:12]}", partial(office.vault.verify, name))
        strays = len(spool.names(office.place / "vault") - named) + len(spool.names(office.outbox) - {edition.manifest for edition in sent})
    return Checked(entries, len(sent), len(come), len(given), len(named), strays, tuple(faults))


def _guard(faults: list[Fault], where: str, step: Callable[[], Result]) -> Result | None:
    try:
        return step()
    except ExchangeError as error:
        faults.append(Fault(where, error.code))
        return None


def _document(connection: Connection, text: bytes, digest: str, where: str, trust: Trust) -> Iterator[Fault]:
    envelope = documents.find(connection, digest)
    if envelope is None:
        yield Fault(where, "E-FSCK-MANIFEST")
        return
    found: list[Fault] = []
    verified = _guard(found, where, lambda: manifest.verify_past(envelope, trust.signing_keys))
    yield from found
    if verified is not None and verified.digest != digest:
        yield Fault(where, "E-FSCK-MANIFEST")
    if digest.encode() not in text:
        yield Fault(where, "E-FSCK-LEDGER")


def _package(shelf: Path, name: str, trust: Trust) -> None:
    package = spool.read(shelf, name)
    verified = manifest.verify_past(package.manifest, trust.signing_keys)
    if verified.digest != name:
        raise ExchangeError("E-FSCK-MANIFEST")
    if verified.manifest.size:
        check(package, verified)


def _receipt(connection: Connection, text: bytes, digest: str, about: str, trust: Trust) -> None:
    envelope, statement = documents.find(connection, digest), documents.find(connection, about)
    if envelope is None or statement is None:
        raise ExchangeError("E-FSCK-RECEIPT")
    verified = receipt.verify(envelope, manifest.verify_past(statement, trust.signing_keys), trust.signing_keys)
    if verified.digest != digest or dsse.digest(dsse.peek(envelope, receipt.TYPE).payload) != digest:
        raise ExchangeError("E-FSCK-RECEIPT")
    if digest.encode() not in text:
        raise ExchangeError("E-FSCK-LEDGER")
