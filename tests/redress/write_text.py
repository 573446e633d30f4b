"""A sheet as text: the dialects and encodings that spreadsheet programs, banks and government systems write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.redress.cells import Cell, shown
from tests.redress.layout import Placed


@dataclass(frozen=True, slots=True)
class Dialect:
    """How text is written. quoting: "needed" or "all"; protected: long digit texts as ="…"."""

    name: str
    encoding: str
    separator: str = ","
    quoting: str = "needed"
    protected: bool = False
    newline: str = "\r\n"
    suffix: str = ".csv"


DIALECTS: tuple[Dialect, ...] = (
    Dialect("utf-8", "utf-8"),
    Dialect("utf-8-bom", "utf-8-sig"),
    Dialect("gb18030", "gb18030"),
    Dialect("utf-16-tab", "utf-16", "\t", suffix=".txt"),
    Dialect("utf-16-comma", "utf-16"),
    Dialect("semicolon", "utf-8-sig", ";"),
    Dialect("tab-gb", "gb18030", "\t", suffix=".xls"),
    Dialect("quoted", "gb18030", quoting="all"),
    Dialect("protected", "utf-8-sig", protected=True),
    Dialect("newline", "utf-8", newline="\n", suffix=".txt"),
)


def write_text(sheet: Placed, path: Path, dialect: Dialect) -> None:
    """Write one sheet."""
    lines = [dialect.separator.join(_value(cell, dialect) for cell in row) for row in sheet.rows()]
    path.write_bytes((dialect.newline.join(lines) + dialect.newline).encode(dialect.encoding))


def _value(cell: Cell, dialect: Dialect) -> str:
    text = shown(cell)
    if dialect.protected and re.fullmatch(r"[0-9]{11,}[Xx]?", text):
        text = f'="{text}"'
    if dialect.quoting == "all" or any(mark in text for mark in (dialect.separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
