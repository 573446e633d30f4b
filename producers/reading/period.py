"""Which month a file says it is for (rules 21 and 23)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.ids import Period
from contracts.values.text import squeeze

_RANGE = re.compile(r"((?:19|20)[0-9]{2})年?[-./]?([0-9]{1,2})月?[-—~至到]{1,2}(?:(?:19|20)[0-9]{2}年)?([0-9]{1,2})月")
_MONTH = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年|[-./])([0-9]{1,2})(?:月(?![0-9]{1,2}[日号])|(?![0-9月]|[-./][0-9]))")
_COMPACT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?![0-9])")
_BARE = re.compile(r"(?<![0-9年./])([0-9]{1,2})月(?:份)?(?![0-9]|[日至\-—~])")
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


def stated_in(text: str, *, compact: bool = False) -> list[Stated]:
    """Months that a title or file name states. A date with a day states none; a range means its last month.

    Args:
        compact: 202303 counts as well.
    """
    flat = squeeze(text)
    if _NOT_A_TITLE.match(flat):
        return []
    found = [Stated(int(m[1]), int(m[3])) for m in _RANGE.finditer(flat)]
    flat = _RANGE.sub("|", flat)
    for pattern in (_MONTH, _COMPACT) if compact else (_MONTH,):
        found += [Stated(int(m[1]), int(m[2])) for m in pattern.finditer(flat)]
    if not found:
        found = [Stated(None, int(m[1])) for m in _BARE.finditer(flat)]
    return [s for s in found if 1 <= s.month <= 12]


def conflict(chosen: Period, titles: Iterable[str], column: Counter[str] | None) -> str | None:
    """What the file says instead of the chosen month, None when it agrees or says nothing."""
    stated = [s for t in titles for s in stated_in(t)]
    if stated and not any(s.agrees(chosen) for s in stated):
        return str(stated[0])
    if column:
        most, _ = column.most_common(1)[0]
        return most if most != str(chosen) else None
    return None


def found_in(titles: Sequence[str], column: Counter[str] | None, file_name: str) -> Period | None:
    """The month of a file of which nobody said it: by title, month column, file name; None when that leaves it open."""
    whole = [s for t in titles for s in stated_in(t) if s.year is not None]
    if not whole and column:
        most, _ = column.most_common(1)[0]
        return Period.parse(most)
    named = [s for s in stated_in(file_name, compact=True) if s.year is not None]
    for source in (whole, named):
        if source and len({(s.year, s.month) for s in source}) == 1 and source[0].year is not None:
            return Period(source[0].year, source[0].month)
    return None
