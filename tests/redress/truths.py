"""Truth files of the samples as typed dictionaries (layout: `TRUTH.md` of the samples)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast

Scalar = str | int | float | bool | None


class PartColumn(TypedDict, total=False):
    col: str
    header: str
    group: str
    field: str | None


class Part(TypedDict):
    sheet: str
    header_rows: list[int]
    first_row: int
    last_row: int
    columns: list[PartColumn]


class Accepted(TypedDict):
    fields: list[str]
    rows: list[list[object]]


class RejectedRow(TypedDict):
    sheet: str
    row: int
    codes: list[str]


class Rejected(TypedDict):
    count: int
    rows: list[RejectedRow]


class TableTruth(TypedDict):
    feed: str
    sheet: str
    parts: list[Part]
    rows_expected: int
    accepted: Accepted
    rejected: Rejected


class Marked(TypedDict, total=False):
    """A finding or a note."""

    sheet: str | None
    cell: str | None
    code: str
    severity: str
    action: str
    kind: str
    field: str
    raw: object
    value_after: object
    optional: bool
    related: str
    alt_codes: list[str]
    alt_actions: list[str]


class Truth(TypedDict, total=False):
    file: str
    format: str
    encoding: str | None
    feed: str
    period: str
    verdict: str
    bad_share: float
    rows_expected: int
    accepted_count: int
    rejected_count: int
    sheets: list[dict[str, object]]
    tables: list[TableTruth]
    findings: list[Marked]
    notes: list[Marked]


def load_truth(path: Path) -> Truth:
    """The truth beside a sample."""
    return cast("Truth", json.loads(path.with_name(path.name + ".truth.json").read_text("utf-8")))


def save_truth(truth: Truth, path: Path) -> None:
    """Write the truth beside a file."""
    path.with_name(path.name + ".truth.json").write_text(json.dumps(truth, ensure_ascii=False, default=str), "utf-8")
