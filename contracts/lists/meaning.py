"""What a header says: whose value it is (role), what it is (concept), in which unit; apart from any list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from contracts.lists.spelling import LEVEL, canonical
from contracts.values.text import squeeze

_ENDINGS = (
    (r"(?:描述|说明|详情|简述|简介|信息|内容)$", ""),
    (r"(?:类别|类型|种类|类目)(?:名称)?|分类$", "类"),
    (r"(?:等级|级别)$", "级"),
    (r"(?:编码|代码|编号|代号)$", "编号"),
    (r"号码$", "号"),
    (r"(?:情况|状况|状态|现状)$", "状况"),
    (r"(?:事由|理由|缘由)$", "原因"),
    (r"(?:人口数量|人口数|人口总数|人数|人口)$", "人口"),
    (r"(?:金额|款额|额度|资金|款项|费用)$", "金"),
    (r"^是否(?:为|属于|属|系|有|持有|已)?", "是否"),
    (r"时间点$|时点$", "时间"),
    (r"^其中[::]?", ""),
)
"""Ways to say the same at the end (or the beginning) of a header."""

_TIMES = (("D", r"(?:年月日|日期)$"), ("M", r"(?:年月份|年月|月份|月度|季度|年份|(?<=[始享保效退受属起])月)$"), ("T", r"(?:时间|时)$"))
"""A day, a month, or either."""

_UNIT = re.compile(r"\(?(?:单位[::])?(亿元|万元|千元|百元|元|¥|￥)(?:/|每)?((?:人|户)?[·.、/]?(?:月|年|季度?|次|日))?(?:/?(?:人|户))?\)?$")
_RELATION = re.compile(r"(.*?)[与和同](.+?)的?(?:亲属|家庭)?(?:关系|称谓)")
_RELATION_TO = re.compile(r"()(?:家庭)?(?:关系|称谓)\([与和同](.+?)\)")
_FACTORS = {"亿元": 100_000_000, "万元": 10_000, "千元": 1_000, "百元": 100, "元": 1, "¥": 1, "￥": 1}
_NUMBERED = re.compile(r"^(?:\(?[0-9]{1,2}[.、)](?=\D)|[①-⑳]|[一二三四五六七八九十]{1,3}、|[A-Z]\d{2,3}[.、]?)")
_GROUP = r"(?:基本信息|基础信息|信息|基本情况|情况|状况|资料|部分|栏|个人信息|身份信息)$"
_FILLERS = r"^(?:该户|本户|家庭的|填报|当前|目前|现在|实际|具体|详细|主要)|的|[*:#、，,]"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a header can mean.

    Attributes:
        role: of `roles.toml`; "" where the header names nobody.
        concept: of `concepts.toml`; `=text` for what is not in it.
        loose: it says so only when nothing speaks against it.
    """

    role: str
    concept: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit of an amount: how many yuan one is, and per what ("" when the header does not say: `月`, `年`, `季`)."""

    yuan: int
    per: str = ""


@dataclass(frozen=True, slots=True)
class Sense:
    """Everything that a header says, the likelier meaning first; empty when nothing in it is a known word."""

    meanings: tuple[Meaning, ...]
    unit: Unit | None

    def concepts(self) -> frozenset[str]:
        """The concepts, whosever they are."""
        return frozenset(m.concept for m in self.meanings)


@lru_cache(maxsize=4096)
def sense(levels: tuple[str, ...]) -> Sense:
    """Read a header of one or several levels, upper first; empty and equal levels count once."""
    parts = [p for p, before in zip(levels, ("", *levels), strict=False) if p.strip() and p != before]
    if not parts:
        return Sense((), None)
    last, unit = _read(parts[-1])
    uppers = [_read(p) for p in parts[:-1]]
    unit = unit or next((u for _, u in reversed(uppers) if u), None)
    groups = [re.sub(_GROUP, "", text) or text for text, _ in uppers]
    roles = [role for g in reversed(groups) for role in _roles().get(g, ())]
    found: list[Meaning] = []
    for group in reversed(groups):
        found += _own(group + last)
        if found:
            return Sense(tuple(dict.fromkeys(found)), unit)
    for meaning in _own(last) or _alike(last):
        if meaning.role or not roles:
            found.append(meaning)
        else:
            found += [Meaning(role, meaning.concept, meaning.loose) for role in roles]
    return Sense(tuple(dict.fromkeys(found)), unit)


def _own(text: str) -> list[Meaning]:
    """Meanings of one level: the whole of it as a known word, else a role and what is left of it."""
    found: list[Meaning] = []
    for variant in _variants(text):
        found += [Meaning("", c, loose) for c, loose in _lookup(variant)]
        found += _relation(variant)
        for word, roles in _by_length():
            if not variant.startswith(word):
                continue
            rest = variant[len(word) :].lstrip("的之")
            concepts = _lookup(rest) if rest else [("name", True)]
            found += [Meaning(role, concept, loose) for role in roles for concept, loose in concepts]
        if found:
            break
    found += [Meaning("", _OF_MEMBERS[m.concept], m.loose) for m in found if m.role == "member" and m.concept in _OF_MEMBERS]
    found += [Meaning("", _PLACES[m.role], loose=True) for m in found if m.role in _PLACES and m.concept in ("town", "village", "address")]
    said = _FROM_TO.fullmatch(text)
    if said is not None and not found:
        found = [Meaning("", _PLACES[_roles()[said.group(1)][0]], loose=True)]
    return sorted(dict.fromkeys(found), key=lambda m: m.loose)


_PLACES = {"former": "old-place", "present": "new-place"}
_FROM_TO = re.compile(r"(原|现|变更前|变更后|变动前|变动后|调整前|调整后|迁移前|迁移后)[所在属住居户籍]*[乡镇街道村社区居组场团(、)/]{2,}")
"""Where somebody moved from or to, town and village in one."""


def _alike(text: str) -> list[Meaning]:
    """Meanings of words that are known but for fillers, else of words of a known pattern; never of another role's."""
    found = [Meaning("", concept, loose=True) for concept in _cores().get(_core(text), ())]
    if found or any(text.startswith(word) for word, _ in _by_length() if len(word) > 2):
        return found
    return [Meaning("", concept, loose=True) for concept, pattern in _patterns() if pattern.fullmatch(text)]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((concept, re.compile(row["pattern"])) for concept, row in _load("concepts.toml").items() if "pattern" in row)


