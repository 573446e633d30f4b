"""Code tables as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypedDict, cast

from contracts.ids import Period


class _Row(TypedDict, total=False):
    code: str
    zh: str
    en: str
    words: list[str]
    begins: list[str]
    holds: list[str]
    maybe: list[str]
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a table.

    Attributes:
        words: what people write for it; equal words are silent.
        begins: texts that begin so are meant too.
        holds: keywords; the first code of the table that has one in the text is meant.
        maybe: words outside the table for which this code is suggested.
        since, until: first and last month of validity, None when open.
    """

    code: str
    zh: str
    en: str
    words: tuple[str, ...]
    begins: tuple[str, ...]
    holds: tuple[str, ...]
    maybe: tuple[str, ...]
    since: Period | None
    until: Period | None

    def valid_in(self, period: Period | None) -> bool:
        """Whether the code may be used in that month; without a month, whether it is still open."""
        if period is None:
            return self.until is None
        return (self.since is None or self.since <= period) and (self.until is None or period <= self.until)


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A closed list of codes.

    Attributes:
        name: such as `category`; contracts and lists refer to it.
        standard: national standard it follows, or "".
    """

    name: str
    title_zh: str
    title_en: str
    standard: str
    codes: tuple[Code, ...]

    def code_of(self, word: str, period: Period | None = None) -> str | None:
        """The code that a word, trimmed of white space, stands for in that month; None when outside the table."""
        valid = [c for c in self.codes if c.valid_in(period)]
        for code in valid:
            if word in code.words:
                return code.code
        for code in valid:
            if any(word.startswith(b) for b in code.begins):
                return code.code
        return next((c.code for c in valid if any(k in word for k in c.holds)), None)

    def suggestion(self, word: str, limit: int = 4) -> str:
        """The words to choose from, the likeliest first. Never holds the word itself."""
        likely = [c.zh for c in self.codes if word in c.maybe]
        near = [c.zh for c in self.codes if len(word) > 1 and any(word in w or w in word for w in c.words)]
        other = [c.zh for c in self.codes]
        chosen = likely or near or other
        return " / ".join(chosen[:limit]) + (" / …" if len(chosen) > limit else "")

    def name_of(self, code: str) -> str | None:
        """The Chinese name of a code."""
        return next((c.zh for c in self.codes if c.code == code), None)


@cache
def load_tables() -> Mapping[str, CodeTable]:
    """Every table of `contracts/codes/tables`, by name."""
    found = {}
    for source in sorted(files("contracts.codes").joinpath("tables").iterdir(), key=lambda p: p.name):
        if source.name.endswith(".toml"):
            name = source.name.removesuffix(".toml")
            found[name] = _table(name, tomllib.loads(source.read_text("utf-8")))
    return MappingProxyType(found)


def _table(name: str, data: Mapping[str, object]) -> CodeTable:
    rows = cast("list[_Row]", data["codes"])
    return CodeTable(name, str(data["title"]), str(data["title_en"]), str(data.get("standard", "")), tuple(_code(r) for r in rows))


def _code(row: _Row) -> Code:
    since, until = row.get("since"), row.get("until")
    return Code(
        row["code"],
        row["zh"],
        row["en"],
        tuple(row.get("words", ())),
        tuple(row.get("begins", ())),
        tuple(row.get("holds", ())),
        tuple(row.get("maybe", ())),
        Period.parse(since) if since else None,
        Period.parse(until) if until else None,
    )
