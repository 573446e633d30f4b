"""Frames of one source list for one month, as they pass between reading, rules and publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from contracts.ids import Period

ListState = Literal["complete", "partial", "nil", "missing"]


@dataclass(frozen=True, slots=True)
class ListFrames:
    """What a home holds of one source list for one month.

    Attributes:
        list: source-list code, such as `DIBAO_RURAL_PERSON`.
        accepted: `_sheet` String, `_row` Int32 (the row a spreadsheet shows; record number in a CSV), `_file` String, then
            the list's fields in the order of its file. Types: text, IDs, codes, dates (`YYYY-MM-DD` or `YYYY-MM`), months and
            quarters String; amounts Int64 in 分; counts Int32; yes/no Boolean; members List(Struct(name String, id_number String)).
        rejected: the same columns with what could be read and null elsewhere (`id_number` only if it is a valid number),
            then `_codes` List(String) of the errors and `_raw` String, the raw cells as JSON.
    """

    list: str
    period: Period
    state: ListState
    accepted: pl.DataFrame
    rejected: pl.DataFrame
