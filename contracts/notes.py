"""What every chunk says beside its rows, in the Avro metadata: the state of the source lists, and keys that are unconfirmed.

| entry | content |
|---|---|
| `cx.sources` | canonical JSON: `[{"held", "list", "state"}]`, in the feed's order |
| `cx.unconfirmed` | an Avro container of the view's key: rows of the month before that could not be read this month (design §4) |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import polars as pl

from contracts import avro
from contracts.errors import ExchangeError
from contracts.views import View

SOURCES = "cx.sources"
UNCONFIRMED = "cx.unconfirmed"
MOST_KEYS = 5_000
"""Unconfirmed keys of one chunk."""

Source = Mapping[str, str | int]


def write(sources: Sequence[Source], view: View, unconfirmed: pl.DataFrame | None) -> dict[str, bytes]:
    """The metadata of one chunk.

    Args:
        unconfirmed: columns `view.key`, at most MOST_KEYS rows; None for a chunk without any.
    """
    notes = {SOURCES: json.dumps([dict(sorted(source.items())) for source in sources], separators=(",", ":")).encode()}
    if unconfirmed is not None and unconfirmed.height:
        notes[UNCONFIRMED] = avro.encode(unconfirmed, view.key_schema, {})
    return notes


def sources(metadata: Mapping[str, bytes]) -> list[dict[str, str | int]]:
    """The source lists of an opened chunk.

    Raises:
        ExchangeError: E-AVRO, they are not what a chunk says.
    """
    try:
        found = json.loads(metadata[SOURCES])
        return [{"list": str(each["list"]), "state": str(each["state"]), "held": int(each["held"])} for each in found]
    except (KeyError, TypeError, ValueError):
        raise ExchangeError("E-AVRO", why="cx.sources") from None


def unconfirmed(metadata: Mapping[str, bytes], view: View) -> pl.DataFrame | None:
    """The unconfirmed keys of an opened chunk, None when it has none.

    Raises:
        ExchangeError: E-AVRO.
    """
    given = metadata.get(UNCONFIRMED)
    return None if given is None else avro.decode(given, view.key_schema, max_rows=MOST_KEYS).frame
