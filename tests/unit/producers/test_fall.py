"""R22: a fall of more than a fifth in a category waits; a fifth passes, growth passes, what is not known says nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.frames import ListFrames
from producers.fall import FEW, Fall, Growth, falls, falls_of, growths_of, of_towns, persons, town_falls
from tests.unit.consumers.rules.county import dibao, frames, person
from tests.unit.consumers.rules.samples import load

RURAL = "DIBAO_RURAL_PERSON"


def roster(accepted: int, held: int = 0, first: int = 1) -> dict[str, ListFrames]:
    bad = [dibao(500 + n, id_number=None) | {"codes": ["E-ID-CHK"]} for n in range(held)]
    return {RURAL: frames(RURAL, [dibao(first + n) for n in range(accepted)], bad)}


@pytest.mark.parametrize(("now", "fell"), [(100, False), (80, False), (79, True), (0, True), (300, False)])
def test_a_fifth_is_the_bound(now: int, fell: bool) -> None:
    assert falls(roster(100), roster(now)) == ((Fall("DIBAO_RURAL", 100, now),) if fell else ())


def test_held_rows_are_not_a_fall() -> None:
    assert falls(roster(10), roster(5, held=5)) == ()
    assert falls(roster(10), roster(5, held=2)) == (Fall("DIBAO_RURAL", 10, 7),)


def test_a_duplicate_row_is_no_person() -> None:
    twice = frames(RURAL, [dibao(1)], [dibao(1) | {"codes": ["E-ID-DUP"]}, dibao(2, id_number=person(1)) | {"codes": ["E-ID-DUP"]}])
    assert persons({RURAL: twice}) == {"DIBAO_RURAL": 1}


def test_a_missing_list_says_nothing_and_an_empty_one_everything() -> None:
    assert falls(roster(10), {}) == ()
    assert falls(roster(10), {RURAL: frames(RURAL, state="missing")}) == ()
    assert falls({RURAL: frames(RURAL, state="missing")}, roster(0)) == ()
    assert falls(roster(10), {RURAL: frames(RURAL, state="nil")}) == (Fall("DIBAO_RURAL", 10, 0),)


def test_children_are_counted_by_their_category() -> None:
    def children(orphans: int, others: int) -> dict[str, ListFrames]:
        kinds = ["ORPHAN"] * orphans + ["DEFACTO_CHILD"] * others
        return {"CHILD": frames("CHILD", [{"name": f"名{n}", "id_number": person(n), "category": k} for n, k in enumerate(kinds)])}

    assert falls(children(5, 20), children(1, 24)) == (Fall("ORPHAN", 5, 1),)
    assert falls(children(5, 1), children(5, 0)) == (Fall("DEFACTO_CHILD", 1, 0),)


def test_lists_of_no_recipients_are_not_guarded() -> None:
    dead = [{"name": f"名{n}", "id_number": person(n)} for n in range(9)]
    assert falls({"DEATH": frames("DEATH", dead)}, {"DEATH": frames("DEATH")}) == ()


def test_the_samples_fall_nowhere() -> None:
    assert falls(load("2023-03"), load("2023-04")) == ()
    assert persons(load("2023-03"))["DIBAO_RURAL"] == 1251


@given(st.dictionaries(st.sampled_from("ABC"), st.integers(0, 1000)), st.dictionaries(st.sampled_from("ABC"), st.integers(0, 1000)))
def test_exactly_the_categories_that_fell_too_far(before: dict[str, int], now: dict[str, int]) -> None:
    found = {f.category: f for f in falls_of(before, now)}
    assert found.keys() == {c for c, n in before.items() if n and 5 * now.get(c, 0) < 4 * n}
    for fall in found.values():
        assert Fraction(1, 5) < fall.share <= 1
        assert fall.share * 100 <= fall.percent < fall.share * 100 + 1


@pytest.mark.parametrize(("now", "grew"), [(120, False), (121, True), (100, False), (50, False)])
def test_growth_beyond_a_fifth_is_said(now: int, grew: bool) -> None:
    found = growths_of({"TEKUN": 100}, {"TEKUN": now, "ORPHAN": 5})
    assert found == ((Growth("TEKUN", 100, now),) if grew else ())
    assert [each.percent for each in found] == ([21] if grew else [])


TOWNS = {"522722100": "朝阳镇", "522722101": "茂兰镇"}


def placed(*counts: int, nowhere: int = 0) -> ListFrames:
    """So many persons of each town, by code; some of no town."""
    codes = [code for code, count in zip(TOWNS, counts, strict=True) for _ in range(count)] + [None] * nowhere
    rows = [dibao(n, village_code=f"{code}200" if code else None, town=None) for n, code in enumerate(codes, 1)]
    found = frames(RURAL, [{k: v for k, v in row.items() if k not in {"town", "village_code"}} for row in rows])
    columns = ("town", "village_code")
    told = pl.DataFrame({name: [row[name] for row in rows] for name in columns}, schema=dict.fromkeys(columns, pl.String))
    held = found.rejected.with_columns(pl.lit(None, pl.String).alias("town"), pl.lit(None, pl.String).alias("village_code"))
    return replace(found, accepted=pl.concat([found.accepted, told], how="horizontal"), rejected=held)


def test_the_towns_that_have_answered_are_counted_alone() -> None:
    here = of_towns(placed(4, 3, nowhere=2), frozenset({"522722100", "朝阳镇"}))
    assert persons({RURAL: here}) == {"DIBAO_RURAL": 4}, "whose town nobody can tell is of none"


def test_a_town_that_fell_is_named_and_a_small_loss_is_not() -> None:
    found = town_falls(placed(20, 20), placed(14, 17), TOWNS, whole_towns_only=False)
    assert [(fall.town, fall.before, fall.now) for fall in found] == [("朝阳镇", 20, 14)]
    assert town_falls(placed(20, 20), placed(14, 17), TOWNS, whole_towns_only=True) == ()
    gone = town_falls(placed(20, 20), placed(20, 0), TOWNS, whole_towns_only=True)
    assert [(fall.town, fall.now) for fall in gone] == [("茂兰镇", 0)]
    assert town_falls(placed(FEW - 1, 0), placed(0, 0), TOWNS, whole_towns_only=False) == ()
