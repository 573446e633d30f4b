"""Checking evidence years later, without the gateway: `python -m security.verify BUNDLE.zip --root ROOT`.

This package and all it imports use the standard library and `cryptography` alone (tested). Normative text: docs/spec/evidence.md.
"""

from __future__ import annotations

from security.verify.bundle import Evidence, LoggedEntry, build_bundle, read_bundle
from security.verify.evidence import verify_bundle
from security.verify.report import ProvenEdition, ProvenReceipt, Report, Statement

__all__ = [
    "Evidence",
    "LoggedEntry",
    "ProvenEdition",
    "ProvenReceipt",
    "Report",
    "Statement",
    "build_bundle",
    "read_bundle",
    "verify_bundle",
]
