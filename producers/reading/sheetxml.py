"""One pass over a sheet's own part for what calamine leaves out: hidden rows and columns, formulas, error cells, extent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO
from xml.parsers import expat

from contracts.errors import ExchangeError
from producers.reading.grid import Extras

_BLOCK = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]{1,16})</v>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>')
_PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^>]*)>')
_FAR_CELL = re.compile(rb'<c r="([A-Z]{3})')
_HIDDEN = re.compile(rb'hidden\s*=\s*"(?:1|true)"')
_COL = re.compile(rb"<col\s([^>]*)/?>")


class Extent:
    """What one sheet holds beside its values, and how far it reaches."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.formulas: dict[tuple[int, int], str] = {}
        self.errors: dict[tuple[int, int], str] = {}
        self.last_row = 0
        self.last_column = 0

    def extras(self, merged: tuple[tuple[int, int, int, int], ...]) -> Extras:
        return Extras(frozenset(self.hidden_rows), frozenset(self.hidden_columns), self.formulas, self.errors, merged)

    def hide_columns(self, first: int, last: int) -> None:
        """Columns count from 1 as in the file; a range to the sheet's end is cut at what a table can have."""
        self.hidden_columns.update(range(first - 1, min(last, 16_384)))


def position(reference: str) -> tuple[int, int]:
    """Row and column of an A1 reference, from 0.

    Raises:
        ExchangeError: E-FILE-CORRUPT, it is none.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ExchangeError("E-FILE-CORRUPT")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def scan(stream: IO[bytes]) -> Extent:
    """Read a sheet's part to its end.

    Parts as spreadsheet programs write them are searched row by row; anything unusual (another encoding, a prefix on the
    elements, references left out, comments, a document type) goes through expat, which takes no external entity and no
    document type at all.

    Raises:
        ExchangeError: E-FILE-CORRUPT, no well-formed part or a document type.
    """
    blocks = iter(lambda: stream.read(_BLOCK), b"")
    head = next(blocks, b"")
    while b"<sheetData" not in head and len(head) < 4 * _BLOCK:
        block = next(blocks, b"")
        if not block:
            break
        head += block
    prolog, found, rest = head.partition(b"<sheetData")
    if not found or b"<!" in prolog or not _is_utf8(prolog):
        return _by_expat(head, blocks)
    try:
        return _by_search(prolog, rest, blocks)
    except _UnusualError as unusual:
        return _by_expat(head, _chain(unusual.read, blocks))


def _is_utf8(prolog: bytes) -> bool:
    declared = re.search(rb"""encoding\s*=\s*["']([^"']+)""", prolog[:200])
    return prolog[:3] != b"\xff\xfe" and (declared is None or declared[1].lower() in (b"utf-8", b"us-ascii"))


class _UnusualError(Exception):
    """The fast way does not understand the part. `read` holds the blocks it took beyond the head."""

    def __init__(self, read: list[bytes]) -> None:
        super().__init__()
        self.read = read


def _chain(read: list[bytes], blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield from read
    yield from blocks


def _by_search(prolog: bytes, rest: bytes, blocks: Iterator[bytes]) -> Extent:
    extent = Extent()
    for match in _COL.finditer(prolog):
        attributes = dict(re.findall(rb'(\w+)\s*=\s*"([^"]*)"', match[1]))
        if attributes.get(b"hidden") in (b"1", b"true"):
            extent.hide_columns(int(attributes[b"min"]), int(attributes[b"max"]))
    taken: list[bytes] = []
    pending = rest
    while True:
        cut = pending.rfind(b"</row>") + 6
        if cut > 5:
            _rows(pending[:cut], extent, taken)
            pending = pending[cut:]
        end = pending.find(b"</sheetData")
        if end >= 0 or pending.startswith(b"/>"):
            _empty_rows(pending[: max(end, 0)], extent, taken)
            return extent
        block = next(blocks, b"")
        if not block:
            raise ExchangeError("E-FILE-CORRUPT")
        taken.append(block)
        pending += block


def _rows(block: bytes, extent: Extent, taken: list[bytes]) -> None:
    """Whole rows. What a block does not hold at all is not looked for in its rows."""
    if b"<!" in block or b"='" in block or b"<c>" in block or block.count(b"<c ") != block.count(b'<c r="'):
        raise _UnusualError(taken)
    for far in _FAR_CELL.finditer(block):
        extent.last_column = max(extent.last_column, _column_of(far[1]))
    marked = b"<f" in block or b't="e"' in block
    for row in block.split(b"</row>")[:-1]:
        start = row.rfind(b"<row")
        if start != row.find(b"<row"):
            _empty_rows(row[:start], extent, taken)
        opening = _PLAIN_ROW.match(row, start) if start >= 0 else None
        if opening is None:
            raise _UnusualError(taken)
        number = int(opening[1]) - 1
        extent.last_row = max(extent.last_row, number)
        if b"hidden" in opening[2] and _HIDDEN.search(opening[2]):
            extent.hidden_rows.add(number)
        last = row.rfind(b'<c r="') + 6
        if last > 5:
            extent.last_column = max(extent.last_column, _column_of(row[last : row.index(b'"', last)].rstrip(b"0123456789")))
        if marked and (b"<f" in row or b't="e"' in row):
            _marked_cells(row, extent)


@lru_cache(maxsize=1024)
def _column_of(letters: bytes) -> int:
    """Column of its letters, from 0."""
    return position(letters.decode("ascii", "replace") + "1")[1]


def _empty_rows(piece: bytes, extent: Extent, taken: list[bytes]) -> None:
    """Rows that close themselves; they hold nothing but may be hidden."""
    for opening in re.finditer(rb"<row[\s/>][^>]*>?", piece):
        match = _PLAIN_ROW.match(opening.group())
        if match is None or not match[2].endswith(b"/"):
            raise _UnusualError(taken)
        number = int(match[1]) - 1
        extent.last_row = max(extent.last_row, number)
        if _HIDDEN.search(match[2]):
            extent.hidden_rows.add(number)


def _marked_cells(row: bytes, extent: Extent) -> None:
    for piece in row.split(b"</c>"):
        cell = None
        for cell in _CELL.finditer(piece):  # noqa: B007  the last one opens what follows
            pass
        if cell is None:
            continue
        where = position(cell[1].decode())
        formula = _FORMULA.search(piece, cell.end())
        if formula:
            extent.formulas[where] = html.unescape((formula[1] or b"").decode("utf-8", "replace"))
        if b't="e"' in cell[2]:
            value = _VALUE.search(piece, cell.end())
            extent.errors[where] = (value[1] if value else b"#N/A").decode("utf-8", "replace")


def _by_expat(head: bytes, blocks: Iterator[bytes]) -> Extent:
    reader = _Expat()
    try:
        reader.parser.Parse(head, False)  # noqa: FBT003  the library's own signature
        for block in blocks:
            reader.parser.Parse(block, False)  # noqa: FBT003  as above
        reader.parser.Parse(b"", True)  # noqa: FBT003  as above
    except (expat.ExpatError, ValueError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    return reader.extent


class _Expat:
    def __init__(self) -> None:
        self.extent = Extent()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.row, self.column = -1, -1
        self.text: list[str] | None = None
        self.failed = False

    def _doctype(self, *_args: object) -> None:
        raise ExchangeError("E-FILE-CORRUPT")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            if "r" in attributes:
                self.row, self.column = position(attributes["r"])
            else:
                self.column += 1
            self.extent.last_row = max(self.extent.last_row, self.row)
            self.extent.last_column = max(self.extent.last_column, self.column)
            if attributes.get("t") == "e":
                self.extent.errors[self.row, self.column] = "#N/A"
                self.failed = True
        elif local == "f" or (local == "v" and self.failed):
            self.text = []
            self.parser.CharacterDataHandler = self.text.append
        elif local == "row":
            self.row, self.column = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1, -1
            self.extent.last_row = max(self.extent.last_row, self.row)
            if attributes.get("hidden") in ("1", "true"):
                self.extent.hidden_rows.add(self.row)
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            self.extent.hide_columns(int(attributes.get("min", "1")), int(attributes.get("max", "1")))

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self.failed = False
        elif self.text is not None and local in ("f", "v"):
            into = self.extent.formulas if local == "f" else self.extent.errors
            into[self.row, self.column] = "".join(self.text)
            self.text = None
            self.parser.CharacterDataHandler = None
