"""Who is a subject of R1: rows of the sender's list and of the towns' tables, good and rejected; and what is missing is said."""

from __future__ import annotations

from datetime import date
from typing import Any

from consumers.rules.margin import County, Decisions, decide
from consumers.rules.parameters import read_parameters
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import county, dibao, frames, person, subject

LIBO = County("522722", "荔波县")
DAY = date(2023, 3, 31)


def decided(lists: dict[str, ListFrames]) -> dict[str, dict[str, Any]]:
    return {d["subject"]: d for d in decide(lists, LIBO, DAY).rows.to_dicts()}


def one(lists: dict[str, ListFrames], subject_name: str = "P1") -> tuple[str, str, list[str]]:
    d = decided(lists)[subject_name]
    return d["outcome"], d["reason"], d["flags"]


def town(number: int, **other: Any) -> dict[str, Any]:
    return {
        "seq": 1,
        "town": "甲良镇",
        "village": "董利村",
        "name": f"名{number}",
        "household_size": 3,
        "id_number": person(number),
    } | other


def test_a_household_only_in_the_towns_table_is_a_subject() -> None:
    found = decided(county(MONITOR_PERSON=[subject(1)], MONITOR_TOWN=[town(1), town(2)]))
    assert found.keys() == {"P1", "MONITOR_TOWN.xlsx#3"}
    extra = found["MONITOR_TOWN.xlsx#3"]
    assert (extra["outcome"], extra["reason"], extra["household"], extra["row"]) == ("NEEDS_REVIEW", "RISK_DATE_MISSING", None, "名册!3")


def test_a_towns_row_with_an_unreadable_id_about_somebody_listed_is_none() -> None:
    listed = subject(1, town="甲良镇", village="董利村", household_size=3)
    same, other = town(1, id_number=None) | {"codes": ["E-ID-CHK"]}, town(2, id_number=None) | {"codes": ["E-ID-CHK"]}
    lists = county(MONITOR_PERSON=[listed], MONITOR_TOWN=frames("MONITOR_TOWN", [], [same, other]))
    assert {s: d["reason"] for s, d in decided(lists).items()} == {"P1": "NEW_THIS_YEAR", "MONITOR_TOWN.xlsx#1001": "ID_INVALID"}


def test_subjects_are_named_by_number_else_by_place_and_never_twice() -> None:
    held = {"household_no": "H1", "person_no": "P1", "name": "名5", "id_number": person(5), "codes": ["E-DATE"]}
    lists = county(MONITOR_PERSON=frames("MONITOR_PERSON", [subject(2, person_no=None), subject(1)], [held]))
    found = decided(lists)
    assert found.keys() == {"MONITOR_PERSON.xlsx#2", "P1", "P1#2"}
    assert found["P1"]["reason"] == "NEW_THIS_YEAR", "the accepted row keeps the number"
    assert found["P1#2"]["reason"] == "E-DATE"


def test_a_missing_roster_is_named_on_every_candidate() -> None:
    lists = county(MONITOR_PERSON=[subject(1), subject(2)], DIBAO_RURAL_PERSON=[dibao(2)])
    lists["TEKUN_PERSON"] = frames("TEKUN_PERSON", state="missing")
    found = decide(lists, LIBO, DAY)
    assert found.missing == ("TEKUN_PERSON",)
    assert {p: one(lists, p)[2] for p in ("P1", "P2")} == {"P1": ["ROSTER_MISSING", "PARTIAL"][::-1], "P2": []}


def test_a_county_may_hold_candidates_back_while_a_roster_is_missing() -> None:
    rule = read_parameters(
        'rule = "R1"\nclause = "c"\n[[window]]\njurisdiction = "522722"\nvalid_from = 2021-01-01\ntext = ""\nmissing_roster = "review"\n'
    )
    lists = county(MONITOR_PERSON=[subject(1)])
    del lists["CHILD"]
    found: Decisions = decide(lists, LIBO, DAY, rule)
    assert found.rows.select("outcome", "reason").rows() == [("NEEDS_REVIEW", "ROSTER_MISSING")]


def test_nobody_is_a_decision_too() -> None:
    assert decide({}, LIBO, DAY).rows.is_empty()
    assert decide(county(MONITOR_PERSON=frames("MONITOR_PERSON", state="nil")), LIBO, DAY).rows.is_empty()


def test_a_file_that_lacks_whole_columns_is_read_as_far_as_it_goes() -> None:
    full = frames("MONITOR_PERSON", [subject(1)])
    bare = ListFrames(
        full.list, full.period, "complete", full.accepted.select("_sheet", "_row", "_file", "name", "id_number"), full.rejected.clear()
    )
    lists = county(MONITOR_PERSON=bare) | {"DEATH": frames("DEATH", [{"name": "名1", "id_number": person(1)}])}
    assert one(lists, "MONITOR_PERSON.xlsx#2")[1] == "DEAD"
    roster = frames("DIBAO_RURAL_PERSON", [dibao(1)])
    lists["DIBAO_RURAL_PERSON"] = ListFrames(roster.list, roster.period, "complete", roster.accepted.drop("id_number"), roster.rejected)
    del lists["DEATH"]
    assert one(lists, "MONITOR_PERSON.xlsx#2")[1] == "RISK_DATE_MISSING"
