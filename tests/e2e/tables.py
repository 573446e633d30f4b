"""Small tables as a county's clerks would make them, row by row in the hand of the test.

Everybody is invented: sequence digits 900 to 995, accounts 629999….
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "覃韦蒙姚莫潘石陆罗黎"
_GIVEN = ("大山", "小河", "春花", "秋月", "冬梅", "夏荷", "国强", "建军", "志明", "玉兰", "水生", "土生", "火旺", "金凤", "银花", "铁柱")
TOWNS = (("100", "朝阳镇"), ("101", "茂兰镇"), ("102", "甲良镇"))
VILLAGES = ("新寨村", "板塘村")

Cells = Mapping[str, str]


def number(born: date, sequence: int, place: str = "522722") -> str:
    """An ID number with its check digit (GB 11643)."""
    stem = f"{place}{born:%Y%m%d}{sequence}"
    return stem + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a roster.

    Attributes:
        head: ID number of the head of the household.
        town: index into TOWNS.
    """

    name: str
    number: str
    head: str
    cert: str
    town: int
    village: int
    male: bool

    @property
    def account(self) -> str:
        return f"629999{int(self.number[6:17]):013d}"

    def cells(self, **changed: str) -> dict[str, str]:
        """The row of a dibao roster, under its headers."""
        town, village = TOWNS[self.town][1], VILLAGES[self.village]
        return {
            "姓名": self.name, "身份证号": self.number, "户主身份证号": self.head,
            "与户主关系": "户主" if self.head == self.number else "配偶", "性别": "男" if self.male else "女", "救助类型": "农村低保",
            "最初享受月份": "2021-05", "低保（特困）证号": self.cert, "所属街": town, "所属社": village,
            "家庭地址": f"{town}{village}一组", "银行帐号": self.account, "备注": "", **changed,
        }  # fmt: skip


def person(index: int, **changed: str | int) -> Person:
    """The `index`-th invented person. Two make a household; households go round the towns; born 1950 to 2019."""
    male = index % 2 == 0
    own = number(date(1950 + index * 7 % 70, 1 + index % 12, 1 + index % 28), 900 + 2 * (index % 48) + male)
    head = own if index % 2 == 0 else person(index - 1).number
    made = Person(
        _SURNAMES[index // 16 % 10] + _GIVEN[index % 16], own, head, f"NB522722{index // 2:06d}", index // 2 % 3, index // 6 % 2, male
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # fields by name


def people(first: int, last: int) -> list[Person]:
    """Persons `first` to `last`, the last not included."""
    return [person(index) for index in range(first, last)]


def mistyped(who: Person) -> dict[str, str]:
    """His row with a wrong check digit: rejected, and nobody can tell by the number whose it is."""
    wrong = "0" if who.number[-1] != "0" else "1"
    return who.cells(身份证号=who.number[:-1] + wrong)


def undated(who: Person) -> dict[str, str]:
    """His row with a month that there is not: rejected, while his number can be read."""
    return who.cells(最初享受月份="2021-13")


def write(path: Path, rows: Sequence[Cells], *, title: str = "", headers: Sequence[str] = ()) -> Path:
    """A CSV as WPS saves it (UTF-8 with its mark); headers of the first row where none are given."""
    names = list(headers or rows[0])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        if title:
            writer.writerow([title])
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path


def roster(path: Path, who: Iterable[Person | Cells]) -> Path:
    """A roster of rural dibao persons."""
    return write(path, [each.cells() if isinstance(each, Person) else each for each in who])


def areas(path: Path) -> Path:
    """The county's towns and villages with their codes."""
    rows = [{"区划代码": "522722000000", "名称": "荔波县", "级别": "县", "上级代码": "522700000000"}]
    for middle, town in TOWNS:
        rows.append({"区划代码": f"522722{middle}000", "名称": town, "级别": "乡级", "上级代码": "522722000000"})
        rows += [
            {"区划代码": f"522722{middle}{200 + at}", "名称": village, "级别": "村级", "上级代码": f"522722{middle}000"}
            for at, village in enumerate(VILLAGES)
        ]
    return write(path, rows)


def tekun(path: Path, who: Sequence[Person], **changed: str) -> Path:
    """A roster of tekun persons, each a household of one."""
    rows = [
        {
            "姓名": each.name, "身份证号": each.number, "性别": "男" if each.male else "女", "供养方式": "分散供养",
            "生活自理能力": "具备生活自理能力", "联系电话": f"199000{each.number[12:17]}",
            "最初享受月份": "2020-01", "低保（特困）证号": f"TK{each.cert[2:]}",
            "所属街": TOWNS[each.town][1], "所属社": VILLAGES[each.village], "银行帐号": each.account, **changed,
        }
        for each in who
    ]  # fmt: skip
    return write(path, rows)

