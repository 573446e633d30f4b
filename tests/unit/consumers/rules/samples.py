"""The shared samples as frames: accepted rows from their truth, rejected rows from the cells themselves."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from contracts.frames import ListFrames
from contracts.ids import Period

FOLDER = Path(__file__).resolve().parents[5] / "shared" / "samples"
COUNTS = frozenset({"household_size", "covered_size", "covered_before", "covered_after", "idle_months", "seq"})
AMOUNTS = frozenset({"verified_income", "balance"})
FLAGS = frozenset({"disabled", "student", "risk_cleared", "near_relative", "single"})
MEMBERS = pl.List(pl.Struct({"name": pl.String, "id_number": pl.String}))


def column_type(field: str) -> pl.DataType | type[pl.DataType]:
    """The canonical type of a field, as `contracts.frames` lays it down."""
    if field == "_row" or field in COUNTS:
        return pl.Int32
    if field in FLAGS:
        return pl.Boolean
    if field == "members":
        return MEMBERS
    if field in AMOUNTS or field.startswith(("income", "class_")) or "amount" in field:
        return pl.Int64
    return pl.String


def canonical(field: str, value: Any) -> Any:
    if value is None:
        return None
    if field == "members":
        return [{"name": name, "id_number": number} for name, number in value]
    return int(Decimal(value) * 100) if column_type(field) == pl.Int64 else value


def valid_id(text: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    if len(text) != 18 or not text[:17].isdigit():
        return False
    return "10X98765432"[sum(int(d) * w for d, w in zip(text[:17], weights, strict=True)) % 11] == text[17]


def _cells(path: Path, encoding: str | None) -> Mapping[str, Sequence[Sequence[Any]]]:
    """Sheet -> rows from row 1 on."""
    if encoding:
        return {"": list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))}
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _readable(field: str, cell: Any, codes: Sequence[str]) -> Any:
    """What a careful reader could make of the cell of a rejected row; a type this loader does not need stays null."""
    text = str(cell).strip().lstrip("'").replace("　", "").replace("\u200b", "")
    if not text or column_type(field) != pl.String:
        return None
    if field in {"id_number", "head_id", "old_id_number"}:
        bad = field == "id_number" and any(c in {"E-ID-BIRTH", "E-ID-NUM"} for c in codes)
        return text.upper() if valid_id(text.upper()) and not bad else None
    return text


def _rejected(table: Mapping[str, Any], cells: Mapping[str, Sequence[Sequence[Any]]], file: str) -> list[dict[str, Any]]:
    columns = {part["sheet"]: {c["field"]: _index(c["col"]) for c in part["columns"] if c["field"]} for part in table["parts"]}
    rows = []
    for entry in table["rejected"]["rows"]:
        cell = cells[entry["sheet"]][entry["row"] - 1]
        fields = {f: _readable(f, cell[i], entry["codes"]) for f, i in columns[entry["sheet"]].items() if i < len(cell) and f != "members"}
        raw = json.dumps([str(c) for c in cell], ensure_ascii=False)
        rows.append({**fields, "_sheet": entry["sheet"], "_row": entry["row"], "_file": file, "_codes": entry["codes"], "_raw": raw})
    return rows


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _table(truth: Mapping[str, Any], table: Mapping[str, Any], path: Path) -> ListFrames:
    fields = [f for f in table["accepted"]["fields"] if not f.startswith("_")]
    schema: dict[str, Any] = {"_sheet": pl.String, "_row": pl.Int32, "_file": pl.String, **{f: column_type(f) for f in fields}}
    accepted = [
        {
            "_sheet": table["sheet"],
            "_file": path.name,
            **{k: canonical(k, v) for k, v in zip(table["accepted"]["fields"], row, strict=True)},
        }
        for row in table["accepted"]["rows"]
    ]
    held = _rejected(table, _cells(path, truth["encoding"]), path.name) if table["rejected"]["rows"] else []
    rejected = pl.DataFrame(held, schema={**schema, "_codes": pl.List(pl.String), "_raw": pl.String})
    state = "nil" if truth["verdict"] == "NIL" else "partial" if rejected.height else "complete"
    return ListFrames(table["feed"], Period.parse(truth["period"]), state, pl.DataFrame(accepted, schema=schema), rejected)  # type: ignore[arg-type]  # the Literal is computed


@functools.cache
def load(period: str) -> dict[str, ListFrames]:
    """Every list of the month, as if imported with `--accept-partial`; skips the test where the samples are not there."""
    if not FOLDER.is_dir():
        pytest.skip("needs ../shared (samples), which is not here")
    found: dict[str, ListFrames] = {}
    for file in sorted(FOLDER.glob("*.truth.json")):
        truth = json.loads(file.read_text("utf-8"))
        if truth["period"] != period or truth["verdict"] in {"REJECT_FILE", "REFERENCE", "NIL"}:
            continue
        path = file.with_name(file.name.removesuffix(".truth.json"))
        for table in truth["tables"]:
            found[table["feed"]] = _table(truth, table, path)
    return found


@functools.cache
def expected() -> dict[str, Any]:
    if not FOLDER.is_dir():
        pytest.skip("needs ../shared (samples), which is not here")
    found: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    return found


def table_rows(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["fields"], row, strict=True)) for row in table["rows"]]
