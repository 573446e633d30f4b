"""Imported by a nursery: reads the catalogues that every command reads, which takes no query and starts no thread."""

from __future__ import annotations

import os

import polars as pl  # noqa: F401 (starts threads of its own with the import, none of them for queries)

from contracts import catalogue
from contracts.codes.areas import load_divisions
from contracts.feeds import load_feeds
from contracts.lists.source import load_lists


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 (their names are all that is wanted)


before = _threads()
catalogue.entries()
load_feeds()
load_lists()
load_divisions()
assert _threads() == before, "a child of a process with threads for queries is not as a fresh one"
