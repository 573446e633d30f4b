"""A small invented county, made by hand: frames of source lists with just the columns a test speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from contracts.frames import ListFrames, ListState
from contracts.ids import Period
from tests.unit.consumers.rules.samples import column_type

MARCH = Period(2023, 3)
APRIL = Period(2023, 4)
COLUMNS: Mapping[str, Sequence[str]] = {
    "MONITOR_PERSON": (
        "household_no", "person_no", "name", "id_number", "household_size", "risk_cleared", "risk_identified_on", "risk_cleared_on",
        "first_identified_on", "hukou_county", "town", "village",
    ),
    "MONITOR_TOWN": ("seq", "village", "name", "household_size", "id_number", "risk", "measures", "town"),
    "CHILD": ("name", "id_number", "category", "village"),
    "TEKUN_PERSON": ("name", "id_number", "cert_no", "village"),
    "RETIREE": ("name", "sex", "id_number"),
    "DEATH": ("name", "id_number", "sex", "death_date", "remark"),
    "TAPER": ("head_name", "head_id", "cause", "start_month"),
    "MARGIN_PERSON": ("name", "id_number", "head_id", "relation"),
    "DIBAO_RURAL_HOUSEHOLD": ("head_name", "head_id", "household_size", "covered_size"),
    "EXIT_REGISTER": ("category", "name", "id_number", "head_id", "exit_month", "reason"),
    "CHANGE_LIST": ("change_type", "category", "name", "id_number", "old_id_number", "head_id", "old_place", "exit_reason"),
    "VERIFY_ANSWER": (
        "household_no", "person_no", "name", "id_number", "answer_text", "answer", "reason_text", "verified_income", "verified_on",
    ),
}  # fmt: skip
DIBAO = ("name", "id_number", "head_id", "relation", "category", "cert_no", "village")
Row = Mapping[str, Any]


def person(number: int) -> str:
    """A valid ID number nobody has: sequence digits 900 to 995 are not issued."""
    born = date(1950, 1, 1) + timedelta(days=number % 20000)
    body = f"522722{born:%Y%m%d}{900 + number % 96}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def frames(
    name: str, rows: Iterable[Row] = (), held: Iterable[Row] = (), period: Period = MARCH, state: ListState = "complete"
) -> ListFrames:
    """One list. Rows count from 2 on; a held row brings `codes` and, where it matters, `raw`."""
    columns = COLUMNS.get(name, DIBAO)
    schema: dict[str, Any] = {"_sheet": pl.String, "_row": pl.Int32, "_file": pl.String, **{c: column_type(c) for c in columns}}
    good = [{"_sheet": "名册", "_row": i, "_file": f"{name}.xlsx", **row} for i, row in enumerate(rows, 2)]
    bad = [
        {"_sheet": "名册", "_row": i, "_file": f"{name}.xlsx", "_codes": row["codes"], "_raw": row.get("raw", "[]")}
        | {k: v for k, v in row.items() if k in schema}
        for i, row in enumerate(held, 1000)
    ]
    rejected = pl.DataFrame(bad, schema={**schema, "_codes": pl.List(pl.String), "_raw": pl.String})
    return ListFrames(name, period, state, pl.DataFrame(good, schema=schema), rejected)


def county(**lists: ListFrames | Iterable[Row]) -> dict[str, ListFrames]:
    """Lists of a month by code; the rosters that are not named are there and empty."""
    empty = {n: frames(n) for n in ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "TEKUN_PERSON", "CHILD", "MARGIN_PERSON")}
    return empty | {n: f if isinstance(f, ListFrames) else frames(n, f) for n, f in lists.items()}


def subject(number: int, household: str | None = "H1", **other: Any) -> dict[str, Any]:
    """A monitoring subject who is a candidate unless something else is said: identified this year, not cleared, of this county."""
    row = {
        "household_no": household, "person_no": f"P{number}", "name": f"名{number}", "id_number": person(number),
        "risk_cleared": False, "risk_identified_on": "2023-02-10", "hukou_county": "荔波县",
    }  # fmt: skip
    return row | other


def dibao(number: int, head: int | None = None, **other: Any) -> dict[str, Any]:
    """A rural dibao row; head of their own household unless another is named."""
    head_number = number if head is None else head
    row = {"name": f"名{number}", "id_number": person(number), "head_id": person(head_number), "cert_no": f"NB{head_number}"}
    return row | {"relation": "02" if head is None else "10", "category": "DIBAO_RURAL"} | other
