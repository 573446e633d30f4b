"""Where a death notice and a roster row do not meet by ID: the same name, and perhaps nearly the same number."""

from __future__ import annotations

import json
import re

import polars as pl

# Of 18 characters so many must agree at the beginning and the end together: one wrong, missing or doubled digit, or two swapped.
ALIKE = 15


def unreadable_notices(notices: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Notices without a readable ID whose name stands on a roster: NEEDS_REVIEW with the number of that person where the
    written number is nearly theirs, else NONE. Never STOP."""
    pairs = notices.drop("id_number").join(people, left_on="name", right_on="person", how="inner", maintain_order="left")
    alike = [_alike(raw, number) for raw, number in pairs.select("raw", "id_number").iter_rows()]
    near = pl.Series(alike, dtype=pl.Boolean)
    case = pl.when(near).then(pl.lit("NEEDS_REVIEW")).otherwise(pl.lit("NONE"))
    reason = pl.when(near).then(pl.lit("ID_INVALID_NAME_MATCH")).otherwise(pl.lit("NAMESAKE_ID_UNREADABLE"))
    return pairs.with_columns(case.alias("case"), reason.alias("reason"), pl.col("head_id").alias("household"))


def unreadable_rows(strangers: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The dead on no roster, where a rejected roster row has their name and nearly their number: NEEDS_REVIEW."""
    unreadable = held.filter(pl.col("id_number").is_null(), pl.col("name").is_in(strangers["name"].to_list()))
    rows = unreadable.select("name", "category", "head_id", pl.col("_raw").alias("_cells"))
    pairs = strangers.join(rows, on="name", how="inner", maintain_order="left")
    alike = [_alike(raw, number) for raw, number in pairs.select("_cells", "id_number").iter_rows()]
    found = pairs.filter(pl.Series(alike, dtype=pl.Boolean))
    return found.with_columns(
        pl.lit("NEEDS_REVIEW").alias("case"), pl.lit("ROSTER_ROW_REJECTED").alias("reason"), pl.col("head_id").alias("household")
    )


def namesakes(strangers: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Recipients who only share the name of somebody dead: NONE, said so that nobody stops their aid."""
    pairs = strangers.drop("id_number").join(people, left_on="name", right_on="person", how="inner", maintain_order="left")
    return pairs.with_columns(pl.lit("NONE").alias("case"), pl.lit("NAMESAKE").alias("reason"), pl.col("head_id").alias("household"))


def _alike(raw: str | None, number: str) -> bool:
    """Whether the raw cells (JSON) hold this ID number but for a slip, or its old form of 15 digits."""
    written = re.findall(r"[0-9]{14,}[0-9X]?", json.dumps(json.loads(raw), ensure_ascii=False).upper()) if raw else []
    return any(_slip(text, number) or text == number[:6] + number[8:17] for text in written)


def _slip(text: str, number: str) -> bool:
    if abs(len(text) - len(number)) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(text, number, strict=False)) if a != b), min(len(text), len(number)))
    tail = next((i for i, (a, b) in enumerate(zip(text[::-1], number[::-1], strict=False)) if a != b), min(len(text), len(number)))
    return head + tail >= ALIKE
