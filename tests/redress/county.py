"""Another county: its code and name in place of the sample county's, in cells, truth and expectations. ID numbers stay."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.redress.cells import Cell
from tests.redress.document import Document

CODE, NAME = "522722", "荔波"
OTHER_CODE, OTHER_NAME = "522731", "惠水"


def shifted(text: str) -> str:
    """A text with the other county's name and village codes."""
    text = re.sub(rf"(?<![0-9]){CODE}(?=(?!19|20)[0-9]{{6}}(?![0-9]))", OTHER_CODE, text)
    text = re.sub(rf'(?<="){CODE}(?=")|^{CODE}$|(?<=_){CODE}(?=\.csv)|^{CODE}(?=000000,)', OTHER_CODE, text, flags=re.MULTILINE)
    return text.replace(NAME, OTHER_NAME)


def shift(document: Document) -> None:
    """Every text of a document."""
    for table in document.tables:
        table.above = [[shifted(t) for t in row] for row in table.above]
        for line in table.lines:
            line.cells = {k: _cell(c) for k, c in line.cells.items()}
    for sheet in document.sheets:
        sheet.raw = [[_cell(c) for c in row] for row in sheet.raw]


def _cell(cell: Cell) -> Cell:
    if isinstance(cell.value, str):
        return replace(cell, value=shifted(cell.value))
    if isinstance(cell.value, int | float) and len(number := str(int(cell.value))) == 12:
        return replace(cell, value=int(shifted(number)))
    return cell
