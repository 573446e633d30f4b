"""Named checks, each with what it must see and what it must leave alone."""

from __future__ import annotations

from datetime import date

import polars as pl

from contracts.checks import CHECKS, DERIVATIONS, Table
from contracts.checks.places import town_named
from contracts.codes.areas import AreaTable
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.lists.source import source_list
from contracts.values.cells import Cells, Mark
from tests.unit.contracts.values.people import id_of

MARCH = Period(2023, 3)
A, B, C = (id_of("522722", date(1978, 1, d), s) for d, s in ((14, 949), (15, 930), (16, 931)))
AREAS = AreaTable.of([("522722101000", "朝阳镇"), ("522722101200", "新寨村"), ("522722101201", "董利村")])


def table(code: str, length: int, values: dict[str, pl.Series], *, areas: AreaTable | None = AREAS, town: str | None = None) -> Table:
    cells = {n: Cells(pl.Series([None] * length, dtype=pl.String)) for n in values}
    return Table(
        source_list(code),
        length,
        cells,
        dict(values),
        [],
        lambda row: f"B{row + 1}",
        MARCH,
        areas,
        {},
        pl.Series([town] * length, dtype=pl.String),
    )


def text(*values: str | None) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


def said(of: Table) -> list[tuple[str, str, list[int]]]:
    return [(field, m.code, m.rows.to_list()) for field, m in of.marks]


def test_a_number_stands_once() -> None:
    rows = table("TEKUN_PERSON", 5, {"id_number": text(A, None, A, B, A)})
    CHECKS["id-once"](rows)
    assert said(rows) == [("id_number", "E-ID-DUP", [2, 4])]
    assert [dict(e) for e in rows.marks[0][1].each or ()] == [{"other": "B1"}, {"other": "B1"}]


def test_empty_numbers_are_no_duplicates() -> None:
    rows = table("MONITOR_PERSON", 3, {"id_number": text(None, None, None)})
    CHECKS["id-once"](rows)
    assert said(rows) == []


def test_sex_and_birth_against_the_number() -> None:
    rows = table(
        "DIBAO_RURAL_PERSON",
        4,
        {
            "id_number": text(A, A, None, A),
            "sex": text("1", "2", "1", None),
            "birth_date": text("1978-01-14", "1978-01-15", "1900-01-01", "1978-01"),
        },
    )
    CHECKS["sex-against-id"](rows)
    CHECKS["birth-against-id"](rows)
    assert said(rows) == [("sex", "W-SEX", [0]), ("birth_date", "W-BIRTH", [1])] or A[16] in "13579"


def test_a_certificate_of_somebody_else_is_not_taken() -> None:
    rows = table("TEKUN_PERSON", 3, {"id_number": text(A, A, None), "disability_cert_no": text(A + "41", B + "41", B + "41")})
    CHECKS["certificate-against-id"](rows)
    assert said(rows) == [("disability_cert_no", "W-CERT", [1])]
    assert rows.value("disability_cert_no").to_list() == [A + "41", None, B + "41"]


def test_the_type_is_digit_nineteen() -> None:
    rows = table("DISABILITY", 2, {"cert_no": text(A + "41", B + "41"), "disability_type": text("4", "7")})
    DERIVATIONS["id-of-certificate"](rows)
    CHECKS["type-against-certificate"](rows)
    assert rows.value("id_number").to_list() == [A, B]
    assert said(rows) == [("disability_type", "W-CERT", [1])]


def test_a_rejected_head_counts_as_present_and_a_rejected_row_is_not_asked() -> None:
    rows = table("MARGIN_PERSON", 4, {"id_number": text(A, B, C, None), "head_id": text(A, "x", A, "y")})
    rows.add("name", (Mark("E-REQ", pl.Series([0, 3], dtype=pl.UInt32)),))
    CHECKS["head-in-list"](rows)
    assert said(rows)[1:] == [("head_id", "W-HEAD", [1])]


def test_sizes() -> None:
    members = pl.Series([[{"name": "甲", "id_number": None}] * 2, None], dtype=source_list("MARGIN_HOUSEHOLD").schema()["members"])
    rows = table("MARGIN_HOUSEHOLD", 2, {"covered_size": pl.Series([3, 3], dtype=pl.Int32), "members": members})
    CHECKS["size-of-members"](rows)
    assert said(rows) == [("covered_size", "W-SIZE", [0])]
    assert [dict(e) for e in rows.marks[0][1].each or ()] == [{"size": 3, "count": 2}]


def test_a_household_s_size_is_said_once_and_counts_every_row() -> None:
    rows = table(
        "MONITOR_PERSON", 5, {"household_no": text("1", "1", "2", None, "1"), "household_size": pl.Series([2, 3, 1, 9, 3], dtype=pl.Int32)}
    )
    CHECKS["size-of-household-rows"](rows)
    assert said(rows) == [("household_size", "W-SIZE", [0])]


