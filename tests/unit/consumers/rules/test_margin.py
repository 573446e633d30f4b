"""R1's edges (a) to (j) of domain.md §5, one by one, on frames made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from consumers.rules.margin import County, decide, elsewhere
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import county, dibao, frames, person, subject

LIBO = County("522722", "荔波县")
DAY = date(2023, 3, 31)


def decided(lists: dict[str, ListFrames], day: date = DAY, who: County = LIBO) -> dict[str, dict[str, Any]]:
    return {d["subject"]: d for d in decide(lists, who, day).rows.to_dicts()}


def one(lists: dict[str, ListFrames], subject_name: str = "P1", day: date = DAY) -> tuple[str, str, list[str]]:
    d = decided(lists, day)[subject_name]
    return d["outcome"], d["reason"], d["flags"]


def test_new_this_year_is_a_candidate_with_its_clause() -> None:
    d = decided(county(MONITOR_PERSON=[subject(1)]))["P1"]
    assert (d["outcome"], d["reason"], d["row"], d["household"]) == ("CANDIDATE", "NEW_THIS_YEAR", "名册!2", "H1")
    assert d["clause"] == "黔民发〔2023〕2号 二（三）二"


def test_a_cleared_in_the_same_year_is_reviewed() -> None:
    row = subject(1, risk_cleared=True, risk_cleared_on="2023-03-20")
    assert one(county(MONITOR_PERSON=[row]))[:2] == ("NEEDS_REVIEW", "CLEARED_SAME_YEAR")


def test_b_whole_household_covered_has_no_candidate_and_no_flag() -> None:
    found = decide(county(MONITOR_PERSON=[subject(1), subject(2)], DIBAO_RURAL_PERSON=[dibao(1), dibao(2, 1)]), LIBO, DAY)
    assert set(found.rows["outcome"]) == {"NOT_APPLICABLE"}
    assert found.households.is_empty()


@pytest.mark.parametrize(("covered", "flag"), [((1,), "SINGLE_PERSON"), ((1, 2), "HOUSEHOLD_GAP")])
def test_c_the_rest_of_a_partly_covered_household(covered: tuple[int, ...], flag: str) -> None:
    lists = county(MONITOR_PERSON=[subject(n) for n in (1, 2, 3)], DIBAO_RURAL_PERSON=[dibao(n, 1) for n in covered])
    found = decide(lists, LIBO, DAY)
    assert one(lists, "P3") == ("CANDIDATE", "NEW_THIS_YEAR", ["PARTIAL"])
    assert found.households.select("household", "flag").rows() == [("H1", flag)]


def test_c_a_covered_child_makes_partial_but_no_household_flag() -> None:
    child = [{"name": "名1", "id_number": person(1), "category": "ORPHAN"}]
    lists = county(MONITOR_PERSON=[subject(1), subject(2)], CHILD=child)
    assert one(lists) == ("NOT_APPLICABLE", "COVERED_ORPHAN", [])
    assert one(lists, "P2")[2] == ["PARTIAL"]
    assert decide(lists, LIBO, DAY).households.is_empty()


@pytest.mark.parametrize(
    ("start", "cause", "flags"),
    [
        ("2023-02", "RECRUITED", ["TAPERING"]),
        ("2022-10", "RECRUITED", []),
        ("2022-10", "OTHER_WORK", ["TAPERING"]),
        ("2023-04", "BOTH", []),
    ],
)
def test_d_delayed_exit_is_still_covered_and_marked_while_it_lasts(start: str, cause: str, flags: list[str]) -> None:
    taper = [{"head_name": "名9", "head_id": person(9), "cause": cause, "start_month": start}]
    lists = county(MONITOR_PERSON=[subject(1)], DIBAO_RURAL_PERSON=[dibao(9), dibao(1, 9)], TAPER=taper)
    assert one(lists) == ("NOT_APPLICABLE", "COVERED_DIBAO", flags)


def test_d_a_row_without_its_head_is_met_by_the_certificate() -> None:
    taper = [{"head_name": "名9", "head_id": person(9), "cause": "RECRUITED", "start_month": "2023-02"}]
    lists = county(MONITOR_PERSON=[subject(1)], DIBAO_RURAL_PERSON=[dibao(9), dibao(1, 9, head_id=None)], TAPER=taper)
    assert one(lists)[2] == ["TAPERING"]


def test_e_the_first_date_never_stands_in_for_the_risk_date() -> None:
    row = subject(1, risk_identified_on=None, first_identified_on="2023-01-05")
    assert one(county(MONITOR_PERSON=[row]))[:2] == ("NEEDS_REVIEW", "RISK_DATE_MISSING")


def test_f_cleared_in_an_earlier_year_is_outside_and_nobody_is_sent_out() -> None:
    row = subject(1, risk_identified_on="2021-05-01", risk_cleared=True, risk_cleared_on="2022-05-01")
    lists = county(MONITOR_PERSON=[row], MARGIN_PERSON=[{"name": "名1", "id_number": person(1)}])
    assert one(lists) == ("NOT_APPLICABLE", "RISK_CLEARED_PRIOR_YEAR", ["ALREADY_MARGIN"])


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2026, 1, 1)])
def test_g_outside_its_window_the_rule_says_so(day: date) -> None:
    held = {"household_no": "H2", "person_no": "P2", "name": "名2", "codes": ["E-ID-CHK"]}
    lists = county(MONITOR_PERSON=frames("MONITOR_PERSON", [subject(1)], [held]), DIBAO_RURAL_PERSON=[dibao(1)])
    assert {(d["outcome"], d["reason"]) for d in decided(lists, day).values()} == {("NEEDS_REVIEW", "RULE_INACTIVE")}


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2025, 12, 31)])
def test_g_both_ends_of_the_window_count(day: date) -> None:
    assert one(county(MONITOR_PERSON=[subject(1, risk_identified_on="2020-12-31")]), day=day)[0] == "CANDIDATE"


def test_h_dead() -> None:
    dead = [{"name": "名1", "id_number": person(1), "death_date": "2023-03-02"}]
    assert one(county(MONITOR_PERSON=[subject(1)], DEATH=dead)) == ("NEEDS_REVIEW", "DEAD", [])


def test_h_a_notice_taken_back_is_said() -> None:
    dead = [{"name": "名1", "id_number": person(1), "death_date": "2023-03-02", "remark": "系误报，本人健在"}]
    assert one(county(MONITOR_PERSON=[subject(1)], DEATH=dead)) == ("NEEDS_REVIEW", "DEAD", ["NOTICE_REVOKED"])


def test_h_an_unreadable_number_is_reviewed() -> None:
    held = {"household_no": "H1", "person_no": "P1", "name": "名1", "codes": ["E-ID-LEN", "E-DATE"]}
    lists = county(MONITOR_PERSON=frames("MONITOR_PERSON", [], [held]))
    assert one(lists)[:2] == ("NEEDS_REVIEW", "ID_INVALID")
    assert decided(lists)["P1"]["codes"] == ["E-ID-LEN", "E-DATE"]


def test_h_a_number_of_no_ids_shape_is_reviewed_even_when_accepted() -> None:
    assert one(county(MONITOR_PERSON=[subject(1, id_number="522722197001019")]))[1] == "ID_INVALID"


def test_h_two_households_claim_one_id_and_both_are_reviewed() -> None:
    held = {"household_no": "H2", "person_no": "P2", "name": "名2", "id_number": person(1), "codes": ["E-ID-DUP"]}
    lists = county(MONITOR_PERSON=frames("MONITOR_PERSON", [subject(1), subject(3)], [held]))
    assert [one(lists, p)[1] for p in ("P1", "P2", "P3")] == ["ID_CLAIMED_TWICE", "ID_CLAIMED_TWICE", "NEW_THIS_YEAR"]


def test_h_twice_in_one_household_is_only_the_second_rows_trouble() -> None:
    held = {"household_no": "H1", "person_no": "P2", "name": "名1", "id_number": person(1), "codes": ["E-ID-DUP"]}
    lists = county(MONITOR_PERSON=frames("MONITOR_PERSON", [subject(1)], [held]))
    assert [one(lists, p)[1] for p in ("P1", "P2")] == ["NEW_THIS_YEAR", "E-ID-DUP"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("荔波县", False),
        ("荔波", False),
        ("贵州省黔南州荔波县", False),
        ("522722", False),
        ("", False),
        (None, False),
        ("三都水族自治县", True),
        ("独山县", True),
    ],
)
def test_h_other_county_by_the_household_register(text: str | None, other: bool) -> None:
    reason = one(county(MONITOR_PERSON=[subject(1, hukou_county=text)]))[1]
    assert reason == ("OTHER_COUNTY" if other else "NEW_THIS_YEAR")


@pytest.mark.parametrize(
    ("text", "other"), [("三都县", False), ("三都水族自治县", False), ("三都", False), ("贵州省三都县", False), ("荔波县", True)]
)
def test_h_an_autonomous_county_goes_by_its_short_name(text: str, other: bool) -> None:
    assert elsewhere(County("522732", "三都水族自治县"), text) is other


def test_h_without_the_countys_name_nobody_is_of_another() -> None:
    assert decided(county(MONITOR_PERSON=[subject(1, hukou_county="独山县")]), who=County("522722"))["P1"]["reason"] == "NEW_THIS_YEAR"


def test_i_the_id_decides_and_neither_the_name_nor_the_village() -> None:
    covered = [dibao(1, name="曾用名", village="别村"), dibao(7, name="名2")]
    lists = county(MONITOR_PERSON=[subject(1), subject(2, "H2")], DIBAO_URBAN_PERSON=covered)
    assert [one(lists, p)[1] for p in ("P1", "P2")] == ["COVERED_DIBAO", "NEW_THIS_YEAR"]


def test_j_a_newborn_without_id_marks_the_others() -> None:
    lists = county(MONITOR_PERSON=[subject(1), subject(2, id_number=None), subject(3, "H2")])
    assert one(lists) == ("CANDIDATE", "NEW_THIS_YEAR", ["UNMATCHED_MEMBER"])
    assert one(lists, "P2") == ("NEEDS_REVIEW", "NO_ID", [])
    assert one(lists, "P3")[2] == []


def test_j_two_newborns_mark_each_other() -> None:
    lists = county(MONITOR_PERSON=[subject(1, id_number=None), subject(2, id_number=None)])
    assert {p: one(lists, p)[2] for p in ("P1", "P2")} == {"P1": ["UNMATCHED_MEMBER"], "P2": ["UNMATCHED_MEMBER"]}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"risk_cleared": None}, "RISK_STATUS_UNKNOWN"),
        ({"risk_cleared_on": "2023-03-01"}, "CONTRADICTION"),
        ({"risk_identified_on": "2023-04-01"}, "DATE_AFTER_AS_OF"),
        ({"risk_identified_on": "2023-03"}, "NEW_THIS_YEAR"),
        ({"risk_identified_on": "2022-12-31"}, "RISK_OPEN_PRIOR_YEAR"),
        ({"risk_identified_on": "2022-12-31", "risk_cleared": None}, "RISK_STATUS_UNKNOWN"),
    ],
)
def test_dates_and_status(said: dict[str, Any], reason: str) -> None:
    assert one(county(MONITOR_PERSON=[subject(1, **said)]))[1] == reason


def test_a_rejected_roster_row_with_the_same_id_holds_back() -> None:
    held = dibao(1) | {"codes": ["E-AMOUNT"]}
    lists = county(MONITOR_PERSON=[subject(1)], DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [], [held]))
    assert one(lists)[:2] == ("NEEDS_REVIEW", "COVERAGE_ROW_REJECTED")


@pytest.mark.parametrize("codes", [["E-ID-CHK"], ["E-ID-DUP"]])
def test_a_rejected_roster_row_of_that_name_under_somebody_of_the_household_holds_back(codes: list[str]) -> None:
    number = person(40) if codes == ["E-ID-DUP"] else None
    held = dibao(1, 2, id_number=number) | {"codes": codes}
    lists = county(MONITOR_PERSON=[subject(1), subject(2)], DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [dibao(2)], [held]))
    assert one(lists)[:2] == ("NEEDS_REVIEW", "COVERAGE_ROW_REJECTED")


def test_a_rejected_roster_row_of_that_name_alone_does_not() -> None:
    held = dibao(1, 50, id_number=None) | {"codes": ["E-ID-CHK"]}
    lists = county(MONITOR_PERSON=[subject(1)], DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [], [held]))
    assert one(lists)[1] == "NEW_THIS_YEAR"


def test_a_rejected_margin_row_covers_nobody() -> None:
    held = {"name": "名1", "id_number": person(1), "codes": ["E-DATE"]}
    lists = county(MONITOR_PERSON=[subject(1)], MARGIN_PERSON=frames("MARGIN_PERSON", [], [held]))
    assert one(lists)[:2] == ("CANDIDATE", "NEW_THIS_YEAR")


ORDER: list[tuple[str, dict[str, Any]]] = [
    ("ID_CLAIMED_TWICE", {}),
    ("DEAD", {}),
    ("OTHER_COUNTY", {"hukou_county": "独山县"}),
    ("COVERED_DIBAO", {}),
    ("RISK_DATE_MISSING", {"risk_identified_on": None}),
    ("RISK_STATUS_UNKNOWN", {"risk_cleared": None}),
]


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_test_that_hits_names_the_reason(first: int) -> None:
    """Everything from this test on is wrong with the subject, nothing before it."""
    wrong = dict(ORDER[first:])
    row = subject(1)
    for said in wrong.values():
        row |= said
    lists = county(MONITOR_PERSON=[row])
    if "ID_CLAIMED_TWICE" in wrong:
        lists["MONITOR_PERSON"] = frames("MONITOR_PERSON", [row, subject(1, "H2", person_no="P9")])
    if "DEAD" in wrong:
        lists["DEATH"] = frames("DEATH", [{"name": "名1", "id_number": person(1), "death_date": "2023-03-02"}])
    if "COVERED_DIBAO" in wrong:
        lists["DIBAO_RURAL_PERSON"] = frames("DIBAO_RURAL_PERSON", [dibao(1)])
    assert one(lists)[1] == ORDER[first][0]


def test_on_two_rosters_the_first_by_rank_names_the_coverage() -> None:
    child = [{"name": "名1", "id_number": person(1), "category": "DEFACTO_CHILD"}]
    lists = county(MONITOR_PERSON=[subject(1)], DIBAO_URBAN_PERSON=[dibao(1)], CHILD=child)
    assert one(lists)[1] == "COVERED_DIBAO"
    del lists["DIBAO_URBAN_PERSON"]
    assert one(lists)[1] == "COVERED_DEFACTO"
