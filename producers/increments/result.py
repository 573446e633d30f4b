"""What comes out of increments (R11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import polars as pl

from producers.increments.month import Schema, pick

WHO = {"list": pl.String, "category": pl.String, "id_number": pl.String}
PLACE = {"_file": pl.String, "_sheet": pl.String, "_row": pl.Int32}
OWED = {"list": pl.String, "ref": pl.String, "since": pl.String, "change_type": pl.String, "key": pl.String}


@dataclass(frozen=True, slots=True)
class Frames:
    """The five frames of one list, or of all.

    Attributes:
        rows: the increment, one accepted row of this month each: `list`, `category`, `id_number`, `change_type`
            (NEW_HOUSEHOLD, NEW_PERSON, REINCLUDED, TRANSFER), `since` (the month that would have reported them), place.
        not_new: `why` of those new by ID and yet not new (BASE_ROW_HELD, BASE_ROW_LEFT_OUT, ID_CORRECTION), and of those of
            the base whom the change list names (MOVE, TAPER_BACK, NAME_CHANGE, SPLIT, HEAD_CHANGE, IN_BASE).
        exits: accepted in the base and gone, with the `reason` that change list or exit register give (null: nobody says).
        held: accepted in the base, held this month: no exit; `codes` List(String).
        owed: the register of owed persons as of the end of this month, to be kept and handed in next month: `list`, `ref`
            (month/file/sheet!row), `since`, `change_type`, `key` (sealed).
    """

    rows: pl.DataFrame
    not_new: pl.DataFrame
    exits: pl.DataFrame
    held: pl.DataFrame
    owed: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Increments:
    """What is new against the month before.

    Attributes:
        state: `no-base` when no list of the month before is there: nothing may be sent.
        frames: see there.
        missing: lists that give no increment because one of the two months lacks them.
    """

    state: Literal["planned", "no-base"]
    frames: Frames
    missing: tuple[str, ...]


SCHEMAS: Mapping[str, Schema] = {
    "rows": {**WHO, "change_type": pl.String, "since": pl.String, **PLACE},
    "not_new": {**WHO, "why": pl.String},
    "exits": {**WHO, "reason": pl.String},
    "held": {**WHO, "codes": pl.List(pl.String)},
    "owed": OWED,
}


def stack(parts: Sequence[Frames]) -> Frames:
    """The parts one under the other, each frame in its schema; empty frames of no parts."""
    made = {}
    for field in fields(Frames):
        schema = SCHEMAS[field.name]
        made[field.name] = pl.concat([pl.DataFrame(schema=schema), *(pick(getattr(p, field.name), schema) for p in parts)])
    return Frames(**made)


def nobody() -> pl.DataFrame:
    """No owed persons: what the first month of all begins with."""
    return pl.DataFrame(schema=OWED)
