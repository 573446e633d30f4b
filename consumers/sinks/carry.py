"""Rows that the sender could not confirm: taken over from last month, never from memory."""

from __future__ import annotations

import polars as pl


def carried(before: pl.DataFrame, here: pl.DataFrame, keys: pl.DataFrame, key: tuple[str, ...]) -> tuple[pl.DataFrame, int]:
    """The rows of an earlier month to take over.

    A key that the edition itself has rows for is not taken over: what was confirmed wins.

    Args:
        before: rows of the earlier month, the key columns and others.
        here: rows of the arriving edition, at least the key columns.
        keys: the unconfirmed keys, unique. Null is a value like any other in a key.

    Returns:
        The rows of `before` in their order, and how many keys matched no row of either.
    """
    on = list(key)
    keys = keys.select(on).match_to_schema(before.select(on).schema, integer_cast="upcast")
    open_keys = keys.join(here.select(on), on=on, how="anti", nulls_equal=True)
    unmatched = open_keys.join(before.select(on), on=on, how="anti", nulls_equal=True).height
    return before.join(open_keys, on=on, how="semi", nulls_equal=True, maintain_order="left"), unmatched
