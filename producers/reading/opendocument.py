"""OpenDocument spreadsheets (.ods, .fods): values and what lies beside them in one pass over the content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from contracts.errors import ExchangeError
from producers.reading import archive, xmlpass
from producers.reading.encoding import encoding_of, text_of
from producers.reading.grid import Grid, Value, bound_columns
from producers.reading.page import Page

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"

MAX_SHEETS = 1_000
MAX_CHARACTERS = 512 << 20
"""Characters of all cells, repeated ones as often as they stand."""

_MAX_ROWS = 1 << 20
_NUMBERS = frozenset({"float", "currency", "percentage"})
_ELSEWHERE = frozenset({"annotation", "tracked-changes", "shapes", "content-validations", "dde-links", "named-expressions"})
_HIDDEN = ("collapse", "filter")


def is_opendocument(path: Path) -> bool:
    """Whether an archive is an OpenDocument of any kind; one that is damaged is said to be none."""
    try:
        with zipfile.ZipFile(path) as members:
            return "content.xml" in members.namelist() and "mimetype" in members.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return False


def read_ods(path: Path) -> list[Grid]:
    """Every sheet of an .ods.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE, E-FILE-TYPE.
    """
    try:
        with archive.opened(path) as members:
            if not archive.read(members, "mimetype").startswith(_MIMETYPE):
                raise ExchangeError("E-FILE-TYPE")
            if "META-INF/manifest.xml" in members.namelist() and b"encryption-data" in archive.read(members, "META-INF/manifest.xml"):
                raise ExchangeError("E-FILE-PWD")
            return read_content(_decoded(b"".join(archive.blocks(members, "content.xml"))))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error


def _decoded(data: bytes) -> Iterator[str]:
    stream = io.BytesIO(data)
    yield from text_of(stream, encoding_of(stream))


def read_content(blocks: Iterable[str]) -> list[Grid]:
    """Every sheet of a document's content (`content.xml`, or a flat .fods).

    Raises:
        ExchangeError: E-FILE-CORRUPT, not well-formed; E-FILE-SIZE; E-FILE-TYPE, no sheet in it.
    """
    reader = _Reader()
    xmlpass.parse(blocks, reader.start, reader.end, reader.words)
    if not reader.pages:
        raise ExchangeError("E-FILE-TYPE")
    return [page.grid() for page in reader.pages]


class _Reader:
    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.page = Page("")
        self.tables = 0
        self.elsewhere = 0
        self.style = ""
        self.hidden_styles: set[str] = set()
        self.row: list[Value] = []
        self.repeated = 1
        self.columns = 0
        self.column = 0
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.paragraphs = 0
        self.characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _ELSEWHERE or (name == "table" and self.tables):
            self.elsewhere += 1
        if self.elsewhere:
            return
        if name == "style":
            self.style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table":
            self._table(attributes)
        elif name == "table-column":
            count = _number(attributes, "number-columns-repeated")
            if attributes.get("visibility") in _HIDDEN:
                self.page.extent.hide_columns(self.columns + 1, self.columns + count)
            self.columns += count
        elif name == "table-row":
            self.row, self.column = [], 0
            self.repeated = _number(attributes, "number-rows-repeated")
            if attributes.get("visibility") in _HIDDEN:
                self.page.extent.hide_rows(self.page.next_row, self.repeated)
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.text, self.paragraphs = attributes, [], 0
        elif self.cell is not None:
            self._inline(name, attributes)

    def _table(self, attributes: dict[str, str]) -> None:
        if len(self.pages) >= MAX_SHEETS:
            raise ExchangeError("E-FILE-SIZE", size=f"{MAX_SHEETS + 1} sheets", limit=f"{MAX_SHEETS}")
        self.tables, self.columns = 1, 0
        visible = attributes.get("style-name") not in self.hidden_styles
        before = self.pages[-1].cells if self.pages else 0
        self.page = Page(attributes.get("name", f"Sheet{len(self.pages) + 1}"), visible=visible, before=before)
        self.pages.append(self.page)

    def _inline(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self.paragraphs += 1
            if self.paragraphs > 1:
                self.text.append("\n")
        elif name == "s":
            self.text.append(" " * min(_number(attributes, "c"), 32_767))
        elif name == "tab":
            self.text.append("\t")
        elif name == "line-break":
            self.text.append("\n")

    def words(self, text: str) -> None:
        if self.cell is not None and self.paragraphs and not self.elsewhere:
            self.text.append(text)

    def end(self, name: str) -> None:
        if self.elsewhere:
            if name in _ELSEWHERE or name == "table":
                self.elsewhere -= 1
        elif name == "table":
            self.tables = 0
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._end_cell(self.cell, covered=name.startswith("covered"))
            self.cell = None
        elif name == "table-row" and self.tables:
            self._end_row()

    def _end_cell(self, cell: dict[str, str], *, covered: bool) -> None:
        count = _number(cell, "number-columns-repeated")
        text = "".join(self.text)
        row, first = self.page.next_row, self.column
        self.column += count
        if cell.get("formula"):
            bound_columns(self.column)
            for column in range(first, self.column):
                self.page.extent.formula((row, column), cell["formula"].partition("=")[2])
        wide, high = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            self.page.merged.append((row, first, row + high - 1, first + wide - 1))
        if cell.get("value-type") == "error":
            self.page.extent.errors[row, first] = text[:16] or "#N/A"
        value = None if covered else _typed(cell, text)  # what stands under a merged cell is not shown
        if value is not None:
            bound_columns(self.column)
            self.row += [None] * (first - len(self.row))
            self.row += [value] * count
            self._count(value, count)

    def _count(self, value: Value, times: int) -> None:
        self.characters += len(value) * times * self.repeated if isinstance(value, str) else 0
        if self.characters > MAX_CHARACTERS:
            raise ExchangeError("E-FILE-SIZE", size=f"{self.characters >> 20} MiB", limit=f"{MAX_CHARACTERS >> 20} MiB")

    def _end_row(self) -> None:
        if self.page.next_row + self.repeated > _MAX_ROWS + 1:
            raise ExchangeError("E-FILE-CORRUPT")
        self.page.row(self.row, self.repeated)


def _typed(cell: dict[str, str], text: str) -> Value:
    """A value of its type; what is shown where it is none."""
    kind = cell.get("value-type")
    try:
        if kind in _NUMBERS and "value" in cell:
            return float(cell["value"])
        if kind == "date" and "date-value" in cell:
            return dt.datetime.fromisoformat(cell["date-value"])
    except ValueError:
        return text or None
    if kind == "boolean" and "boolean-value" in cell:
        return cell["boolean-value"] == "true"
    return text or cell.get("string-value") or None


def _number(attributes: dict[str, str], name: str) -> int:
    """A count that is 1 when it is not said."""
    value = attributes.get(name, "1")
    if not value.isascii() or not value.isdigit() or len(value) > 8:
        raise ExchangeError("E-FILE-CORRUPT")
    return max(int(value), 1)
