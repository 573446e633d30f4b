"""Cases: which month, which registers stand in, and the county's own parameters."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import casework
from tests.unit.gateway.app.offices import APRIL, CIVIL, CLERK, DIBAO, MARCH, TEKUN, Offices, person, persons

STANDARD = """
rule = "STANDARD"
clause = "县政府办〔2023〕1号"

[[window]]
jurisdiction = "522722"
valid_from = 2023-01-01
text = "农村 1000 元/月"
monthly = { RURAL = 100000, URBAN = 100000 }
"""


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    made = Offices(tmp_path)
    made.make(CIVIL)
    made.keep(DIBAO, MARCH, persons(3))
    who = person(0)
    taper = {"head_name": who["name"], "head_id": who["id_number"], "cause": "RECRUITED", "start_month": "2023-02"}
    made.keep("TAPER", MARCH, [{**taper, "income_per_capita": 60000}])
    return made


def ask(offices: Offices, day: date | None = None, records: Path | None = None) -> casework.Cases:
    return casework.cases(offices.open(CIVIL), CLERK, day, records)


def test_every_rule_counts_with_its_reasons(offices: Offices) -> None:
    offices.keep(TEKUN, MARCH, [person(1, cert_no="TK1")])
    found = ask(offices)
    assert found.as_of == "2023-03-31"
    assert found.counts == {("R2", "CANDIDATE"): 3, ("R6", "TAPER"): 1, ("R18", "CONFLICT"): 1}
    assert found.reasons[("R18", "CONFLICT")] == {"TWO_ROSTERS": 1}


def test_a_month_without_a_register_is_held_against_the_last_one(offices: Offices) -> None:
    offices.keep(DIBAO, APRIL, persons(3))
    found = ask(offices, date(2023, 4, 30))
    assert found.earlier == {"TAPER": "2023-03"}
    assert found.counts[("R6", "TAPER")] == 1
    assert ask(offices, date(2023, 3, 31)).earlier == {}


def test_records_are_one_line_a_case_and_writing_them_is_entered(offices: Offices, tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    ask(offices, records=out)
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [record["rule"] for record in records] == ["R2", "R2", "R2", "R6"]
    assert records[-1] | {"row": ""} == {
        "rule": "R6", "case": "TAPER", "id_number": person(0)["id_number"], "reason": "RECRUITED", "clause": "黔民发〔2023〕2号 二（一）三",
        "category": None, "household": person(0)["id_number"], "row": "", "file": "f.xlsx", "months": 3, "start_month": "2023-02",
        "end_date": "2023-04-30", "over": False,
    }  # fmt: skip


def test_the_countys_own_standard_goes_before(offices: Offices) -> None:
    folder = offices.home(CIVIL) / "rules"
    folder.mkdir()
    (folder / "standard.toml").write_text(STANDARD, "utf-8")
    assert ask(offices).counts[("R6", "NOT_APPLICABLE")] == 1


@pytest.mark.parametrize(
    "text", ["rule = ", 'rule = "R6"', STANDARD.replace("STANDARD", "R1"), STANDARD.replace("valid_from", "von")],
    ids=["no TOML", "no window", "a rule of its own answers", "a key of another language"],
)  # fmt: skip
def test_parameters_that_nobody_understands_are_refused(text: str, offices: Offices) -> None:
    folder = offices.home(CIVIL) / "rules"
    folder.mkdir()
    (folder / "own.toml").write_text(text, "utf-8")
    with pytest.raises(ExchangeError, match="E-RULES-FILE"):
        ask(offices)


def test_without_any_list_there_are_no_cases(tmp_path: Path) -> None:
    made = Offices(tmp_path)
    made.make(CIVIL)
    with pytest.raises(ExchangeError, match="E-CASES-NONE"):
        ask(made)
