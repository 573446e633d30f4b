"""The face of the sinks: what a use case needs to load an edition into a partner's own tables.

The port is `consumers.sinks.port`; what it promises is said there, and held to by `tests/conformance/test_sinks.py`.
"""

from __future__ import annotations

from consumers.sinks.opening import absolute, open_sink
from consumers.sinks.port import Batches, EditionFacts, Kind, LoadCounts, MakeReceipt, Sink, StoredReceipt, Unconfirmed

__all__ = ["Batches", "EditionFacts", "Kind", "LoadCounts", "MakeReceipt", "Sink", "StoredReceipt", "Unconfirmed", "absolute", "open_sink"]
