"""A recipient never takes somebody for gone whose row was held, whose list is missing, or whose town has yet to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import tables
from tests.e2e.conftest import RURAL
from tests.e2e.desk import Desk
from tests.e2e.months import MEDICAL, collect, doubtful, keep, numbers, publish, seen
from tests.e2e.tables import TOWNS, Person

PEOPLE = tables.people(0, 60)


@pytest.fixture
def loaded(loaded_once: Desk, tmp_path: Path) -> Desk:
    """March is loaded at medical insurance: sixty people."""
    return loaded_once.copy(tmp_path / "offices")


def of_town(town: int) -> list[Person]:
    return [who for who in PEOPLE if who.town == town]


def source(edition: dict[str, object], code: str = RURAL) -> tuple[object, object]:
    sources = edition["sources"]
    assert isinstance(sources, list)
    return next((each["state"], each["held"]) for each in sources if each["list"] == code)


def test_who_is_held_stays_and_who_left_is_gone(loaded: Desk) -> None:
    """One with a mistyped number, one with an impossible month; a third has really left."""
    keep(loaded, "april.csv", [*PEOPLE[:57], tables.mistyped(PEOPLE[57]), tables.undated(PEOPLE[58])], "2023-04")
    sent = publish(loaded, "2023-04")
    assert (sent["rows"], sent["unconfirmed"], source(sent)) == (57, 2, ("partial", 2))
    collect(loaded)
    assert set(seen(loaded)) == numbers(PEOPLE[:59])
    assert doubtful(loaded) == numbers(PEOPLE[57:59])


def test_who_is_held_two_months_in_a_row_is_still_there(loaded: Desk) -> None:
    """In the second month the row is matched against last month as the partner has it, the unconfirmed included."""
    bad = [tables.mistyped(PEOPLE[57]), tables.undated(PEOPLE[58])]
    keep(loaded, "april.csv", [*PEOPLE[:57], *bad], "2023-04")
    publish(loaded, "2023-04")
    collect(loaded)
    keep(loaded, "may.csv", [*PEOPLE[:56], *bad], "2023-05")
    sent = publish(loaded, "2023-05")
    assert (sent["rows"], sent["unconfirmed"]) == (56, 2)
    collect(loaded)
    assert doubtful(loaded) == numbers(PEOPLE[57:59])
    assert PEOPLE[56].number not in seen(loaded)
    keep(loaded, "june.csv", [*PEOPLE[:56], PEOPLE[57]], "2023-06")
    assert publish(loaded, "2023-06")["unconfirmed"] == 0
    collect(loaded)
    assert set(seen(loaded)) == numbers([*PEOPLE[:56], PEOPLE[57]])
    assert doubtful(loaded) == set()


def test_a_held_row_is_met_across_a_month_that_was_never_sent(loaded: Desk) -> None:
    """No list at all in April; in May one row is held, and its person stands in the partner's March."""
    keep(loaded, "may.csv", [*PEOPLE[:58], tables.mistyped(PEOPLE[58])], "2023-05")
    sent = publish(loaded, "2023-05")
    assert (sent["rows"], sent["unconfirmed"]) == (58, 1)
    collect(loaded)
    assert set(seen(loaded)) == numbers(PEOPLE[:59])
    assert doubtful(loaded) == {PEOPLE[58].number}


def test_a_held_row_that_fits_nobody_keeps_its_town(loaded: Desk) -> None:
    """A stranger's row is held in Chaoyang: it may be anybody of the town who is absent; the absent of other towns are gone."""
    there = [who for who in PEOPLE if who not in (of_town(0)[-1], of_town(1)[-1])]
    stranger = tables.mistyped(tables.person(200))
    keep(loaded, "april.csv", [*there, {**stranger, "所属街": TOWNS[0][1]}], "2023-04")
    publish(loaded, "2023-04")
    collect(loaded)
    assert doubtful(loaded) == {of_town(0)[-1].number}
    assert of_town(1)[-1].number not in seen(loaded)


