"""Files made for tests, and a look at what was read of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from contracts.codes.areas import AreaTable
from contracts.ids import Period
from producers.reading import Reading, read_file

MARCH = Period(2023, 3)
AREAS = AreaTable.of(
    [
        ("522722000000", "荔波县"),
        ("522722101000", "朝阳镇"),
        ("522722101200", "新寨村"),
        ("522722101201", "董麦村"),
        ("522722102000", "甲良镇"),
        ("522722102200", "新寨村"),
    ]
)
TEKUN = ["姓名", "身份证号", "性别", "供养方式", "所属街", "所属社", "基本生活总费用（元）", "最初享受月份", "备注"]

Row = Sequence[object]


def cells_of(row: object) -> Row:
    """A row of cells, whatever list literal it was written in."""
    assert isinstance(row, list | tuple)
    return row


def xlsx(path: Path, rows: Iterable[object], *, sheet: str = "名册", hidden: Sequence[int] = ()) -> Path:
    """Write rows as they are; text stays text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(cells_of(row)):
                if isinstance(value, str) and value:
                    page.write_string(number, column, value)
                elif value not in (None, ""):
                    page.write_number(number, column, float(str(value)))
        for number in hidden:
            page.set_row(number, None, None, {"hidden": True})
    return path


def table(path: Path, rows: Iterable[object], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as a CSV."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(map(cells_of, rows))
    return path


def tekun(number: object, name: object = "莫燕", **other: object) -> list[object]:
    """One row of the list of TEKUN."""
    filled: dict[str, object] = {
        "姓名": name,
        "身份证号": number,
        "所属街": "朝阳镇",
        "所属社": "新寨村",
        "供养方式": "分散供养",
        **other,
    }
    return [filled.get(h, "") for h in TEKUN]


def read(path: Path, as_list: str | None = None, period: Period | None = MARCH) -> Reading:
    return read_file(path, as_list=as_list, period=period, areas=AREAS)


def codes(reading: Reading) -> list[tuple[str | None, str]]:
    """Cell and code of every finding."""
    return [(f.cell, f.code) for f in reading.findings]
