"""One pass over a sheet's own part for what calamine leaves out: hidden rows and columns, formulas, error cells, extent."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from xml.parsers import expat

from contracts.errors import ExchangeError
from producers.reading.extent import Extent
from producers.reading.grid import MAX_COLUMNS

_HEAD = 4 << 20
_LONGEST_ROW = 64 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]{1,16})</v>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>')
_PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^>]*)>')
_CELL_NAME = re.compile(rb'<c r="([A-Z0-9]{2,10})"')
_HIDDEN = re.compile(rb'hidden\s*=\s*"(?:1|true)"')
_COL = re.compile(rb"<col\s([^>]*)/?>")


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


def scan(part: Callable[[], Iterator[bytes]]) -> Extent:
    """Read a sheet's part, in blocks, to its end; from its beginning once more where it is written in an unusual way.

    Parts as spreadsheet programs write them are searched row by row; anything unusual (another encoding, a prefix on the
    elements, references left out, comments, a document type) goes through expat, which takes no external entity and no
    document type at all.

    Raises:
        ExchangeError: E-FILE-CORRUPT, no well-formed part or a document type.
    """
    blocks = part()
    head = next(blocks, b"")
    while b"<sheetData" not in head and len(head) < _HEAD:
        block = next(blocks, b"")
        if not block:
            break
        head += block
    prolog, found, rest = head.partition(b"<sheetData")
    if not found or b"<!" in prolog or not _is_utf8(prolog):
        return _by_expat(chain([head], blocks))
    try:
        return _by_search(prolog, rest, blocks)
    except _UnusualError:
        return _by_expat(part())


def _is_utf8(prolog: bytes) -> bool:
    declared = re.search(rb"""encoding\s*=\s*["']([^"']+)""", prolog[:200])
    return prolog[:3] != b"\xff\xfe" and (declared is None or declared[1].lower() in (b"utf-8", b"us-ascii"))


class _UnusualError(Exception):
    """The fast way does not understand the part."""


def _by_search(prolog: bytes, rest: bytes, blocks: Iterator[bytes]) -> Extent:
    extent = Extent()
    for match in _COL.finditer(prolog):
        attributes = dict(re.findall(rb'(\w+)\s*=\s*"([^"]*)"', match[1]))
        if attributes.get(b"hidden") in (b"1", b"true"):
            extent.hide_columns(int(attributes[b"min"]), int(attributes[b"max"]))
    pending = rest
    while True:
        cut = pending.rfind(b"</row>") + 6
        if cut > 5:
            _rows(pending[:cut], extent)
            pending = pending[cut:]
        end = pending.find(b"</sheetData")
        if end >= 0 or pending.startswith(b"/>"):
            _empty_rows(pending[: max(end, 0)], extent)
            for below in chain([pending[max(end, 0) :]], blocks):
                extent.merge(below.count(b"<mergeCell "))
            return extent
        block = next(blocks, b"")
        if not block:
            raise ExchangeError("E-FILE-CORRUPT")
        if len(pending) > _LONGEST_ROW:
            raise _UnusualError
        pending += block


def _rows(block: bytes, extent: Extent) -> None:
    """Whole rows. What a block does not hold at all is not looked for in its rows."""
    if b"<!" in block or b"='" in block or b"<c>" in block or block.count(b"<c ") != block.count(b'<c r="'):
        raise _UnusualError
    extent.shared += block.count(b't="s"')
    marked = b"<f" in block or b't="e"' in block
    for row in block.split(b"</row>")[:-1]:
        start = row.rfind(b"<row")
        if start != row.find(b"<row"):
            _empty_rows(row[:start], extent)
        opening = _PLAIN_ROW.match(row, start) if start >= 0 else None
        if opening is None:
            raise _UnusualError
        number = int(opening[1]) - 1
        if number < extent.next_row:
            raise _UnusualError  # rows out of order: some may stand twice
        extent.next_row = number + 1
        extent.last_row = max(extent.last_row, number)
        if b"hidden" in opening[2] and _HIDDEN.search(opening[2]):
            extent.hidden_rows.add(number)
        names = _CELL_NAME.findall(row)
        if names:
            letters = b",".join([*names, b""]).replace(opening[1] + b",", b",")
            extent.last_column = max(extent.last_column, _last_column(letters))
        if len(names) != row.count(b'<c r="'):
            raise _UnusualError
        if marked and (b"<f" in row or b't="e"' in row):
            _marked_cells(row, extent)


@lru_cache(maxsize=1024)
def _last_column(letters: bytes) -> int:
    """The last of the columns of one row, from 0, given as `A,B,D,`: most rows of a sheet have the same ones.

    Raises:
        ExchangeError: E-FILE-CORRUPT, a cell of another row, or one that stands twice: nobody could say which was meant.
    """
    columns = letters.split(b",")[:-1]
    if len(set(columns)) < len(columns) or not all(map(bytes.isalpha, columns)):
        raise ExchangeError("E-FILE-CORRUPT")
    return max(position(c.decode() + "1")[1] for c in columns)


def _empty_rows(piece: bytes, extent: Extent) -> None:
    """Rows that close themselves; they hold nothing but may be hidden."""
    for opening in re.finditer(rb"<row[\s/>][^>]*>?", piece):
        match = _PLAIN_ROW.match(opening.group())
        if match is None or not match[2].endswith(b"/"):
            raise _UnusualError
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
            extent.formula(where, html.unescape((formula[1] or b"").decode("utf-8", "replace")))
        if b't="e"' in cell[2]:
            value = _VALUE.search(piece, cell.end())
            extent.errors[where] = (value[1] if value else b"#N/A").decode("utf-8", "replace")


def _by_expat(blocks: Iterable[bytes]) -> Extent:
    reader = _Expat()
    try:
        for block in blocks:
            reader.parser.Parse(block, False)  # noqa: FBT003  the library's own signature
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
        self.taken: dict[int, int] = {}
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
            self._once()
            self.extent.last_row = max(self.extent.last_row, self.row)
            self.extent.last_column = max(self.extent.last_column, self.column)
            if attributes.get("t") == "s":
                self.extent.shared += 1
            elif attributes.get("t") == "e":
                self.extent.errors[self.row, self.column] = "#N/A"
                self.failed = True
        elif local == "mergeCell":
            self.extent.merge(1)
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

    def _once(self) -> None:
        """A cell that stands twice has two values, and nobody could say which was meant."""
        here = 1 << self.column
        before = self.taken.get(self.row, 0)
        if self.column >= MAX_COLUMNS or before & here:
            raise ExchangeError("E-FILE-CORRUPT")
        self.taken[self.row] = before | here

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self.failed = False
        elif self.text is not None and local in ("f", "v"):
            if local == "f":
                self.extent.formula((self.row, self.column), "".join(self.text))
            else:
                self.extent.errors[self.row, self.column] = "".join(self.text)
            self.text = None
            self.parser.CharacterDataHandler = None
