"""How rules look at source lists: the columns they need, null where a list has none, and nothing where a list is missing.

Rosters are large and subjects few, so every look at a roster says first which rows it wants (`keep`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from contracts.frames import ListFrames

Lists = Mapping[str, ListFrames]
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
# Columns that depend on the list: from its code and the columns that its file has.
More = Callable[[str, Sequence[str]], Sequence[pl.Expr]]

PLACE: Schema = {"_file": pl.String, "_sheet": pl.String, "_row": pl.Int32}
FAULTS: Schema = {"_codes": pl.List(pl.String), "_raw": pl.String}


def pick(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with exactly the columns of the schema, in its order and types; a column it lacks is null."""
    return frame.select(_columns(frame, schema))


def _columns(frame: pl.DataFrame, schema: Schema) -> list[pl.Expr]:
    have = frame.schema
    return [
        (pl.col(name) if have[name] == dtype else pl.col(name).cast(dtype))
        if name in have
        else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    ]  # fmt: skip


def accepted(lists: Lists, names: Iterable[str], schema: Schema, keep: pl.Expr | None = None, more: More | None = None) -> pl.DataFrame:
    """Accepted rows of these lists that `keep` wants one under the other: `list`, the schema, what `more` adds by list.

    `keep` speaks of columns of the schema.
    """
    return _stack(((name, lists[name].accepted) for name in names if name in lists), schema, keep, more)


def rejected(lists: Lists, names: Iterable[str], schema: Schema, more: More | None = None) -> pl.DataFrame:
    """Rejected rows likewise, with `_codes` and `_raw` at the end of the schema: known, but unreadable."""
    return _stack(((name, lists[name].rejected) for name in names if name in lists), {**schema, **FAULTS}, None, more)


def _stack(frames: Iterable[tuple[str, pl.DataFrame]], schema: Schema, keep: pl.Expr | None, more: More | None) -> pl.DataFrame:
    parts = [_wanted(name, frame, schema, keep, more) for name, frame in frames if not frame.is_empty()]
    parts = [part for part in parts if not part.is_empty()]
    if not parts:
        return _wanted("", pl.DataFrame(schema=schema), schema, None, more).clear()
    return parts[0] if len(parts) == 1 else pl.concat(parts)


def _wanted(name: str, frame: pl.DataFrame, schema: Schema, keep: pl.Expr | None, more: More | None) -> pl.DataFrame:
    """The filter goes first, on few columns, unless it asks for one that this file lacks and the schema makes up."""
    first = keep is not None and set(keep.meta.root_names()) <= set(frame.columns)
    rows = frame.filter(keep) if keep is not None and first else frame
    if first and rows.is_empty():
        return rows
    added = more(name, rows.columns) if more else ()
    made = rows.select(pl.lit(name).alias("list"), *_columns(rows, schema), *added)
    return made.filter(keep) if keep is not None and not first else made


def among(column: str, values: pl.Series) -> pl.Expr:
    """Whether the column's value is one of these; a null is none."""
    return pl.col(column).is_in(values.implode()).fill_null(value=False)


def missing(lists: Lists, names: Sequence[str]) -> list[str]:
    """Which of these lists nobody has delivered."""
    return [name for name in names if name not in lists or lists[name].state == "missing"]


def not_null(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows that have all these values: a null never joins anything here."""
    return frame.filter(*(pl.col(c).is_not_null() for c in columns))