def test_villages_by_names_or_by_code() -> None:
    rows = table(
        "TEKUN_PERSON", 4, {"town": text("朝阳镇", "朝阳镇", None, "朝阳镇"), "village": text("新寨村", "水桥新村", None, "新寨村")}
    )
    rows.cells = {**rows.cells, "village_code": Cells(text(None, None, None, "522701200205"))}
    from contracts.checks.places import village_codes

    village_codes(rows, "village_code")
    assert rows.value("village_code").to_list() == ["522722101200", None, None, None]
    assert sorted(said(rows)) == [("village_code", "W-AREA", [3]), ("village_code@village", "W-AREA", [1])]


def test_without_an_area_table_one_remark_stands_for_all() -> None:
    rows = table("TEKUN_PERSON", 2, {"town": text("朝阳镇", "朝阳镇"), "village": text("新寨村", "新寨村")}, areas=None)
    from contracts.checks.places import village_codes

    village_codes(rows, "village_code")
    assert said(rows) == []
    assert [n.code for n in rows.notes] == ["W-AREA"]


def test_the_town_of_the_title_and_full_village_names() -> None:
    rows = table("MONITOR_TOWN", 2, {"village": text("董利", "某村")}, town="朝阳镇")
    DERIVATIONS["town-of-title"](rows)
    CHECKS["full-village-name"](rows)
    assert rows.value("town").to_list() == ["朝阳镇"] * 2
    assert rows.value("village").to_list() == ["董利村", "某村"]


def test_which_town_texts_speak_of() -> None:
    title, sheet = ["荔波县朝阳镇脱贫检测户信息采集表", "上报时间：2023年3月"], ["甲良镇"]
    two = AreaTable.of([("522722101000", "朝阳镇"), ("522722102000", "甲良镇")])
    for areas in (two, None):
        assert town_named([title, sheet], areas) == "朝阳镇"
        assert town_named([["花名册"], sheet], areas) == "甲良镇"
        assert town_named([[*title, "甲良镇"], sheet], areas) is None
        assert town_named([["花名册"]], areas) is None


def test_deaths() -> None:
    rows = table(
        "DEATH",
        4,
        {
            "death_date": text("2023-01-01", None, "2023-01-05", "2023-01"),
            "cremation_date": text("2022-12-31", "2023-01-01", "2023-01-05", "2023-01-01"),
        },
    )
    CHECKS["death-dates"](rows)
    assert said(rows) == [("death_date", "W-DATE", [1]), ("cremation_date", "W-DATE", [0])]


def test_answers() -> None:
    rows = table(
        "VERIFY_ANSWER",
        4,
        {
            "answer_text": text("收入已达标", None, "已解决", "转介残联"),
            "verified_income": pl.Series([None, None, None, None], dtype=pl.Int64),
        },
    )
    DERIVATIONS["answer"](rows)
    CHECKS["answer-complete"](rows)
    assert rows.value("answer").to_list() == ["INCOME_ABOVE", None, None, "REFERRED"]
    assert said(rows) == [("answer_text", "E-DICT", [2]), ("answer_text", "W-NO-ANSWER", [1]), ("verified_income", "E-REQ", [0])]


def test_causes_and_reasons() -> None:
    rows = table("TAPER", 5, {"cause_text": text("家庭成员被事业单位招聘", "外出务工", "国企录用后外出务工", "征地补偿款", None)})
    DERIVATIONS["taper-cause"](rows)
    assert rows.value("cause").to_list() == ["RECRUITED", "OTHER_WORK", "BOTH", "OTHER_CAUSE", None]
    change = table("CHANGE_LIST", 2, {"change_type": text("EXIT", "MOVE"), "reason_text": text("户口迁出", "户口迁出")})
    DERIVATIONS["exit-reason-of-exits"](change)
    assert change.value("exit_reason").to_list() == ["MOVED_OUT", None]


def test_in_school() -> None:
    rows = table("DIBAO_RURAL_PERSON", 3, {"school_name": text("县一中", None, None), "employment": text(None, "在校学生", "务农")})
    DERIVATIONS["in-school"](rows)
    assert rows.value("student").to_list() == [True, True, False]
    neither = table("DIBAO_RURAL_PERSON", 1, {})
    DERIVATIONS["in-school"](neither)
    assert neither.value("student").to_list() == [None]


def test_single_persons_stand_on_top_and_are_noted() -> None:
    rows = table(
        "REVIEW_DIBAO",
        5,
        {
            "single": pl.Series([True, True, False, True, None]),
            "remark": text("单人保", None, None, "单人保", None),
        },
    )
    CHECKS["single-on-top"](rows)
    assert said(rows) == [("single", "W-ORDER", [1, 3])]


def test_a_hundred_times_last_month() -> None:
    amounts = pl.Series([36800, 36800 * 100, 0], dtype=pl.Int64)
    rows = table("DIBAO_RURAL_PERSON", 3, {"id_number": text(A, B, C), "household_amount": amounts})
    before = pl.DataFrame({"id_number": [A, B, C], "household_amount": pl.Series([36800, 36800, 0], dtype=pl.Int64)})
    rows.previous = {"DIBAO_RURAL_PERSON": ListFrames("DIBAO_RURAL_PERSON", MARCH.previous, "complete", before, before.clear())}
    CHECKS["hundredfold"](rows)
    assert said(rows) == [("household_amount", "W-AMOUNT", [1])]
