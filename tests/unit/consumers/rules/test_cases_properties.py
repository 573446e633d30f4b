"""R2, R6, R8, R14, R15, R16 and R18 on random lists against oracles that look at one row after the other."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.rules.casebook import Casebook, casebook
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import MARCH, frames, person
from tests.unit.consumers.rules.samples import column_type

DAY = date(2023, 3, 31)
PEOPLE = st.integers(1, 9)
Row = dict[str, Any]


def listed(name: str, rows: Sequence[Row], columns: Sequence[str]) -> ListFrames:
    """A list of rows with just these columns."""
    schema: dict[str, Any] = {"_sheet": pl.String, "_row": pl.Int32, "_file": pl.String, **{c: column_type(c) for c in columns}}
    placed = [{"_sheet": "表", "_row": n, "_file": f"{name}.xlsx", **row} for n, row in enumerate(rows, 2)]
    none = pl.DataFrame(schema={**schema, "_codes": pl.List(pl.String), "_raw": pl.String})
    return ListFrames(name, MARCH, "complete", pl.DataFrame(placed, schema=schema), none)


def book(lists: Mapping[str, ListFrames]) -> Casebook:
    return casebook(lists, {}, "522722", DAY)


def rows_of(found: Casebook, rule: str) -> list[Row]:
    return found.cases[rule].to_dicts() if rule in found.cases else []


EXCLUDE = {"TEKUN", "ORPHAN", "MARGIN"}


def naive_verdict(categories: set[str]) -> str:
    """The worst of all pairs, pair after pair, as domain.md and TRUTH.md say it."""
    told = set()
    for a, b in combinations(sorted(categories), 2):
        pair = {"DIBAO" if each.startswith("DIBAO") else each for each in (a, b)}
        if pair == {"DIBAO"} or (pair & {"DIBAO"} and pair & EXCLUDE):
            told.add("CONFLICT")
        elif pair == {"DIBAO", "DEFACTO_CHILD"}:
            told.add("DIFFERENCE_ONLY")
        elif ("TEKUN" in pair and pair & {"ORPHAN", "DEFACTO_CHILD", "MARGIN"}) or pair == {"ORPHAN", "DEFACTO_CHILD"}:
            told.add("CONFLICT")
        else:
            told.add("REVIEW")
    return next(case for case in ("CONFLICT", "DIFFERENCE_ONLY", "REVIEW") if case in told)


CATEGORIES = {
    "DIBAO_RURAL_PERSON": "DIBAO_RURAL", "DIBAO_URBAN_PERSON": "DIBAO_URBAN", "TEKUN_PERSON": "TEKUN", "MARGIN_PERSON": "MARGIN",
    "RETIREE": "RETIREE_60S",
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from([*CATEGORIES, "CHILD"]), st.sets(PEOPLE), min_size=1), st.sets(PEOPLE), st.sets(PEOPLE))
def test_rosters_against_each_other(rosters: dict[str, set[int]], orphans: set[int], dead: set[int]) -> None:
    lists = {}
    on: dict[int, set[str]] = {}
    for code, who in rosters.items():
        kinds = {n: CATEGORIES.get(code, "ORPHAN" if n in orphans else "DEFACTO_CHILD") for n in who}
        rows = [{"name": f"名{n}", "id_number": person(n), "category": kinds[n]} for n in who]
        lists[code] = frames(code, rows if code == "CHILD" else [{k: v for k, v in row.items() if k != "category"} for row in rows])
        for n in who:
            on.setdefault(n, set()).add(kinds[n])
    lists["DEATH"] = frames("DEATH", [{"name": f"名{n}", "id_number": person(n), "death_date": "2023-03-01"} for n in dead])
    found = book(lists)
    want = {person(n): (sorted(kinds), naive_verdict(kinds)) for n, kinds in on.items() if len(kinds) > 1}
    assert {case["id_number"]: (case["categories"], case["case"]) for case in rows_of(found, "R18")} == want
    low = {n for n, kinds in on.items() if kinds & {"DIBAO_RURAL", "DIBAO_URBAN"} and "MARGIN" not in kinds and n not in dead}
    assert {case["id_number"] for case in rows_of(found, "R2")} == {person(n) for n in low}
    listed_dead = {case["id_number"] for case in rows_of(found, "R4") if case["case"] in {"STOP", "RECHECK", "OTHER_CATEGORY"}}
    assert listed_dead == {person(n) for n in on if n in dead}, "whoever is dead and on a roster is a case"


def naive_taper(row: Row, standard: int) -> tuple[str, str | None, bool | None]:
    income, cause, start = row["income_per_capita"], row["cause"], row["start_month"]
    if income is not None and income <= standard:
        return "NOT_APPLICABLE", None, None
    if cause not in {"RECRUITED", "OTHER_WORK"} or income is None or start is None:
        return "NEEDS_REVIEW", None, None
    year, month = (int(part) for part in start.split("-"))
    last = year * 12 + month - 1 + {"RECRUITED": 3, "OTHER_WORK": 6}[cause] - 1
    end = date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1])
    return "TAPER", end.isoformat(), end < DAY


TAPERS = st.fixed_dictionaries(
    {
        "cause": st.sampled_from(["RECRUITED", "OTHER_WORK", "BOTH", "OTHER_CAUSE", None]),
        "start_month": st.sampled_from([None, "2022-08", "2022-09", "2022-11", "2023-01", "2023-03"]),
        "income_per_capita": st.sampled_from([None, 0, 49499, 49500, 49501, 73500, 73501]),
    }
)


@settings(max_examples=80, deadline=None)
@given(st.lists(TAPERS, max_size=9), st.sets(PEOPLE))
def test_delayed_exits(tapers: list[Row], urban: set[int]) -> None:
    rows = [{"head_name": f"名{n}", "head_id": person(n), **row} for n, row in enumerate(tapers, 1)]
    columns = ("head_name", "head_id", "cause", "start_month", "income_per_capita")
    city = frames("DIBAO_URBAN_PERSON", [{"name": f"名{n}", "id_number": person(n), "head_id": person(n)} for n in urban])
    found = rows_of(book({"TAPER": listed("TAPER", rows, columns), "DIBAO_URBAN_PERSON": city}), "R6")
    want = {person(n): naive_taper(row, 73500 if n in urban else 49500) for n, row in enumerate(tapers, 1)}
    assert {case["id_number"]: (case["case"], case["end_date"], case["over"]) for case in found} == want


CERTIFICATES = st.lists(
    st.tuples(
        PEOPLE, st.sampled_from(["1", "4", None]), st.sampled_from(["VALID", "EXPIRED", "SUSPENDED", "CANCELLED", None]),
        st.sampled_from(["2022-01-01", "2023-03-31", "2030-01-01", None]),
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(CERTIFICATES, st.dictionaries(PEOPLE, st.sampled_from([None, 0, 100])))
def test_certificates_of_disability(held: list[tuple[int, str | None, str | None, str | None]], paid: dict[int, int | None]) -> None:
    columns = ("id_number", "cert_no", "disability_type", "disability_level", "valid_to", "status")
    certificates = [
        {"id_number": person(n), "cert_no": f"{person(n)}4{i}", "disability_type": "4", "disability_level": level, "valid_to": to}
        | {"status": state}
        for i, (n, level, state, to) in enumerate(held)
    ]
    roster = [{"id_number": person(n), "name": f"名{n}", "head_id": person(n), "class_amount": amount} for n, amount in paid.items()]
    lists = {
        "DISABILITY": listed("DISABILITY", certificates, columns),
        "DIBAO_RURAL_PERSON": listed("DIBAO_RURAL_PERSON", roster, ("name", "id_number", "head_id", "class_amount")),
    }
    want = {}
    for n, amount in paid.items():
        mine = [each for each in held if each[0] == n]
        good = [each for each in mine if each[2] == "VALID" and each[1] and (each[3] is None or each[3] >= DAY.isoformat())]
        if mine:
            want[person(n)] = ("CANDIDATE" if good else "NEEDS_REVIEW", bool(amount))
    assert {case["id_number"]: (case["case"], case["already_paid"]) for case in rows_of(book(lists), "R8")} == want


PAYMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "who": PEOPLE, "item": st.sampled_from(["农村低保金", "特困供养金"]), "status": st.sampled_from(["SUCCESS", "FAILED"]),
            "paid_on": st.sampled_from([None, "2023-03-17", "2023-03-20", "2023-03-21", "2023-03-29"]),
            "remark": st.sampled_from([None, "补发", "卡折委托代管"]), "idle_months": st.sampled_from([None, 0, 2, 3, 5, 6, 26]),
            "balance": st.sampled_from([None, 0, 1_999_999, 2_000_000]),
            "account_name": st.sampled_from([None, "名1", "名2", "石梅花", "石梅", "荔波县中心敬老院"]),
            "recipient_name": st.sampled_from(["名1", "石梅花", "石梅莹"]),
        }
    ),
    max_size=9,
)  # fmt: skip


def naive_near(a: str, b: str) -> bool:
    """One character apart: changed, added or left out; edit distance by the book."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 2:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


