"""Workbooks (.xlsx, .xls): values by calamine, the rest by one pass of our own, sizes bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import python_calamine as calamine

from contracts.errors import ExchangeError
from producers.reading import archive, biff, binary, sheetxml
from producers.reading.errorcells import has_unknown, with_known_errors
from producers.reading.extent import Extent
from producers.reading.grid import Grid, Value, columns_of
from producers.reading.page import MAX_CELLS
from producers.reading.parts import sheet_parts, workbook_part
from producers.reading.sharedstrings import bound_strings

MAX_SHEETS = 1_000


def read_xlsx(path: Path) -> list[Grid]:
    """Every sheet of an .xlsx, .xlsm or .xlsb; no macro is looked at.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE, E-FILE-TYPE.
    """
    try:
        with archive.opened(path) as members:
            book = workbook_part(members)
            extents, mended = (binary.scan(members, book), None) if book.lower().endswith(".bin") else _scan(members, book)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    _bound(extents.values())
    return _grids(mended or path.read_bytes(), extents)


def _scan(members: zipfile.ZipFile, book: str) -> tuple[dict[str, Extent], bytes | None]:
    """Extents by sheet name, and a copy of the workbook where calamine would not take it as it is."""
    parts = sheet_parts(members, book)
    if len(parts) > MAX_SHEETS:
        raise ExchangeError("E-FILE-SIZE", size=f"{len(parts)} sheets", limit=f"{MAX_SHEETS}")
    extents = {name: sheetxml.scan(partial(archive.blocks, members, part)) for name, part in parts.items()}
    bound_strings(members, parts, extents)
    return extents, with_known_errors(members, parts.values()) if has_unknown(extents.values()) else None


def read_xls(data: bytes) -> list[Grid]:
    """Every sheet of a legacy .xls.

    Raises:
        ExchangeError: E-FILE-CORRUPT, E-FILE-PWD, E-FILE-SIZE, E-FILE-TYPE.
    """
    extents = biff.scan(biff.stream_of(data))
    _bound(extents)
    return _grids(data, dict(enumerate(extents)))


def _bound(extents: Iterable[Extent]) -> None:
    cells = sum((e.last_row + 1) * (e.last_column + 1) for e in extents)
    if cells > MAX_CELLS:
        raise ExchangeError("E-FILE-SIZE", size=f"{cells} cells", limit=f"{MAX_CELLS}")


def _grids(data: bytes, extents: dict[str, Extent] | dict[int, Extent]) -> list[Grid]:
    by_key: dict[str | int, Extent] = dict(extents.items())
    grids = []
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        sheets = book.sheets_metadata
        for index, meta in enumerate(sheets):
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(index)
            extent = by_key.get(meta.name) or by_key.get(index) or Extent()
            merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
            grids.append(
                Grid(meta.name, meta.visible == calamine.SheetVisibleEnum.Visible, columns_of(_rows(sheet)), extent.extras(merged))
            )
    except calamine.PasswordError as error:
        raise ExchangeError("E-FILE-PWD") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise ExchangeError("E-FILE-CORRUPT") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's panics are no Exception
            raise ExchangeError("E-FILE-CORRUPT") from error
        raise
    return grids


def _rows(sheet: calamine.CalamineSheet) -> Iterator[Sequence[Value]]:
    """Rows from row 1 and column A on, so that positions are those a spreadsheet shows."""
    if sheet.start is None:
        return
    pad = [None] * sheet.start[1]  # the iterator starts at row 1, but at the first column used
    for row in sheet.iter_rows():
        yield [*pad, *row] if pad else row
