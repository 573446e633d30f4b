"""One cell of a sheet, and how a program shows it as text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | None

Origin = tuple[str, int, int]
"""Where a cell stood before: file and sheet, row and column from 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as stored.

    Attributes:
        formula: with `value` as its last result; error: whether `value` is an error such as `#N/A`.
        origin: where it stood in the sample; None for a cell that the redresser added.
    """

    value: Value = None
    formula: str | None = None
    error: bool = False
    origin: Origin | None = None


def letters(column: int) -> str:
    """Column letters: 1 -> A, 27 -> AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def place_of(cell: str) -> tuple[int, int]:
    """Row and column from 1 of an A1 reference."""
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", cell)
    if found is None:
        raise ValueError(f"no cell: {cell}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def shown(cell: Cell) -> str:
    """What a spreadsheet program writes into a text file: its general format keeps eleven digits, dates are local."""
    value = cell.value
    if cell.formula is not None:
        return "#REF!"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.date):
        return f"{value.year}/{value.month}/{value.day}"
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= 1e11:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{mantissa}E{exponent}"
    return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
