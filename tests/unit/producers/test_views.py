"""Row filters: what passes at the edges of age, and what is unknown."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.feeds import find_feed
from contracts.ids import Period
from contracts.views import AgeBetween, AgeOrStudent, CategoryIn, RowFilter, SupportModeIn
from producers.assemble import assemble
from producers.views import age_at, apply_view, meaning, passes
from tests.unit.producers.rosters import MARCH, id_of, list_of, person


def ages(*births: str, period: Period = MARCH) -> list[int | None]:
    frame = pl.DataFrame({"id_number": [id_of(b) for b in births]})
    return frame.select(age_at(pl.col("id_number"), period).alias("age"))["age"].to_list()


def test_full_years_on_the_last_day_of_the_period() -> None:
    assert ages("19980331", "19980401", "19970401", "20230331", "20230401") == [25, 24, 25, 0, -1]
    assert ages("20040229", period=Period(2023, 2)) == [18]  # a year older on 1 March
    assert ages("20040229", period=Period(2023, 3)) == [19]
    assert ages("20040229", period=Period(2024, 2)) == [20]


@given(st.dates(date(1900, 1, 1), date(2023, 12, 31)), st.integers(2000, 2100), st.integers(1, 12))
def test_age_is_birthdays_passed(birth: date, year: int, month: int) -> None:
    end = Period(year, month).end
    full = end.year - birth.year - ((end.month, end.day) < (birth.month, birth.day))
    assert ages(f"{birth:%Y}".zfill(4) + f"{birth:%m%d}", period=Period(year, month)) == [full]


def test_who_has_no_readable_number_has_no_age() -> None:
    frame = pl.DataFrame({"id_number": [None, "", "522722", "52272219XX0101900X"]}, schema={"id_number": pl.String()})
    assert frame.select(age_at(pl.col("id_number"), MARCH).alias("age"))["age"].to_list() == [None] * 4


ROWS = pl.DataFrame(
    {
        "id_number": [*(id_of(b) for b in ("20200331", "20200401", "19970401", "19970331", "19970331", "19600101")), None],
        "category": ["ORPHAN", "TEKUN", "TEKUN", "TEKUN", "TEKUN", None, "MARGIN"],
        "student": [None, False, None, False, None, True, None],
        "support_mode": [None, "CENTRAL", "SCATTERED", None, "CENTRAL", "CENTRAL", "CENTRAL"],
    },
    schema={"id_number": pl.String(), "category": pl.String(), "student": pl.Boolean(), "support_mode": pl.String()},
)


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        (AgeBetween(3, 25), [0, 2]),
        (AgeOrStudent(3, 25), [0, 2, 5]),  # a student of any age
        (CategoryIn(("TEKUN",)), [1, 2, 3, 4]),
        (SupportModeIn("TEKUN", ("SCATTERED",)), [0, 2, 6]),  # unknown category or mode does not pass
    ],
)
def test_named_filters(named: RowFilter, kept: list[int]) -> None:
    shown = ROWS.with_row_index("n").filter(meaning(named, MARCH))["n"].to_list()
    assert shown == kept
    assert ROWS.select(meaning(named, MARCH).alias("x"))["x"].null_count() == 0


def test_a_view_is_exactly_its_fields_filtered_and_masked() -> None:
    feed = find_feed("assistance-persons")
    view = feed.view_for("education")
    child, adult, head = id_of("20100101"), id_of("19600101", 901), id_of("19700101", 902)
    rural = list_of(
        "DIBAO_RURAL_PERSON",
        [
            person("孩子", child, head, student=True, school_name="县第一小学", bank_account="6299990000000000001", phone="19900000000"),
            person("老人", adult, head, address="荔波县朝阳镇新寨村四组38号"),
            person("户主", head, head),
        ],
    )
    rows = apply_view(assemble(feed, {rural.list: rural}), view, MARCH)
    assert rows.columns == list(view.columns)
    assert rows.to_dicts() == [
        {
            "id_number": child,
            "name": "孩子",
            "category": "DIBAO_RURAL",
            "head_name": "户主",
            "head_id": f"522722********{head[14:]}",
            "start_month": "2022-01",
            "end_month": None,
            "student": True,
            "school_name": "县第一小学",
            "phone": "199****0000",
        }
    ]


def test_rows_stay_in_order_and_none_is_none() -> None:
    feed = find_feed("assistance-persons")
    view = feed.view_for("medical-insurance")
    ids = [id_of("19900101", n) for n in (905, 901, 903)]
    rows = assemble(feed, {"DIBAO_RURAL_PERSON": list_of("DIBAO_RURAL_PERSON", [person("甲", i, i) for i in ids])})
    assert apply_view(rows, view, MARCH)["id_number"].to_list() == ids
    assert apply_view(rows.clear(), view, MARCH).height == 0
    assert rows.filter(passes(view, MARCH)).equals(rows)
