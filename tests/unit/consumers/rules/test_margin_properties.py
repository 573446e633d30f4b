"""R1 on counties nobody thought of: against a second implementation, row by row, and what must never change a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.rules.margin import County, decide
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import Row, county, dibao, frames, person, subject

LIBO = County("522722", "荔波县")
DAYS = st.sampled_from([None, "2021-06-30", "2022-12-31", "2023-01-01", "2023-03-31", "2023-04-01", "2023-02"])
NUMBERS = st.integers(1, 6)


@st.composite
def monitored(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(NUMBERS)
    return subject(
        number,
        draw(st.sampled_from(["H1", "H2", None])),
        person_no=f"P{draw(st.integers(1, 12))}",
        id_number=draw(st.sampled_from([person(number), person(number), None])),
        risk_cleared=draw(st.sampled_from([True, False, False, None])),
        risk_identified_on=draw(DAYS),
        risk_cleared_on=draw(st.sampled_from([None, None, "2023-03-02"])),
        hukou_county=draw(st.sampled_from(["荔波县", "荔波县", "独山县", None])),
    )


FAULTS = st.sampled_from([["E-ID-CHK"], ["E-DATE"], ["E-ID-DUP"]])


@st.composite
def counties(draw: st.DrawFn) -> dict[str, ListFrames]:
    held = [row | {"codes": draw(FAULTS)} for row in draw(st.lists(monitored(), max_size=2))]
    held = [row | ({"id_number": None} if row["codes"] == ["E-ID-CHK"] else {}) for row in held]
    good = draw(st.lists(monitored(), max_size=8))
    roster = [dibao(n, draw(NUMBERS)) for n in draw(st.lists(NUMBERS, unique=True, max_size=3))]
    bad = [dibao(n, draw(NUMBERS)) | {"codes": draw(FAULTS)} for n in draw(st.lists(NUMBERS, max_size=2))]
    bad = [row | ({"id_number": None} if row["codes"] == ["E-ID-CHK"] else {}) for row in bad]
    children = [
        {"name": f"名{n}", "id_number": person(n), "category": draw(st.sampled_from(["ORPHAN", "DEFACTO_CHILD"]))}
        for n in draw(st.lists(NUMBERS, unique=True, max_size=2))
    ]
    dead = [
        {"name": f"名{n}", "id_number": person(n), "death_date": "2023-02-02"} for n in draw(st.lists(NUMBERS, unique=True, max_size=1))
    ]
    return county(
        MONITOR_PERSON=frames("MONITOR_PERSON", good, held), DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", roster, bad),
        CHILD=children, DEATH=dead,
    )  # fmt: skip


def rows(lists: Mapping[str, ListFrames], name: str) -> tuple[Sequence[Row], Sequence[Row]]:
    return lists[name].accepted.to_dicts(), lists[name].rejected.to_dicts()


def by_hand(lists: Mapping[str, ListFrames], day: date) -> list[str]:
    """The reasons in the order of the file, by plain loops: nothing of it is shared with the rule."""
    good, held = rows(lists, "MONITOR_PERSON")
    cover = {r["id_number"]: f"COVERED_{'ORPHAN' if r['category'] == 'ORPHAN' else 'DEFACTO'}" for r in rows(lists, "CHILD")[0]}
    cover |= {r["id_number"]: "COVERED_DIBAO" for r in rows(lists, "DIBAO_RURAL_PERSON")[0]}
    dead = {r["id_number"] for r in rows(lists, "DEATH")[0]}
    faulty = rows(lists, "DIBAO_RURAL_PERSON")[1]
    homes: dict[str, set[str]] = {}
    ids: dict[str, set[str]] = {}
    for r in [*good, *held]:
        if r["id_number"] and r["household_no"]:
            homes.setdefault(r["id_number"], set()).add(r["household_no"])
            ids.setdefault(r["household_no"], set()).add(r["id_number"])

    def would_cover(r: Row) -> bool:
        """By the person's number, or by name and head in any row of the person: two rows of one number are one person."""
        unsure = [f for f in faulty if f["id_number"] is None or "E-ID-DUP" in f["_codes"]]
        mine = [(q["name"], ids.get(q["household_no"], set())) for q in [*good, *held] if q["id_number"] == r["id_number"]]
        by_name = any(f["name"] == name and f["head_id"] in home for f in unsure for name, home in mine)
        return by_name or any(f["id_number"] == r["id_number"] for f in faulty)

    def reason(r: Row, codes: list[str] | None) -> str:
        number, found, cleared = r["id_number"], r["risk_identified_on"], r["risk_cleared"]
        if number is None:
            return "NO_ID" if codes is None else "ID_INVALID" if codes == ["E-ID-CHK"] else codes[0]
        if len(homes.get(number, ())) > 1:
            return "ID_CLAIMED_TWICE"
        if codes is not None:
            return codes[0]
        if number in dead:
            return "DEAD"
        if r["hukou_county"] not in (None, "荔波县"):
            return "OTHER_COUNTY"
        if number in cover:
            return cover[number]
        if would_cover(r):
            return "COVERAGE_ROW_REJECTED"
        if found is None or found[:10] > day.isoformat():
            return "RISK_DATE_MISSING" if found is None else "DATE_AFTER_AS_OF"
        if cleared is None or (not cleared and r["risk_cleared_on"]):
            return "RISK_STATUS_UNKNOWN" if cleared is None else "CONTRADICTION"
        if found[:4] == str(day.year):
            return "CLEARED_SAME_YEAR" if cleared else "NEW_THIS_YEAR"
        return "RISK_CLEARED_PRIOR_YEAR" if cleared else "RISK_OPEN_PRIOR_YEAR"

    return [reason(r, None) for r in good] + [reason(r, r["_codes"]) for r in held]


