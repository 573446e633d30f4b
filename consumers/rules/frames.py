"""How rules look at source lists: the columns they need, null where a list has none, and nothing where a list is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from contracts.frames import ListFrames

Lists = Mapping[str, ListFrames]
Schema = Mapping[str, pl.DataType | type[pl.DataType]]

PLACE: Schema = {"_file": pl.String, "_sheet": pl.String, "_row": pl.Int32}


def pick(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with exactly the columns of the schema, in its order and types; a column it lacks is null."""
    have = frame.columns
    return frame.select(
        (pl.col(name).cast(dtype) if name in have else pl.lit(None, dtype=dtype)).alias(name) for name, dtype in schema.items()
    )


def accepted(lists: Lists, names: Iterable[str], schema: Schema) -> pl.DataFrame:
    """Accepted rows of these lists one under the other, `list` in front."""
    return _stack(((name, lists[name].accepted) for name in names if name in lists), schema)


def rejected(lists: Lists, names: Iterable[str], schema: Schema) -> pl.DataFrame:
    """Rejected rows likewise, with `_codes` and `_raw` at the end: known, but unreadable."""
    return _stack(
        ((name, lists[name].rejected) for name in names if name in lists), {**schema, "_codes": pl.List(pl.String), "_raw": pl.String}
    )


def _stack(frames: Iterable[tuple[str, pl.DataFrame]], schema: Schema) -> pl.DataFrame:
    parts = [pick(frame, schema).select(pl.lit(name).alias("list"), pl.all()) for name, frame in frames]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"list": pl.String, **schema})


def missing(lists: Lists, names: Sequence[str]) -> list[str]:
    """Which of these lists nobody has delivered."""
    return [name for name in names if name not in lists or lists[name].state == "missing"]


def not_null(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows that have all these values: a null never joins anything here."""
    return frame.filter(pl.all_horizontal(pl.col(c).is_not_null() for c in columns))
