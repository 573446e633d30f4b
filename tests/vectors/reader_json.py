"""Canonical JSON of docs/spec/manifest.md, by a grammar that has no second spelling: no blanks, no escapes but two, names ascending."""

from __future__ import annotations

import re
from typing import Any

STRING = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")
DEPTH = 8


class NotCanonicalError(ValueError):
    """The text is not the one spelling of any value."""


class Parser:
    """One pass over the text, from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def value(self, depth: int) -> Any:
        for word, constant in (("true", True), ("false", False), ("null", None)):
            if self.take(word):
                return constant
        if self.text.startswith("{", self.at):
            return self.object(depth)
        if self.text.startswith("[", self.at):
            return self.array(depth)
        if self.text.startswith('"', self.at):
            return self.string()
        return self.number()

    def object(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        last: str | None = None
        for _ in self.items("{", "}", depth):
            name = self.string()
            if (last is not None and name <= last) or not self.take(":"):
                raise NotCanonicalError
            members[name], last = self.value(depth + 1), name
        return members

    def array(self, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in self.items("[", "]", depth)]

    def items(self, begin: str, end: str, depth: int) -> Any:
        """Yields once for each item, the caller reading it in between."""
        if depth > DEPTH or not self.take(begin):
            raise NotCanonicalError
        if self.take(end):
            return
        while True:
            yield
            if self.take(end):
                return
            if not self.take(","):
                raise NotCanonicalError

    def string(self) -> str:
        found = STRING.match(self.text, self.at)
        if not found or FORBIDDEN.search(found[1]):
            raise NotCanonicalError
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1])

    def number(self) -> int:
        found = NUMBER.match(self.text, self.at)
        if not found or int(found[0]) >= 2**53:
            raise NotCanonicalError
        self.at = found.end()
        return int(found[0])

    def take(self, word: str) -> bool:
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True


def parse(data: bytes, longest: int) -> dict[str, Any]:
    """The object in `data`.

    Raises:
        NotCanonicalError: anything else.
    """
    if len(data) > longest or not data.startswith(b"{"):
        raise NotCanonicalError
    try:
        parser = Parser(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise NotCanonicalError from None
    found: dict[str, Any] = parser.object(1)
    if parser.at != len(parser.text):
        raise NotCanonicalError
    return found
