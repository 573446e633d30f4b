"""Numbers that are names: bank accounts, telephone numbers, household and certificate numbers."""

from __future__ import annotations

from contracts.values.cells import Cells, Kind, Read, marks, only
from contracts.values.text import read_text

_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}$"


def read_account(cells: Cells) -> Read:
    """Account, telephone, household or certificate number as text; a leading apostrophe, put there to keep it text, goes: I-FIXED.

    In scientific notation, or a number beyond the 15 digits a cell can hold: E-ACCT-NUM, null.
    """
    text = read_text(cells).values
    guarded = text.str.contains(r"^['＇‘’`]+[0-9]").fill_null(value=False)
    if guarded.any():
        read = read_account(Cells(text.str.strip_chars_start("'＇‘’`").zip_with(guarded, text), cells.kind))
        return Read(read.values, (*read.marks, *marks("I-FIXED", guarded & read.values.is_not_null())))
    lost = text.str.contains(_SCIENTIFIC).fill_null(value=False)
    if cells.kind is not None:
        numbers = cells.of(Kind.NUMBER)
        lost = lost | (numbers & ~text.str.contains(r"^[0-9]{1,15}$")).fill_null(value=False)
    return Read(only(text, ~lost), marks("E-ACCT-NUM", lost)) if lost.any() else Read(text)
