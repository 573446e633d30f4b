"""The same table in every dialect reads to the same rows and the same findings at the same cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.reading import Reading
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import TYPED, UNTYPED
from tests.unit.producers.reading.files import TEKUN, Row, codes, read, tekun
from tests.unit.producers.reading.test_made_files import Person, row_of

PEOPLE = [id_of("522722", date(1950, 1, d), 901 + d) for d in range(1, 20)]
ROWS: list[Row] = [
    ["特困人员花名册（2023年3月）"],
    [],
    TEKUN,
    tekun(PEOPLE[0], 备注="第一行\n第二行"),
    tekun(PEOPLE[1][:-1], name="张　三"),
    ["小计", "", "", ""],
    tekun(f" {PEOPLE[2]}", name="买买提•吐尔逊", **{"基本生活总费用（元）": "1,295.00"}),
    tekun(f"'{PEOPLE[3]}", name="𬱖𬱖", 备注='a"b,c;d|e'),
    tekun(PEOPLE[4], 所属社="#N/A"),
    tekun(PEOPLE[5], 供养方式="散居"),
    tekun("", name="无号"),
    ["注：以上均已核对"],
]


def content(reading: Reading) -> object:
    """What was read, without the sheet's name, which a CSV does not have."""
    tables = [(t.list, *(f.drop("_file", "_sheet").rows(named=True) for f in (t.accepted, t.rejected))) for t in reading.tables]
    return reading.verdict, reading.period, codes(reading), tables


@pytest.mark.parametrize("dialect", sorted(TYPED | UNTYPED))
def test_one_table_in_every_dialect(dialect: str, tmp_path: Path) -> None:
    expected = content(read(TYPED["xlsx"](tmp_path / "表.xlsx", ROWS), "TEKUN_PERSON", None))
    assert content(read((TYPED | UNTYPED)[dialect](tmp_path / "表.xls", ROWS), "TEKUN_PERSON", None)) == expected


@settings(max_examples=25, deadline=None)
@given(people=st.lists(Person, min_size=1, max_size=6), title=st.integers(0, 2))
def test_any_table_is_the_same_in_every_dialect(
    tmp_path_factory: pytest.TempPathFactory, people: list[dict[str, object]], title: int
) -> None:
    folder = tmp_path_factory.mktemp("dialects")
    rows: list[Row] = [*[["特困人员花名册"]] * title, TEKUN, *(row_of(p, i) for i, p in enumerate(people))]
    expected = content(read(TYPED["xlsx"](folder / "a", rows), "TEKUN_PERSON"))
    for name, write in TYPED.items():
        assert content(read(write(folder / name, rows), "TEKUN_PERSON")) == expected, name
    as_text = [[str(v) for v in row] for row in rows]
    expected = content(read(TYPED["xlsx"](folder / "b", as_text), "TEKUN_PERSON"))
    for name, write in UNTYPED.items():
        assert content(read(write(folder / name, as_text), "TEKUN_PERSON")) == expected, name
