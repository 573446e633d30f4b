"""Rows of one edition as one Parquet file: what every folder sink keeps, whatever it shows to people."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

IN_MEMORY = 256 * 1024 * 1024
"""Bytes of rows held before they go to disk: some three million persons. Up to here the file is written in one go, which is as
fast as Polars is; beyond, parts are put down beside it and brought together as a stream, so that memory stays bounded."""


def write_rows(path: Path, schema: Mapping[str, pl.DataType], batches: Iterable[pl.DataFrame], *, in_memory: int = IN_MEMORY) -> int:
    """Write batches of exactly this schema into one file and flush it.

    Returns:
        The number of rows.

    Raises:
        polars.exceptions.PolarsError, OSError: the disk's; the file and its parts are then of no use.
    """
    empty = pl.DataFrame(schema=dict(schema))
    run, size, rows = [empty], 0, 0
    parts: list[Path] = []
    for batch in batches:
        rows += batch.height
        size += int(batch.estimated_size())
        run.append(batch)
        if size > in_memory:
            parts.append(path.with_name(f"{path.name}.{len(parts):06d}"))
            pl.concat(run).write_ipc(parts[-1], compression="uncompressed")
            run, size = [empty], 0
    if parts:
        pl.concat([*(pl.scan_ipc(part) for part in parts), pl.concat(run).lazy()]).sink_parquet(path)
        for part in parts:
            part.unlink()
    else:
        pl.concat(run).write_parquet(path)
    flush(path)
    return rows


def flush(path: Path) -> None:
    """Make a file or a folder safe from a power failure."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
