"""Receipts as they come and go: theirs to our editions, ours asked for again."""

from __future__ import annotations

from contracts.errors import ExchangeError
from gateway import spool
from gateway.app import receipting
from gateway.app.office import Office
from gateway.carriers.port import Arrival
from gateway.state import arrivals, documents, editions, receipts
from gateway.state.arrivals import ArrivalEntry
from gateway.state.receipts import ReceiptEntry
from gateway.state.unit import UnitOfWork
from security import dsse, manifest, receipt
from security.package import check
from security.receipt import Receipt
from security.trust.trust import Trust


def take_receipt(work: UnitOfWork, envelope: bytes, trust: Trust) -> str | None:
    """Verify a partner's receipt against our manifest and move the edition on; its digest, None when it is known.

    Raises:
        ExchangeError: E-RECEIPT-STRAY, no edition of ours; and what receipt.verify raises.
    """
    seen = dsse.peek(envelope, receipt.TYPE)
    if receipts.find(work.connection, dsse.digest(seen.payload)) is not None:
        return None
    claimed = Receipt.of_bytes(seen.payload)
    sent = editions.by_manifest(work.connection, claimed.manifest)
    ours = documents.find(work.connection, claimed.manifest)
    if sent is None or ours is None:
        raise ExchangeError("E-RECEIPT-STRAY", by=claimed.by.code)
    verified = receipt.verify(envelope, manifest.of_record(ours, claimed.manifest), trust.signing_keys)
    statement = verified.receipt
    documents.keep(work.connection, "receipt", verified.digest, envelope, work.now)
    entry = ReceiptEntry(
        digest=verified.digest,
        direction="in",
        manifest=statement.manifest,
        edition=statement.edition,
        revision=statement.revision,
        party=str(statement.by),
        stage=statement.stage,
        result=statement.result,
        rows=statement.records,
        posted=True,
        at=work.now,
    )
    receipts.add(work.connection, entry)
    editions.advance(work.connection, sent.id, "rejected" if statement.result == "rejected" else statement.stage)
    work.record(
        "receipt.taken",
        receipt=f"sha256:{verified.digest}",
        manifest=f"sha256:{statement.manifest}",
        stage=statement.stage,
        result=statement.result,
    )
    return verified.digest


def ask_again(work: UnitOfWork, record: Arrival) -> None:
    """Post the stored receipts of a repeated package once more: the sender may not have got them."""
    digest = dsse.digest(dsse.peek(record.data, manifest.TYPE).payload)
    for given in receipts.of_manifest(work.connection, digest):
        if given.direction == "out":
            receipts.mark_unposted(work.connection, given.digest)


def admit(office: Office, work: UnitOfWork, entry: ArrivalEntry, trust: Trust) -> None:
    """Let a late package in that its successor now vouches for."""
    package = spool.read(office.inbox, entry.manifest)
    verified = manifest.verify_past(package.manifest, trust.signing_keys)
    leaves = check(package, verified) if verified.manifest.size else None
    arrivals.settle(work.connection, entry.manifest, "received", None, None)
    receipting.keep(work, verified, receipting.draft(office, work, verified, leaves, trust.newest.version, "received"))
