"""`gateway preview`: what a department would see of one person, and why not."""

from __future__ import annotations

import json

from contracts.feeds import find_feed
from producers.assemble import assemble
from producers.preview import lines, preview_of_person
from producers.views import apply_view
from tests.unit.producers.rosters import MARCH, id_of, list_of, person

PERSONS, HOMES = find_feed("assistance-persons"), find_feed("assistance-households")
OLD, CHILD = id_of("19500101"), id_of("20100101", 901)
LISTS = {
    "DIBAO_RURAL_PERSON": list_of("DIBAO_RURAL_PERSON", [person("老人", OLD, OLD), person("孩子", CHILD, OLD, student=True)]),
    "TEKUN_PERSON": list_of("TEKUN_PERSON", [person("老人", OLD, support_mode="CENTRAL", phone="19900000000")]),
}
ROWS, HOUSEHOLDS = assemble(PERSONS, LISTS), assemble(HOMES, LISTS)


def test_every_category_of_the_person_as_it_would_be_sent() -> None:
    shown = preview_of_person(ROWS, PERSONS.view_for("medical-insurance"), MARCH, OLD)
    assert [(r["category"], r["phone"]) for r in shown.rows] == [("DIBAO_RURAL", None), ("TEKUN", "199****0000")]
    assert shown.withheld == ()
    assert shown.known


def test_what_is_withheld_is_told_with_the_filter_that_does_it() -> None:
    shown = preview_of_person(ROWS, PERSONS.view_for("hrss"), MARCH, OLD)
    assert shown.rows == ()
    assert shown.withheld == (("DIBAO_RURAL", ("age-between",)), ("TEKUN", ("age-between",)))
    assert preview_of_person(ROWS, PERSONS.view_for("education"), MARCH, CHILD).withheld == ()


def test_households_are_found_by_their_head() -> None:
    shown = preview_of_person(HOUSEHOLDS, HOMES.view_for("housing"), MARCH, OLD)
    assert [r["category"] for r in shown.rows] == ["DIBAO_RURAL"]
    assert shown.withheld == (("TEKUN", ("support-mode-in",)),)
    assert not preview_of_person(HOUSEHOLDS, HOMES.view_for("housing"), MARCH, CHILD).known


def test_a_stranger_is_not_known() -> None:
    shown = preview_of_person(ROWS, PERSONS.view_for("education"), MARCH, id_of("20100101", 950))
    assert (shown.rows, shown.withheld, shown.known) == ((), (), False)


def test_subjects_have_no_category() -> None:
    feed = find_feed("monitoring-subjects")
    subjects = list_of("MONITOR_PERSON", [{"person_no": "52", "household_no": "5", "name": "甲", "id_number": OLD}])
    shown = preview_of_person(assemble(feed, {"MONITOR_PERSON": subjects}), feed.views[0], MARCH, OLD)
    assert [r["person_no"] for r in shown.rows] == ["52"]


def test_lines_are_json_objects_with_all_fields() -> None:
    view = PERSONS.view_for("education")
    rows = apply_view(ROWS, view, MARCH)
    text = lines(rows).decode()
    assert text.endswith("\n")
    assert [list(json.loads(line)) for line in text.splitlines()] == [list(view.columns)]
    assert "孩子" in text
    assert lines(rows.clear()) == b""
