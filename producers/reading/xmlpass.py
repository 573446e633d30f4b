"""One pass over an XML document that may come from anybody: no document type, no entity of its own, no depth without end."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from xml.parsers import expat

from contracts.errors import ExchangeError

_DECLARED = re.compile(r"^\ufeff?<\?xml[^>]*\?>")
_MAX_DEPTH = 256

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Words = Callable[[str], None]


def declared_encoding(head: str) -> str | None:
    """What a document says of its own encoding: XML's declaration or an HTML page's meta element."""
    said = re.search(r"""(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]+)""", head[:4096], re.IGNORECASE)
    return html.unescape(said[1]) if said else None


def parse(blocks: Iterable[str], start: Start, end: End, words: Words) -> None:
    """Call back for every element, by local name with attributes by local name, and for every text.

    The text is decoded already, so that what the document says of its encoding does not count.

    Raises:
        ExchangeError: E-FILE-CORRUPT, not well-formed, a document type, or too deep.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def doctype(*_args: object) -> None:
        raise ExchangeError("E-FILE-CORRUPT")

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise ExchangeError("E-FILE-CORRUPT")
        start(name.rpartition(" ")[2], {k.rpartition(" ")[2]: v for k, v in attributes.items()} if attributes else attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(" ")[2])

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = words
    first = True
    try:
        for block in blocks:
            piece = _DECLARED.sub("", block.lstrip("\ufeff").lstrip()) if first else block
            first = first and not piece
            parser.Parse(piece, False)  # noqa: FBT003  the library's own signature
        parser.Parse("", True)  # noqa: FBT003  as above
    except (expat.ExpatError, ValueError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