def test_of_a_missing_list_nobody_is_gone(loaded: Desk) -> None:
    """Only tekun comes in April: everyone on rural dibao stays, marked; when the list comes it completes the edition by itself."""
    tables.tekun(loaded.folder / "tekun.csv", [tables.person(80)])
    loaded.do("ca", "import", "tekun.csv", "--as", "TEKUN_PERSON", "--period", "2023-04")
    sent = publish(loaded, "2023-04")
    assert (sent["rows"], sent["unconfirmed"], source(sent)) == (1, 60, ("missing", 0))
    collect(loaded)
    assert doubtful(loaded) == numbers(PEOPLE)
    assert set(seen(loaded)) - doubtful(loaded) == {tables.person(80).number}
    keep(loaded, "april.csv", PEOPLE[2:], "2023-04")
    sent = publish(loaded, "2023-04")
    assert (sent["revision"], sent["rows"], sent["unconfirmed"]) == (2, 59, 0)
    collect(loaded)
    assert set(seen(loaded)) == numbers([*PEOPLE[2:], tables.person(80)])
    assert doubtful(loaded) == set()


def test_what_was_partial_completes_itself_and_what_was_complete_does_not(loaded: Desk) -> None:
    """The mended list of a month with held rows goes out as the next revision; a changed complete one wants its reason."""
    keep(loaded, "april.csv", [*PEOPLE[:58], tables.mistyped(PEOPLE[58])], "2023-04")
    publish(loaded, "2023-04")
    keep(loaded, "april2.csv", PEOPLE[:59], "2023-04", "--replace", "号码已改正")
    sent = publish(loaded, "2023-04")
    assert (sent["revision"], sent["rows"], source(sent)) == (2, 59, ("complete", 0))
    assert [result for _, result, _ in collect(loaded)] == ["loaded", "loaded"]
    assert doubtful(loaded) == set()
    keep(loaded, "april3.csv", PEOPLE[:58], "2023-04", "--replace", "又改")
    said = loaded.say("ca", "--json", "publish", "--period", "2023-04")
    assert (said.exit, said.document["error"]["code"]) == (5, "E-EDITION-CHANGED")
    assert publish(loaded, "2023-04", "--revise", "又改")["revision"] == 3


def test_a_list_in_parts_waits_for_every_town(loaded: Desk) -> None:
    keep(loaded, "chaoyang.csv", of_town(0), "2023-04")
    sent = publish(loaded, "2023-04")
    assert (sent["state"], sent["rows"], sent["unconfirmed"], source(sent)) == ("posted", 20, 40, ("partial", 0))
    collect(loaded)
    assert doubtful(loaded) == numbers([*of_town(1), *of_town(2)])
    keep(loaded, "maolan.csv", of_town(1)[:-1], "2023-04", "--add")
    sent = publish(loaded, "2023-04")
    assert (sent["revision"], sent["rows"], sent["unconfirmed"]) == (2, 39, 20)
    collect(loaded)
    assert doubtful(loaded) == numbers(of_town(2))
    assert of_town(1)[-1].number not in seen(loaded), "a town that has answered has answered"
    keep(loaded, "jialiang.csv", of_town(2), "2023-04", "--add")
    sent = publish(loaded, "2023-04")
    assert (sent["revision"], sent["rows"], sent["unconfirmed"], source(sent)) == (3, 59, 0, ("complete", 0))
    collect(loaded)
    assert set(seen(loaded)) == numbers([*of_town(0), *of_town(1)[:-1], *of_town(2)])


def nil_of(desk: Desk, town: str, name: str) -> None:
    headers = list(tables.person(0).cells())
    tables.write(desk.folder / name, [{"姓名": "本月无低保对象（零报告）"}], headers=headers, title=f"{town}农村低保人员 2023年4月")


def test_a_towns_nil_answers_for_it_and_takes_nobody_away(loaded: Desk) -> None:
    """Nil of Jialiang after the two others: the list is complete, Jialiang's people are absent from it and gone: that is a fall,
    and waits for a person. Nil of one town while another is out takes nobody of the other."""
    nil_of(loaded, TOWNS[2][1], "nil.csv")
    loaded.do("ca", "import", "nil.csv", "--as", RURAL, "--period", "2023-04")
    sent = publish(loaded, "2023-04")
    assert (sent["rows"], sent["unconfirmed"], source(sent)) == (0, 40, ("partial", 0))
    collect(loaded)
    assert doubtful(loaded) == numbers([*of_town(0), *of_town(1)])
    keep(loaded, "rest.csv", of_town(0), "2023-04", "--add")
    keep(loaded, "rest2.csv", of_town(1), "2023-04", "--add")
    waiting = publish(loaded, "2023-04")
    assert waiting["state"] == "awaiting-release"
    sent = publish(loaded, "2023-04", "--accept-fall", "甲良镇全部核退")
    assert (sent["rows"], sent["unconfirmed"], source(sent)) == (40, 0, ("complete", 0))


