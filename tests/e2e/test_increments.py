"""Increments for rural revitalization: who is new, who only seems so, and who was owed from the month that held their row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import tables
from tests.e2e.desk import Desk
from tests.e2e.months import keep, numbers, publish
from tests.e2e.tables import Person
from tests.e2e.traces import rows

FEED, RURAL = "new-assistance", "rural-revitalization"
PEOPLE = tables.people(0, 60)
NEW = tables.people(100, 106)


def increment(desk: Desk, month: str, *more: str) -> dict[str, Any]:
    return publish(desk, month, *more, feed=FEED, to=RURAL)


def reported(desk: Desk, month: str) -> dict[str, str]:
    """ID number -> kind of change, as rural revitalization holds them of a month."""
    done = desk.ask("rur", "collect", "--sink", "sqlite:///rur.db")
    assert done["refused"] == []
    found = rows(desk.folder / "rur.db", f"SELECT id_number, change_type FROM new_assistance WHERE _period = '{month}'")  # noqa: S608 (a month)
    assert len({number for number, _ in found}) == len(found)
    return {str(number): str(kind) for number, kind in found}


def changes(path: Path, *said: tuple[str, Person, dict[str, str]]) -> Path:
    """A change list (动态调整表)."""
    who_and_what = ["变更类型", "保障类别", "姓名", "身份证号", "原身份证号", "户主姓名", "户主身份证号"]
    headers = [*who_and_what, "原乡镇村", "现乡镇村", "变更原因", "生效月"]
    always = {"保障类别": "农村低保", "生效月": "2023-04"}
    lines = [{**always, "变更类型": kind, "姓名": who.name, "身份证号": who.number, **more} for kind, who, more in said]
    return tables.write(path, lines, headers=headers)


@pytest.fixture
def known(founded: Desk) -> Desk:
    """March is imported and nothing was ever published: the roster decides who is known, not what was sent."""
    keep(founded, "march.csv", PEOPLE, "2023-03")
    return founded


def test_the_first_month_has_nothing_to_compare_with(known: Desk) -> None:
    sent = increment(known, "2023-03")
    assert (sent["state"], sent["manifest"]) == ("no-base", None)
    assert known.ask("rur", "collect", "--sink", "sqlite:///rur.db")["collected"] == []


def test_new_households_and_new_members(known: Desk) -> None:
    """Two new people are a household, one joins a household that was there; somebody who left is not in it."""
    member = tables.person(107, head=PEOPLE[0].number, cert=PEOPLE[0].cert)
    keep(known, "april.csv", [*PEOPLE[:-1], *NEW[:2], member], "2023-04")
    sent = increment(known, "2023-04")
    assert (sent["state"], sent["kind"], sent["rows"]) == ("posted", "increment", 3)
    assert reported(known, "2023-04") == {NEW[0].number: "NEW_HOUSEHOLD", NEW[1].number: "NEW_HOUSEHOLD", member.number: "NEW_PERSON"}


def test_nobody_new_is_an_edition_all_the_same(known: Desk) -> None:
    """Absent means nothing in an increment, but silence would be taken for a forgotten month."""
    keep(known, "april.csv", PEOPLE, "2023-04")
    assert increment(known, "2023-04")["rows"] == 0
    done = known.ask("rur", "collect", "--sink", "sqlite:///rur.db")
    assert [(each["result"], each["rows"]) for each in done["collected"]] == [("loaded", 0)]


def test_whose_row_was_held_last_month_is_not_new(founded: Desk) -> None:
    """They were on the roster of March, unreadable: that is known, so in April they are no newcomers."""
    keep(founded, "march.csv", [*PEOPLE[:58], tables.mistyped(PEOPLE[58]), tables.undated(PEOPLE[59])], "2023-03")
    keep(founded, "april.csv", [*PEOPLE, NEW[0]], "2023-04")
    assert increment(founded, "2023-04")["rows"] == 1
    assert reported(founded, "2023-04") == {NEW[0].number: "NEW_HOUSEHOLD"}


def test_a_corrected_number_is_not_a_new_person(known: Desk) -> None:
    """The certificate is the same and so is the name; for another the change list says it."""
    silent = tables.person(150, name=PEOPLE[4].name, cert=PEOPLE[4].cert)
    said = tables.person(152, name="改名者", cert="NB522722999999")
    kept = [who for who in PEOPLE if who not in (PEOPLE[4], PEOPLE[6])]
    keep(known, "april.csv", [*kept, silent, said, NEW[0]], "2023-04")
    changes(known.folder / "changes.csv", ("身份证更正", said, {"原身份证号": PEOPLE[6].number}))
    known.do("ca", "import", "changes.csv", "--as", "CHANGE_LIST", "--period", "2023-04")
    assert increment(known, "2023-04")["rows"] == 1
    assert set(reported(known, "2023-04")) == {NEW[0].number}


def test_who_comes_back_is_reincluded(known: Desk) -> None:
    left = {"姓名": NEW[0].name, "身份证号": NEW[0].number, "户主姓名": NEW[0].name, "户主身份证号": NEW[0].number}
    register = {"原救助类型": "农村低保", **left, "与户主关系": "户主", "退出月份": "2022-11", "退出原因": "收入超标"}
    tables.write(known.folder / "exits.csv", [register])
    known.do("ca", "import", "exits.csv", "--as", "EXIT_REGISTER", "--period", "2023-03")
    keep(known, "april.csv", [*PEOPLE, *NEW[:2]], "2023-04")
    increment(known, "2023-04")
    assert reported(known, "2023-04") == {NEW[0].number: "REINCLUDED", NEW[1].number: "NEW_HOUSEHOLD"}


def test_who_was_held_when_new_is_owed_until_the_row_is_good(known: Desk) -> None:
    """Held in April, still held in May, accepted in June: reported in June, once, although May knew the row already."""
    owed = tables.mistyped(NEW[0])
    keep(known, "april.csv", [*PEOPLE, owed], "2023-04")
    keep(known, "may.csv", [*PEOPLE, owed, NEW[2]], "2023-05")
    keep(known, "june.csv", [*PEOPLE, NEW[0], NEW[2]], "2023-06")
    keep(known, "july.csv", [*PEOPLE, NEW[0], NEW[2]], "2023-07")
    assert [increment(known, month)["rows"] for month in ("2023-04", "2023-05", "2023-06", "2023-07")] == [0, 1, 1, 0]
    assert reported(known, "2023-05") == {NEW[2].number: "NEW_HOUSEHOLD"}
    assert reported(known, "2023-06") == {NEW[0].number: "NEW_HOUSEHOLD"}


def test_a_number_that_is_mended_pays_the_debt_too(known: Desk) -> None:
    """The owed row is met by name and certificate, since nobody could read its number."""
    keep(known, "april.csv", [*PEOPLE, tables.undated(NEW[0]), tables.mistyped(NEW[2])], "2023-04")
    keep(known, "may.csv", [*PEOPLE, NEW[0], NEW[2]], "2023-05")
    assert increment(known, "2023-04")["rows"] == 0
    increment(known, "2023-05")
    assert set(reported(known, "2023-05")) == numbers([NEW[0], NEW[2]])


def test_no_one_owed_is_named_in_the_database(known: Desk) -> None:
    keep(known, "april.csv", [*PEOPLE, tables.undated(NEW[0])], "2023-04")
    keep(known, "may.csv", [*PEOPLE, NEW[0]], "2023-05")
    increment(known, "2023-04")
    increment(known, "2023-05")
    database = (known.folder / "ca" / "state.db").read_bytes()
    assert NEW[0].number.encode() not in database
    assert NEW[0].name.encode() not in database


def test_a_month_without_its_list_gives_no_increment_and_is_named(known: Desk) -> None:
    tables.tekun(known.folder / "tekun3.csv", [tables.person(80)])
    known.do("ca", "import", "tekun3.csv", "--as", "TEKUN_PERSON", "--period", "2023-03")
    tables.tekun(known.folder / "tekun4.csv", [tables.person(80), tables.person(82)])
    known.do("ca", "import", "tekun4.csv", "--as", "TEKUN_PERSON", "--period", "2023-04")
    sent = increment(known, "2023-04")
    assert (sent["rows"], {each["list"]: each["state"] for each in sent["sources"]}["DIBAO_RURAL_PERSON"]) == (1, "missing")
    assert set(reported(known, "2023-04")) == {tables.person(82).number}
    keep(known, "april.csv", [*PEOPLE, NEW[0]], "2023-04")
    assert (increment(known, "2023-04")["revision"], increment(known, "2023-04")["rows"]) == (2, 2)
    assert set(reported(known, "2023-04")) == {tables.person(82).number, NEW[0].number}


def test_a_town_that_did_not_answer_is_not_new_when_it_does(known: Desk) -> None:
    """April comes by town and one never comes; in May it is there again, with one who is really new."""
    towns = [[who for who in PEOPLE if who.town == town] for town in range(3)]
    keep(known, "a.csv", towns[0], "2023-04")
    keep(known, "b.csv", towns[1], "2023-04", "--add")
    assert increment(known, "2023-04")["rows"] == 0
    newcomer = next(who for who in NEW if who.town == 2)
    keep(known, "may.csv", [*PEOPLE, newcomer], "2023-05")
    increment(known, "2023-05")
    assert set(reported(known, "2023-05")) == {newcomer.number}
    keep(known, "c.csv", [*towns[2], newcomer], "2023-04", "--add")
    assert set(reported(known, "2023-05")) == {newcomer.number}, "what was sent stands"
    assert increment(known, "2023-04")["rows"] == 1, "they came in April, as is known now"
    assert increment(known, "2023-05", "--revise", "甲良镇四月补报")["rows"] == 0
    assert set(reported(known, "2023-04")) == {newcomer.number}


def test_who_came_while_the_list_was_missing_is_owed(known: Desk) -> None:
    """No list in April. In May there is no increment, for want of a base; in June whoever came meanwhile goes out, once."""
    keep(known, "may.csv", [*PEOPLE, *NEW[:2]], "2023-05")
    assert increment(known, "2023-05")["state"] == "no-base"
    keep(known, "june.csv", [*PEOPLE, *NEW[:2], NEW[4]], "2023-06")
    assert increment(known, "2023-06")["rows"] == 3
    assert set(reported(known, "2023-06")) == numbers([NEW[0], NEW[1], NEW[4]])
    keep(known, "july.csv", [*PEOPLE, *NEW[:2], NEW[4]], "2023-07")
    assert increment(known, "2023-07")["rows"] == 0


def test_a_revised_march_is_the_base_of_april(known: Desk) -> None:
    """March turns out to have had one whom April reported as new."""
    keep(known, "april.csv", [*PEOPLE, *NEW[:2]], "2023-04")
    assert increment(known, "2023-04")["rows"] == 2
    keep(known, "march2.csv", [*PEOPLE, NEW[0]], "2023-03", "--replace", "漏报一人")
    said = known.say("ca", "--json", "publish", "--period", "2023-04", "--feed", FEED)
    assert (said.exit, said.document["error"]["code"]) == (5, "E-EDITION-CHANGED")
    assert increment(known, "2023-04", "--revise", "三月更正")["rows"] == 1
    assert set(reported(known, "2023-04")) == {NEW[1].number}


def test_moving_over_to_tekun_is_a_transfer(known: Desk) -> None:
    """From rural dibao to tekun: rural revitalization hears of it as such, and not as of a new household."""
    tables.tekun(known.folder / "tekun3.csv", [tables.person(80)])
    known.do("ca", "import", "tekun3.csv", "--as", "TEKUN_PERSON", "--period", "2023-03")
    tables.tekun(known.folder / "tekun4.csv", [tables.person(80), PEOPLE[0]])
    known.do("ca", "import", "tekun4.csv", "--as", "TEKUN_PERSON", "--period", "2023-04")
    keep(known, "april.csv", PEOPLE[1:], "2023-04")
    increment(known, "2023-04")
    assert reported(known, "2023-04") == {PEOPLE[0].number: "TRANSFER"}


def test_a_correction_takes_the_place_of_its_own_rows(known: Desk) -> None:
    """The revision of an increment replaces what that increment brought and touches no other month."""
    keep(known, "april.csv", [*PEOPLE, *NEW[:2]], "2023-04")
    increment(known, "2023-04")
    keep(known, "may.csv", [*PEOPLE, *NEW[:2], NEW[4]], "2023-05")
    increment(known, "2023-05")
    assert set(reported(known, "2023-05")) == {NEW[4].number}
    keep(known, "april2.csv", [*PEOPLE, NEW[0]], "2023-04", "--replace", "多报一人")
    assert increment(known, "2023-04", "--revise", "多报一人")["revision"] == 2
    assert set(reported(known, "2023-04")) == {NEW[0].number}
    assert set(reported(known, "2023-05")) == {NEW[4].number}
