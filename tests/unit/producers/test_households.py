"""A household is a head and a category."""

from __future__ import annotations

import polars as pl

from contracts.avro_types import polars_schema
from contracts.feeds import find_feed
from contracts.frames import ListFrames
from contracts.schemas import load_schema
from producers.assemble import assemble
from tests.unit.producers.rosters import MARCH, id_of, list_of, person

FEED = find_feed("assistance-households")
A, B, C, D, E = (id_of("19800101", n) for n in range(900, 905))


def formed(*lists: ListFrames) -> pl.DataFrame:
    return assemble(FEED, {frames.list: frames for frames in lists})


def only(rows: pl.DataFrame) -> dict[str, object]:
    assert rows.height == 1
    return rows.row(0, named=True)


def home(head: str, name: str, **more: object) -> dict[str, object]:
    return {"head_id": head, "head_name": name, "household_size": 4, "covered_size": 3, "phone": "19900000001", "address": "荔波县", **more}


def test_columns_are_the_contracts_with_the_list() -> None:
    rows = formed(list_of("DIBAO_RURAL_PERSON", [person("甲", A, A)]))
    assert rows.schema == pl.Schema({**polars_schema(load_schema("assistance-household/1")), "_list": pl.String()})
    assert rows.schema == formed().schema


def test_persons_of_one_head_are_one_household() -> None:
    rows = formed(list_of("DIBAO_URBAN_PERSON", [person("妻", B, A, address="乙"), person("户主", A, A, address="甲"), person("丙", C, C)]))
    assert rows.select("head_id", "head_name", "covered_size", "address", "settlement").rows() == [
        (A, "户主", 2, "甲", "URBAN"),
        (C, "丙", 1, None, "URBAN"),
    ]
    assert rows["household_size"].null_count() == 2  # no list says how many they are


def test_a_head_without_a_row_of_his_own_is_a_household_all_the_same() -> None:
    row = only(formed(list_of("DIBAO_URBAN_PERSON", [person("子", B, A), person("女", C, A)])))
    assert (row["head_id"], row["head_name"], row["covered_size"]) == (A, None, 2)


def test_the_household_list_fills_in_and_its_counts_win() -> None:
    row = only(
        formed(
            list_of("DIBAO_RURAL_PERSON", [person("子", B, A, address="人员表")]),
            list_of("DIBAO_RURAL_HOUSEHOLD", [home(A, "户主"), home(D, "别家")]),
        )
    )
    assert (row["head_name"], row["household_size"], row["covered_size"]) == ("户主", 4, 3)
    assert (row["address"], row["phone"]) == ("人员表", "19900000001")


def test_two_lists_that_name_different_heads_are_not_two_households() -> None:
    rows = formed(list_of("DIBAO_RURAL_PERSON", [person("妻", B, B)]), list_of("DIBAO_RURAL_HOUSEHOLD", [home(A, "亡夫")]))
    assert rows["head_id"].to_list() == [B]


def test_while_the_person_list_is_missing_the_household_list_says_it_all() -> None:
    homes = list_of("DIBAO_RURAL_HOUSEHOLD", [home(A, "户主", town="朝阳镇", village_code="522722100200")])
    missing = ListFrames("DIBAO_RURAL_PERSON", MARCH, "missing", pl.DataFrame(), pl.DataFrame())
    for rows in (formed(homes), formed(homes, missing)):
        row = only(rows)
        assert (row["head_id"], row["category"], row["covered_size"], row["town_code"], row["_list"]) == (
            A,
            "DIBAO_RURAL",
            3,
            "522722100",
            "DIBAO_RURAL_HOUSEHOLD",
        )
    no_homes = ListFrames("DIBAO_RURAL_HOUSEHOLD", MARCH, "missing", pl.DataFrame(), pl.DataFrame())
    assert formed(list_of("DIBAO_RURAL_PERSON", [person("甲", A, A)]), no_homes)["head_id"].to_list() == [A]
    nobody = list_of("DIBAO_RURAL_PERSON", [person("甲", A, A)]).accepted.clear()
    nil = ListFrames("DIBAO_RURAL_PERSON", MARCH, "nil", nobody, nobody)
    assert formed(homes, nil).height == 0  # declared empty: nobody, whatever an old household list says


def test_tekun_persons_and_children_are_households_of_their_own() -> None:
    rows = formed(
        list_of("TEKUN_PERSON", [person("甲", A, selfcare="NONE"), person("乙", B, selfcare="FULL")]),
        list_of("CHILD", [person("丙", C, category="ORPHAN"), person("丁", D, category="DEFACTO_CHILD")]),
    )
    assert rows.select("head_id", "head_name", "category", "household_size", "covered_size", "unable_selfcare").rows() == [
        (A, "甲", "TEKUN", 1, 1, 1),
        (B, "乙", "TEKUN", 1, 1, 0),
        (C, "丙", "ORPHAN", 1, 1, None),
        (D, "丁", "DEFACTO_CHILD", 1, 1, None),
    ]
    assert rows["settlement"].null_count() == 4  # neither list says where they live


def test_one_head_in_two_categories_is_two_households() -> None:
    rows = formed(list_of("DIBAO_RURAL_PERSON", [person("甲", A, A)]), list_of("MARGIN_PERSON", [person("甲", A, A)]))
    assert rows.select("head_id", "category").rows() == [(A, "DIBAO_RURAL"), (A, "MARGIN")]


def test_settlement_of_margin_households_follows_the_hukou_and_is_not_guessed() -> None:
    rows = formed(
        list_of("MARGIN_PERSON", [person("甲", A, A), person("乙", B, B), person("丙", C, C), person("丁", D, D)]),
        list_of(
            "MARGIN_HOUSEHOLD",
            [home(A, "甲", hukou_type="农业"), home(B, "乙", hukou_type="非农业"), home(C, "丙", hukou_type="居民")],
        ),
    )
    assert rows["settlement"].to_list() == ["RURAL", "URBAN", None, None]


def test_held_rows_count_as_covered_and_duplicates_do_not() -> None:
    frames = list_of(
        "DIBAO_URBAN_PERSON",
        [person("户主", A, A), person("妻", B, A)],
        held=[person("子", None, A), person("妻", B, A), person("别家", None, D), person("不详", None, None)],
    )
    row = only(formed(frames))
    assert (row["head_id"], row["covered_size"]) == (A, 3)


def test_an_unreadable_head_column_in_the_heads_own_row() -> None:
    rows = formed(list_of("DIBAO_RURAL_PERSON", [person("户主", A, None, relation="02"), person("谁", B, None, relation="10")]))
    assert rows["head_id"].to_list() == [A]  # the row says that it is the head's; the other says nothing


def test_rows_stand_in_the_order_of_lists_and_first_persons() -> None:
    rows = formed(
        list_of("MARGIN_PERSON", [person("甲", A, A)]),
        list_of("DIBAO_RURAL_PERSON", [person("丙", C, C), person("乙", B, B), person("丙妻", D, C)]),
    )
    assert rows["head_id"].to_list() == [C, B, A]
