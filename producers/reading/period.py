"""Which month a file says it is for (rules 21 and 23)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.ids import Period
from contracts.values.text import squeeze

_NUMERALS = "〇一二三四五六七八九"
_YEAR = r"(?<![0-9])(?P<{}>(?:19|20)[0-9]{{2}}|[12][0-9](?=年))"
_LATER = r"内|以?前|之前|以?后|之后|以来|起|开始"
_IN_WORDS = re.compile(
    r"(?P<year>[一二三四五六七八九〇零○O]{4})(?=年)|(?P<number>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=月(?![饼亮])|[日号])"
)
_DAY = re.compile(
    r"(?:19|20)?[0-9]{2}(?:年[0-9]{1,2}月|([-./])[0-9]{1,2}\1)[0-9]{1,2}(?![0-9月])[日号]?|(?<![0-9])[0-9]{1,2}月[0-9]{1,2}[日号]"
    r"|(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])"
)
_OF_WRITING = re.compile(r"(?:上报|填报|填表|导出|制表|打印|生成|报送|更新|公示|审核)(?:时间|日期):?[0-9]{4}[-年./]?[0-9]{1,2}月?")
_TO = r"(?:-|—|–|~|至|到){1,2}"
_RANGE = re.compile(
    _YEAR.format("since") + r"[-年./]?[0-9]{1,2}月?(?:份)?" + _TO + r"(?:(?P<year>(?:19|20)[0-9]{2})[-年./]?)?(?P<month>[0-9]{1,2})月"
    r"|" + _YEAR.format("from") + r"(?P<sep>[-./]?)[0-9]{1,2}" + _TO + r"(?P<last>(?:19|20)[0-9]{2})(?P=sep)(?P<end>[0-9]{1,2})(?![0-9])"
)
_QUARTER = re.compile(
    r"(?:" + _YEAR.format("year") + r"(?:年度?|[-./])?)?(?:第?(?P<number>[一二三四1-4])季度?(?![0-9])|[Qq](?P<letter>[1-4]))"
)
_HALF = re.compile(r"(?:" + _YEAR.format("year") + r"年?)?(?P<half>[上下])半年")
_MONTH = re.compile(_YEAR.format("year") + rf"(?:年度?|[-./_])(?P<month>[0-9]{{1,2}})(?:月(?:份)?(?!{_LATER})|(?![0-9月]|[-./][0-9]))")
_COMPACT = re.compile(r"(?<![-0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?![0-9])")
_BARE = re.compile(rf"(?<![0-9年./])(?P<month>[0-9]{{1,2}})月(?:份)?(?![0-9]|[日至\-—~]|{_LATER})")
_ONLY_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年(?![0-9]{1,2}月)|$)")
_NOT_A_TITLE = re.compile(r"^(?:注|备注|说明|填表说明)[:：0-9一]")


@dataclass(frozen=True, slots=True)
class Stated:
    """A month as stated; the year is None where only 4月 stands."""

    year: int | None
    month: int

    def agrees(self, period: Period) -> bool:
        return self.month == period.month and self.year in (None, period.year)

    def __str__(self) -> str:
        return f"{self.month}月" if self.year is None else f"{self.year:04d}-{self.month:02d}"


def stated_in(text: str) -> list[Stated]:
    """Months that a title, a sheet's or a file's name states: 2023年3月, 2023.3, 202303, 二〇二三年三月, 一季度, 3月份.

    A date with a day states none, nor does the time of writing; a range, a quarter or half a year means its last month.
    """
    flat = _plain(text)
    if _NOT_A_TITLE.match(flat):
        return []
    found: list[Stated] = []
    for pattern, read in ((_RANGE, _of_range), (_QUARTER, _of_quarter), (_HALF, _of_half), (_MONTH, _of_month), (_COMPACT, _of_month)):
        found += [read(m) for m in pattern.finditer(flat)]
        flat = pattern.sub("|", flat)
    if not any(s.year for s in found):
        found += [_of_month(m) for m in _BARE.finditer(flat)]
    return [s for s in found if 1 <= s.month <= 12]


def _plain(text: str) -> str:
    """Numerals as figures, days and times of writing taken out."""
    flat = _IN_WORDS.sub(_figures, squeeze(text))
    return _DAY.sub("|", _OF_WRITING.sub("|", flat))


def _figures(match: re.Match[str]) -> str:
    if match["year"]:
        return "".join(str(_NUMERALS.index("〇" if c in "零○O" else c)) for c in match["year"])
    tens, ten, ones = match["number"].rpartition("十")
    return str(10 * (_NUMERALS.index(tens) if tens else len(ten)) + (_NUMERALS.index(ones) if ones else 0))


def _year(text: str | None) -> int | None:
    return None if not text else int(text) if len(text) == 4 else 2000 + int(text)


def _of_month(match: re.Match[str]) -> Stated:
    return Stated(_year(match.groupdict().get("year")), int(match["month"]))


def _of_range(match: re.Match[str]) -> Stated:
    if match["end"]:
        return Stated(_year(match["last"]), int(match["end"]))
    return Stated(_year(match["year"] or match["since"]), int(match["month"]))


def _of_quarter(match: re.Match[str]) -> Stated:
    word = match["letter"] or match["number"]
    return Stated(_year(match["year"]), 3 * int("一二三四".find(word) + 1 or word))


def _of_half(match: re.Match[str]) -> Stated:
    return Stated(_year(match["year"]), 6 if match["half"] == "上" else 12)


def conflict(chosen: Period, titles: Iterable[str], column: Counter[str] | None, sheet: str = "") -> str | None:
    """What the file says instead of the chosen month, None when it agrees or says nothing.

    Args:
        sheet: name of the sheet, heard where the titles are silent.
    """
    stated = [s for t in titles for s in stated_in(t)] or stated_in(sheet)
    if stated and not any(s.agrees(chosen) for s in stated):
        return str(stated[0])
    if column:
        most, _ = column.most_common(1)[0]
        return most if most != str(chosen) else None
    return None


def found_in(titles: Sequence[str], column: Counter[str] | None, file_name: str, sheets: Sequence[str] = ()) -> Period | None:
    """The month of a file of which nobody said it: by title, month column, name of the sheet, file name; None when that leaves it open.

    A month without a year is taken with the one year that titles, sheets and file name speak of.
    """
    whole = _whole(titles)
    if not whole and column:
        most, _ = column.most_common(1)[0]
        return Period.parse(most)
    for source in (whole, _whole(sheets), _whole([file_name])):
        if source:
            return _period(source) if len(source) == 1 else None
    bare = {s.month for t in (*titles, *sheets) for s in stated_in(t)} or {s.month for s in stated_in(file_name)}
    years = {int(y) for t in (*titles, *sheets, file_name) for y in _ONLY_YEAR.findall(_plain(t))}
    return _period({(years.pop(), bare.pop())}) if len(bare) == len(years) == 1 else None


def _whole(texts: Iterable[str]) -> set[tuple[int, int]]:
    return {(s.year, s.month) for t in texts for s in stated_in(t) if s.year is not None}


def _period(stated: set[tuple[int, int]]) -> Period | None:
    year, month = stated.pop()
    return Period(year, month) if 1990 <= year <= 2199 else None
