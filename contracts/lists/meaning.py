"""What a header says: whose value it is (role), what it is (concept), in which unit; apart from any list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from contracts.lists.units import Unit
from contracts.lists.vocabulary import Word, alike, load, lookup, per_of, plain, read

STRANGER = "?"
"""Begins a role that no dictionary knows: whoever it is, he has a name and a number of his own."""

_RELATION = re.compile(r"(.*?)[与和同](.+?)[的之]?(?:亲属|家庭)?(?:关系|称谓)")
_RELATION_TO = re.compile(r"()(?:家庭)?(?:关系|称谓)\([与和同](.+?)\)")
_RELATIONS = {"关系", "家庭关系", "成员关系", "亲属关系", "称谓", "家庭称谓"}
_GROUP = re.compile(r"(?:基本信息|基础信息|信息|基本情况|情况|状况|资料|部分|栏|个人信息|身份信息)$")
_NOBODY = re.compile(r"基本|基础|信息|资料|情况|状况|意见|地址|区划|银行|账户|残疾|救助|保障|身份|家庭$|享受|单位|部门|备注|其他|详细")
_SOMEBODY = re.compile(r"(.{1,10}?)的?(姓名|名字|身份证号|证件号|联系电话|电话)")
_VILLAGE = re.compile(r"村|社区|嘎查|居委|县|局|市")
_TOWN = re.compile(r"镇|乡|街|苏木")
_PERSON = 8
"""Characters that say whose a group of columns is, at most; what is longer is a title."""

_OF_PERSONS = frozenset({"name", "id", "phone", "sex", "birth", "address", "age"})
_OF_MEMBERS = {"name": "member-names", "id": "member-ids"}
"""What several people's names and numbers in one cell are called."""

_PLACES = {"former": "old-place", "present": "new-place"}
_FROM_TO = re.compile(
    r"(原|现|变更前|变更后|变动前|变动后|调整前|调整后|迁移前|迁移后)[所在属住居户籍]*[乡镇街道村社区居组场团苏木嘎查(、)/]{2,}"
)
"""Where somebody moved from or to, town and village in one."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a header can mean.

    Attributes:
        role: of `roles.toml`; "" where the header names nobody, `?…` where it names somebody unknown.
        concept: of `concepts.toml`.
        loose: it says so only when nothing speaks against it.
        rank: how far down its word stands among those of the concept.
    """

    role: str
    concept: str
    loose: bool = False
    rank: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sense:
    """Everything that a header says, the likelier meaning first; empty when nothing in it is a known word."""

    meanings: tuple[Meaning, ...]
    unit: Unit | None


@lru_cache(maxsize=8192)
def sense(levels: tuple[str, ...]) -> Sense:
    """Read a header of one or several levels, upper first; empty and equal levels count once."""
    parts = [p for p, before in zip(levels, ("", *levels), strict=False) if p.strip() and p != before]
    if not parts:
        return Sense((), None)
    last, unit = read(parts[-1])
    uppers = [read(p) for p in parts[:-1]]
    unit = unit or next((u for _, u in reversed(uppers) if u), None)
    groups = [_GROUP.sub("", text) or text for text, _ in uppers]
    return Sense(tuple(dict.fromkeys(_grouped(groups, last))), unit)


