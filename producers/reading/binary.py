"""One pass over the records of an .xlsb for what calamine leaves out (MS-XLSB 2.1.4, 2.4)."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator

from contracts.errors import ExchangeError
from producers.reading import archive
from producers.reading.biff import ERROR_NAMES
from producers.reading.extent import Extent
from producers.reading.grid import MAX_COLUMNS
from producers.reading.parts import relations

MAX_SHEETS = 1_000
MAX_CHARACTERS = 1 << 30
_ROW, _ERROR, _SHARED, _FORMULA_ERROR, _STRING, _COLUMN, _SHEET, _MERGED = 0, 3, 7, 11, 19, 60, 156, 176
_CELLS, _FORMULAS = range(1, 12), range(8, 12)
_MAX_ROWS = 1 << 20


def scan(members: zipfile.ZipFile, book: str) -> dict[str, Extent]:
    """Extents by sheet name.

    Args:
        book: the part that lists the sheets.

    Raises:
        ExchangeError: E-FILE-CORRUPT; E-FILE-SIZE, more text in all cells together than is read.
    """
    parts = {key: target for key, (kind, target) in relations(members, book).items() if kind.endswith("/worksheet")}
    extents: dict[str, Extent] = {}
    for kind, body in _records(members, book):
        if kind == _SHEET:
            key, rest = _text(body, 8)
            name, _ = _text(body, rest)
            if len(extents) >= MAX_SHEETS:
                raise ExchangeError("E-FILE-SIZE", size=f"{MAX_SHEETS + 1} sheets", limit=f"{MAX_SHEETS}")
            if key in parts:
                extents[name] = _sheet(members, parts[key])
    strings = posixpath.join(posixpath.dirname(book), "sharedStrings.bin")
    if strings in members.namelist():
        longest = max((len(body) for kind, body in _records(members, strings) if kind == _STRING), default=0)
        most = longest * sum(e.shared for e in extents.values())
        if most > MAX_CHARACTERS:
            raise ExchangeError("E-FILE-SIZE", size=f"{most >> 20} MiB", limit=f"{MAX_CHARACTERS >> 20} MiB")
    return extents


def _records(members: zipfile.ZipFile, part: str) -> Iterator[tuple[int, bytes]]:
    """Kind and body of every record; both kind and length are written seven bits a byte."""
    pending = b""
    for block in archive.blocks(members, part):
        pending += block
        at = 0
        while (head := _head(pending, at)) is not None:
            kind, start, end = head
            if end > len(pending):
                break
            yield kind, pending[start:end]
            at = end
        pending = pending[at:]
    if pending:
        raise ExchangeError("E-FILE-CORRUPT")


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Kind, begin and end of the record at a position; None when its head is not whole."""
    values = []
    for most in (2, 4):
        value = 0
        for index in range(most):
            if at >= len(data):
                return None
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << (7 * index)
            if not byte & 0x80:
                break
        values.append(value)
    return values[0], at, at + values[1]


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(body):
        raise ExchangeError("E-FILE-CORRUPT")
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _sheet(members: zipfile.ZipFile, part: str) -> Extent:
    extent = Extent()
    row = 0
    try:
        for kind, body in _records(members, part):
            if kind == _ROW:
                (row,) = struct.unpack_from("<I", body)
                if row >= _MAX_ROWS or row < extent.next_row:
                    raise ExchangeError("E-FILE-CORRUPT")
                extent.next_row = row + 1
                extent.last_row = row
                if body[11] & 0x10:
                    extent.hidden_rows.add(row)
            elif kind in _CELLS:
                _cell(extent, kind, row, body)
            elif kind == _COLUMN and struct.unpack_from("<H", body, 16)[0] & 1:
                first, last = struct.unpack_from("<II", body)
                extent.hide_columns(first + 1, last + 1)
            elif kind == _MERGED:
                first, last, left, right = struct.unpack_from("<IIII", body)
                extent.merge(1)
                extent.merged.append((first, left, last, right))
    except (struct.error, IndexError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    return extent


def _cell(extent: Extent, kind: int, row: int, body: bytes) -> None:
    (column,) = struct.unpack_from("<I", body)
    if column >= MAX_COLUMNS:
        raise ExchangeError("E-FILE-CORRUPT")
    extent.last_column = max(extent.last_column, column)
    if kind in _FORMULAS:
        extent.formula((row, column), "")
    if kind in (_ERROR, _FORMULA_ERROR):
        extent.errors[row, column] = ERROR_NAMES.get(body[8], "#N/A")
    elif kind == _SHARED:
        extent.shared += 1
