"""HTML cut into tags and texts, as exporting programs write it: nothing is fetched, run, or built into a tree."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.errors import ExchangeError

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:_-]*)((?:[^<>"']|"[^"]*"|'[^']*')*+)>|<[!?][^<>]*>""")
_OPENING = re.compile(r"<[a-zA-Z/!?]")
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "xml", "textarea", "select")}
"""Elements whose content is no text of the page, and what ends them."""

_LONGEST = 8 << 20
"""Characters of one tag, comment or style sheet."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The beginning or end of an element; `inside` is what stands between its name and `>`."""

    name: str
    ends: bool
    inside: str = ""

    def attributes(self) -> dict[str, str]:
        """Names in lower case; "" where an attribute has no value."""
        return {m[1].lower(): html.unescape(_bare(m[2] or "")) for m in _ATTRIBUTE.finditer(self.inside)} if self.inside else {}


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment, or the content of an element that is no text of the page."""

    text: str


Piece = Tag | Aside | str


def _bare(value: str) -> str:
    return value[1:-1] if value[:1] in ('"', "'") else value


def pieces(blocks: Iterable[str]) -> Iterator[Piece]:
    """Tags, asides and texts in order; HTML's own entities are resolved in texts, others do not exist.

    Raises:
        ExchangeError: E-FILE-CORRUPT, a tag or comment that does not end within bounds.
    """
    pending, raw = "", None
    for block, last in _marked(blocks):
        pending += block
        at = 0
        while at < len(pending):
            step = _aside(pending, at, raw, last=last) if raw else _next(pending, at, last=last)
            if step is None:
                break
            at, piece = step
            yield piece
            raw = _RAW.get(piece.name) if isinstance(piece, Tag) and not piece.ends and not piece.inside.endswith("/") else None
        pending = pending[at:]
        if len(pending) > _LONGEST:
            raise ExchangeError("E-FILE-CORRUPT")


def _marked(blocks: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for block in blocks:
        yield block, False
    yield "", True


def _aside(text: str, at: int, end: re.Pattern[str], *, last: bool) -> tuple[int, Piece] | None:
    found = end.search(text, at)
    if found is None:
        return (len(text), Aside(text[at:])) if last else None
    return found.start(), Aside(text[at : found.start()])


def _next(text: str, at: int, *, last: bool) -> tuple[int, Piece] | None:
    """The piece that begins at a position and where the next one does; None when more text is needed to tell."""
    start = text.find("<", at)
    if start != at:
        end = start
        if start < 0:
            entity = -1 if last else text.rfind("&", max(at, len(text) - 40))  # it may go on in the next block
            end = len(text) if entity < 0 else entity
        return (end, html.unescape(text[at:end])) if end > at else None
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        if end < 0:
            return (len(text), Aside(text[at + 4 :])) if last else None
        return end + 3, Aside(text[at + 4 : end])
    match = _TAG.match(text, at)
    if match is None:
        if not last and (len(text) - at < 2 or _OPENING.match(text, at)):
            return None
        return at + 1, "<"
    return match.end(), Tag(match[2].lower(), bool(match[1]), match[3]) if match[2] else Aside("")
