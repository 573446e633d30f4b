"""Accepted rows as canonical records, one JSON object a line (values as `docs/reading.md` says)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import polars as pl

from contracts.lists import SourceList, load_lists
from contracts.values.numbers import yuan
from producers.reading.read import Reading

_BATCH = 10_000


def write(reading: Reading, out: Path) -> int:
    """Write the accepted rows of every list; the number of lines.

    Amounts are decimal text in yuan, members pairs of name and number, everything empty is null.
    """
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        return sum(_write_list(load_lists()[t.list], t.accepted, stream) for t in reading.tables)


def _write_list(listing: SourceList, frame: pl.DataFrame, stream: TextIO) -> int:
    for record in records(listing, frame):
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    return frame.height


def records(listing: SourceList, frame: pl.DataFrame) -> Iterator[dict[str, object]]:
    """Canonical rows as records: `_list`, `_sheet`, `_row`, then the fields."""
    money = [f.name for f in listing.fields.values() if f.type == "amount"]
    listed = [f.name for f in listing.fields.values() if f.type == "members"]
    for batch in frame.drop("_file").iter_slices(_BATCH):
        for row in batch.iter_rows(named=True):
            for name in money:
                row[name] = None if row[name] is None else yuan(row[name])
            for name in listed:
                row[name] = None if row[name] is None else [[m["name"], m["id_number"]] for m in row[name]]
            yield {"_list": listing.code, **row}
