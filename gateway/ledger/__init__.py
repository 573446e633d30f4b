"""The ledger (台账) in a home's database: an append-only RFC 6962 tree over everything that happened.

Every function works on the connection it is given, inside the caller's transaction.
"""

from __future__ import annotations

from gateway.ledger.append import append
from gateway.ledger.audit import Audit, audit
from gateway.ledger.proofs import checkpoint, consistency, inclusion, prove, root
from gateway.ledger.reading import Entry, entries, naming, size
from gateway.ledger.tables import create

__all__ = [
    "Audit",
    "Entry",
    "append",
    "audit",
    "checkpoint",
    "consistency",
    "create",
    "entries",
    "inclusion",
    "naming",
    "prove",
    "root",
    "size",
]