@settings(max_examples=300, deadline=None)
@given(counties(), st.sampled_from([date(2023, 3, 31), date(2022, 12, 31), date(2025, 12, 31)]))
def test_equals_a_second_implementation(lists: dict[str, ListFrames], day: date) -> None:
    assert decide(lists, LIBO, day).rows["reason"].to_list() == by_hand(lists, day)


@settings(max_examples=100, deadline=None)
@given(counties())
def test_every_subject_has_exactly_one_decision(lists: dict[str, ListFrames]) -> None:
    found = decide(lists, LIBO, date(2023, 3, 31)).rows
    listed = lists["MONITOR_PERSON"]
    assert found.height == listed.accepted.height + listed.rejected.height
    assert found["subject"].is_unique().all()
    assert found.select(pl.col("subject", "row", "outcome", "reason", "flags", "clause").null_count()).sum_horizontal().item() == 0


@settings(max_examples=100, deadline=None)
@given(counties(), st.integers(100, 200), st.integers(300, 400))
def test_an_unrelated_roster_row_changes_nothing(lists: dict[str, ListFrames], number: int, head: int) -> None:
    before = decide(lists, LIBO, date(2023, 3, 31))
    roster = lists["DIBAO_RURAL_PERSON"]
    more = frames("DIBAO_RURAL_PERSON", [*roster.accepted.to_dicts(), dibao(number, head)]).accepted
    held = pl.concat([roster.rejected, frames("DIBAO_RURAL_PERSON", [], [dibao(number + 500, head) | {"codes": ["E-DATE"]}]).rejected])
    after = decide(lists | {"DIBAO_RURAL_PERSON": ListFrames(roster.list, roster.period, "partial", more, held)}, LIBO, date(2023, 3, 31))
    assert after.rows.equals(before.rows)
    assert after.households.equals(before.households)


@settings(max_examples=100, deadline=None)
@given(counties())
def test_the_order_of_a_roster_changes_nothing(lists: dict[str, ListFrames]) -> None:
    turned = {
        name: f if name == "MONITOR_PERSON" else ListFrames(f.list, f.period, f.state, f.accepted.reverse(), f.rejected.reverse())
        for name, f in lists.items()
    }
    assert decide(turned, LIBO, date(2023, 3, 31)).rows.equals(decide(lists, LIBO, date(2023, 3, 31)).rows)


@settings(max_examples=100, deadline=None)
@given(counties())
def test_who_is_covered_or_dead_is_never_a_candidate(lists: dict[str, ListFrames]) -> None:
    barred = {r["id_number"] for n in ("DIBAO_RURAL_PERSON", "CHILD", "DEATH") for r in lists[n].accepted.to_dicts()}
    candidates = decide(lists, LIBO, date(2023, 3, 31)).rows.filter(pl.col("outcome") == "CANDIDATE")
    assert not barred & set(candidates["id_number"])
