"""What a file is, by its content and not by its name."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path

from contracts.errors import ExchangeError
from producers.reading.delimited import read_text_table
from producers.reading.encoding import encoding_of, head_of, text_of
from producers.reading.grid import Grid, with_text_errors
from producers.reading.opendocument import is_opendocument, read_content, read_ods
from producers.reading.rawbiff import MAX_RAW, STARTS, read_raw
from producers.reading.sheetml import read_sheetml
from producers.reading.webarchive import MAX_ARCHIVE, read_archive
from producers.reading.webtable import read_page
from producers.reading.workbook import read_xls, read_xlsx
from producers.reading.xmlpass import declared_encoding

MAX_XLS = 256 << 20
MAX_MARKUP = 512 << 20
_ZIP, _COMPOUND = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"II*\0",
    b"MM\0*",
    b"\x7fELF",
    b"MZ\x90",
    b"{\\rtf",
)
_ARCHIVE = re.compile(r"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)
_WORKBOOK = re.compile(r"(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?Workbook[\s>]", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|meta|body|table|style|div|center|title)[\s>/]", re.IGNORECASE)


SUMMARY = "问题汇总"
"""Name of the sheet that an annotated workbook carries behind its own; it is none of the file's."""

SUMMARY_HEADS = {
    "zh": ("级别", "代码", "处数", "位置", "问题", "处理"),
    "en": ("severity", "code", "count", "where", "problem", "what to do"),
}
"""Its second row, by which it is known: a clerk may well have a sheet of that name."""


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a file, but for the summary that we wrote into it.

    Raises:
        ExchangeError: E-FILE-EMPTY, E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE, E-FILE-TYPE.
        OSError: the file cannot be read at all.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
        raise ExchangeError("E-FILE-TYPE")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise ExchangeError("E-FILE-EMPTY")
    grids = _by_content(path, head)
    return [with_text_errors(g) for g in grids if not _is_summary(g)]


def _is_summary(grid: Grid) -> bool:
    return grid.name == SUMMARY and grid.height > 1 and tuple(t for t in grid.row(1) if t) in SUMMARY_HEADS.values()


def _by_content(path: Path, head: bytes) -> list[Grid]:
    if head.startswith(_COMPOUND):
        _bound(path, MAX_XLS)
        return read_xls(path.read_bytes())
    if head.startswith(_ZIP):
        if not zipfile.is_zipfile(path):
            raise ExchangeError("E-FILE-CORRUPT")
        return read_ods(path) if is_opendocument(path) else read_xlsx(path)
    if head.startswith(STARTS):
        _bound(path, MAX_RAW)
        return read_raw(path.read_bytes())
    if head.startswith(_OTHERS):
        raise ExchangeError("E-FILE-TYPE")
    text = head_of(head).lstrip()
    if text.startswith("<") and (_WORKBOOK.match(text) or _PAGE.search(text) or text.startswith(("<?xml", "<!"))):
        return _markup(path, text)
    if _ARCHIVE.match(text):
        _bound(path, MAX_ARCHIVE)
        return read_archive(path.read_bytes())
    return read_text_table(path)


def _markup(path: Path, head: str) -> list[Grid]:
    _bound(path, MAX_MARKUP)
    with path.open("rb") as stream:
        blocks = text_of(stream, encoding_of(stream, declared_encoding(head)))
        if _WORKBOOK.match(head):
            return read_sheetml(blocks)
        if "urn:oasis:names:tc:opendocument" in head:
            return read_content(blocks)
        if _PAGE.search(head):
            return read_page(blocks)
    raise ExchangeError("E-FILE-TYPE")


def _bound(path: Path, limit: int) -> None:
    size = path.stat().st_size
    if size > limit:
        raise ExchangeError("E-FILE-SIZE", size=f"{size >> 20} MiB", limit=f"{limit >> 20} MiB")
