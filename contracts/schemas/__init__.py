"""Contracts (契约): Avro schemas, one file a version, locked by hash once released (`schemas.lock`)."""

from __future__ import annotations

from contracts.schemas.released import CLASSES, contract_names, load_schema, locked

__all__ = ["CLASSES", "contract_names", "load_schema", "locked"]
