"""R12: the answers of the shared samples, and one answer for everybody in every case."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.rules.answers import outcomes
from consumers.rules.margin import County, decide
from contracts.frames import ListFrames
from tests.unit.consumers.rules.county import county, dibao, frames, person, subject
from tests.unit.consumers.rules.samples import expected, load, table_rows

LIBO = County("522722", "荔波县")
DAY = date(2023, 3, 31)


def answers(lists: dict[str, ListFrames], confirmed: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    rows = decide(lists, LIBO, DAY).rows
    found = outcomes(rows, lists, confirmed, county="522722", at=DAY)
    assert found["subject"].is_unique().all()
    assert set(rows["subject"]) <= set(found["subject"])
    return {o["subject"]: o for o in found.to_dicts()}


def told(number: int, answer: str | None, **other: Any) -> dict[str, Any]:
    return {"household_no": "H1", "person_no": f"P{number}", "name": f"名{number}", "id_number": person(number), "answer": answer} | other


def brief(outcome: dict[str, Any]) -> tuple[Any, ...]:
    return outcome["answer"], outcome["check"], outcome["why"], outcome["final"]


@pytest.mark.parametrize("month", ["2023-03", "2023-04"])
def test_the_towns_answers_equal_the_oracle(month: str) -> None:
    """Whether March's subjects are asked about or the newest list's makes no difference to what the towns said."""
    lists = load("2023-03") | (load("2023-04") if month == "2023-04" else {"VERIFY_ANSWER": load("2023-04")["VERIFY_ANSWER"]})
    rows = decide(lists, LIBO, DAY).rows
    got = {o["subject"]: o for o in outcomes(rows, lists, (), county="522722", at=DAY).to_dicts()}
    wanted = table_rows(expected()["r12"]["persons"])
    assert len(wanted) > 70
    for want in wanted:
        mine = got[want["person_no"]]
        assert (mine["check"], mine["why"], mine["final"]) == (want["check"], want["why"], want["final"]), want
        assert mine["answer"] == (want["answer"] or "VERIFYING"), want
        assert mine["household"] == want["household_no"]


@pytest.mark.parametrize(
    ("said", "reason", "answer"),
    [
        ({}, "NEW_THIS_YEAR", "VERIFYING"),
        ({"risk_identified_on": "2021-01-01", "risk_cleared": True}, "RISK_CLEARED_PRIOR_YEAR", "NOT_IN_RULE"),
        ({"risk_identified_on": None}, "RISK_DATE_MISSING", "VERIFYING"),
    ],
)
def test_without_a_town_the_rule_answers(said: dict[str, Any], reason: str, answer: str) -> None:
    got = answers(county(MONITOR_PERSON=[subject(1, **said)]))["P1"]
    assert brief(got) == (answer, "OK", reason, answer != "VERIFYING")
    assert got["source"] == "RULE"


def test_who_is_covered_is_answered_so() -> None:
    got = answers(county(MONITOR_PERSON=[subject(1)], DIBAO_RURAL_PERSON=[dibao(1)]))["P1"]
    assert brief(got) == ("ALREADY_COVERED", "OK", "COVERED_DIBAO", True)


def test_confirmed_by_both_is_recognised() -> None:
    got = answers(county(MONITOR_PERSON=[subject(1), subject(2)]), ("P1",))
    assert brief(got["P1"]) == ("RECOGNISED_MARGIN", "OK", None, True)
    assert got["P2"]["answer"] == "VERIFYING"


@pytest.mark.parametrize(
    ("answer", "expect"),
    [
        ("VERIFYING", ("RECOGNISED_MARGIN", "OK", None, True)),
        ("TEMP_RELIEF", ("RECOGNISED_MARGIN", "OK", None, True)),
        ("RECOGNISED_MARGIN", ("RECOGNISED_MARGIN", "OK", None, True)),
        ("INCOME_ABOVE", ("INCOME_ABOVE", "CONFLICT", "REGISTERED", True)),
    ],
)
def test_a_registration_meets_a_towns_answer(answer: str, expect: tuple[Any, ...]) -> None:
    got = answers(county(MONITOR_PERSON=[subject(1)], VERIFY_ANSWER=[told(1, answer)]), ("P1",))
    assert brief(got["P1"]) == expect


@pytest.mark.parametrize(
    ("answer", "expect"),
    [
        ("ENTER_DIBAO", ("ENTER_DIBAO", "OK", None, True)),
        ("VERIFYING", ("VERIFYING", "OK", None, False)),
        ("TEMP_RELIEF", ("TEMP_RELIEF", "OK", None, False)),
        ("DEAD", ("DEAD", "NEEDS_SECOND_SOURCE", "NOT_IN_FUNERAL_LIST", True)),
        ("ALREADY_COVERED", ("ALREADY_COVERED", "CONFLICT", "NOT_ON_ANY_ROSTER", True)),
        ("NOT_FOUND", ("NOT_FOUND", "OK", None, True)),
        (None, ("VERIFYING", "INCOMPLETE", "PERSON_WITHOUT_ANSWER", False)),
    ],
)
def test_a_towns_answer_against_empty_lists(answer: str | None, expect: tuple[Any, ...]) -> None:
    got = answers(county(MONITOR_PERSON=[subject(1)], VERIFY_ANSWER=[told(1, answer)]))["P1"]
    assert brief(got) == expect
    assert got["source"] == "TOWN"


def test_the_rosters_and_the_funeral_list_speak_with() -> None:
    dead = [{"name": "名3", "id_number": person(3), "death_date": "2023-02-02"}]
    lists = county(
        MONITOR_PERSON=[subject(n) for n in (1, 2, 3)], MARGIN_PERSON=[{"name": "名1", "id_number": person(1)}],
        DIBAO_RURAL_PERSON=[dibao(2)], DEATH=dead, VERIFY_ANSWER=[told(1, "ALREADY_COVERED"), told(2, "NOT_FOUND"), told(3, "DEAD")],
    )  # fmt: skip
    got = answers(lists)
    assert [brief(got[p])[1:3] for p in ("P1", "P2", "P3")] == [("OK", None), ("CONFLICT", "ON_ROSTER"), ("OK", None)]


def test_a_notice_taken_back_is_no_second_source() -> None:
    dead = [{"name": "名1", "id_number": person(1), "death_date": "2023-02-02", "remark": "误报"}]
    got = answers(county(MONITOR_PERSON=[subject(1)], DEATH=dead, VERIFY_ANSWER=[told(1, "DEAD")]))
    assert got["P1"]["check"] == "NEEDS_SECOND_SOURCE"


def test_covered_by_a_rejected_roster_row_is_no_conflict() -> None:
    held = dibao(1, 2, id_number=None) | {"codes": ["E-ID-CHK"]}
    lists = county(
        MONITOR_PERSON=[subject(1), subject(2)], DIBAO_RURAL_PERSON=frames("DIBAO_RURAL_PERSON", [dibao(2)], [held]),
        VERIFY_ANSWER=[told(1, "ALREADY_COVERED")],
    )  # fmt: skip
    assert brief(answers(lists)["P1"])[1:3] == ("OK", None)


def test_a_rejected_answer_is_no_answer_but_an_accepted_one_beside_it_counts() -> None:
    held = [told(1, None) | {"codes": ["E-DICT", "E-DATE"]}, told(2, None) | {"codes": ["E-ID-DUP"]}]
    lists = county(MONITOR_PERSON=[subject(1), subject(2)], VERIFY_ANSWER=frames("VERIFY_ANSWER", [told(2, "REFERRED")], held))
    got = answers(lists)
    assert brief(got["P1"]) == ("VERIFYING", "REJECTED", "E-DICT", False)
    assert brief(got["P2"]) == ("REFERRED", "OK", None, True)


def test_an_answer_without_the_senders_number_is_met_by_id_else_stands_alone() -> None:
    rows = [told(1, "REFERRED", person_no=None), told(7, "NOT_FOUND", person_no=None), told(8, "DEAD", person_no="Q8")]
    got = answers(county(MONITOR_PERSON=[subject(1)], VERIFY_ANSWER=rows))
    assert got.keys() == {"P1", "VERIFY_ANSWER.xlsx#3", "Q8"}
    assert got["P1"]["answer"] == "REFERRED"
    assert got["Q8"]["household"] == "H1"


def test_the_towns_words_and_income_come_along() -> None:
    row = told(1, "INCOME_ABOVE", answer_text="收入已达标", reason_text="务工", verified_income=1_234_500, verified_on="2023-04-10")
    got = answers(county(MONITOR_PERSON=[subject(1)], VERIFY_ANSWER=[row]))["P1"]
    assert (got["answer_text"], got["reason_text"], got["verified_income"], got["verified_on"]) == (
        "收入已达标",
        "务工",
        1_234_500,
        "2023-04-10",
    )


CODES = st.sampled_from(["ENTER_DIBAO", "DEAD", "VERIFYING", "TEMP_RELIEF", "NOT_FOUND", "ALREADY_COVERED", None])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 8), CODES), max_size=8),
    st.sets(st.integers(1, 8)),
    st.sets(st.integers(1, 8)),
    st.sets(st.integers(1, 6)),
)
def test_everybody_has_one_answer(said: list[tuple[int, str | None]], covered: set[int], dead: set[int], confirmed: set[int]) -> None:
    lists = county(
        MONITOR_PERSON=[subject(n) for n in range(1, 7)], DIBAO_RURAL_PERSON=[dibao(n) for n in covered],
        DEATH=[{"name": f"名{n}", "id_number": person(n), "death_date": "2023-02-02"} for n in dead],
        VERIFY_ANSWER=[told(n, answer) for n, answer in said],
    )  # fmt: skip
    got = answers(lists, tuple(f"P{n}" for n in confirmed))
    assert got.keys() == {f"P{n}" for n in range(1, 7)} | {f"P{n}" for n, _ in said}
    table = pl.DataFrame(list(got.values()))
    assert table.select(pl.col("answer", "check", "final", "source", "clause").null_count()).sum_horizontal().item() == 0
    assert not table.filter(pl.col("final"), pl.col("answer").is_in(["VERIFYING", "TEMP_RELIEF"])).height
