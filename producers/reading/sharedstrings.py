"""How much text the cells of an .xlsx hold together when each shared string stands where it is used."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping

import polars as pl

from contracts.errors import ExchangeError
from producers.reading import archive
from producers.reading.extent import Extent

MAX_CHARACTERS = 1 << 30
"""Bytes of text of all cells together. One string of 32,767 characters in a million cells is a small file and no small sheet."""

_USED = re.compile(rb't="s"[^>]*><v>([0-9]{1,9})</v>')


def bound_strings(members: zipfile.ZipFile, parts: Mapping[str, str], extents: Mapping[str, Extent]) -> None:
    """Refuse a workbook whose cells hold more text than is read, before anything holds it.

    Raises:
        ExchangeError: E-FILE-SIZE; E-FILE-CORRUPT, the strings are longer than the archive says.
    """
    lengths = [n for name in members.namelist() if name.lower().endswith("sharedstrings.xml") for n in _lengths(members, name)]
    most = sum(e.shared for e in extents.values()) * max(lengths, default=0)
    if most > MAX_CHARACTERS:  # rare: then it is counted
        of = pl.Series(lengths, dtype=pl.Int64)
        most = sum(_used(members, part, of, extents[name].shared) for name, part in parts.items())
    if most > MAX_CHARACTERS:
        raise ExchangeError("E-FILE-SIZE", size=f"{most >> 20} MiB", limit=f"{MAX_CHARACTERS >> 20} MiB")


def _lengths(members: zipfile.ZipFile, name: str) -> list[int]:
    """Bytes of each string with its marks, in order."""
    found: list[int] = []
    pending = b""
    for block in archive.blocks(members, name):
        *whole, pending = (pending + block).split(b"</si>")
        found += map(len, whole)
    return [*found, len(pending)]


def _used(members: zipfile.ZipFile, part: str, lengths: pl.Series, shared: int) -> int:
    """Bytes of the strings that a sheet uses, as often as it uses them; at the worst where it is written in an unusual way."""
    total, seen, pending = 0, 0, b""
    for block in archive.blocks(members, part):
        head, cut, pending = (pending + block).rpartition(b"</c>")
        indices = pl.Series(_USED.findall(head + cut), dtype=pl.Binary).cast(pl.String).cast(pl.Int64)
        indices = indices.filter(indices < len(lengths))
        seen += len(indices)
        total += int(lengths.gather(indices).sum())
    return total + max(shared - seen, 0) * int(lengths.max() or 0)  # type: ignore[arg-type]  # a length