_OF_MEMBERS = {"name": "member-names", "id": "member-ids"}
"""What several people's names and numbers in one cell are called."""


@cache
def _fillers() -> re.Pattern[str]:
    words = _load("terms.toml")["fillers"]["words"]
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + r"|[()]")


def _core(text: str) -> str:
    stem, time = _stem(text)
    return _fillers().sub("", stem) + (":" if time else "")


@cache
def _cores() -> Mapping[str, tuple[str, ...]]:
    """What is left of the known words without fillers -> concepts; only where enough is left to tell them."""
    found: dict[str, set[str]] = {}
    for concept, row in _load("concepts.toml").items():
        for word in (*row["words"], *row.get("loose", ())):
            core = _core(_plain(word))
            if len(core.rstrip(":")) >= 2:
                found.setdefault(core, set()).add(concept)
    return {core: tuple(sorted(concepts)) for core, concepts in found.items()}


def _relation(text: str) -> Iterator[Meaning]:
    """`与户主关系`, `领取人与儿童关系`: whose relation, and to whom where that is the child."""
    said = _RELATION.fullmatch(text) or _RELATION_TO.fullmatch(text)
    if said is None:
        if text in ("关系", "家庭关系", "成员关系", "亲属关系", "称谓", "家庭称谓"):
            yield from (Meaning("", f"relation-to-{whom}", loose=True) for whom in ("head", "applicant", "child"))
        return
    whose, whom = said.groups()
    roles = _roles().get(whose, ("",) if not whose else ())
    targets = _roles().get(whom, ())
    for role in roles:
        for target in targets:
            if target == "child":
                yield Meaning(role, "relation-to-child")
            elif target in ("head", "applicant"):
                yield Meaning(role, f"relation-to-{target}")
                yield Meaning(role, f"relation-to-{'head' if target == 'applicant' else 'applicant'}", loose=True)


