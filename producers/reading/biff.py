"""One pass over the records of a legacy .xls for what calamine leaves out (MS-XLS 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc, CompDocError

from contracts.errors import ExchangeError
from producers.reading.extent import Extent

_FORMULA, _BOF, _EOF, _BOUNDSHEET, _FILEPASS, _COLINFO, _BOOLERR, _ROW = 0x0006, 0x0809, 0x000A, 0x0085, 0x002F, 0x007D, 0x0205, 0x0208

_CELLS = frozenset({0x0006, 0x00BD, 0x00BE, 0x00D6, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD})
"""Records that begin with the row and column of a cell (of the first of several)."""

ERROR_NAMES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def stream_of(data: bytes) -> bytes:
    """The workbook stream of a compound file.

    Raises:
        ExchangeError: E-FILE-PWD encrypted (also an encrypted .xlsx), E-FILE-TYPE another kind of document, E-FILE-CORRUPT.
    """
    try:
        document = CompDoc(data, logfile=Silence())
        for name in ("Workbook", "Book"):
            stream = document.get_named_stream(name)
            if stream:
                return bytes(stream)
        if document.get_named_stream("EncryptedPackage") or document.get_named_stream("EncryptionInfo"):
            raise ExchangeError("E-FILE-PWD")
    except ExchangeError:
        raise
    except (CompDocError, AssertionError, IndexError, struct.error, ValueError, KeyError, TypeError, MemoryError, RecursionError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    raise ExchangeError("E-FILE-TYPE")


class Silence:
    """The library prints what it notices; a reader's output must not hold it."""

    def write(self, _text: str) -> None:
        return


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + length]
        offset += 4 + length


def scan(stream: bytes) -> list[Extent]:
    """Extents of the sheets, in the order of the workbook's list of them.

    Raises:
        ExchangeError: E-FILE-PWD, the records are encrypted.
    """
    starts: list[int] = []
    by_start: dict[int, Extent] = {}
    current: Extent | None = None
    depth = 0
    for offset, kind, body in _records(stream):
        if kind == _BOF:
            depth += 1
            if depth == 1:
                current = by_start.setdefault(offset, Extent())
        elif kind == _EOF:
            depth -= 1
        elif kind == _FILEPASS:
            raise ExchangeError("E-FILE-PWD")
        elif kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif current is not None and depth == 1:
            _note(current, kind, body)
    return [by_start.get(start, Extent()) for start in starts]


def _note(extent: Extent, kind: int, body: bytes) -> None:
    if kind in _CELLS and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        extent.last_row, extent.last_column = max(extent.last_row, row), max(extent.last_column, column)
    if kind == _FORMULA and len(body) >= 4:
        row, column = struct.unpack_from("<HH", body)
        extent.formulas[row, column] = ""
    elif kind == _BOOLERR and len(body) >= 8 and body[7]:
        row, column = struct.unpack_from("<HH", body)
        extent.errors[row, column] = ERROR_NAMES.get(body[6], "#N/A")
    elif kind == _ROW and len(body) >= 16 and body[12] & 0x20:
        extent.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == _COLINFO and len(body) >= 10 and body[8] & 0x01:
        first, last = struct.unpack_from("<HH", body)
        extent.hide_columns(first + 1, last + 1)
