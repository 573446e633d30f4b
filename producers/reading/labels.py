"""What looks like a header, and what each column of a header is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from contracts.lists import load_lists
from contracts.lists.aliases import aliases
from contracts.lists.headers import LEVEL, canonical, canonical_path
from contracts.values.text import squeeze
from producers.reading.grid import Grid

LEVELS = 3
"""Rows that a header has at most, a row of units not counted."""

_WORD = re.compile(
    r"姓名|名称|名$|证|号|日期|时间|月|年$|年[龄度]|金|额|地址|住址|性别|备注|关系|类别|类型|种类|级|乡|镇|街|村|社|组|区|户|人|民族|族$|状况|情况"
    r"|原因|行$|账|帐|标准|是否|单位|合计|小计|收入|补助|补贴|结果|意见|学校|入学|监护|方式|能力|病|电话|手机|联系|方式|残疾|父|母|成员"
    r"|机构|程度|面貌|技能|编码|代码|措施|地点|资料|状态|费|项目|低保|保障|健康|学历|救助|批次|风险|类$|率|数$|存款|余额|姓|籍"
)
_NAME = re.compile(r"姓名|名称|姓$|人员$|户主|成员|对象$|者$|人$|名$")
_NUMBER = re.compile(r"证|号|代码|编码|ID|id")
_TITLE = re.compile(r".{6,}(?:表|册|名单|清单|台账|台帐)")
_VALUE = re.compile(r"[0-9]{5,}|[0-9]{4}[-./年]")
_PERSON = re.compile(r"[0-9]{14}")
_UNIT = re.compile(r"[(（]?(?:单位[:：])?(?:万?元|千元|百元|人|户|个|岁|平方米|㎡|亩|元/(?:月|年|人|户|人[·.]?月)|%|个?月|年)[)）]?")
_SEQUENCES = ("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Labels:
    """A header as it stands in a sheet.

    Attributes:
        top: first header row; levels: how many rows it has, a row of units below it among them.
        texts: what stands over every column, upper level first; equal and empty levels count once, () where nothing stands.
        shown: what each column is called, for people.
        rows: column -> row of its header cell, the lowest that says something.
    """

    top: int
    levels: int
    texts: tuple[tuple[str, ...], ...]
    shown: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Headers of all columns in canonical spelling, "" where there is none."""
        return tuple(canonical_path(t) for t in self.texts)


def says_label(text: str) -> bool:
    """Whether a text (without white space) could be a header cell: short, of the words that headers have, and no value."""
    return len(text) <= 40 and bool(_WORD.search(text)) and not _VALUE.search(text) and ":" not in text and not _TITLE.fullmatch(text)


def likely(texts: Sequence[str | None]) -> bool:
    """Whether a row could belong to a header: at least two labels, not much else."""
    flat = [squeeze(t) for t in texts if t]
    hits = sum(says_label(t) for t in flat)
    return hits >= 2 and hits * 3 >= len(flat) and not any(_PERSON.search(t) for t in flat)


def strong(texts: Sequence[str | None]) -> bool:
    """Whether a row is a header beyond doubt, perhaps of a list nobody knows: labels almost alone, a name and a number among them."""
    flat = [s for t in texts if t and (s := squeeze(t))]
    labels = [t for t in flat if says_label(t)]
    return (
        len(labels) >= 3
        and len(labels) * 4 >= len(flat) * 3
        and any(_NAME.search(t) for t in labels)
        and any(_NUMBER.search(t) for t in labels)
        and len(set(flat)) * 4 >= len(flat) * 3
    )


def holds_values(texts: Sequence[str | None]) -> bool:
    """Whether a row holds long numbers, as rows of data do and headers do not."""
    return any(t and re.search(r"[0-9]{6}", t) for t in texts)


