"""What every chunk says beside its rows, in the Avro metadata: the state of the source lists, and keys that are unconfirmed.

| entry | content |
|---|---|
| `cx.sources` | canonical JSON: `[{"held", "list", "state"}]`, in the feed's order |
| `cx.unconfirmed` | canonical JSON: key field -> values, one a row of the month before that could not be read this month (design §4) |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import polars as pl

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
        columns = {name: unconfirmed[name].to_list() for name in sorted(view.key)}
        notes[UNCONFIRMED] = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
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
    if given is None:
        return None
    try:
        columns = json.loads(given)
        frame = pl.DataFrame(columns, schema=dict.fromkeys(view.key, pl.String()), strict=True)
        if set(columns) != set(view.key) or not 0 < frame.height <= MOST_KEYS or any(frame.null_count().row(0)):
            raise ValueError
    except (TypeError, ValueError, AttributeError, pl.exceptions.PolarsError):
        raise ExchangeError("E-AVRO", why=UNCONFIRMED) from None
    return frame
