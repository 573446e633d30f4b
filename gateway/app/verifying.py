"""Checking a receipt that lies in a file."""

from __future__ import annotations

from pathlib import Path

from contracts.errors import ExchangeError
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import documents
from security import dsse, manifest, receipt
from security.receipt import Receipt, VerifiedReceipt


def verify_receipt(office: Office, file: Path) -> VerifiedReceipt:
    """Verify a receipt against the manifest this home keeps.

    Raises:
        ExchangeError: E-FILE-NONE; E-RECEIPT-STRAY, no edition this home knows; what receipt.verify raises.
    """
    if not file.is_file():
        raise ExchangeError("E-FILE-NONE", file=file.name)
    envelope = file.read_bytes().rstrip(b"\r\n")
    claimed = Receipt.of_bytes(dsse.peek(envelope, receipt.TYPE).payload)
    with office.reading() as connection:
        statement = documents.find(connection, claimed.manifest)
        trust = believed(connection, office.clock())
    if statement is None:
        raise ExchangeError("E-RECEIPT-STRAY", by=claimed.by.code)
    return receipt.verify(envelope, manifest.of_record(statement, claimed.manifest), trust.signing_keys)