def numbers_columns(texts: Sequence[str | None]) -> bool:
    """Whether a row numbers the columns (1 2 3, 甲 乙 1 2, A B C, 栏次 1 2) instead of saying anything."""
    flat = [squeeze(t).strip("()") for t in texts if t and t.strip()]
    flat = flat[1:] if flat and flat[0] in ("栏次", "列次", "栏目", "序号", "行次") else flat
    figures = [int(t) for t in flat if t.isascii() and t.isdecimal() and len(t) <= 3]
    others = [t for t in flat if not (t.isascii() and t.isdecimal())]
    if len(figures) + len(others) != len(flat) or len(flat) < 3:
        return False
    counted = all(b - a == 1 for a, b in pairwise(figures)) and (not figures or figures[0] <= 2 or len(figures) >= 5)
    return counted and (not others or any("".join(others) in s for s in _SEQUENCES))


def units_only(texts: Sequence[str | None]) -> bool:
    """Whether a row says nothing but units (元, 人, 元/月)."""
    flat = [squeeze(t) for t in texts if t and t.strip()]
    return bool(flat) and all(_UNIT.fullmatch(t) for t in flat)


def labels(grid: Grid, top: int, levels: int) -> Labels:
    """Read a header of that many rows. A row of units below it is part of it."""
    rows = [grid.row(r) for r in range(top, min(top + levels + 1, grid.height))]
    below = rows.pop() if len(rows) > levels else []
    stack = _filled(grid, rows, top)
    texts = [_texts(column, own) for column, own in zip(zip(*stack, strict=True), zip(*rows, strict=True), strict=True)]
    where = tuple(_deepest(rows, c, top) for c in range(len(texts)))
    shown = tuple(_shown(rows, where[c] - top, c, stack) for c in range(len(texts)))
    if units_only(below):
        levels += 1
        texts = [_with_unit(t, squeeze(u).strip("()")) for t, u in zip(texts, below, strict=True)]
    return Labels(top, levels, tuple(texts), shown, where)


@cache
def _known() -> frozenset[str]:
    """Every header of every list, whole and by its last level."""
    found: set[str] = set()
    for code in load_lists():
        known = aliases(code)
        for key in (*known.fields, *known.partners, *known.not_carried):
            path = key.partition("#")[0]
            found |= {path, path.rpartition(LEVEL)[2]}
    return frozenset(found)


def _texts(levels: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The levels of a column; a text that runs on in the cell below without meaning anything by itself is one text."""
    parts = tuple(t for t, before in zip(levels, ("", *levels), strict=False) if t.strip() and squeeze(t) != squeeze(before))
    if len(parts) > 1 and list(own) == list(levels):
        whole = canonical("".join(parts))
        if canonical_path(parts) not in _known() and whole in _known() and canonical(parts[-1]) not in _known():
            return ("".join(parts),)
    return parts


def _with_unit(levels: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """A header with the unit that stands below it, unless it names one itself."""
    if not levels or not unit or squeeze(levels[-1]).endswith(")"):
        return levels
    return (*levels[:-1], f"{levels[-1]}({unit})")


def _filled(grid: Grid, rows: Sequence[list[str]], top: int) -> list[list[str]]:
    """Header rows with merged cells filled; without a merge, an upper header holds on to the right over filled lower ones."""
    stack = [list(r) for r in rows]
    width = len(rows[0])
    fixed: set[tuple[int, int]] = set()
    for r1, c1, r2, c2 in grid.extras.merged:
        if top <= r1 and r2 < top + len(rows) and c1 < width:
            for r in range(r1 - top, r2 - top + 1):
                for c in range(c1, min(c2 + 1, width)):
                    stack[r][c] = rows[r1 - top][c1]
                    fixed.add((r, c))
    for level in reversed(range(len(stack) - 1)):
        upper, lower = stack[level], stack[level + 1]
        for c in range(1, width):
            group = upper[c - 1] and lower[c - 1] and (lower[c - 1] != upper[c - 1])
            if not upper[c] and lower[c] and group and (level, c) not in fixed and (level, c - 1) not in fixed:
                upper[c] = upper[c - 1]
    return stack


def _deepest(rows: Sequence[list[str]], column: int, top: int) -> int:
    return next((top + level for level in reversed(range(len(rows))) if rows[level][column].strip()), top)


def _shown(rows: Sequence[list[str]], level: int, column: int, stack: Sequence[list[str]]) -> str:
    own = "".join(rows[level][column].split())
    upper = "".join(stack[0][column].split())
    text = own if own == upper or not upper else f"{upper} > {own}" if own else upper
    return text[:40]
