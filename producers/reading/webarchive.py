"""A web archive (MHTML) that was saved as a workbook: its pages are its sheets."""

from __future__ import annotations

import email
import html
import io
import posixpath
import re
from collections.abc import Iterator
from email import policy
from email.message import Message

from contracts.errors import ExchangeError
from producers.reading.encoding import encoding_of, text_of
from producers.reading.grid import Grid
from producers.reading.webtable import read_page

MAX_ARCHIVE = 128 << 20
"""Bytes of an archive, which is decoded in memory."""

MAX_PAGES = 1_000

_SHEET = re.compile(r"<x:ExcelWorksheet>(.*?)</x:ExcelWorksheet>", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"<x:Name>([^<]{0,200})</x:Name>", re.IGNORECASE)
_SOURCE = re.compile(r"""<x:WorksheetSource\s+HRef=["']([^"']*)["']""", re.IGNORECASE)
_TABLE = re.compile(rb"<\s*t(?:\x00)?a(?:\x00)?b(?:\x00)?l(?:\x00)?e", re.IGNORECASE)
_HIDDEN = re.compile(r"<x:Visible>Sheet(?:Very)?Hidden</x:Visible>", re.IGNORECASE)


def read_archive(data: bytes) -> list[Grid]:
    """Every sheet of an archive.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-SIZE, E-FILE-TYPE when no page of it holds a table.
    """
    try:
        pages = list(_pages(email.message_from_bytes(data, policy=policy.compat32)))
    except (RecursionError, ValueError, LookupError, TypeError, AssertionError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    if len(pages) > MAX_PAGES:
        raise ExchangeError("E-FILE-SIZE", size=f"{len(pages)} pages", limit=f"{MAX_PAGES}")
    said = _said("".join(_text(body) for _, body in pages[:1]))
    with_table = [(where, body) for where, body in pages if _TABLE.search(body)]
    if not with_table:
        raise ExchangeError("E-FILE-TYPE")
    grids = []
    for number, (where, body) in enumerate(with_table, start=1):
        name, visible = said.get(where, ("" if len(with_table) == 1 else f"Sheet{number}", True))
        page = read_page(iter([_text(body)]), name or None)[0]
        grids.append(Grid(page.name, visible, page.columns, page.extras))
    return grids


def _pages(message: Message) -> Iterator[tuple[str, bytes]]:
    """The pages by the last part of their address."""
    for part in message.walk():
        if part.get_content_type() in ("text/html", "text/xhtml", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                yield posixpath.basename(str(part.get("Content-Location", "")).strip().replace("\\", "/")), body


def _text(body: bytes) -> str:
    stream = io.BytesIO(body)
    return "".join(text_of(stream, encoding_of(stream)))


def _said(first: str) -> dict[str, tuple[str, bool]]:
    """Page -> sheet name and whether it is shown, as the archive's first page lists them."""
    found = {}
    for sheet in _SHEET.finditer(first):
        name, source = _NAME.search(sheet[1]), _SOURCE.search(sheet[1])
        if name and source:
            where = posixpath.basename(html.unescape(source[1]).replace("\\", "/"))
            found[where] = (html.unescape(name[1]).strip(), _HIDDEN.search(sheet[1]) is None)
    return found
