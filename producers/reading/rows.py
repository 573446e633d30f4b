"""Which rows below a header are data: totals, notes, signatures and blank rows are not, hidden rows are (rule 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from contracts.lists.headers import LEVEL
from contracts.values.text import squeeze
from producers.reading.recognise import Candidate

_TOTAL = re.compile(r".{0,8}(?:小计|合计|总计|共计|累计)(?:[:：]?[(（]?[0-9一二三四五六七八九十]*[)）]?(?:户|人|个|笔|条)?)?")
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|注意|填表说明|填报说明|※|★|提示)[:：0-9一1、.※]|※|注意|(?:填表|制表|审核|复核|负责|经办|填报|单位负责|分管领导|联系)(?:人|单位|日期|时间|电话|领导)?(?:签字|签名|[(（]?盖章[)）]?)?[:：]"
)
_NIL = re.compile(
    r"(?:本月|本期|当月|本次|本镇|本乡|本街道|我镇|我乡)?(?:暂时?|均)?(?:无|没有)(?:新增|变化|变动|调整|人员|对象|数据|此类|符合|退出|减少|死亡|相关|上报)?(?:人员|对象|情况|数据|内容)?|.*零报告.*|.*(?:本月|本期|当月)(?:暂)?无.*"
)
_PLACE_ENDING = ("镇", "乡", "村", "街道", "社区", "县", "组", "办", "处")


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands below a header.

    Attributes:
        data: UInt32 positions of the data rows in the sheet.
        nil: whether a row says that there is nobody.
    """

    data: pl.Series
    nil: bool


def data_rows(table: Candidate) -> Rows:
    """Sort the rows below the header. Rows whose own ID looks like one are data at once; only the others are looked at."""
    grid, first = table.grid, table.first_row
    own = grid.columns[table.match.fields[table.listing.id_field]].text
    looks_like = own.str.contains(r"[0-9０-９][^\n]{8,}").fill_null(value=False)
    for column in {0, table.match.fields[table.listing.name_field]}:  # a total's number may be as long as an ID
        looks_like = looks_like & ~grid.columns[column].text.str.contains("计").fill_null(value=False)
    position = pl.int_range(0, grid.height, dtype=pl.UInt32, eager=True)
    sure = position.filter(looks_like & (position >= first))
    unsure = position.filter(~looks_like & (position >= first))
    taken: list[int] = []
    nil = False
    for row, texts in zip(unsure.to_list(), grid.rows(unsure.to_list()), strict=True):
        kind = _judge(texts, table)
        if kind is True:
            taken.append(row)
        nil = nil or kind is None
    if not taken:
        return Rows(sure, nil)
    return Rows(pl.concat([sure, pl.Series(taken, dtype=pl.UInt32)]).sort(), nil)


def says_nil(text: str) -> bool:
    """Whether a text is an explicit empty report (零报告)."""
    return bool(_NIL.fullmatch(squeeze(text)))


def _judge(texts: Sequence[str | None], table: Candidate) -> bool | None:
    """True for a data row, False for one that is passed over, None for a statement that there is nobody."""
    filled = [(c, squeeze(t)) for c, t in enumerate(texts) if t and t.strip()]
    filled = [(c, t) for c, t in filled if t]
    if not filled:
        return False
    first = filled[0][1]
    name_column = table.match.fields[table.listing.name_field]
    name = next((t for c, t in filled if c == name_column), "")
    if len(filled) <= 2 and (says_nil(first) or says_nil(name)):
        return None
    passed_over = _TOTAL.fullmatch(first) or _TOTAL.fullmatch(name) or _NOTE.match(first)
    if passed_over or _is_header(texts, table) or _only_labels([t for _, t in filled]):
        return False
    return len(filled) > 1 or (filled[0][0] == name_column and _lone_name(first))


def _lone_name(text: str) -> bool:
    return bool(re.fullmatch(r"[㐀-鿿·]{2,4}", text)) and not text.endswith(_PLACE_ENDING)


def _is_header(texts: Sequence[str | None], table: Candidate) -> bool:
    mine = [squeeze(h.rpartition(LEVEL)[2]) for h in table.headers]
    same = sum(bool(t) and squeeze(t or "") == m for t, m in zip(texts, mine, strict=False))
    return same >= 3 and same * 2 > sum(bool(t) for t in texts)


def _only_labels(texts: Sequence[str]) -> bool:
    """A line of signatures: labels with a colon, at most a name or day between them."""
    labels = sum(":" in t for t in texts)
    return labels * 2 >= len(texts) and any(_NOTE.match(t) for t in texts)
