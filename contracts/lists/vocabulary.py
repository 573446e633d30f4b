"""The words that headers are made of, as data: what they mean, however they end."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypedDict, cast

from contracts.lists.spelling import canonical
from contracts.lists.units import Unit, without_unit
from contracts.values.text import squeeze

_ENDINGS = (
    (r"(?:描述|说明|详情|简述|简介|信息|内容|评估结果|认定结果|评估|评定|鉴定)$", ""),
    (r"(?:类别|类型|种类|类目)(?:名称)?|分类$", "类"),
    (r"(?:等级|级别)$", "级"),
    (r"(?:编码|代码|编号|代号)$", "编号"),
    (r"号码$", "号"),
    (r"(?:情况|状况|状态|现状|情形)$", "状况"),
    (r"(?:事由|理由|缘由)$", "原因"),
    (r"(?:人口数量|人口数|人口总数|人数|人口)$", "人口"),
    (r"(?:金额|款额|额度|资金|款项|费用)$", "金"),
    (r"^是否(?:为|属于|属|系|有|持有|已)?", "是否"),
    (r"时间点$|时点$", "时间"),
    (r"^其中[::]?|之", ""),
    (r"归属", "所属"),
)
"""Ways to say the same at the end (or the beginning) of a header."""

_TIMES = (
    ("D", r"(?:年月日|日期)$"),
    ("M", r"(?:年月份|年月|月份|月度|季度|年份|(?<=[始享保效退受属起])月)$"),
    ("T", r"(?:时间|时)$"),
)
"""A day, a month, or either."""

_NUMBERED = re.compile(r"^(?:\(?[0-9]{1,2}[.、)](?=\D)|[①-⑳]|[一二三四五六七八九十]{1,3}、|[A-Z]\d{2,3}[.、]?)")
_ANSWERS = re.compile(r"[(（](?:是[/、]?否|有[/、]?无|必填|选填)[)）]$")
_BRACKETS = {ord(a): b for a, b in zip("【】[]〔〕{}", "()()()()", strict=True)}
_DROPPED = (
    r"^$",
    r"^(?:该户|本户|家庭的|填报|当前|目前|现在|实际|具体|详细|主要)|的|[*:#、，,]",
    r"名称$|全称$",
    r"^(?:所属|所在)",
    r"(?<=证)编(?=号)|(?<=证)编码$",
)
"""What a header may have more than a known word, tried one after the other."""


MONTH = "某月"
"""Stands for a month that a header begins with: `3月保障人口`."""


class _Row(TypedDict, total=False):
    words: list[str]
    loose: list[str]
    pattern: str
    per: str
    strict: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A concept that a word means; loosely, when it only can mean it. rank: how far down it stands among the words of the concept."""

    concept: str
    loose: bool
    rank: int = 0


@cache
def load(name: str) -> Mapping[str, _Row]:
    """One of the dictionaries beside this file."""
    return cast("Mapping[str, _Row]", tomllib.loads(files("contracts.lists").joinpath(name).read_text("utf-8")))


def per_of(concept: str) -> str:
    """What an amount is per (`月`, `年`), "" where that does not matter."""
    return load("concepts.toml").get(concept, _Row()).get("per", "")


def plain(text: str) -> str:
    """One level of a header in the spelling that words are compared in."""
    return read(text)[0]


def read(text: str) -> tuple[str, Unit | None]:
    """One level of a header in the spelling that words are compared in, and its unit."""
    flat = _ANSWERS.sub("", squeeze(text)).translate(_BRACKETS)
    bare, unit = without_unit(_NUMBERED.sub("", flat).strip("*:#。."))
    return re.sub(r"^\*月", MONTH, canonical(bare)), unit


def lookup(text: str) -> list[Word]:
    """What a text means as a known word, however it ends; nothing for "" and for what is no word."""
    known = _words()
    for candidate in dict.fromkeys(re.sub(dropped, "", text) for dropped in _DROPPED):
        bare, time = stem(candidate)
        if not bare:
            continue
        hit = known.get((bare, time)) or (known.get((bare, "T")) if time else None)
        if hit:
            return list(hit)
        if time:
            others = {w.concept for t in ("D", "M") for w in known.get((bare, t), ())}
            if len(others) == 1:
                return [Word(concept, loose=True) for concept in others]
    return []


def alike(text: str) -> list[Word]:
    """What a text can mean that is a known word but for fillers, or one of a known pattern."""
    found = [*_cores().get(_core(text), ()), *(concept for concept, pattern in _patterns() if pattern.fullmatch(text))]
    return [Word(concept, loose=True) for concept in dict.fromkeys(found)]


@lru_cache(maxsize=8192)
def stem(text: str) -> tuple[str, str]:
    """A word without the ending that says the same as others, and its time class: D day, M month, T either, "" none."""
    for pattern, one in _ENDINGS:
        changed = re.sub(pattern, one, text)
        text = changed if len(changed) > 1 else text
    for time, pattern in _TIMES:
        bare = re.sub(pattern, "", text)
        if bare != text and len(bare) > 1:
            return bare, time
    return text, ""


@cache
def _words() -> Mapping[tuple[str, str], tuple[Word, ...]]:
    """(stem, time class) -> what it means."""
    found: dict[tuple[str, str], dict[str, Word]] = {}
    for concept, row in load("concepts.toml").items():
        said = [(word, False) for word in row["words"]] + [(word, True) for word in row.get("loose", [])]
        for rank, (word, loose) in enumerate(said):
            for variant in {plain(word), re.sub(r"[()]", "", plain(word))}:
                bare, time = stem(variant)
                for key in {(bare, time), (bare, "T" if time else "")}:
                    found.setdefault(key, {}).setdefault(concept, Word(concept, loose, rank))
    return {key: tuple(words.values()) for key, words in found.items()}


@cache
def _fillers() -> re.Pattern[str]:
    words = load("terms.toml")["fillers"]["words"]
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + r"|[()]")


def _core(text: str) -> str:
    bare, time = stem(text)
    return _fillers().sub("", bare) + (":" if time else "")


@cache
def _cores() -> Mapping[str, tuple[str, ...]]:
    """What is left of the known words without fillers -> concepts; only where enough is left to tell them."""
    found: dict[str, set[str]] = {}
    for concept, row in load("concepts.toml").items():
        for word in () if row.get("strict") else (*row["words"], *row.get("loose", ())):
            core = _core(plain(word))
            if len(core.rstrip(":")) > 1:
                found.setdefault(core, set()).add(concept)
    return {core: tuple(sorted(concepts)) for core, concepts in found.items()}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((concept, re.compile(row["pattern"])) for concept, row in load("concepts.toml").items() if "pattern" in row)
