"""Members listed in two cells."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.cells import Cells, Kind
from contracts.values.members import read_members
from tests.unit.contracts.values.people import id_of, ids, names

END = date(2023, 3, 31)
A, B = id_of("522722", date(1978, 1, 14), 949), id_of("522722", date(1980, 7, 2), 930)


def read(names_cell: str | None, ids_cell: str | None) -> tuple[list[list[str | None]] | None, list[str], list[str]]:
    values, at_names, at_ids = read_members(
        Cells(pl.Series([names_cell], dtype=pl.String)), Cells(pl.Series([ids_cell], dtype=pl.String)), END
    )
    pairs = values.to_list()[0]
    return None if pairs is None else [[p["name"], p["id_number"]] for p in pairs], [m.code for m in at_names], [m.code for m in at_ids]


@given(st.lists(st.tuples(names(), ids()), min_size=1, max_size=6), st.sampled_from(["、", "，", ",", "/", "\n", "；", "、\n", " 、 "]))
def test_any_separator_gives_the_pairs_back(members: list[tuple[str, str]], separator: str) -> None:
    pairs, at_names, at_ids = read(separator.join(n for n, _ in members), separator.join(i for _, i in members))
    assert pairs == [list(m) for m in members]
    assert at_names == at_ids == []


@pytest.mark.parametrize(("names_cell", "ids_cell"), [("甲乙、丙丁", A), ("甲乙", f"{A}、{B}"), ("甲乙、丙丁", None), (None, A)])
def test_different_counts_are_never_paired(names_cell: str | None, ids_cell: str | None) -> None:
    assert read(names_cell, ids_cell) == (None, [], ["W-MULTI"])


def test_nothing_is_nothing() -> None:
    assert read(None, None) == (None, [], [])
    assert read(" ", "、") == (None, [], [])


def test_a_bad_number_becomes_null_and_is_said_once() -> None:
    assert read("甲乙、丙丁、戊己", f"{A}、123、456") == ([["甲乙", A], ["丙丁", None], ["戊己", None]], [], ["W-MEMBER-ID"])


def test_corrections_stand_at_their_own_cell() -> None:
    assert read("甲　乙、丙丁", f"{A.lower()}、{B}") == ([["甲乙", A], ["丙丁", B]], ["I-FIXED"], ["I-FIXED"])


def test_a_number_cell_loses_its_digits() -> None:
    values, _, at_ids = read_members(Cells(pl.Series(["甲乙"])), Cells(pl.Series([B]), pl.Series([Kind.NUMBER], dtype=pl.UInt8)), END)
    assert values.to_list() == [[{"name": "甲乙", "id_number": None}]]
    assert [m.code for m in at_ids] == ["W-MEMBER-ID"]
