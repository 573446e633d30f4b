"""Which encoding a text is in: its mark, then what decodes strictly; never a guess by frequency."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

from contracts.errors import ExchangeError

_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARABLE = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "utf-16": "utf-16", "windows-1252": "cp1252", "iso-8859-1": "cp1252"}
"""Encodings that are believed when a document says so itself; every other one is known by its bytes."""


def encoding_of(stream: IO[bytes], declared: str | None = None) -> str:
    """Byte-order mark, then strict UTF-8, then what is declared, then strict GB 18030; UTF-16 without a mark is known by its NULs.

    The whole stream is decoded, a block at a time. A document that says gb2312 and is UTF-8 is UTF-8, and the other way round:
    Chinese text in the one is not well-formed in the other but by rarest chance.

    Raises:
        ExchangeError: E-FILE-TYPE, no text in any of them.
    """
    stream.seek(0)
    head = stream.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _first_that_fits(stream, (name,))
    if b"\0" in head:
        low = head[1:200:2].count(0) >= head[0:200:2].count(0)
        return _first_that_fits(stream, ("utf-16-le",) if low else ("utf-16-be",))
    said = _DECLARABLE.get((declared or "").lower())
    return _first_that_fits(stream, ("utf-8", said, "gb18030") if said else ("utf-8", "gb18030"))


def _first_that_fits(stream: IO[bytes], names: tuple[str, ...]) -> str:
    for name in names:
        decoder = codecs.getincrementaldecoder(name)()
        stream.seek(0)
        try:
            while block := stream.read(_BLOCK):
                if "\0" in decoder.decode(block):
                    break
            else:
                decoder.decode(b"", final=True)
                return name
        except UnicodeDecodeError:
            continue
    raise ExchangeError("E-FILE-TYPE")


def text_of(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """The text from its beginning, a block at a time, without its mark."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    while block := stream.read(_BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def head_of(data: bytes) -> str:
    """The first bytes of a file as text, as far as they are any."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff")
    if b"\0" in data:
        return data.decode("utf-16-le" if data[1:200:2].count(0) >= data[0:200:2].count(0) else "utf-16-be", "replace")
    return data.decode("utf-8", "replace")
