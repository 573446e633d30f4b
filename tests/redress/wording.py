"""Another county's words for the same columns, with the columns that it has besides."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from tests.redress.cells import Cell, Value
from tests.redress.document import Column, Table
from tests.redress.invent import value

HERE = Path(__file__).parent
Levels = tuple[str, ...]
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MAYBE = re.compile(
    r"序号|^编号$|民族|年龄|开户行|开户银行|户名|开户人|持卡人姓名|健康|文化|婚姻|^[州县区市（）]+$|自然[村屯]|^屯$|组|社（|年度"
    r"|^乡|^镇|^苏木|^县|户籍|街道|所属|病种|患病名称|账号|卡号|折号|折（卡）号"
)
"""Words that a reader may well know although no list names them."""


@cache
def vocabularies() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """County -> list -> field -> header."""
    found: dict[str, Mapping[str, Mapping[str, object]]] = {}
    for source in sorted(HERE.glob("words_*.json")):
        found.update(json.loads(source.read_text("utf-8")))
    return found


@cache
def known_not_carried(rules: Path) -> Mapping[str, frozenset[str]]:
    """List -> headers that are known and not carried, from `TRUTH.md` §6."""
    found: dict[str, frozenset[str]] = {}
    code = ""
    for line in rules.read_text("utf-8").splitlines():
        if (title := re.match(r"\*\*([A-Z_]+)\*\* — ", line)) is not None:
            code = title[1]
        elif line.startswith("Known, not carried: "):
            headers = line.removeprefix("Known, not carried: ").rstrip("。. ").split("、")
            found[code] = frozenset(h.rpartition("/")[2].strip() for h in headers)
    found["DIBAO_URBAN_PERSON"] = found["DIBAO_RURAL_PERSON"]
    return found


def levels_of(header: object) -> Levels:
    """A header of a vocabulary: one text, or upper and lower."""
    return (header,) if isinstance(header, str) else tuple(cast("Sequence[str]", header))


def reword(table: Table, county: str, period: str, known: Mapping[str, frozenset[str]], rng: random.Random) -> None:
    """Give a table the county's headers, units, title and further columns; columns that are not carried go."""
    words = vocabularies()[county].get(table.feed)
    if words is None:
        return
    members = iter(_members(words))
    columns: list[Column] = []
    for column in table.columns:
        if column.field == "members":
            columns.append(replace(column, levels=next(members, column.levels)))
        elif column.field is not None and column.field in words:
            columns.append(replace(column, levels=levels_of(words[column.field])))
        elif column.field is not None or column.strange:
            columns.append(column)
    table.columns = columns
    _units(table, cast("Mapping[str, str]", words.get("_units", {})))
    for header in cast("Sequence[object]", words.get("_extra", ())):
        _extra(table, levels_of(header), period, known, rng)
    gather_groups(table)
    labels(table)
    title = str(words.get("_title", ""))
    if title and table.feed != "MONITOR_TOWN":
        table.above = [[_dated(title, period)], *table.above[1:]]


def _members(words: Mapping[str, object]) -> list[Levels]:
    both = cast("Mapping[str, object] | None", words.get("members"))
    return [levels_of(both["names"]), levels_of(both["ids"])] if both else []


def _dated(title: str, period: str) -> str:
    year, month = (int(p) for p in period.split("-"))
    title = re.sub(r"20[0-9]{2}年(?:[0-9]{1,2}[-—~至])?[0-9]{1,2}月", f"{year}年{month}月", title)
    title = re.sub(r"20[0-9]{2}([-./])[0-9]{1,2}(?![0-9])", rf"{year}\g<1>{month:02d}", title)
    title = re.sub(r"20[0-9]{4}(?![0-9])", f"{year}{month:02d}", title)
    quarter = f"第{'一二三四'[month // 3 - 1]}季度" if month % 3 == 0 else f"{month}月"
    title = re.sub(r"20[0-9]{2}年第?[一二三四]季度", f"{year}年{quarter}", title)
    title = re.sub(r"20[0-9]{6}", f"{year}{month:02d}28", title)
    han = f"二〇{'〇一二三四五六七八九'[year % 100 // 10]}{'〇一二三四五六七八九'[year % 10]}年{_MONTHS[month - 1]}月"
    title = re.sub(r"二〇[〇一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月", han, title)
    return re.sub(r"20(?:24|25)年", f"{year}年", title)


def _extra(table: Table, levels: Levels, period: str, known: Mapping[str, frozenset[str]], rng: random.Random) -> None:
    """A column that the samples have not; where its name is one that they have, it takes that one's place."""
    last = levels[-1]
    if any(c.levels == levels for c in table.columns):
        return
    column = Column(table.new_key(), levels, None, None)
    if last not in known.get(table.feed, frozenset()):
        column.strange = "perhaps" if _MAYBE.search(" > ".join(levels)) else "sure"
    at = 0 if last in ("序号", "编号") else rng.randint(1, len(table.columns))
    table.columns.insert(at, column)
    for number, line in enumerate(table.data, 1):
        line.cells[column.key] = Cell(value(last, period, number, rng))


def gather_groups(table: Table) -> None:
    """Columns under one upper header stand side by side, where the first of them stands."""
    done: list[Column] = []
    for column in table.columns:
        if column in done:
            continue
        if len(column.levels) == 1:
            done.append(column)
        else:
            done += [c for c in table.columns if len(c.levels) > 1 and c.levels[0] == column.levels[0]]
    table.columns = done


def labels(table: Table) -> None:
    """Totals and notes keep their first text in the first column, as somebody would write them who has these columns."""
    first = table.columns[0].key
    for line in table.lines:
        if line.kind != "other" or not line.cells:
            continue
        key = next((k for k in sorted(line.cells) if isinstance(line.cells[k].value, str) and line.cells[k].formula is None), None)
        if key is not None and key != first:
            line.cells[first] = line.cells.pop(key)


def _units(table: Table, units: Mapping[str, str]) -> None:
    """Numbers of a column in 万元."""
    for name, unit in units.items():
        column = table.column_of(name)
        if column is None or unit != "万元":
            continue
        for line in table.data:
            cell = line.cells[column.key]
            if cell.formula is None and not cell.error:
                line.cells[column.key] = replace(cell, value=_tenthousandth(cell))


def _tenthousandth(cell: Cell) -> Value:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value / 10000, 6)
    number = re.fullmatch(r"(\D*?)([0-9][0-9,]*(?:\.[0-9]+)?)\s*元?(?:整)?", value) if isinstance(value, str) else None
    if number is not None:
        return f"{number[1]}{round(float(number[2].replace(',', '')) / 10000, 6)}"
    return value
