"""Remarks (备注), and what must not stand in them."""

from __future__ import annotations

import polars as pl

from contracts.values.cells import Cells, Mark, Read, put
from contracts.values.ids import holds_id
from contracts.values.text import read_blank


def read_remark(cells: Cells) -> Read:
    """A remark (备注) as filed. An ID number inside it (18 with right check digit, or 15) makes it null: W-TEXT-ID."""
    text = read_blank(cells.text)
    suspects = text.str.contains(r"[0-9０-９]{15}").fill_null(value=False)
    if not suspects.any():
        return Read(text)
    rows = suspects.arg_true()
    found = pl.Series([r for r, word in zip(rows.to_list(), text.gather(rows).to_list(), strict=True) if holds_id(word)], dtype=pl.UInt32)
    if not len(found):
        return Read(text)
    return Read(put(text, found, None), (Mark("W-TEXT-ID", found),))
