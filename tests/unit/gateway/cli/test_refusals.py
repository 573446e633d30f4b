"""Wrong words get a sentence and a next step; what was typed or handled is never printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import overview
from gateway.cli.main import run

NUMBER = "52272219850310903X"


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_HOME", "GATEWAY_DEBUG", "GATEWAY_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, code and sentence of a refusal, as JSON says it; nothing else is printed."""
    exit_code = run([*words, "--json"])
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    error = json.loads(printed.out)["error"]
    assert error["fix"]
    return exit_code, error["code"], error["message"]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["pubish"], "没有命令 pubish，是不是 publish", "no command pubish; did you mean publish"),
        (["init"], "缺少 --agency", "--agency is missing"),
        (["import", "--perod", "2023-03"], "没有选项 --perod，是不是 --period", "no option --perod; did you mean --period"),
        (["edition", "show"], "缺少 ID", "ID is missing"),
        (["status", "--month", "2023-03", "--month", "2023-04"], "--month 写了不止一次", "--month is there more than once"),
        (["demo", "--persons", "many"], "--persons 的值不对", "the value of --persons is not right"),
    ],
)
def test_a_slip_is_named(capsys: pytest.CaptureFixture[str], words: list[str], zh: str, en: str) -> None:
    assert refused(capsys, *words, "--lang", "zh") == (2, "E-USAGE", f"命令写法不对：{zh}")
    assert refused(capsys, *words, "--lang", "en") == (2, "E-USAGE", f"The command is not right: {en}")


@pytest.mark.parametrize(
    "words", [[NUMBER], ["preview", NUMBER], ["import", f"--{NUMBER}"], ["edition", "show", "a", NUMBER], ["--lang", NUMBER]]
)
def test_what_was_typed_is_not_repeated(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    exit_code, code, message = refused(capsys, *words)
    assert (exit_code, code) == (2, "E-USAGE")
    assert NUMBER not in message


def test_no_home_is_named_as_it_was_given(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = tmp_path / "some where" / "ca"
    exit_code, code, message = refused(capsys, "--home", str(place), "status", "--lang", "en")
    assert (exit_code, code) == (2, "E-HOME-NONE")
    assert str(place) in message


def test_a_fault_of_the_program_shows_no_value(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"cannot parse {NUMBER}")

    monkeypatch.setattr(overview, "matrix", broken)
    assert run(["init", "--agency", "civil-affairs", "--county", "522722", "--home", "ca"]) == 0
    capsys.readouterr()
    exit_code, code, message = refused(capsys, "--home", "ca", "status")
    assert (exit_code, code) == (4, "E-INTERNAL")
    assert NUMBER not in message
    assert "ValueError" in message


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code, code, message = refused(capsys, "template", "DIBAO_RURAL_PERSON", "-o", "no-such-folder/t.xlsx")
    assert exit_code == 4
    assert code in {"E-FILE-ACCESS", "E-DISK"}, message


def test_an_interruption_says_what_it_leaves(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gateway.cli.opening.office", interrupted)
    monkeypatch.setattr("gateway.cli.sending.office", interrupted)
    assert run(["status", "--lang", "en"]) == 130
    assert "run it again" in capsys.readouterr().err


def test_every_refusal_is_one_of_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    _, code, _ = refused(capsys, "feeds", "show", "nope")
    assert ExchangeError(code, feed="nope").code == "E-FEED"
