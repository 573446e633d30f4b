"""Canonical frames for tests: a few made-up persons, and the accepted rows of the shared samples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from contracts.frames import ListFrames, ListState
from contracts.ids import Period

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
MARCH = Period(2023, 3)

_MEMBERS = pl.List(pl.Struct({"name": pl.String(), "id_number": pl.String()}))
_COUNTS = frozenset({"_row", "household_size", "covered_size"})
_FLAGS = frozenset({"student", "disabled", "risk_cleared"})
_AMOUNTS = frozenset(
    {
        *("income_year", "income_per_capita", "income_month", "household_amount", "class_household", "class_person", "class_amount"),
        *("total_amount", "basic_amount", "care_amount", "standard_amount", "monthly_amount"),
    }
)

Row = Mapping[str, object]


def dtype_of(field: str) -> pl.DataType:
    """The column type of a canonical field (`contracts.frames.ListFrames`)."""
    if field == "members":
        return _MEMBERS
    if field in _COUNTS:
        return pl.Int32()
    if field in _FLAGS:
        return pl.Boolean()
    return pl.Int64() if field in _AMOUNTS else pl.String()


def frame_of(rows: Sequence[Row], fields: Sequence[str]) -> pl.DataFrame:
    columns = ["_sheet", "_row", "_file", *(f for f in fields if not f.startswith("_"))]
    located = [{"_sheet": "名册", "_row": n + 2, "_file": "f.xlsx", **row} for n, row in enumerate(rows)]
    return pl.DataFrame({c: [row.get(c) for row in located] for c in columns}, schema={c: dtype_of(c) for c in columns})


def list_of(
    code: str, rows: Sequence[Row], *, held: Sequence[Row] = (), period: Period = MARCH, state: ListState = "complete"
) -> ListFrames:
    """A list of made-up rows; its fields are those that any of the rows has."""
    fields = list(dict.fromkeys(f for row in (*rows, *held) for f in row))
    return ListFrames(code, period, state, frame_of(rows, fields), frame_of(held, fields))


def person(name: str, id_number: str | None, head: str | None = None, **more: object) -> Row:
    """A row of a person list; the columns that every such list has are there."""
    return {
        "name": name,
        "id_number": id_number,
        "head_id": head,
        "village_code": "522722100200",
        "town": "朝阳镇",
        "cert_no": None,
        "start_month": "2022-01",
        "student": False,
        **more,
    }


def id_of(birth: str, sequence: int = 900) -> str:
    """A made-up ID number with its right check digit (GB 11643)."""
    body = f"522722{birth}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def sample_lists(period: str) -> dict[str, ListFrames]:
    """Accepted rows of the shared samples of a month, by source list."""
    if not SAMPLES.is_dir():
        pytest.skip("needs ../shared (samples), which is not here")
    rows: dict[str, list[Row]] = {}
    fields: dict[str, list[str]] = {}
    for path in sorted(SAMPLES.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        if truth["period"] != period:
            continue
        for table in truth["tables"]:
            accepted = table["accepted"]
            fields.setdefault(table["feed"], accepted["fields"])
            for values in accepted["rows"]:
                row = dict(zip(accepted["fields"], values, strict=True))
                rows.setdefault(table["feed"], []).append({f: _canonical(f, v) for f, v in row.items()})
    wanted = {"DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "DIBAO_RURAL_HOUSEHOLD", "TEKUN_PERSON", "MARGIN_PERSON"}
    wanted |= {"MARGIN_HOUSEHOLD", "CHILD", "RETIREE", "MONITOR_PERSON"}
    month = Period.parse(period)
    return {
        code: ListFrames(code, month, "complete", frame_of(rows[code], fields[code]), frame_of([], fields[code]))
        for code in wanted & rows.keys()
    }


def sample_values(field: str) -> set[str]:
    """Every accepted value of a field in any sample of any month."""
    found: set[str] = set()
    for path in SAMPLES.glob("*.truth.json"):
        for table in json.loads(path.read_text("utf-8"))["tables"]:
            accepted = table["accepted"]
            if field in accepted["fields"]:
                at = accepted["fields"].index(field)
                found |= {str(values[at]) for values in accepted["rows"] if values[at]}
    return found


def _canonical(field: str, value: object) -> object:
    if value is None:
        return None
    if field in _AMOUNTS:
        return int(Decimal(str(value)) * 100)
    if field == "members" and isinstance(value, list):
        return [{"name": name, "id_number": id_number} for name, id_number in value]
    return value
