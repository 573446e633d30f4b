"""Checkpoints of this home's own ledger, signed after every run that meets the carrier: who rewrites the ledger afterwards is noticed."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from gateway import ledger
from gateway.app.office import Office
from gateway.state import documents
from gateway.state.unit import UnitOfWork
from security.keys import PublicKey
from security.log import checkpoint
from security.log.checkpoint import Checkpoint
from security.trust import own

KIND = "checkpoint"
_SIZE = "checkpoint-size"


def keep(office: Office, work: UnitOfWork) -> None:
    """Sign the state of the ledger as this unit will leave it, and keep the note; nothing when it has not grown since the last one."""
    work.flush()
    size = str(ledger.size(work.connection))
    if documents.setting(work.connection, _SIZE) == size:
        return
    note = ledger.checkpoint(work.connection, office.agency, own.log_keys(office.keys))
    documents.keep(work.connection, KIND, hashlib.sha256(note).hexdigest(), note, work.now)
    documents.set_setting(work.connection, _SIZE, size)


def known(office: Office, connection: Connection) -> list[tuple[str, Checkpoint]]:
    """The checkpoints kept, their signatures verified, each with the name of who saw it.

    Raises:
        ExchangeError: E-CHECKPOINT-*, E-SIG: one was changed.
    """
    keys = _log_keys(office)
    return [(str(office.agency), checkpoint.verify(each.body, keys)) for each in documents.of_kind(connection, KIND)]


def _log_keys(office: Office) -> list[PublicKey]:
    """Every key this home has ever signed its ledger with."""
    found = (office.keys.find(label) for label in office.keys.labels() if label.startswith(("log/", "log-pq/")))
    return [key for key in found if key is not None]
