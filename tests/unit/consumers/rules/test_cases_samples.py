"""R6, R8, R14, R15, R16, R18 and the changes of the monitoring list on the shared samples: each case equals the oracle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from consumers.rules.casebook import casebook
from tests.unit.consumers.rules.samples import expected, load, table_rows

DAY = date(2023, 3, 31)


@pytest.fixture(scope="module")
def book() -> dict[str, list[dict[str, Any]]]:
    found = casebook(load("2023-03"), {}, "522722", DAY)
    assert found.inactive == ()
    return {rule: frame.to_dicts() for rule, frame in found.cases.items()}


def by_row(cases: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    found = {int(case["row"].split("!")[1]): case for case in cases}
    assert len(found) == len(cases)
    return found


def test_delayed_exits(book: dict[str, list[dict[str, Any]]]) -> None:
    got = {case["id_number"]: case for case in book["R6"]}
    wanted = expected()["r6"]["cases"]
    assert len(got) == len(wanted) > 10
    for want in wanted:
        mine = got[want["head_id"]]
        assert mine["case"] == want["outcome"]
        if want["outcome"] == "TAPER":
            assert (mine["months"], mine["end_date"] in want["acceptable_end_dates"]) == (want["months"], True)
            assert mine["over"] in want["acceptable_over"]
        else:
            assert (mine["reason"], mine["end_date"], mine["over"]) == (want["reason"], None, None)


def test_certificates_of_disability(book: dict[str, list[dict[str, Any]]]) -> None:
    fields = {"outcome": "case", "reason": "reason", "type": "disability_type", "level": "disability_level", "already_paid": "already_paid"}
    wanted = {want["id_number"]: want for want in table_rows(expected()["r8"]["cases"])}
    got = {case["id_number"]: {name: case[mine] for name, mine in fields.items()} for case in book["R8"]}
    assert len(wanted) > 200
    assert got == {number: {name: want[name] for name in fields} for number, want in wanted.items()}


def test_failed_and_late_payments(book: dict[str, list[dict[str, Any]]]) -> None:
    wanted = expected()["payment"]["r14"]
    failed = by_row([case for case in book["R14"] if case["case"] == "FAILED"])
    names = ("due", "state", "repaid_on")
    got = {row: (case["id_number"], *(case[name] for name in names)) for row, case in failed.items()}
    assert got == {want["row"]: (want["recipient_id"], *(want[name] for name in names)) for want in wanted["failed"]}
    late = by_row([case for case in book["R14"] if case["case"] == "LATE"])
    assert {(row, case["id_number"], case["paid_on"]) for row, case in late.items()} == {tuple(want) for want in wanted["late"]}
    assert len(late) > 80


def test_idle_accounts(book: dict[str, list[dict[str, Any]]]) -> None:
    got, wanted = by_row(book["R15"]), {want["row"]: want for want in expected()["payment"]["r15"]["cases"]}
    assert got.keys() == wanted.keys()
    for row, want in wanted.items():
        assert got[row]["case"] in (want.get("acceptable") or [want["outcome"]])
        assert got[row]["id_number"] == want["recipient_id"]


def test_account_names(book: dict[str, list[dict[str, Any]]]) -> None:
    wanted = {want["row"]: (want["recipient_id"], want["outcome"], want["reason"]) for want in expected()["payment"]["r16"]["cases"]}
    assert {row: (case["id_number"], case["case"], case["reason"]) for row, case in by_row(book["R16"]).items()} == wanted


def test_persons_on_two_rosters(book: dict[str, list[dict[str, Any]]]) -> None:
    wanted = {want["id"]: (want["categories"], want["verdict"]) for want in expected()["r18_cross_category"]}
    assert {case["id_number"]: (case["categories"], case["case"]) for case in book["R18"]} == wanted


def test_low_income_is_everybody_on_dibao_who_lives_and_is_not_low_income_already(book: dict[str, list[dict[str, Any]]]) -> None:
    lists = load("2023-03")
    on_dibao = {n for name in ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON") for n in lists[name].accepted["id_number"]}
    others = {n for name in ("DEATH", "MARGIN_PERSON", "REVIEW_LOWINCOME") for n in lists[name].accepted["id_number"]}
    assert {case["id_number"] for case in book["R2"]} == on_dibao - others
    assert {case["case"] for case in book["R2"]} == {"CANDIDATE"}


def test_changes_of_the_monitoring_list() -> None:
    found = casebook(load("2023-04"), load("2023-03"), "522722", date(2023, 4, 30)).cases["MONITOR"].to_dicts()
    wanted = [(want["kind"], want["hh"], want["no"], want["id"]) for want in expected()["monitor_increment"]["changes"]]
    assert sorted(map(str, wanted)) == sorted(str((c["case"], c["household"], c["person_no"], c["id_number"])) for c in found)


def test_every_case_rests_on_a_clause_and_a_row(book: dict[str, list[dict[str, Any]]]) -> None:
    for rule, cases in book.items():
        for case in cases:
            assert case["rule"] == rule
            assert "!" in case["row"]
            assert case["clause"] or rule == "R4"