def _grouped(groups: Sequence[str], last: str) -> list[Meaning]:
    """Meanings of the lowest level under its groups: together they may be a known word, else the group says whose it is."""
    for group in reversed(groups):
        found = _known(plain(group + last)) or [m for m in _known(last + group) if not m.role]
        if found:
            return found
    roles = [role for group in reversed(groups) for role in _whose(group)]
    strangers = [] if roles else [f"{STRANGER}{g}" for g in groups if len(g) <= _PERSON and not lookup(g) and not _NOBODY.search(g)]
    found = _known(last) or _of_somebody(last) or [_meaning("", word) for word in alike(last)]
    of_group = roles or strangers
    amounts = any(per_of(word.concept) for group in groups for word in lookup(group))  # a group says which amounts are below it
    result: list[Meaning] = []
    for meaning in found:
        if _of_another_level(meaning.concept, (*groups, last)):
            result.append(Meaning(STRANGER, meaning.concept, meaning.loose, meaning.rank))
        elif meaning.role or not of_group or (strangers and meaning.concept not in _OF_PERSONS):
            loose = meaning.loose or (amounts and bool(per_of(meaning.concept)))
            result.append(Meaning(meaning.role, meaning.concept, loose, meaning.rank))
        else:
            result += [Meaning(role, meaning.concept, meaning.loose, meaning.rank) for role in of_group]
    return result


def _of_another_level(concept: str, texts: Sequence[str]) -> bool:
    """An opinion of village or county; the lists have the town's."""
    return concept == "opinion" and any(_VILLAGE.search(t) for t in texts) and not any(_TOWN.search(t) for t in texts)


def _known(text: str) -> list[Meaning]:
    """Meanings of one level: the whole of it as a known word, or a role and what is left of it."""
    found: list[Meaning] = []
    for variant in _variants(text):
        found += [_meaning("", word) for word in lookup(variant)]
        found += _relation(variant)
        for begin, roles in _by_length():
            if variant.startswith(begin):
                rest = variant[len(begin) :].lstrip("的之")
                found += [_meaning(role, word) for role in roles for word in (lookup(rest) if rest else [Word("name", loose=True)])]
        if found:
            break
    found += [Meaning("", _OF_MEMBERS[m.concept], m.loose) for m in found if m.role == "member" and m.concept in _OF_MEMBERS]
    found += [Meaning("", _PLACES[m.role], loose=True) for m in found if m.role in _PLACES and m.concept in ("town", "village", "address")]
    said = _FROM_TO.fullmatch(text)
    if said is not None and not found:
        found = [Meaning("", _PLACES[_roles()[said.group(1)][0]], loose=True)]
    return sorted(dict.fromkeys(found), key=lambda m: m.loose)


def _meaning(role: str, word: Word) -> Meaning:
    return Meaning(role, word.concept, word.loose, word.rank)


def _of_somebody(text: str) -> list[Meaning]:
    """A name, a number or a telephone of somebody whose role is told by its words' pattern, or whom no dictionary knows."""
    said = _SOMEBODY.fullmatch(text)
    if said is None:
        return [Meaning(role, "name", loose=True) for role in _by_pattern(text)]
    whose, what = said.groups()
    concept = "name" if "名" in what else "phone" if "电话" in what else "id"
    return [Meaning(role, concept) for role in _by_pattern(whose) or [f"{STRANGER}{whose}"]]


def _whose(group: str) -> Sequence[str]:
    return _roles().get(group) or _by_pattern(group)


def _by_pattern(text: str) -> list[str]:
    return [role for role, row in load("roles.toml").items() if "pattern" in row and re.fullmatch(row["pattern"], text)]


def _relation(text: str) -> Iterator[Meaning]:
    """`与户主关系`, `领取人与儿童关系`: whose relation, and to whom where that is the child."""
    said = _RELATION.fullmatch(text) or _RELATION_TO.fullmatch(text)
    if said is None:
        if text in _RELATIONS:
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
    for role, row in load("roles.toml").items():
        for word in row["words"]:
            found.setdefault(plain(word), []).append(role)
    return {word: tuple(roles) for word, roles in found.items()}


@cache
def _by_length() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted(_roles().items(), key=lambda item: -len(item[0])))


def _variants(text: str) -> tuple[str, ...]:
    """With its brackets, without what is in them, and without the brackets alone."""
    if "(" not in text:
        return (text,)
    return tuple(v for v in dict.fromkeys((text, re.sub(r"\([^()]*\)", "", text), re.sub(r"[()]", "", text))) if v)
