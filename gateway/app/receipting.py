"""Receipts this home gives."""

from __future__ import annotations

from dataclasses import dataclass

from gateway import __version__
from gateway.app.office import Office
from gateway.state import documents, receipts
from gateway.state.receipts import ReceiptEntry
from gateway.state.unit import UnitOfWork
from security import dsse, receipt
from security.manifest import VerifiedManifest
from security.package_leaves import VerifiedLeaves
from security.receipt import Reason, Receipt, Result, Stage

SOFTWARE = f"roster-gateway/{__version__}"


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt of ours.

    Attributes:
        digest: SHA-256 (hex) of its payload.
        rows: rows loaded.
    """

    digest: str
    rows: int


def draft(
    office: Office,
    work: UnitOfWork,
    verified: VerifiedManifest,
    leaves: VerifiedLeaves | None,
    version: int,
    stage: Stage,
    result: Result = "accepted",
    rows: int = 0,
    reasons: tuple[Reason, ...] = (),
) -> bytes:
    """Sign a receipt; it is ours to give only once `keep` has committed it.

    Args:
        leaves: of the package; None for a withdrawn edition, which has no chunks.
        version: of the trust list used.
    """
    header = verified.manifest.header
    statement = Receipt(
        edition=header.edition,
        revision=header.revision,
        manifest=verified.digest,
        by=office.agency,
        kid=header.recipient_kid,
        stage=stage,
        chunks=receipt.chunks_of(leaves) if leaves is not None else (),
        result=result,
        reasons=reasons,
        opened=verified.manifest.size if stage == "loaded" and result == "accepted" else 0,
        records=rows,
        trust=version,
        software=SOFTWARE,
        at=work.at,
        prev=receipts.last_given(work.connection, str(header.sender)),
    )
    label = office.keys.latest("sign") or "sign/1"
    return receipt.sign(statement, office.keys.signer(label))


def keep(work: UnitOfWork, verified: VerifiedManifest, envelope: bytes) -> Given:
    """Commit a receipt of ours with its ledger entry; it waits to be posted. The same envelope again changes nothing."""
    payload = dsse.peek(envelope, receipt.TYPE).payload
    statement, digest = Receipt.of_bytes(payload), dsse.digest(payload)
    documents.keep(work.connection, "receipt", digest, envelope, work.now)
    entry = ReceiptEntry(
        digest=digest,
        direction="out",
        manifest=verified.digest,
        edition=statement.edition,
        revision=statement.revision,
        party=str(verified.manifest.header.sender),
        stage=statement.stage,
        result=statement.result,
        rows=statement.records,
        posted=False,
        at=work.now,
    )
    if receipts.add(work.connection, entry):
        work.record(
            "receipt.given",
            receipt=f"sha256:{digest}",
            manifest=f"sha256:{verified.digest}",
            stage=statement.stage,
            result=statement.result,
        )
    return Given(digest, statement.records)
