"""Masks: one Polars expression each, the only definition of what a department sees of a masked field.

A null stays null. A masked value keeps the length of what it hides (addresses are generalised instead). What does not look
like the thing the mask is made for is hidden altogether, never passed on. Patterns: reference of domain.md §3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

Expression = Callable[[pl.Expr], pl.Expr]

# The compound surnames (复姓) in use; before a name of three or more characters only: 欧阳 alone is 欧 with the name 阳.
COMPOUND_SURNAMES = (
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛",
    "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
    "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马",
    "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐",
    "段干", "百里", "呼延", "东郭", "南门", "羊舌", "微生", "公户", "公玉", "公仪", "梁丘", "公仲",
    "公上", "公门", "公山", "公坚", "左丘", "公伯", "西门", "公祖", "第五", "公乘", "贯丘", "公皙",
    "南荣", "东里", "东宫", "仲长", "子书", "子桑", "即墨", "达奚", "褚师", "纳兰", "歐陽", "諸葛",
    "司馬", "東方", "萬俟", "聞人", "尉遲", "鍾離", "長孫", "鮮于", "赫連", "軒轅",
)

STAR = "*"
DOT = "·"

_PLACE = "[^0-9０-９]"  # nothing behind a digit is part of a place
_VILLAGE = "(?:村村|社区|村)"  # 新村村 is a whole name
# From narrow to wide, the first that fits: village behind its town, village alone, town, county.
ADDRESS = (
    f"^(?:{_PLACE}*?(?:镇|乡|街道){_PLACE}+?{_VILLAGE}|{_PLACE}{{1,14}}?{_VILLAGE}"
    f"|{_PLACE}*?(?:镇|乡|街道)|{_PLACE}*?(?:县|市|[^小社园0-9０-９]区))"
)


def mask_name(value: pl.Expr) -> pl.Expr:
    """张三 → 张*, 欧阳娜娜 → 欧阳**, 买买提·艾力 → 买**·**; a name of one character → *."""
    length = value.str.len_chars()
    compound = value.str.slice(0, 2).is_in(COMPOUND_SURNAMES) & (length > 2)
    kept = pl.when(length < 2).then(0).when(compound).then(2).otherwise(1)
    return value.str.slice(0, kept) + value.str.slice(kept).str.replace_all(f"[^{DOT}]", STAR)


def mask_id(value: pl.Expr) -> pl.Expr:
    """First six and last four of an 18- or 15-digit number: 522722********0013; the birth date is gone."""
    return (
        pl.when(value.str.contains(r"^[0-9]{17}[0-9X]$"))
        .then(value.str.slice(0, 6) + STAR * 8 + value.str.slice(14))
        .when(value.str.contains(r"^[0-9]{15}$"))
        .then(value.str.slice(0, 6) + STAR * 5 + value.str.slice(11))
        .otherwise(_hidden(value))
    )


def mask_certificate(value: pl.Expr) -> pl.Expr:
    """A disability certificate's number is the ID, type, grade and perhaps a re-issue mark: 522722********0013**."""
    fits = value.str.contains(r"^[0-9]{17}[0-9X][0-9A-Z]*$")
    kept = value.str.slice(0, 6) + STAR * 8 + value.str.slice(14, 4)
    return pl.when(fits).then(kept.str.pad_end(value.str.len_chars(), STAR)).otherwise(_hidden(value))


def mask_phone(value: pl.Expr) -> pl.Expr:
    """138****5678; a landline (area code of 3 or 4 digits, 7 or 8 digits) keeps its last four: 0854-3612345 → ********2345."""
    mobile = value.str.contains(r"^1[0-9]{10}$")
    landline = value.str.contains(r"^(?:\(?0[0-9]{2,3}\)?[- ]?)?[0-9]{7,8}$")
    return (
        pl.when(mobile)
        .then(value.str.slice(0, 3) + STAR * 4 + value.str.slice(7))
        .when(landline)
        .then(value.str.tail(4).str.pad_start(value.str.len_chars(), STAR))
        .otherwise(_hidden(value))
    )


def mask_account(value: pl.Expr) -> pl.Expr:
    """Only the last four of an account of at least twelve characters: ***************6115; a shorter one is hidden."""
    length = value.str.len_chars()
    return pl.when(length >= 12).then(value.str.tail(4).str.pad_start(length, STAR)).otherwise(_hidden(value))


def mask_address(value: pl.Expr) -> pl.Expr:
    """Down to the administrative village or community, else to the town, else to the county; else four stars.

    荔波县朝阳镇新寨村四组38号 → 荔波县朝阳镇新寨村. The first 村 or 社区 behind the town ends the village's name, so that a
    natural village inside it is not told.
    """
    return pl.when(value.is_not_null()).then(pl.coalesce(value.str.extract(ADDRESS, 0), pl.lit(STAR * 4)))


def _hidden(value: pl.Expr) -> pl.Expr:
    """A star for every character."""
    return value.str.slice(0, 0).str.pad_start(value.str.len_chars(), STAR)


MASKS: Mapping[str, Expression] = MappingProxyType(
    {
        "name": mask_name,
        "id": mask_id,
        "certificate": mask_certificate,
        "phone": mask_phone,
        "account": mask_account,
        "address": mask_address,
    }
)