def test_somebody_says_that_no_more_is_to_come(loaded: Desk) -> None:
    """`--complete`: the towns without a file have nobody any more."""
    keep(loaded, "chaoyang.csv", of_town(0), "2023-04")
    keep(loaded, "maolan.csv", [*of_town(1), *of_town(2)[:12]], "2023-04", "--add")
    assert publish(loaded, "2023-04")["state"] == "posted"
    keep(loaded, "maolan.csv", [*of_town(1), *of_town(2)[:12]], "2023-04", "--complete", "甲良镇已并入")
    sent = publish(loaded, "2023-04")
    assert (sent["rows"], sent["unconfirmed"], source(sent)) == (52, 0, ("complete", 0))


def test_a_row_of_another_town_does_not_close_the_list(loaded: Desk) -> None:
    """Somebody of Chaoyang stands in Maolan's file: Jialiang is still awaited, and none of its people are gone."""
    keep(loaded, "chaoyang.csv", of_town(0)[:-1], "2023-04")
    keep(loaded, "maolan.csv", [*of_town(1), of_town(0)[-1]], "2023-04", "--add")
    sent = publish(loaded, "2023-04")
    assert (sent["rows"], sent["unconfirmed"]) == (40, 20)
    collect(loaded)
    assert doubtful(loaded) == numbers(of_town(2))


def test_an_id_of_an_earlier_part_is_kept_once_and_said(loaded: Desk) -> None:
    keep(loaded, "chaoyang.csv", of_town(0), "2023-04")
    tables.roster(loaded.folder / "maolan.csv", [*of_town(1), of_town(0)[0]])
    done = loaded.ask("ca", "import", "maolan.csv", "--as", RURAL, "--period", "2023-04", "--add")
    assert done["kept"] == [{"list": RURAL, "part": 1, "accepted": 20, "rejected": 1}]
    assert (done["accepted"], done["rejected"]) == (20, 1)
    finding = next(each for each in done["findings"] if each["code"] == "E-ID-DUP")
    assert (finding["cell"], finding["field"], finding["severity"]) == ("B22", "id_number", "error")
    assert of_town(0)[0].number not in str(done)
    assert publish(loaded, "2023-04")["rows"] == 40


def test_a_supplement_to_a_whole_list_does_not_reopen_it(loaded: Desk) -> None:
    """The county's list is in; two forgotten people of one town follow."""
    keep(loaded, "april.csv", PEOPLE[:58], "2023-04")
    assert source(publish(loaded, "2023-04")) == ("complete", 0)
    keep(loaded, "more.csv", PEOPLE[58:], "2023-04", "--add")
    said = loaded.say("ca", "--json", "publish", "--period", "2023-04")
    assert (said.exit, said.document["error"]["code"]) == (5, "E-EDITION-CHANGED")
    assert publish(loaded, "2023-04", "--revise", "漏报两人")["rows"] == 60


def test_the_sender_says_which_edition_is_incomplete(loaded: Desk) -> None:
    keep(loaded, "april.csv", [*PEOPLE[:58], tables.mistyped(PEOPLE[58])], "2023-04")
    said = loaded.do("ca", "publish", "--period", "2023-04", lang="zh")
    assert "DIBAO_RURAL_PERSON 不完整，暂缓 1 行" in said.out
    assert "TEKUN_PERSON" in next(line for line in said.out.splitlines() if "缺来源表" in line)
    shown = loaded.do("ca", "edition", "show", f"522722.assistance-persons.{MEDICAL}.2023-04.r1", lang="zh")
    assert "待确认（沿用上月）1 行" in shown.out
