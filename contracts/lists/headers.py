"""Header texts and what they mean: one spelling for equal words, and which column is which field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contracts.lists.source import SourceList
from contracts.values.text import squeeze

LEVEL = ">"
"""Stands between the levels of a header, upper first."""


@cache
def _terms() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], frozenset[str]]:
    data = tomllib.loads(files("contracts.lists").joinpath("terms.toml").read_text("utf-8"))
    synonyms = sorted(data["synonyms"].items(), key=lambda kv: -len(kv[0]))
    return tuple(synonyms), tuple(f"({u})" for u in data["units"]["same"]), frozenset(data["ours"]["headers"])


def canonical(header: str) -> str:
    """A header (or one level of it) in the one spelling that lists and files are compared in.

    White space gone, half-width forms, synonyms replaced, a unit in brackets that adds nothing dropped; `3月保障人口` is `*月保障人口`.
    """
    text = squeeze(header)
    text = re.sub(r"^[0-9]{1,2}月(?=\D)", "*月", text)
    if not text.startswith("*月"):
        text = text.strip("*:")
    synonyms, units, _ = _terms()
    for word, meaning in synonyms:
        if word in text:
            text = text.replace(word, meaning)
            break
    if text.endswith("身份证"):
        text += "号"
    for unit in units:
        text = text.removesuffix(unit)
    return text


def ours(header: str) -> bool:
    """Whether the header is one that an annotated file was given by us."""
    return squeeze(header) in _terms()[2]


def canonical_path(levels: Sequence[str]) -> str:
    """A header of several levels as one path; equal and empty levels count once."""
    parts: list[str] = []
    for level in levels:
        part = canonical(level)
        if part and (not parts or parts[-1] != part):
            parts.append(part)
    return LEVEL.join(parts)


def _alias(header: str) -> str:
    path, mark, ordinal = header.partition("#")
    return LEVEL.join(canonical(p) for p in path.split(LEVEL)) + mark + ordinal


@dataclass(frozen=True, slots=True)
class Aliases:
    """The headers of one list: canonical path -> field, or field of the partner column, or known and not read."""

    fields: Mapping[str, str]
    partners: Mapping[str, str]
    not_carried: frozenset[str]


@cache
def aliases(code: str) -> Aliases:
    """The headers of a list, in canonical spelling.

    Raises:
        ValueError: two fields of the list claim one header.
    """
    from contracts.lists.source import load_lists

    listing = load_lists()[code]
    fields: dict[str, str] = {}
    partners: dict[str, str] = {}
    for field in listing.fields.values():
        for into, headers in ((fields, field.headers), (partners, field.partner)):
            for header in headers:
                key = _alias(header)
                if fields.get(key, field.name) != field.name or key in partners:
                    raise ValueError(f"{code}: {header} stands for two fields")
                into[key] = field.name
    return Aliases(MappingProxyType(fields), MappingProxyType(partners), frozenset(_alias(h) for h in listing.not_carried))


@dataclass(frozen=True, slots=True)
class Match:
    """How the headers of a table fit a list.

    Attributes:
        fields: field -> column; partners: field -> second column.
        known: columns that are known and not read; unknown: columns that are neither.
    """

    list: str
    fields: Mapping[str, int]
    partners: Mapping[str, int]
    known: tuple[int, ...]
    unknown: tuple[int, ...]

    @property
    def score(self) -> float:
        """More is better: fields count double, what is unknown counts against it."""
        return 2 * len(self.fields) + len(self.partners) + len(self.known) - len(self.unknown)


def match(paths: Sequence[str], listing: SourceList) -> Match:
    """Fit canonical header paths (one a column, "" where there is none) to a list."""
    known = aliases(listing.code)
    last_parts = [p.rpartition(LEVEL)[2] for p in paths]
    seen: dict[str, int] = {}
    fields: dict[str, int] = {}
    partners: dict[str, int] = {}
    passed: list[int] = []
    unknown: list[int] = []
    for column, path in enumerate(paths):
        if not path:
            continue
        seen[path] = seen.get(path, 0) + 1
        key = path if seen[path] == 1 else f"{path}#{seen[path]}"
        key = _shorten(key, last_parts, column, known)
        field, partner = known.fields.get(key), known.partners.get(key)
        if field is not None and field not in fields:
            fields[field] = column
        elif partner is not None and partner not in partners:
            partners[partner] = column
        elif key in known.not_carried or ours(last_parts[column]):
            passed.append(column)
        else:
            unknown.append(column)
    return Match(listing.code, fields, partners, tuple(passed), tuple(unknown))


def _shorten(key: str, last_parts: Sequence[str], column: int, known: Aliases) -> str:
    """The list's own path for a column whose upper header is worded otherwise, where its lower header says enough."""
    if key in known.fields or key in known.partners or key in known.not_carried:
        return key
    last = last_parts[column]
    if last_parts.count(last) > 1 or "#" in key:
        return key
    if last in known.fields or last in known.not_carried:
        return last
    ending = [k for k in (*known.fields, *known.not_carried) if k.rpartition(LEVEL)[2] == last]
    return ending[0] if len(ending) == 1 else key