@settings(max_examples=120, deadline=None)
@given(PAYMENTS)
def test_payments(told: list[Row]) -> None:
    columns = (
        "period", "item", "recipient_name", "recipient_id", "account_name", "status", "paid_on", "idle_months", "balance", "remark",
    )  # fmt: skip
    rows = [{"recipient_id": person(row["who"]), **{k: v for k, v in row.items() if k != "who"}} for row in told]
    found = book({"PAYMENT_RESULT": listed("PAYMENT_RESULT", rows, columns)})
    key = [(row["who"], row["item"]) for row in told]
    failed = {key[i] for i, row in enumerate(told) if row["status"] == "FAILED"}
    again = [row["status"] == "SUCCESS" and (row["remark"] == "补发" or key[i] in failed) for i, row in enumerate(told)]
    payments: dict[str, tuple[str, str | None]] = {}
    idle: dict[str, str] = {}
    names: dict[str, str] = {}
    for i, row in enumerate(told):
        place = f"表!{i + 2}"
        if row["status"] == "FAILED":
            payments[place] = ("FAILED", "CLOSED" if any(again[j] and key[j] == key[i] for j in range(len(told))) else "OPEN")
        elif row["paid_on"] and row["paid_on"] > "2023-03-20" and not again[i]:
            payments[place] = ("LATE", None)
        months, balance, house = row["idle_months"] or 0, row["balance"] or 0, "敬老院" in (row["account_name"] or "")
        if months > 2 or balance >= 2_000_000:
            idle[place] = "WHITELISTED" if house else "ANALYSE" if months >= 6 or balance >= 2_000_000 else "REMIND"
        holder, owner = row["account_name"], row["recipient_name"]
        if holder != owner:
            names[place] = (
                "BLANK_NAME" if holder is None else "INSTITUTION" if house else "DELEGATED" if row["remark"] == "卡折委托代管"
                else "SIMILAR_NAME" if naive_near(holder, owner) else "OTHER_PERSON"
            )  # fmt: skip
    assert {case["row"]: (case["case"], case["state"]) for case in rows_of(found, "R14")} == payments
    assert {case["row"]: case["case"] for case in rows_of(found, "R15")} == idle
    assert {case["row"]: case["reason"] for case in rows_of(found, "R16")} == names
