"""Nobody's aid ends for a typing error, and nobody stays who has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.ids import Period
from producers.assemble import assemble
from producers.unconfirmed import unconfirmed
from tests.unit.producers.rosters import Row, frame_of, id_of, list_of, person

APRIL = Period(2023, 4)
PERSONS, HOMES = find_feed("assistance-persons"), find_feed("assistance-households")
MEDICAL = PERSONS.view_for("medical-insurance")
A, B, C, D = (id_of("19800101", n) for n in range(900, 904))
RURAL = "DIBAO_RURAL_PERSON"
FIELDS = ("name", "id_number", "head_id", "village_code", "town", "cert_no", "start_month", "student", "category")

Lists = Mapping[str, Sequence[Row]]


def frames(lists: Lists, period: Period) -> dict[str, ListFrames]:
    return {code: list_of(code, rows, period=period) for code, rows in lists.items()}


def kept(
    last: Sequence[Row] | Lists,
    current: Sequence[Row] | Lists,
    held: Sequence[Row] = (),
    *,
    held_in: str = RURAL,
    before: Sequence[Row] = (),
    waiting: Mapping[str, frozenset[str] | None] | None = None,
    to: str = "medical-insurance",
) -> list[tuple[str, str]]:
    month_before = last if isinstance(last, Mapping) else {RURAL: last}
    now = current if isinstance(current, Mapping) else {RURAL: current}
    keys = unconfirmed(
        PERSONS,
        PERSONS.view_for(to),
        APRIL,
        current=assemble(PERSONS, frames(now, APRIL)),
        last=assemble(PERSONS, frames(month_before, APRIL.previous)),
        held_before={held_in: frame_of(before, FIELDS)} if before else {},
        held={held_in: frame_of(held, FIELDS)} if held else {},
        waiting=waiting or {},
    )
    assert keys.columns == ["id_number", "category"]
    return [(str(a), str(b)) for a, b in keys.rows()]


def p(name: str, id_number: str | None, *, head: str | None = A, **more: object) -> Row:
    return person(name, id_number, head, **{"category": None, "cert_no": "NB1", **more})


KEPT_B = [(B, "DIBAO_RURAL")]


def test_the_absent_are_gone_when_nothing_is_held() -> None:
    assert kept([p("甲", A), p("乙", B)], [p("甲", A)]) == []


def test_the_id_is_the_first_thing_to_match() -> None:
    assert kept([p("甲", A), p("乙", B)], [p("甲", A)], [p("别名", B, cert_no=None, head=None, town="他镇")]) == KEPT_B


def test_else_name_and_certificate() -> None:
    assert kept([p("甲", A), p("乙", B), p("丙", C)], [p("甲", A)], [p("乙", None, head=None)]) == KEPT_B


def test_else_name_and_head() -> None:
    assert kept([p("甲", A), p("乙", B), p("丙", C)], [p("甲", A)], [p("乙", None, cert_no=None)]) == KEPT_B


def test_a_held_row_takes_nobody_for_another_household() -> None:
    last = [p("甲", A), p("乙", B), p("乙", C, cert_no="NB2", head=C, town="茂兰镇", village_code="522722101203")]
    assert kept(last, [p("甲", A)], [p("乙", None, cert_no="NB2", head=None)]) == [(C, "DIBAO_RURAL")]


def test_nulls_match_nobody() -> None:
    last = [p("甲", A, cert_no=None), p("乙", B, cert_no=None, head=None, town="茂兰镇", village_code=None)]
    assert kept(last, [p("甲", A)], [p("乙", None, cert_no=None, head=None)]) == []  # of another town, and matched by no null


def test_who_matches_nobody_keeps_the_absent_of_the_town() -> None:
    last = [p("甲", A), p("乙", B), p("丙", C, town="茂兰镇", village_code="522722101203")]
    assert kept(last, [p("甲", A)], [p("新人", None, cert_no=None, head=None)]) == KEPT_B


def test_a_town_is_known_by_its_code_too() -> None:
    last = [p("甲", A), p("乙", B, town=None), p("丙", C, town="茂兰镇", village_code="522722101203")]
    assert kept(last, [p("甲", A)], [p("新人", None, cert_no=None, head=None, town=None)]) == KEPT_B


def test_without_a_readable_town_all_absent_of_the_category_stay() -> None:
    last = {RURAL: [p("甲", A), p("乙", B, town="茂兰镇")], "TEKUN_PERSON": [p("丙", C)]}
    held = [p("新人", None, cert_no=None, head=None, town=None, village_code=None)]
    assert kept(last, {RURAL: [p("甲", A)], "TEKUN_PERSON": [p("丁", D)]}, held) == KEPT_B


def test_a_row_of_unknown_town_may_be_of_any() -> None:
    last = [p("甲", A), p("乙", B, town=None, village_code=None)]
    assert kept(last, [p("甲", A)], [p("新人", None, cert_no=None, head=None)]) == KEPT_B


def test_a_duplicate_of_a_present_person_keeps_nobody() -> None:
    assert kept([p("甲", A), p("乙", B)], [p("甲", A)], [p("甲", A)]) == []
    assert kept([p("甲", A), p("乙", B)], [p("甲", A)], [p("甲", None)]) == []


def test_an_id_typed_into_anothers_row_does_not_hide_that_other() -> None:
    """乙's row carries 甲's ID and is held as a duplicate: 乙 has not left."""
    assert kept([p("甲", A), p("乙", B)], [p("甲", A)], [p("乙", A)]) == KEPT_B


def test_a_held_newcomer_that_is_a_present_ones_duplicate_keeps_nobody_of_the_town() -> None:
    assert kept([p("乙", B)], [p("新人", C)], [p("新人", C, cert_no=None, head=None)]) == []


@pytest.mark.parametrize("lost", ["nothing", "cert_no", "head_id"])
def test_who_is_held_again_stands_for_himself(lost: str) -> None:
    still = {**p("长留", None), **({} if lost == "nothing" else {lost: None})}
    last = [p("甲", A), p("乙", B)]
    assert kept(last, [p("甲", A)], [still]) == KEPT_B
    assert kept(last, [p("甲", A)], [still], before=[p("长留", None)]) == []
    assert kept(last, [p("甲", A)], [still], before=[p("别人", None)]) == KEPT_B
    assert kept(last, [p("甲", A)], [p("乙", None)], before=[p("乙", None)]) == KEPT_B  # a namesake of last month takes nobody's place


def test_held_rows_speak_for_their_own_list_only() -> None:
    last = {RURAL: [p("甲", A), p("乙", B)], "TEKUN_PERSON": [p("乙", B)]}
    assert kept(last, {RURAL: [p("甲", A)]}, [p("乙", B)]) == KEPT_B  # tekun is complete and 乙 is not on it


def test_of_a_missing_list_nobody_is_gone() -> None:
    last = {RURAL: [p("甲", A), p("乙", B)], "TEKUN_PERSON": [p("丙", C), p("丁", D)]}
    assert kept(last, {RURAL: [p("甲", A)]}, waiting={"TEKUN_PERSON": None}) == sorted([(C, "TEKUN"), (D, "TEKUN")])


def test_of_a_partial_list_nobody_of_the_towns_to_come_is_gone() -> None:
    last = [p("甲", A), p("乙", B), p("丙", C, town="茂兰镇", village_code="522722101203")]
    assert kept(last, [p("甲", A)], waiting={RURAL: frozenset({"茂兰镇"})}) == [(C, "DIBAO_RURAL")]
    assert kept(last, [p("甲", A)], waiting={RURAL: frozenset({"522722101"})}) == [(C, "DIBAO_RURAL")]
    assert kept(last, [p("甲", A)], waiting={RURAL: frozenset()}) == []


def test_who_would_not_be_shown_any_more_is_gone_held_or_not() -> None:
    old, young = id_of("19970401"), id_of("20100101")  # 26 on 30 April 2023, 25 on 31 March
    last = [p("甲", A), p("乙", old), p("丙", young)]
    held = [p("乙", old), p("丙", young)]
    assert kept(last, [p("甲", A)], held, to="education") == [(young, "DIBAO_RURAL")]
    assert kept(last, [p("甲", A)], to="education", waiting={RURAL: None}) == [(young, "DIBAO_RURAL")]


def test_who_was_never_sent_is_not_kept() -> None:
    assert kept([p("甲", A), p("乙", id_of("19300101"))], [p("甲", A)], to="hrss", waiting={RURAL: None}) == []


def test_who_moved_to_another_roster_has_left_this_one() -> None:
    last = {RURAL: [p("甲", A), p("乙", B)]}
    now = {RURAL: [p("甲", A)], "TEKUN_PERSON": [p("乙", B)]}
    assert kept(last, now) == []


def homes(last: Lists, current: Lists, held: Mapping[str, Sequence[Row]]) -> list[str]:
    keys = unconfirmed(
        HOMES,
        HOMES.view_for("emergency"),
        APRIL,
        current=assemble(HOMES, frames(current, APRIL)),
        last=assemble(HOMES, frames(last, APRIL.previous)),
        held={code: frame_of(rows, FIELDS) for code, rows in held.items()},
        waiting={},
    )
    assert keys.columns == ["head_id", "category"]
    return keys["head_id"].to_list()


def test_a_household_is_kept_for_any_of_its_persons() -> None:
    last = {RURAL: [p("甲", A), p("乙", B, head=B, cert_no="NB2"), p("丙", C, head=C, cert_no="NB3")]}
    now = {RURAL: [p("甲", A)]}
    assert homes(last, now, {RURAL: [p("子", None, head=B, cert_no=None)]}) == [B]  # by head
    assert homes(last, now, {RURAL: [p("乙", B, head=None, cert_no=None)]}) == [B]  # the head himself
    assert homes(last, now, {RURAL: [p("子", None, head=None, cert_no="NB2")]}) == [B]  # by certificate
    assert homes(last, now, {RURAL: [p("孙", None, head=None, cert_no=None)]}) == sorted([B, C])  # by town
    assert homes(last, now, {RURAL: [p("子", None, head=A)]}) == []  # of a household that is there
    assert homes(last, now, {}) == []


def test_a_tekun_household_with_anothers_id() -> None:
    last = {"TEKUN_PERSON": [p("甲", A, cert_no="T1"), p("乙", B, cert_no="T2")]}
    now = {"TEKUN_PERSON": [p("甲", A, cert_no="T1")]}
    assert homes(last, now, {"TEKUN_PERSON": [p("乙", A, head=None, cert_no="T2")]}) == [B]


def test_household_lists_take_nobody_off_and_keep_nobody_on() -> None:
    last = {RURAL: [p("甲", A), p("乙", B, head=B)]}
    assert homes(last, {RURAL: [p("甲", A)]}, {"DIBAO_RURAL_HOUSEHOLD": [p("乙", None, head=None)]}) == []


def test_increments_and_events_have_no_absent() -> None:
    feed = find_feed("new-assistance")
    rows = assemble(PERSONS, frames({RURAL: [p("甲", A)]}, APRIL))
    keys = unconfirmed(feed, feed.views[0], APRIL, current=rows.clear(), last=rows, held={}, waiting={RURAL: None})
    assert keys.height == 0
    assert keys.columns == ["id_number", "category"]


def test_subjects_are_kept_by_number_then_id_then_name() -> None:
    feed = find_feed("monitoring-subjects")
    subject = ("person_no", "household_no", "name", "id_number", "town", "village_code")
    rows = [
        {"person_no": f"52{n}", "household_no": "52", "name": name, "id_number": i, "town": "朝阳镇", "village_code": "522722100200"}
        for n, (name, i) in enumerate([("甲", A), ("乙", B), ("丙", C), ("丁", D)])
    ]
    held = [
        {**rows[0], "id_number": None, "name": None},
        {**rows[1], "person_no": None, "name": "别名"},
        {**rows[2], "person_no": None, "id_number": None},
    ]
    keys = unconfirmed(
        feed,
        feed.views[0],
        APRIL,
        current=assemble(feed, frames({"MONITOR_PERSON": [{**rows[3], "person_no": "99"}]}, APRIL)),
        last=assemble(feed, frames({"MONITOR_PERSON": rows}, APRIL.previous)),
        held={"MONITOR_PERSON": frame_of(held, subject)},
        waiting={},
    )
    assert keys["person_no"].to_list() == ["520", "521", "522"]


people = st.lists(st.integers(0, 11), unique=True, max_size=12)


def roster(numbers: Sequence[int]) -> list[Row]:
    """Twelve persons in four households and two towns, names shared by two of them."""
    towns = (("朝阳镇", "522722100200"), ("茂兰镇", "522722101203"))
    return [
        p(
            f"人{n % 6}", id_of("19800101", 900 + n), head=id_of("19800101", 900 + n // 3 * 3), cert_no=f"NB{n // 3}",
            town=towns[n // 6][0], village_code=towns[n // 6][1],
        )
        for n in numbers
    ]  # fmt: skip


@given(people, people, people, st.data())
def test_whoever_is_on_the_list_in_truth_is_never_gone(before: list[int], errors: list[int], left: list[int], data: st.DataObject) -> None:
    """Any row may lose its ID, and one of name, head or certificate: its person is present or unconfirmed, never gone."""
    staying = [n for n in before if n not in left]
    broken = [n for n in staying if n in errors]
    held: list[Row] = []
    for row in roster(broken):
        lost = data.draw(st.sampled_from(["head_id", "cert_no", "name", "town", "nothing"]))
        held.append({**row, "id_number": None, **({} if lost == "nothing" else {lost: None})})
    sound = roster([n for n in staying if n not in broken])
    if not before or not sound:
        return
    keys = {key for key, _ in kept(roster(before), sound, held)}
    assert {id_of("19800101", 900 + n) for n in broken} <= keys
    assert not keys & {str(row["id_number"]) for row in sound}
    if not broken:
        assert not keys


@pytest.mark.parametrize("missing", [None, frozenset({"朝阳镇"})])
def test_keys_stand_once_and_sorted(missing: frozenset[str] | None) -> None:
    rows = kept(roster(range(12)), roster([0]), roster(range(1, 6)), waiting={RURAL: missing})
    assert rows == sorted(set(rows))
    assert len(rows) == (11 if missing is None else 5)
