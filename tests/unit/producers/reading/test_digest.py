"""Similar findings together, with true numbers."""

from __future__ import annotations

from contracts.findings import Finding
from producers.reading.digest import grouped


def finding(code: str, cell: str | None, sheet: str | None = "名册", column: str = "姓名") -> Finding:
    return Finding(sheet, cell, code, facts={"column": column})


def test_the_gravest_first_and_numbers_true_beyond_what_is_named() -> None:
    many = [finding("I-FIXED", f"A{n}") for n in range(1, 31)]
    groups = grouped([*many, finding("E-REQ", "A50"), finding("I-FIXED", "B2", column="身份证号"), finding("E-REQ", "A60")], shown=3)
    assert [(g.first.code, g.count, g.places) for g in groups] == [
        ("E-REQ", 2, ("A50", "A60")),
        ("I-FIXED", 30, ("A1", "A2", "A3")),
        ("I-FIXED", 1, ("B2",)),
    ]


def test_sheets_are_named_where_there_are_several() -> None:
    groups = grouped([finding("E-REQ", "A1", "甲"), finding("E-REQ", "A1", "乙"), finding("W-AREA", None, None)])
    assert [g.places for g in groups] == [("甲!A1", "乙!A1"), ()]
