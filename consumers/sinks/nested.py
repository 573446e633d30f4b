"""Values that a table or a CSV has no cell for."""

from __future__ import annotations

import json

import polars as pl


def flattened(frame: pl.DataFrame, *, dates_as_text: bool) -> pl.DataFrame:
    """The frame with lists and structs as JSON text, and times (dates too, if wanted) as ISO text. Columns keep their names."""
    for name, dtype in frame.schema.items():
        if dtype.is_nested():
            texts = [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in frame[name].to_list()]
            frame = frame.with_columns(pl.Series(name, texts, dtype=pl.String))
        elif dtype.is_temporal() and (dates_as_text or dtype != pl.Date):
            frame = frame.with_columns(pl.col(name).cast(pl.String))
    return frame