@cache
def _roles() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for role, row in _load("roles.toml").items():
        for word in row["words"]:
            found.setdefault(_plain(word), []).append(role)
    return {word: tuple(roles) for word, roles in found.items()}


@cache
def _by_length() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted(_roles().items(), key=lambda item: -len(item[0])))


@cache
def _words() -> Mapping[tuple[str, str], tuple[tuple[str, bool], ...]]:
    """(stem, time class) -> concepts that it means, and whether loosely."""
    found: dict[tuple[str, str], dict[str, bool]] = {}
    for concept, row in _load("concepts.toml").items():
        for loose, words in ((False, row["words"]), (True, row.get("loose", []))):
            for word in words:
                for variant in {_plain(word), re.sub(r"[()]", "", _plain(word))}:
                    stem, time = _stem(variant)
                    for key in {(stem, time), (stem, "T" if time else "")}:
                        found.setdefault(key, {}).setdefault(concept, loose)
    return {key: tuple(concepts.items()) for key, concepts in found.items()}


def _lookup(text: str) -> list[tuple[str, bool]]:
    known = _words()
    for candidate in dict.fromkeys(re.sub(dropped, "", text) for dropped in (r"^$", _FILLERS, r"名称$|全称$", r"^(?:所属|所在)")):
        stem, time = _stem(candidate)
        if not stem:
            continue
        hit = known.get((stem, time)) or (known.get((stem, "T")) if time else None)
        if hit:
            return list(hit)
        if time:
            others = {c for t in ("D", "M") for c in known.get((stem, t), ())}
            if len({c for c, _ in others}) == 1:
                return [(c, True) for c, _ in others]
    return []


def _stem(text: str) -> tuple[str, str]:
    for pattern, one in _ENDINGS:
        changed = re.sub(pattern, one, text)
        text = changed if len(changed) > 1 else text
    for time, pattern in _TIMES:
        bare = re.sub(pattern, "", text)
        if bare != text and len(bare) > 1:
            return bare, time
    return text, ""


def _variants(text: str) -> tuple[str, ...]:
    """With its brackets, with what is in them but without them, and without it."""
    if "(" not in text:
        return (text,)
    flat = re.sub(r"[()]", "", text)
    short = re.sub(r"\([^()]*\)", "", text)
    return tuple(v for v in dict.fromkeys((text, short, flat)) if v)


def _plain(text: str) -> str:
    return _read(text)[0]


def _read(text: str) -> tuple[str, Unit | None]:
    flat = squeeze(text).translate({ord(a): b for a, b in zip("【】[]〔〕{}", "()()()()", strict=True)})
    bare, unit = _without_unit(_NUMBERED.sub("", flat).strip("*:#。."))
    return canonical(bare).lstrip("*"), unit


def _without_unit(text: str) -> tuple[str, Unit | None]:
    said = _UNIT.search(text)
    if said is None or not text[: said.start()].rstrip("/(,，:"):
        return text, None
    per = re.search(r"[月年季]", said.group(2) or "")
    return text[: said.start()].rstrip("/(,，:"), Unit(_FACTORS[said.group(1)], per.group() if per else "")


def unit_of_title(text: str) -> Unit | None:
    """The unit that a line above the header states for the amounts below: `单位：万元`."""
    said = re.search(r"单位:(?:人、?户?、?)?(亿元|万元|千元|百元|元)", squeeze(text))
    return Unit(_FACTORS[said.group(1)]) if said else None


def said(levels: Sequence[str]) -> str:
    """The header as one text, for people and for remembering."""
    return LEVEL.join(p for p, before in zip(levels, ("", *levels), strict=False) if p and p != before)


@cache
def per_of(concept: str) -> str:
    """What an amount is per (`月`, `年`), "" where that does not matter."""
    return str(_load("concepts.toml").get(concept, {}).get("per", ""))


@cache
def _load(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("contracts.lists").joinpath(name).read_text("utf-8"))
