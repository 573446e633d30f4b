"""What every chunk says beside its rows, in the Avro metadata: the state of the source lists, and keys that are unconfirmed.

| entry | content |
|---|---|
| `cx.sources` | canonical JSON: `[{"held", "list", "state"}]`, in the feed's order |
| `cx.unconfirmed` | canonical JSON: key field -> values, one a row of the month before that could not be read this month (design §4) |
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import get_args

import polars as pl

from contracts.errors import ExchangeError
from contracts.frames import ListState
from contracts.views import View

SOURCES = "cx.sources"
UNCONFIRMED = "cx.unconfirmed"
MOST_KEYS = 5_000
"""Unconfirmed keys of one chunk."""

Source = Mapping[str, str | int]
_LIST = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_MOST_LISTS = 64


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
    """The source lists of an opened chunk: `list` a code, `state` one of four words, `held` a count.

    Raises:
        ExchangeError: E-AVRO, they are not what a chunk says.
    """
    try:
        found = json.loads(metadata[SOURCES])
        if not isinstance(found, list) or len(found) > _MOST_LISTS:
            raise ValueError
        return [_source(each) for each in found]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ExchangeError("E-AVRO", why=SOURCES) from None


def _source(given: Mapping[str, object]) -> dict[str, str | int]:
    code, state, held = given["list"], given["state"], given["held"]
    if type(code) is not str or not _LIST.fullmatch(code) or state not in get_args(ListState) or type(held) is not int or held < 0:
        raise ValueError
    return {"list": code, "state": str(state), "held": held}


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
        lengths = {_length(columns[name]) for name in view.key}
        if not isinstance(columns, dict) or len(columns) != len(view.key) or len(lengths) != 1:
            raise ValueError
        return pl.DataFrame(columns, schema=dict.fromkeys(view.key, pl.String()))
    except (KeyError, TypeError, ValueError, RecursionError, pl.exceptions.PolarsError):
        raise ExchangeError("E-AVRO", why=UNCONFIRMED) from None


def _length(values: object) -> int:
    if not isinstance(values, list) or not 0 < len(values) <= MOST_KEYS or any(type(value) is not str for value in values):
        raise ValueError
    return len(values)
