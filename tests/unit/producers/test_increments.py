"""R11 on the shared samples and by hand: who is new, who only seems so, who is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from contracts.frames import ListFrames
from contracts.ids import Period
from producers.increments import Increments, increments
from tests.unit.consumers.rules.county import APRIL, MARCH, dibao, frames, person
from tests.unit.consumers.rules.samples import expected, load

NAMES = {"MARCH_ROW_HELD": "BASE_ROW_HELD", "MARCH_ROW_LEFT_OUT": "BASE_ROW_LEFT_OUT"}
RURAL = "DIBAO_RURAL_PERSON"


def of_samples() -> Increments:
    march, april = load("2023-03"), load("2023-04")
    return increments(march, april, APRIL, exits=[march["EXIT_REGISTER"]], changes=[april["CHANGE_LIST"]])


def by_id(found: Increments, frame: str, category: str, column: str) -> dict[str, Any]:
    rows = getattr(found.frames, frame).to_dicts()
    return {r["id_number"]: r[column] for r in rows if r["category"] == category}


@pytest.mark.parametrize("category", ["DIBAO_RURAL", "TEKUN"])
def test_everybody_of_the_samples_equals_the_oracle(category: str) -> None:
    found, want = of_samples(), expected()["r11"]["by_category"][category]
    assert (found.state, found.missing) == ("planned", ())
    assert by_id(found, "rows", category, "change_type") == {w["id"]: w["kind"] for w in want["new"]}
    assert by_id(found, "not_new", category, "why") == {w["id"]: NAMES.get(w["why"], w["why"]) for w in want["not_new"]}
    assert by_id(found, "exits", category, "reason") == {w["id"]: w["reason"] for w in want["exits"]}
    assert by_id(found, "held", category, "codes") == {w["id"]: w["april_codes"] for w in want["held_not_exit"]}
    assert found.frames.owed.is_empty(), "everybody held in April was there in March"


def test_the_rows_say_where_they_stand() -> None:
    rows = of_samples().frames.rows
    accepted = load("2023-04")[RURAL].accepted
    ours = rows.filter(rows["list"] == RURAL)
    assert ours.join(accepted, on=["_file", "_sheet", "_row", "id_number"], how="inner").height == ours.height == 35
    assert set(rows["since"]) == {"2023-04"}


def month(period: Period, rows: Sequence[Any] = (), held: Sequence[Any] = (), **more: ListFrames) -> dict[str, ListFrames]:
    lists = {"TEKUN_PERSON": frames("TEKUN_PERSON", period=period), RURAL: frames(RURAL, rows, held, period)}
    return lists | more


def result(base: Mapping[str, ListFrames], current: Mapping[str, ListFrames], **more: Any) -> tuple[dict[str, str], dict[str, str]]:
    frames_ = increments(base, current, APRIL, **more).frames
    rows = dict(frames_.rows.select("id_number", "change_type").iter_rows())
    return rows, dict(frames_.not_new.select("id_number", "why").iter_rows())


def change(kind: str, number: int, **other: Any) -> list[ListFrames]:
    row = {"change_type": kind, "category": "DIBAO_RURAL", "name": f"名{number}", "id_number": person(number)} | other
    return [frames("CHANGE_LIST", [row], period=APRIL)]


def left(number: int, **other: Any) -> list[ListFrames]:
    row = {
        "category": "DIBAO_RURAL",
        "name": f"名{number}",
        "id_number": person(number),
        "head_id": person(number),
        "exit_month": "2022-07",
    }
    return [frames("EXIT_REGISTER", [row | other])]


def test_kinds_follow_from_the_rosters_alone() -> None:
    """An unlisted newcomer is new: the roster decides, no change list is needed."""
    base = month(MARCH, [dibao(1)])
    current = month(APRIL, [dibao(1), dibao(2, 1), dibao(3), dibao(4, 3)])
    assert result(base, current) == ({person(2): "NEW_PERSON", person(3): "NEW_HOUSEHOLD", person(4): "NEW_HOUSEHOLD"}, {})


def test_a_new_head_of_a_known_household_is_a_new_person() -> None:
    base = month(MARCH, [dibao(1), dibao(2, 1)])
    current = month(APRIL, [dibao(9), dibao(2, 9)])
    assert result(base, current)[0] == {person(9): "NEW_PERSON"}


def test_without_a_head_the_certificate_tells_the_household() -> None:
    current = month(APRIL, [dibao(1), dibao(2, 1, head_id=None)])
    assert result(month(MARCH, [dibao(1)]), current)[0] == {person(2): "NEW_PERSON"}


def test_back_from_the_exit_register() -> None:
    current = month(APRIL, [dibao(1)])
    assert result(month(MARCH), current, exits=left(1))[0] == {person(1): "REINCLUDED"}
    assert result(month(MARCH), current, changes=change("REINCLUDED", 1))[0] == {person(1): "REINCLUDED"}


def test_back_from_an_unreadable_row_of_the_register() -> None:
    row = {"name": "名1", "head_id": person(1), "exit_month": "2022-07", "codes": ["E-ID-CHK"]}
    assert result(month(MARCH), month(APRIL, [dibao(1)]), exits=[frames("EXIT_REGISTER", [], [row])])[0] == {person(1): "REINCLUDED"}


def test_from_another_category() -> None:
    tekun = frames("TEKUN_PERSON", [{"name": "名1", "id_number": person(1), "cert_no": "TK1"}], period=APRIL)
    current = month(APRIL, TEKUN_PERSON=tekun)
    assert result(month(MARCH, [dibao(1)]), current)[0] == {person(1): "TRANSFER"}
    on_both = month(APRIL, [dibao(1)], TEKUN_PERSON=tekun)
    assert result(month(MARCH, [dibao(1)]), on_both)[0] == {person(1): "NEW_HOUSEHOLD"}, (
        "who is still on the other roster did not come from it"
    )
    urban = month(MARCH, DIBAO_URBAN_PERSON=frames("DIBAO_URBAN_PERSON", [dibao(1)]))
    assert result(urban, month(APRIL, [dibao(1)]))[0] == {person(1): "TRANSFER"}, "the urban list is missing this month"


def test_a_held_row_with_the_same_id_comes_good() -> None:
    base = month(MARCH, [], [dibao(1) | {"codes": ["E-AMOUNT"]}])
    assert result(base, month(APRIL, [dibao(1)])) == ({}, {person(1): "BASE_ROW_HELD"})


@pytest.mark.parametrize(
    ("held", "known"),
    [
        (dibao(1, 5, id_number=None), True),
        (dibao(1, 5, id_number=None, head_id=None), True),
        (dibao(1, 5, id_number=None, cert_no=None), True),
        (dibao(1, 5, id_number=None, cert_no="NB77"), False),
        (dibao(1, 5, id_number=None, name="别名"), False),
        (dibao(1, 5, id_number=None, cert_no=None, head_id=None), False),
        (dibao(1, 5, id_number=person(700)), True),
    ],
    ids=[
        "name and certificate",
        "head unreadable",
        "name and head",
        "another certificate",
        "another name",
        "name alone",
        "another readable number",
    ],
)
def test_a_held_row_under_another_number(held: dict[str, Any], known: bool) -> None:
    base = month(MARCH, [dibao(5)], [held | {"codes": ["E-ID-CHK"]}])
    rows, why = result(base, month(APRIL, [dibao(5), dibao(1, 5)]))
    assert (rows, why) == (({}, {person(1): "BASE_ROW_HELD"}) if known else ({person(1): "NEW_PERSON"}, {}))


def test_a_held_row_whose_person_is_still_there_explains_nobody() -> None:
    base = month(MARCH, [dibao(5)], [dibao(1, 5, id_number=person(700)) | {"codes": ["E-DATE"]}])
    current = month(APRIL, [dibao(5), dibao(1, 5), dibao(1, 5, id_number=person(700))])
    assert result(base, current)[0] == {person(1): "NEW_PERSON"}, "two persons of one name in one household"


def test_a_duplicate_under_another_name_was_somebody_else() -> None:
    base = month(MARCH, [dibao(5)], [dibao(1, 5, id_number=person(5)) | {"codes": ["E-ID-DUP"]}])
    assert result(base, month(APRIL, [dibao(5), dibao(1, 5)]))[1] == {person(1): "BASE_ROW_HELD"}


def test_an_accepted_row_that_is_gone_with_the_same_name_and_certificate_was_the_same_person() -> None:
    base = month(MARCH, [dibao(5), dibao(1, 5, id_number=person(700))])
    current = month(APRIL, [dibao(5), dibao(1, 5)])
    assert result(base, current) == ({}, {person(1): "ID_CORRECTION"})
    assert increments(base, current, APRIL).frames.exits.is_empty()


def test_an_accepted_row_that_stays_is_not() -> None:
    base = month(MARCH, [dibao(5), dibao(1, 5, id_number=person(700))])
    current = month(APRIL, [dibao(5), dibao(1, 5), dibao(1, 5, id_number=person(700))])
    assert result(base, current)[0] == {person(1): "NEW_PERSON"}


def test_named_as_head_and_left_out_last_month() -> None:
    assert result(month(MARCH, [dibao(2, 1)]), month(APRIL, [dibao(1), dibao(2, 1)])) == ({}, {person(1): "BASE_ROW_LEFT_OUT"})


@pytest.mark.parametrize(
    ("held", "old"),
    [
        ({"raw": '["名8", "52272219500109901"]'}, "52272219500109901"),
        ({"raw": '["名8", "５２２７２２ 500109901"]'}, "522722500109901"),
        ({"raw": '["名8", "52272219500109901x"]'}, "52272219500109901X"),
    ],
)
def test_a_correction_whose_old_row_was_rejected(held: dict[str, Any], old: str) -> None:
    """The name was wrong as well, so that only the change list and the raw cell tell."""
    row = dibao(8, 5, id_number=None, cert_no=None) | {"codes": ["E-ID-CHK"]} | held
    base, current = month(MARCH, [dibao(5)], [row]), month(APRIL, [dibao(5), dibao(1, 5)])
    assert result(base, current)[0] == {person(1): "NEW_PERSON"}
    assert result(base, current, changes=change("ID_CORRECTION", 1, old_id_number=old)) == ({}, {person(1): "ID_CORRECTION"})


def test_a_correction_from_an_accepted_row() -> None:
    base, current = month(MARCH, [dibao(5), dibao(700, 5)]), month(APRIL, [dibao(5), dibao(1, 5)])
    said = change("ID_CORRECTION", 1, old_id_number=person(700))
    assert result(base, current, changes=said) == ({}, {person(1): "ID_CORRECTION"})
    assert increments(base, current, APRIL, changes=said).frames.exits.is_empty()


@pytest.mark.parametrize("old", [person(701), person(5), None])
def test_a_correction_from_nobody_or_from_somebody_still_there_is_not_believed(old: str | None) -> None:
    base, current = month(MARCH, [dibao(5)]), month(APRIL, [dibao(5), dibao(1, 5)])
    assert result(base, current, changes=change("ID_CORRECTION", 1, old_id_number=old))[0] == {person(1): "NEW_PERSON"}


@pytest.mark.parametrize(
    ("kind", "place", "why"),
    [
        ("MOVE", "甲镇", "MOVE"), ("NEW_HOUSEHOLD", "甲镇", "MOVE"), ("TAPER_BACK", None, "TAPER_BACK"), ("SPLIT", None, "SPLIT"),
        ("HEAD_CHANGE", None, "HEAD_CHANGE"), ("NAME_CHANGE", None, "NAME_CHANGE"), ("NEW_PERSON", None, "IN_BASE"),
    ],
)  # fmt: skip
def test_who_was_there_is_not_new_whatever_the_change_list_calls_it(kind: str, place: str | None, why: str) -> None:
    both = result(month(MARCH, [dibao(1)]), month(APRIL, [dibao(1)]), changes=change(kind, 1, old_place=place))
    assert both == ({}, {person(1): why})


def test_somebody_who_moved_in_from_elsewhere_is_new() -> None:
    assert result(month(MARCH), month(APRIL, [dibao(1)]), changes=change("MOVE", 1, old_place="外县"))[0] == {person(1): "NEW_HOUSEHOLD"}


@pytest.mark.parametrize("which", ["base", "current"])
def test_a_list_missing_in_either_month_gives_no_increment_and_is_named(which: str) -> None:
    base, current = month(MARCH, [dibao(1)]), month(APRIL, [dibao(1), dibao(2)])
    (base if which == "base" else current)[RURAL] = frames(RURAL, state="missing")
    found = increments(base, current, APRIL)
    assert (found.state, found.missing) == ("planned", (RURAL,))
    assert found.frames.rows.is_empty()
    assert found.frames.exits.is_empty()


def test_a_list_declared_empty_is_a_base() -> None:
    base = month(MARCH) | {RURAL: frames(RURAL, state="nil")}
    assert result(base, month(APRIL, [dibao(1)]))[0] == {person(1): "NEW_HOUSEHOLD"}


def test_without_any_base_nothing_is_sent() -> None:
    found = increments({"CHILD": frames("CHILD")}, month(APRIL, [dibao(1)], [dibao(2) | {"codes": ["E-DATE"]}]), APRIL)
    assert (found.state, found.missing) == ("no-base", (RURAL, "TEKUN_PERSON"))
    assert found.frames.rows.is_empty()
    assert found.frames.owed.is_empty(), "the first month of all owes nothing"


@pytest.mark.parametrize(
    ("said", "exits", "reason"),
    [
        (change("EXIT", 1, exit_reason="INCOME"), [], "INCOME"),
        (change("TRANSFER", 1, category="TEKUN"), [], "TO_TEKUN"),
        ([], left(1, reason="DEATH"), "DEATH"),
        (change("EXIT", 1, exit_reason="INCOME"), left(1, reason="DEATH"), "INCOME"),
        ([], [], None),
    ],
)
def test_who_is_gone_and_why(said: list[ListFrames], exits: list[ListFrames], reason: str | None) -> None:
    found = increments(month(MARCH, [dibao(1), dibao(2)]), month(APRIL, [dibao(2)]), APRIL, exits=exits, changes=said)
    assert found.frames.exits.select("id_number", "reason").rows() == [(person(1), reason)]


@pytest.mark.parametrize("held", [dibao(1, 2), dibao(1, 2, id_number=None), dibao(1, 2, id_number=None, cert_no=None)])
def test_who_is_held_this_month_is_not_gone(held: dict[str, Any]) -> None:
    found = increments(month(MARCH, [dibao(1, 2), dibao(2)]), month(APRIL, [dibao(2)], [held | {"codes": ["E-ID-CHK"]}]), APRIL)
    assert found.frames.exits.is_empty()
    assert found.frames.held.select("id_number", "codes").rows() == [(person(1), ["E-ID-CHK"])]
    assert found.frames.owed.is_empty()
