"""One row per person and category, nothing merged, nothing guessed."""

from __future__ import annotations

import polars as pl
import pytest

from contracts.avro_types import polars_schema
from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.schemas import load_schema
from producers.assemble import assemble, survey
from tests.unit.producers.rosters import MARCH, Row, id_of, list_of, person

FEED = find_feed("assistance-persons")
A, B, C, D = (id_of("19800101", n) for n in range(900, 904))


def rural(*rows: Row) -> dict[str, ListFrames]:
    return {"DIBAO_RURAL_PERSON": list_of("DIBAO_RURAL_PERSON", rows)}


def test_columns_are_the_contracts_with_the_list() -> None:
    lists = {
        "DIBAO_RURAL_PERSON": list_of("DIBAO_RURAL_PERSON", [person("甲", A, A, category="DIBAO_RURAL")]),
        "RETIREE": list_of("RETIREE", [{"name": "乙", "id_number": B, "phone": "19900000000", "village_code": "522722101203"}]),
    }
    rows = assemble(FEED, lists)
    assert rows.schema == pl.Schema({**polars_schema(load_schema("assistance-person/1")), "_list": pl.String()})
    assert rows["category"].to_list() == ["DIBAO_RURAL", "RETIREE_60S"]
    assert rows["_list"].to_list() == ["DIBAO_RURAL_PERSON", "RETIREE"]
    assert rows["town_code"].to_list() == ["522722100", "522722101"]
    assert rows["phone"].to_list() == [None, "19900000000"]


def test_no_list_at_all_is_no_row_of_the_same_columns() -> None:
    assert assemble(FEED, {}).schema == assemble(FEED, rural(person("甲", A, A))).schema


def test_a_missing_list_is_no_row_even_without_columns() -> None:
    missing = ListFrames("TEKUN_PERSON", MARCH, "missing", pl.DataFrame(), pl.DataFrame())
    assert assemble(FEED, rural(person("甲", A, A)) | {missing.list: missing}).height == 1
    assert assemble(FEED, {missing.list: missing}).height == 0


def test_what_the_lists_do_not_say_stays_null() -> None:
    rows = assemble(FEED, {"TEKUN_PERSON": list_of("TEKUN_PERSON", [{"name": "甲", "id_number": A, "village_code": None}])})
    silent = {"head_id", "head_name", "student", "school_name", "labour_ability", "end_month", "town_code", "phone", "change_type"}
    assert all(rows[c].null_count() == 1 for c in silent)


def test_the_list_gives_the_category_where_a_row_has_none() -> None:
    rows = assemble(FEED, {"CHILD": list_of("CHILD", [person("甲", A, category=None), person("乙", B, category="DEFACTO_CHILD")])})
    assert rows["category"].to_list() == ["ORPHAN", "DEFACTO_CHILD"]


def test_a_person_on_two_rosters_has_two_rows() -> None:
    lists = rural(person("甲", A, A)) | {"MARGIN_PERSON": list_of("MARGIN_PERSON", [person("甲", A, A)])}
    assert assemble(FEED, lists).select("id_number", "category").rows() == [(A, "DIBAO_RURAL"), (A, "MARGIN")]


def test_a_row_that_states_another_lists_category_is_told_once() -> None:
    urban = person("甲", A, A, category="DIBAO_URBAN")
    lists = {
        "DIBAO_RURAL_PERSON": list_of("DIBAO_RURAL_PERSON", [urban, person("乙", B, B, category=None)]),
        "DIBAO_URBAN_PERSON": list_of("DIBAO_URBAN_PERSON", [urban, person("丙", C, C, category=None)]),
    }
    rows = assemble(FEED, lists)
    assert rows.select("id_number", "category", "_list").rows() == [
        (A, "DIBAO_URBAN", "DIBAO_RURAL_PERSON"),
        (B, "DIBAO_RURAL", "DIBAO_RURAL_PERSON"),
        (C, "DIBAO_URBAN", "DIBAO_URBAN_PERSON"),
    ]
    whole = survey(FEED, lists.values())
    batches = [assemble(FEED, {code: frames}, whole=whole) for code, frames in lists.items()]
    assert pl.concat(batches).equals(rows)


def test_heads_name_comes_from_the_heads_own_row_of_whatever_list_and_batch() -> None:
    frames = rural(person("妻", B, A), person("户主", A, A), person("无主", C, D))
    rows = assemble(FEED, frames)
    assert rows["head_name"].to_list() == ["户主", "户主", None]
    accepted = frames["DIBAO_RURAL_PERSON"].accepted
    first = ListFrames("DIBAO_RURAL_PERSON", frames["DIBAO_RURAL_PERSON"].period, "complete", accepted.head(1), accepted.clear())
    assert assemble(FEED, {first.list: first}, whole=survey(FEED, frames.values()))["head_name"].to_list() == ["户主"]


def test_rejected_rows_are_never_rows() -> None:
    held = list_of("DIBAO_RURAL_PERSON", [person("甲", A, A)], held=[person("乙", B, A)])
    assert assemble(FEED, {held.list: held})["id_number"].to_list() == [A]


CHANGES = pl.DataFrame({"id_number": [B, A], "category": ["DIBAO_RURAL", "TEKUN"], "change_type": ["NEW_PERSON", "TRANSFER"]})


def test_an_increment_is_exactly_the_changed_rows() -> None:
    feed = find_feed("new-assistance")
    lists = rural(person("甲", A, A), person("乙", B, A)) | {"TEKUN_PERSON": list_of("TEKUN_PERSON", [person("丙", C)])}
    rows = assemble(feed, lists, changes=CHANGES)
    assert rows.select("id_number", "category", "change_type").rows() == [(B, "DIBAO_RURAL", "NEW_PERSON")]
    assert rows["head_name"].to_list() == ["甲"]
    assert assemble(feed, lists, changes=CHANGES.clear()).height == 0
    with pytest.raises(ValueError, match="needs changes"):
        assemble(feed, lists)


def test_a_snapshot_shows_changes_beside_all_rows() -> None:
    rows = assemble(FEED, rural(person("甲", A, A), person("乙", B, A)), changes=CHANGES)
    assert rows["change_type"].to_list() == [None, "NEW_PERSON"]


def test_a_subject_without_a_number_is_known_by_file_and_row() -> None:
    subjects = list_of(
        "MONITOR_PERSON",
        [{"person_no": "5201", "household_no": "52", "name": "甲", "id_number": A}, {"person_no": None, "name": "乙", "id_number": None}],
    )
    rows = assemble(find_feed("monitoring-subjects"), {"MONITOR_PERSON": subjects})
    assert rows["person_no"].to_list() == ["5201", "f.xlsx#3"]


def test_lists_that_the_feed_does_not_draw_on_are_passed_over() -> None:
    lists = rural(person("甲", A, A)) | {"DEATH": list_of("DEATH", [{"name": "甲", "id_number": A}])}
    assert assemble(FEED, lists).height == 1
