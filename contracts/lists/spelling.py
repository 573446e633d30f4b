"""One spelling for headers that are equal words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

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
    text = re.sub(r"^(?:[0-9]{4}年)?[0-9]{1,2}月份?(?=\D)", "*月", text)
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
