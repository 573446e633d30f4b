"""What a clerk is told of a month before anything goes out: the difference to last month, towns, falls, growth, contradictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import tables
from tests.e2e.desk import Desk
from tests.e2e.months import collect, doubtful, keep, numbers, offer, publish
from tests.e2e.tables import TOWNS, Cells, Person

PEOPLE = tables.people(0, 60)
NEW = tables.people(100, 130)


@pytest.fixture
def loaded(loaded_once: Desk, tmp_path: Path) -> Desk:
    """March is loaded at medical insurance: sixty people."""
    return loaded_once.copy(tmp_path / "offices")


def of_town(town: int) -> list[Person]:
    return [who for who in PEOPLE if who.town == town]


def told(document: dict[str, Any]) -> dict[str, str]:
    """Code -> sentence of the warnings."""
    return {warning["code"]: warning["message"] for warning in document["warnings"]}


def test_an_import_shows_what_changed_since_last_month(loaded: Desk) -> None:
    """Two left, three came, one row is held, one person has another village and remark."""
    changed = PEOPLE[4].cells(备注="搬迁", 所属社=tables.VILLAGES[1 - PEOPLE[4].village])
    rows: list[Person | Cells] = [*PEOPLE[:4], changed, *PEOPLE[5:57], tables.mistyped(PEOPLE[57]), *NEW[:3]]
    assert "against 2023-03 (60 rows): new 3, gone 2, held now 1, changed 1 (" in offer(loaded, "april.csv", rows, "2023-04").out
    document = loaded.ask("ca", "import", "april.csv", "--period", "2023-04")
    assert document["imported"] == "unchanged"
    found = document["checks"][0]["difference"]
    counts = {name: found[name] for name in ("before", "now", "new", "gone", "changed", "held", "mended", "waiting")}
    assert counts == {"before": 60, "now": 60, "new": 3, "gone": 2, "changed": 1, "held": 1, "mended": 0, "waiting": 0}
    assert found["fields"] == {"village": 1, "village_code": 1, "remark": 1}
    assert found["lost"] == []
    checked = loaded.ask("ca", "check", "april.csv", "--period", "2023-04", exit=1)
    assert checked["checks"][0]["difference"] == found, "looking at the file says the same"
    shown = loaded.ask("ca", "publish", "--period", "2023-04", "--dry-run")
    assert shown["checks"][0]["difference"] == found
    assert loaded.ask("ca", "status", "--month", "2023-04")["checks"][0]["difference"] == found


def test_last_months_file_once_more_is_noticed(loaded: Desk) -> None:
    """Nothing in the file says its month, and it is taken for April; a clerk sees that nobody moved at all."""
    tables.roster(loaded.folder / "again.csv", PEOPLE)
    document = loaded.ask("ca", "import", "again.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-04")
    assert set(told(document)) == {"W-MONTH-SAME"}
    assert loaded.ask("ca", "import", "again.csv", "--period", "2023-03")["imported"] == "unchanged"


def test_a_column_that_is_missing_is_named(loaded: Desk) -> None:
    rows = [{name: cell for name, cell in who.cells().items() if name != "家庭地址"} for who in PEOPLE]
    tables.write(loaded.folder / "april.csv", rows)
    document = loaded.ask("ca", "import", "april.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-04")
    assert document["checks"][0]["difference"]["lost"] == ["address"]
    assert "家庭地址" in told(document)["W-MONTH-COLUMN"]


def test_growth_is_said_and_holds_nothing_back(loaded: Desk) -> None:
    document_of(loaded, "april.csv", [*PEOPLE, *NEW[:13]])
    assert publish(loaded, "2023-04")["state"] == "posted"
    assert "21" in told(loaded.ask("ca", "status", "--month", "2023-04"))["W-MONTH-GROWTH"]


def document_of(desk: Desk, name: str, who: list[Person], *more: str) -> dict[str, Any]:
    tables.roster(desk.folder / name, who)
    return desk.ask("ca", "import", name, "--as", "DIBAO_RURAL_PERSON", "--period", "2023-04", *more)


def test_the_guard_sees_a_fall_in_the_towns_that_have_answered(loaded: Desk) -> None:
    """Fifteen of twenty, while two towns are still to come: nobody must wait for them to notice."""
    document = document_of(loaded, "chaoyang.csv", of_town(0)[:15])
    assert document["checks"][0]["towns_missing"] == [TOWNS[1][1], TOWNS[2][1]]
    assert document["checks"][0]["difference"]["waiting"] == 40
    assert set(told(document)) == {"W-MONTH-TOWNS", "W-MONTH-FALL", "W-MONTH-TOWN"}
    assert publish(loaded, "2023-04")["state"] == "awaiting-release"
    sent = publish(loaded, "2023-04", "--accept-fall", "五人核退")
    assert (sent["state"], sent["rows"], sent["unconfirmed"]) == ("posted", 15, 40)


def test_one_town_that_fell_is_named_when_all_have_answered(loaded: Desk) -> None:
    """Over the county it is too little for the guard: fifty-two of sixty."""
    keep(loaded, "a.csv", of_town(0), "2023-04")
    keep(loaded, "b.csv", of_town(1), "2023-04", "--add")
    document = document_of(loaded, "c.csv", of_town(2)[:12], "--add")
    assert set(told(document)) == {"W-MONTH-TOWN"}
    assert TOWNS[2][1] in told(document)["W-MONTH-TOWN"]
    assert publish(loaded, "2023-04")["state"] == "posted"


def test_contradictions_are_said_before_anything_goes_out(loaded: Desk) -> None:
    """Somebody who is dead and on the roster, somebody on two rosters; said by numbers, and each a case with ID and clause."""
    dead, twice = PEOPLE[3], PEOPLE[7]
    document_of(loaded, "april.csv", PEOPLE)
    notice = {"逝者姓名": dead.name, "身份证号码": dead.number, "死亡日期": "2023-04-02", "火化日期": "2023-04-04"}
    tables.write(loaded.folder / "deaths.csv", [notice], title="逝者名单 2023年4月")
    loaded.do("ca", "import", "deaths.csv", "--as", "DEATH", "--period", "2023-04")
    tables.tekun(loaded.folder / "tekun.csv", [twice])
    loaded.do("ca", "import", "tekun.csv", "--as", "TEKUN_PERSON", "--period", "2023-04")
    for command in (("publish", "--period", "2023-04", "--dry-run"), ("status", "--month", "2023-04"), ("publish", "--period", "2023-04")):
        document = loaded.ask("ca", *command)
        assert {"W-CROSSING", "W-DEAD-LISTED"} <= set(told(document)), command
        text = str(document)
        assert dead.number not in text
        assert twice.name not in text
    counts = {(case["rule"], case["case"]): case["count"] for case in loaded.ask("ca", "cases", "--as-of", "2023-04-30")["cases"]}
    assert (counts["R18", "CONFLICT"], counts["R4", "RECHECK"]) == (1, 1)


def test_a_recall_holds_back_nobody_else(loaded: Desk) -> None:
    """Medical insurance's edition was recalled; housing's and education's complete themselves all the same."""
    keep(loaded, "april.csv", [*PEOPLE[:59], tables.mistyped(PEOPLE[59])], "2023-04")
    publish(loaded, "2023-04")
    loaded.do("ca", "edition", "recall", "522722.assistance-persons.medical-insurance.2023-04.r1", "--reason", "发错了")
    keep(loaded, "april2.csv", PEOPLE, "2023-04", "--replace", "号码已改正")
    document = loaded.ask("ca", "publish", "--period", "2023-04", "--feed", "assistance-persons")
    sent = {edition["to"]: (edition["revision"], edition["kind"], edition["rows"]) for edition in document["editions"]}
    assert sent["education"][:2] == (2, "snapshot")
    assert sent["medical-insurance"] == (2, "withdrawn", 0)
    again = loaded.say("ca", "--json", "publish", "--period", "2023-04", "--feed", "assistance-persons")
    assert (again.exit, again.document["error"]["code"]) == (5, "E-EDITION-WITHDRAWN"), "nothing else is due"
    assert publish(loaded, "2023-04", "--revise", "现在对了")["rows"] == 60


def test_a_correction_of_march_renews_whom_april_leaves_unconfirmed(loaded: Desk) -> None:
    """April is partial, and names March's people as unconfirmed; March turns out to have had one more."""
    keep(loaded, "april.csv", of_town(0), "2023-04")
    assert publish(loaded, "2023-04")["unconfirmed"] == 40
    collect(loaded)
    late = next(who for who in NEW if who.town == 1)
    keep(loaded, "march2.csv", [*PEOPLE, late], "2023-03", "--replace", "漏报一人")
    publish(loaded, "2023-03", "--revise", "漏报一人")
    sent = publish(loaded, "2023-04")
    assert (sent["revision"], sent["rows"], sent["unconfirmed"]) == (2, 20, 41)
    collect(loaded)
    assert doubtful(loaded) == numbers([*of_town(1), *of_town(2), late])
    assert publish(loaded, "2023-04")["revision"] == 2, "and once is enough"
