"""R4 and R5: death cases on the shared samples, and their edges by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from consumers.rules.deaths import death_cases
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import county, dibao, frames, person, subject
from tests.unit.consumers.rules.samples import expected, load

DAY = date(2023, 3, 31)


def cases(lists: dict[str, ListFrames], day: date = DAY) -> dict[str, dict[str, Any]]:
    return {c["id_number"]: c for c in death_cases(lists, "522722", day).to_dicts()}


def died(number: int, day: str | None = "2023-03-05", **other: Any) -> dict[str, Any]:
    return {"name": f"名{number}", "id_number": person(number), "sex": "1", "death_date": day, "remark": None} | other


def test_every_case_of_the_samples_equals_the_oracle() -> None:
    got = cases(load("2023-03"))
    same = {"household": "head_id", "category": "category", "reason": "reason"}
    dates = ("case", "death_date", "r4_due", "r4_overdue", "r5_due", "r5_overdue", "payee_hold_from")
    wanted = expected()["r4_r5"]["cases"]
    assert len(wanted) > 30
    for want in wanted:
        mine = got.pop(want["id"])
        told = {k: want[k] for k in dates if k in want and not (k == "death_date" and want["case"] == "NONE")}
        assert {k: mine[k] for k in told} == told, want
        assert all(mine[k] == want[w] for k, w in same.items() if w in want), want
        assert all(mine[k] is None for k in ("r5_due", "payee_hold_from") if k not in want), want
    assert {c["case"] for c in got.values()} <= {"NONE"}, "further namesakes are right too"


def test_a_member_of_several() -> None:
    case = cases(county(DIBAO_RURAL_PERSON=[dibao(1), dibao(2, 1)], DEATH=[died(2, "2022-11-30")]))[person(2)]
    assert (case["case"], case["reason"], case["r4_due"], case["r4_overdue"]) == ("RECHECK", "MEMBER_DEAD", "2023-02-28", True)
    assert (case["r5_due"], case["payee_hold_from"]) == (None, None)
    assert case["household"] == person(1)


def test_a_dead_head_is_replaced_in_the_month_after() -> None:
    case = cases(county(DIBAO_RURAL_PERSON=[dibao(1), dibao(2, 1)], DEATH=[died(1, "2023-01-31")]))[person(1)]
    assert (case["case"], case["reason"], case["r4_due"]) == ("RECHECK", "HEAD_DEAD", "2023-04-30")
    assert (case["r5_due"], case["r5_overdue"], case["payee_hold_from"]) == ("2023-02-28", True, "2023-01")
    assert case["clause"] == "黔民发〔2023〕2号 二（一）三；黔南州民政局2021年度低保核查通知 二"


def test_due_today_is_not_overdue() -> None:
    case = cases(county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=[died(1, "2022-12-31")]))[person(1)]
    assert (case["case"], case["r4_due"], case["r4_overdue"]) == ("STOP", "2023-03-31", False)
    assert case["r5_due"] is None, "nobody is left to be head"


@pytest.mark.parametrize(
    "more",
    [
        {"DIBAO_RURAL_PERSON": frames("DIBAO_RURAL_PERSON", [dibao(1)], [dibao(2, 1, id_number=None) | {"codes": ["E-ID-CHK"]}])},
        {"DIBAO_RURAL_PERSON": frames("DIBAO_RURAL_PERSON", [dibao(1), dibao(2, 1, head_id=None)])},
        {"DIBAO_RURAL_HOUSEHOLD": frames("DIBAO_RURAL_HOUSEHOLD", [{"head_name": "名1", "head_id": person(1), "covered_size": 2}])},
        {"DIBAO_RURAL_PERSON": frames("DIBAO_RURAL_PERSON", [dibao(1, head_id=None, cert_no=None)])},
    ],
    ids=["another row is held", "another row has no head", "the household list says two", "the household is not known"],
)
def test_never_stop_where_somebody_else_may_be_covered(more: dict[str, ListFrames]) -> None:
    lists = county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=[died(1)]) | more
    assert cases(lists)[person(1)]["case"] == "RECHECK"


@pytest.mark.parametrize(
    ("notice", "reason"),
    [
        (died(1, None), "DEATH_DATE_MISSING"),
        (died(1, "2023-03"), "DEATH_DATE_MISSING"),
        (died(1, "2023-04-01"), "DEATH_AFTER_AS_OF"),
        (died(1, remark="经村委核实系误报，本人健在"), "NOTICE_REVOKED"),
        (died(1, None, remark="作废"), "NOTICE_REVOKED"),
    ],
)
def test_doubtful_notices_are_reviewed_and_have_no_dates(notice: dict[str, Any], reason: str) -> None:
    case = cases(county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=[notice]))[person(1)]
    assert (case["case"], case["reason"]) == ("NEEDS_REVIEW", reason)
    assert [case[k] for k in ("r4_due", "r4_overdue", "r5_due", "payee_hold_from")] == [None] * 4


def test_a_rejected_notice_with_a_readable_number_is_reviewed() -> None:
    lists = county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=frames("DEATH", [], [died(1) | {"codes": ["E-DICT"]}]))
    assert cases(lists)[person(1)]["reason"] == "NOTICE_ROW_REJECTED"


def test_an_exact_duplicate_of_a_notice_says_nothing_more() -> None:
    lists = county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=frames("DEATH", [died(1)], [died(1) | {"codes": ["E-ID-DUP"]}]))
    assert cases(lists)[person(1)]["case"] == "STOP"


def slipped(number: int, how: str) -> str:
    good = person(number)
    swapped = good[:12] + good[13] + good[12] + good[14:]
    return {
        "last": good[:17] + ("1" if good[17] != "1" else "2"),
        "short": good[:9] + good[10:],
        "swap": swapped,
        "old": good[:6] + good[8:17],
    }[how]


@pytest.mark.parametrize("how", ["last", "short", "swap", "old"])
def test_an_unreadable_notice_of_that_name_and_nearly_that_number_is_reviewed(how: str) -> None:
    bad = died(9, id_number=None) | {"codes": ["E-ID-CHK"], "raw": f'["名9", "{slipped(9, how)}"]'}
    lists = county(DIBAO_RURAL_PERSON=[dibao(9), dibao(10)], DEATH=frames("DEATH", [], [bad]))
    got = cases(lists)
    assert (got[person(9)]["case"], got[person(9)]["reason"]) == ("NEEDS_REVIEW", "ID_INVALID_NAME_MATCH")
    assert got.keys() == {person(9)}


@pytest.mark.parametrize("raw", ['["名9", "5.22722E+17"]', f'["名9", "{person(4000)}"]', "[]"])
def test_an_unreadable_notice_with_the_name_alone_stops_nobody(raw: str) -> None:
    bad = died(9, id_number=None) | {"codes": ["E-ID-NUM"], "raw": raw}
    assert cases(county(DIBAO_RURAL_PERSON=[dibao(9)], DEATH=frames("DEATH", [], [bad])))[person(9)]["case"] == "NONE"


def test_a_rejected_roster_row_of_the_dead_is_reviewed() -> None:
    row = dibao(9, id_number=None) | {"codes": ["E-ID-CHK"], "raw": f'["名9", "{slipped(9, "last")}"]'}
    stranger = dibao(8, id_number=None, name="名9") | {"codes": ["E-ID-CHK"], "raw": f'["名9", "{slipped(3000, "last")}"]'}
    lists = county(DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [], [row, stranger]), DEATH=[died(9)])
    assert [(c["case"], c["reason"]) for c in cases(lists).values()] == [("NEEDS_REVIEW", "ROSTER_ROW_REJECTED")]


def test_a_rejected_roster_row_with_a_readable_number_is_a_recipient() -> None:
    lists = county(DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [dibao(2)], [dibao(1, 2) | {"codes": ["E-AMOUNT"]}]), DEATH=[died(1)])
    assert cases(lists)[person(1)]["case"] == "RECHECK"


@pytest.mark.parametrize(
    ("name", "row", "category"),
    [
        ("TEKUN_PERSON", {"name": "名1", "id_number": person(1)}, "TEKUN"),
        ("RETIREE", {"name": "名1", "id_number": person(1)}, "RETIREE_60S"),
        ("MARGIN_PERSON", {"name": "名1", "id_number": person(1)}, "MARGIN"),
        ("CHILD", {"name": "名1", "id_number": person(1), "category": "ORPHAN"}, "ORPHAN"),
    ],
)
def test_other_categories_have_a_case_but_no_due_day(name: str, row: dict[str, Any], category: str) -> None:
    case = cases(county(**{name: [row]}, DEATH=[died(1)]))[person(1)]
    assert (case["case"], case["category"], case["reason"], case["r4_due"], case["clause"]) == (
        "OTHER_CATEGORY",
        category,
        category,
        None,
        None,
    )


def test_a_dibao_row_counts_before_another_roster() -> None:
    lists = county(TEKUN_PERSON=[{"name": "名1", "id_number": person(1)}], DIBAO_URBAN_PERSON=[dibao(1)], DEATH=[died(1)])
    assert cases(lists)[person(1)]["category"] == "DIBAO_URBAN"


def test_a_monitored_person_on_no_roster() -> None:
    got = cases(county(MONITOR_PERSON=[subject(1)], DEATH=[died(1), died(2)]))
    assert {n: c["case"] for n, c in got.items()} == {person(1): "MONITOR_SUBJECT"}


def test_namesakes_are_named_once_and_never_hide_a_case() -> None:
    rows = [dibao(1), dibao(2, name="名1"), dibao(3)]
    dead = [died(1), died(50, name="名1"), died(51, name="名3"), died(52, name="名3")]
    got = death_cases(county(DIBAO_RURAL_PERSON=rows, DEATH=dead), "522722", DAY)
    assert got["id_number"].is_unique().all()
    assert dict(got.select("id_number", "case").iter_rows()) == {person(1): "STOP", person(2): "NONE", person(3): "NONE"}


def test_outside_its_window_the_rule_says_so() -> None:
    case = cases(county(DIBAO_RURAL_PERSON=[dibao(1)], DEATH=[died(1, "2019-12-01")]), date(2020, 1, 1))[person(1)]
    assert (case["case"], case["reason"]) == ("NEEDS_REVIEW", "RULE_INACTIVE")


def test_without_a_funeral_list_there_are_no_cases() -> None:
    assert death_cases(county(DIBAO_RURAL_PERSON=[dibao(1)]), "522722", DAY).is_empty()
    assert death_cases({}, "522722", DAY).is_empty()
