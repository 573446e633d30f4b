"""What a file is, by its content and not by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from contracts.errors import ExchangeError
from producers.reading.delimited import read_text_table
from producers.reading.grid import Grid, with_text_errors
from producers.reading.workbook import read_xls, read_xlsx

MAX_XLS = 256 << 20
_ZIP, _COMPOUND = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"{\\rtf")
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\x7fELF",
    b"MZ\x90",
)


def read_grids(path: Path) -> list[Grid]:
    """Every sheet of a file.

    Raises:
        ExchangeError: E-FILE-EMPTY, E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE, E-FILE-TYPE.
        OSError: the file cannot be read at all.
    """
    with path.open("rb") as stream:
        head = stream.read(512)
    if not head.strip():
        raise ExchangeError("E-FILE-EMPTY")
    return [with_text_errors(g) for g in _by_content(path, head)]


def _by_content(path: Path, head: bytes) -> list[Grid]:
    if head.startswith(_COMPOUND):
        size = path.stat().st_size
        if size > MAX_XLS:
            raise ExchangeError("E-FILE-SIZE", size=f"{size >> 20} MiB", limit=f"{MAX_XLS >> 20} MiB")
        return read_xls(path.read_bytes())
    if head.startswith(_ZIP):
        if not zipfile.is_zipfile(path):
            raise ExchangeError("E-FILE-CORRUPT")
        return read_xlsx(path)
    if head.startswith(_OTHERS) or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower().startswith(_MARKUP):
        raise ExchangeError("E-FILE-TYPE")
    return read_text_table(path)
