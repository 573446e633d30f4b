"""The smallest real set-up: two offices and a shared folder, each line a process of its own (interfaces.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.demo.county import county
from tests.docs.workbook import MONTH, PERSONS, SEED
from tests.e2e.conftest import Played
from tests.e2e.desk import Desk
from tests.e2e.traces import changed, held, rows
from tests.fault.nursery import Nursery

PAGE = Path(__file__).resolve().parents[3] / "shared" / "interfaces.md"
GROUPS = re.compile(r"(?:[0-9]{5} ){7}[0-9]{5}")
WORKBOOK = "荔波县农村低保人员查询_202303.xlsx"


@pytest.fixture
def setup(played: Callable[[str], Played]) -> Played:
    return played("01-two-offices")


@pytest.fixture
def desk(setup: Played, nursery: Nursery, tmp_path: Path) -> Desk:
    """The two offices after their month, to go on with."""
    return Desk(setup.folder, nursery, tmp_path / "none").copy(tmp_path / "offices")


def words(line: str) -> str:
    return " ".join(line.partition("#")[0].split())


def test_the_transcript_says_the_page_word_for_word(setup: Played) -> None:
    if not PAGE.exists():
        pytest.skip("needs ../shared (samples), which is not here")
    block = PAGE.read_text(encoding="utf-8").partition("### The smallest real set-up")[2].split("```")[1]
    wanted = [words(line) for line in block.splitlines() if words(line)]
    played = [words(act.words[1:]) for act in setup.acts if act.words.startswith("$")]
    assert len(wanted) == 11
    assert played[: len(wanted)] == wanted


def test_education_holds_what_was_sent_to_it(setup: Played, desk: Desk) -> None:
    edition = next(each for each in desk.ask("ca", "edition", "list")["editions"] if each["to"] == "education")
    stored = rows(setup.folder / "edu.db", "SELECT id_number FROM assistance_persons_current")
    assert (edition["state"], edition["rows"], edition["revision"]) == ("loaded", len(stored), 1)
    made = county(lambda size: SEED[:size], PERSONS, [MONTH]).rows("DIBAO_RURAL_PERSON", MONTH)
    assert 10 < len(stored) < made.height
    assert {number for (number,) in stored} < set(made["id_number"])


def test_both_ends_of_the_telephone_read_the_same_groups(setup: Played) -> None:
    exported, imported = setup.shown("edu trust export"), setup.shown("ca trust import edu.json")
    signed, pinned = setup.shown("ca trust sign"), setup.shown("edu trust import trust.json")
    assert GROUPS.findall(exported) == GROUPS.findall(imported) != []
    assert GROUPS.findall(signed) == GROUPS.findall(pinned) != []
    assert GROUPS.findall(exported) != GROUPS.findall(signed)


def test_without_a_village_table_the_file_says_so_once(setup: Played) -> None:
    assert setup.shown("ca import").count("W-AREA") == 1


def test_who_has_no_keys_is_named_and_holds_nobody_up(setup: Played) -> None:
    printed = setup.shown("ca publish")
    states = {line.split()[1]: line for line in printed.splitlines() if "assistance-" in line and line[:1] in "√!"}
    assert "posted" in states["education"]
    assert all("no keys" in states[other] for other in ("hrss", "housing", "emergency", "medical-insurance"))
    assert "gateway trust export" in printed


def test_every_line_once_more_changes_neither_home(desk: Desk) -> None:
    desk.do("edu", "sync")  # reads what the last line has posted
    desk.do("edu", "sync")  # what civil affairs' last sync laid down for everybody
    before = {home: held(desk.folder / home) for home in ("ca", "edu")}
    desk.do("ca", "trust", "import", "edu.json")
    assert desk.do("ca", "trust", "sign").out == (desk.folder / "trust.json").read_text("utf-8")
    desk.do("edu", "trust", "import", "trust.json")
    desk.do("ca", "import", WORKBOOK, "--period", "2023-03")
    desk.do("ca", "publish", "--period", "2023-03")
    desk.do("edu", "collect", "--sink", "sqlite:///edu.db")
    desk.do("edu", "sync")
    desk.do("ca", "sync")
    desk.do("ca", "status", "--month", "2023-03")
    assert {home: changed(before[home], held(desk.folder / home)) for home in before} == {"ca": set(), "edu": set()}
    assert [desk.ask(home, "fsck")["clean"] for home in before] == [True, True]


def test_json_is_the_same_on_every_terminal(desk: Desk) -> None:
    narrow = {"COLUMNS": "20", "TERM": "dumb", "NO_COLOR": "1"}
    wide = {"COLUMNS": "400", "TERM": "xterm-256color", "FORCE_COLOR": "1", "PYTHONIOENCODING": "ascii"}
    for asked in (("status",), ("edition", "list"), ("check", WORKBOOK, "--period", "2023-03"), ("trust", "show")):
        said = [desk.say("ca", "--json", *asked, env=terminal) for terminal in (narrow, wide)]
        assert said[0].out == said[1].out
        assert said[0].document
        assert "\x1b" not in said[1].out


def test_nobody_is_asked_anything(setup: Played) -> None:
    """Standard input is closed in every act, and none of them waits for an answer or shows a prompt."""
    assert not [text for text in setup.printed if "[y/N]" in text or text.rstrip().endswith(("?", "？"))]
