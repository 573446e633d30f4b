"""Names of cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from producers.reading.grid import cell_name, letters


@given(st.integers(0, 16_383))
def test_column_letters(column: int) -> None:
    name = letters(column)
    value = 0
    for letter in name:
        value = value * 26 + ord(letter) - 64
    assert value == column + 1
    assert cell_name(0, column) == f"{name}1"
