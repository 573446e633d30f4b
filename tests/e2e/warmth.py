"""Imported last by the nursery: what every command reads from data files is read, and the whole heap is taken out of the collector's
sight, so that a child does not copy it page by page."""

from __future__ import annotations

import gc

import tests.fault.warmth  # noqa: F401 (reads the catalogues)
from consumers.rules.parameters import parameters
from contracts.codes.table import load_tables
from contracts.feeds import load_feeds
from contracts.lists.aliases import aliases
from contracts.lists.source import load_lists
from contracts.schemas import load_schema

load_tables()
for code in load_lists():
    aliases(code)
for rule in ("R1", "R4", "R6", "R12"):
    parameters(rule)
for feed in load_feeds().values():
    load_schema(feed.contract)
    for view in feed.views:
        assert view.digest
        assert view.schema_digest
gc.collect()
gc.freeze()
