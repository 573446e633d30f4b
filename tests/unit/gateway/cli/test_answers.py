"""What commands print: for people in their language, for programs one document; never a person's number from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from gateway.cli.main import run
from tests.unit.gateway.app.offices import CIVIL, DIBAO, EDU, MARCH, Offices, person, persons


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    """March at civil affairs, published; education has rejected it, since its key of that month is gone."""
    made = Offices(tmp_path_factory.mktemp("month"))
    made.found(EDU)
    made.keep(DIBAO, MARCH, persons(5))
    made.publish()
    made.collect(sink=None)
    made.open(EDU).keys.destroy("wrap/2023-04")
    made.collect()
    made.sync()
    return made


def said(capsys: pytest.CaptureFixture[str], offices: Offices, agency: str, *words: str) -> str:
    assert run(["--home", str(offices.home(agency)), *words]) == 0
    return capsys.readouterr().out


def test_a_rejection_names_its_reason_and_what_to_do(month: Offices, capsys: pytest.CaptureFixture[str]) -> None:
    id_ = "522722.assistance-persons.education.2023-03.r1"
    text = said(capsys, month, CIVIL, "edition", "show", id_, "--lang", "zh")
    assert "对方拒收" in text
    assert "E-REJECT-KEY" in text
    assert "重新发布" in text
    document = json.loads(said(capsys, month, CIVIL, "edition", "show", id_, "--json"))
    assert [each["reasons"] for each in document["receipts"]] == [[], ["E-REJECT-KEY"]]
    assert document["seq"] == 1


def test_one_person_is_looked_up_from_standard_input(
    month: Offices, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = str(person(0)["id_number"])
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{number}\n"))
    words = ("preview", "--feed", "assistance-persons", "--to", EDU, "--person")
    document = json.loads(said(capsys, month, CIVIL, *words, "-", "--json"))
    assert document["known"]
    assert [row["id_number"] for row in document["rows"]] == [number]
    assert run(["--home", str(month.home(CIVIL)), *words, number, "--json"]) == 2
    printed = capsys.readouterr().out
    assert "E-PERSON-STDIN" in printed
    assert number not in printed


def test_an_empty_home_says_what_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offices = Offices(tmp_path)
    offices.make(CIVIL)
    assert "gateway import" in said(capsys, offices, CIVIL, "status", "--lang", "en")


def test_names_with_brackets_are_printed_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--home", str(tmp_path / "[red]ca"), "init", "--agency", "civil-affairs", "--county", "522722", "--lang", "en"]) == 0
    assert "[red]ca" in capsys.readouterr().out


def test_a_piped_table_is_not_broken(month: Offices, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, month, CIVIL, "edition", "list", "--lang", "en").splitlines()
    assert len(lines) == 2
    assert "522722.assistance-persons.education.2023-03.r1" in lines[1]


def test_json_does_not_depend_on_the_terminal(month: Offices, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = said(capsys, month, CIVIL, "status", "--json")
    for name, value in {"COLUMNS": "20", "FORCE_COLOR": "1", "TERM": "dumb", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
        assert said(capsys, month, CIVIL, "status", "--json") == plain
    assert plain.count("\n") == 1


@pytest.mark.parametrize("agency", [CIVIL, EDU])
def test_every_list_is_printed_in_both_languages_and_as_json(month: Offices, capsys: pytest.CaptureFixture[str], agency: str) -> None:
    for words in ("feeds list", "feeds show assistance-persons", "lists list", f"lists show {DIBAO}", "trust show", "edition list",
                  "receipt list", "intake list", "registrations list", "status", "fsck"):  # fmt: skip
        assert said(capsys, month, agency, *words.split(), "--lang", "zh").strip()
        english = said(capsys, month, agency, *words.split(), "--lang", "en")
        assert english.strip()
        json.loads(said(capsys, month, agency, *words.split(), "--json"))


def test_what_was_kept_before_a_conflict_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offices = Offices(tmp_path)
    offices.make(CIVIL)
    offices.keep(DIBAO, MARCH, persons(3))
    head = "姓名,身份证号,户主身份证号\n"
    for name, number in (("特困", 5), ("低保", 6)):
        identity = person(number)["id_number"]
        (tmp_path / f"{name}.csv").write_text(f"{head}韦小明,{identity},{identity}\n", "utf-8")
    words = ("import", str(tmp_path / "低保.csv"), "--as", DIBAO, "--period", "2023-04")
    assert said(capsys, offices, CIVIL, *words, "--lang", "en").count("kept") == 1
    again = ("import", str(tmp_path / "低保.csv"), str(tmp_path / "特困.csv"), "--as", DIBAO, "--period", "2023-04", "--lang", "en")
    assert run(["--home", str(offices.home(CIVIL)), *again]) == 5
    printed = capsys.readouterr()
    assert "the same rows are there already" in printed.out
    assert "E-IMPORT-CONFLICT" in printed.err
