"""The demo county: exactly as many people as asked for, none of them real, and two months that follow from each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

import polars as pl
import pytest

from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.lists import load_lists
from gateway.demo.county import County, county

MARCH, APRIL = Period(2023, 3), Period(2023, 4)
COVERED = ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "TEKUN_PERSON", "MARGIN_PERSON", "CHILD", "RETIREE")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def seeded(text: str) -> Callable[[int], bytes]:
    return lambda count: hashlib.shake_256(text.encode()).digest(count)


@cache
def made(persons: int = 6000, seed: str = "county") -> County:
    return county(seeded(seed), persons, (MARCH, APRIL))


def numbers(frames: ListFrames, column: str = "id_number") -> set[str]:
    return set(frames.accepted[column].drop_nulls()) | set(frames.rejected[column].drop_nulls())


def truth(code: str, period: Period) -> pl.DataFrame:
    """A list as it should be, nothing mistyped."""
    return made().rows(code, period)


@pytest.mark.parametrize("persons", [600, 6000, 31_234])
def test_as_many_people_as_asked_for(persons: int) -> None:
    lists = made(persons).lists(MARCH)
    assert sum(lists[code].accepted.height + lists[code].rejected.height for code in COVERED) == persons


def test_monitoring_subjects_are_a_mean_countys() -> None:
    rows = made(30_000).rows("MONITOR_PERSON", MARCH).height
    assert 1050 <= rows <= 1150


def test_a_seed_is_a_county() -> None:
    once, again, other = (county(seeded(seed), 900, (MARCH, APRIL)) for seed in ("a", "a", "b"))
    for code in once.codes(APRIL):
        assert once.frames(code, APRIL).accepted.equals(again.frames(code, APRIL).accepted)
    assert not once.frames("TEKUN_PERSON", MARCH).accepted.equals(other.frames("TEKUN_PERSON", MARCH).accepted)


def test_months_must_follow_each_other() -> None:
    with pytest.raises(ValueError, match="months in a row"):
        county(seeded("x"), 900, (MARCH, Period(2023, 5)))
    with pytest.raises(ValueError, match="months in a row"):
        county(seeded("x"), 900, ())


def test_nobody_is_real() -> None:
    ids = made().world.folk
    for column in ("id_number", "old_number"):
        for number in ids[column]:
            assert "10X98765432"[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11] == number[17]
            assert 900 <= int(number[14:17]) <= 995
    assert ids["id_number"].n_unique() == ids.height
    assert not set(ids["id_number"]) & set(ids["old_number"])
    homes = made().world.homes
    assert homes["phone"].str.contains(r"^199000\d{5}$").all()
    assert homes["account"].str.contains(r"^629999\d{13}$").all()


def test_number_tells_birth_and_sex() -> None:
    folk = made().world.folk
    assert (folk["id_number"].str.slice(6, 8) == folk["birth"].dt.to_string("%Y%m%d")).all()
    assert ((folk["id_number"].str.slice(16, 1).cast(pl.Int8) % 2 == 1) == folk["male"]).all()
    assert (folk.filter(pl.col("enter") == 0)["birth"] <= MARCH.end).all()


@pytest.mark.parametrize("persons", [600, 6000, 30_000])
def test_no_file_is_held(persons: int) -> None:
    for period in (MARCH, APRIL):
        for code, frames in made(persons).lists(period).items():
            rows = frames.accepted.height + frames.rejected.height
            assert frames.rejected.height * 20 < max(rows, 1), code


def test_small_lists_have_rejected_rows_of_every_kind() -> None:
    lists = made(30_000).lists(MARCH)
    assert lists["TEKUN_PERSON"].rejected.height >= 10
    codes = {code for frames in lists.values() for cell in frames.rejected["_codes"] for code in cell}
    assert codes == {"E-ID-CHK", "E-ID-LEN", "E-ID-NUM", "E-REQ", "E-DATE", "E-ID-DUP", "E-FILE-FORMULA"}


def test_rejected_rows_keep_what_can_be_read() -> None:
    for frames in made().lists(MARCH).values():
        unreadable = frames.rejected.filter(pl.col("_codes").list.first().str.starts_with("E-ID-C"))
        own = "head_id" if "id_number" not in frames.accepted.columns else "id_number"
        assert unreadable[own].is_null().all()
        nameless = frames.rejected.filter(pl.col("_codes").list.first() == "E-REQ")
        assert nameless[own].is_not_null().all()
        assert frames.rejected["_raw"].str.json_decode(pl.Struct([])).len() == frames.rejected.height
        assert frames.rejected.columns == [*frames.accepted.columns, "_codes", "_raw"]


def test_canonical_types() -> None:
    allowed = {pl.String(), pl.Int64(), pl.Int32(), pl.Boolean(), pl.List(pl.Struct({"name": pl.String, "id_number": pl.String}))}
    for frames in made().lists(APRIL).values():
        assert frames.accepted.columns[:3] == ["_sheet", "_row", "_file"]
        assert set(frames.accepted.dtypes) <= allowed
        assert frames.accepted.schema == {k: v for k, v in frames.rejected.schema.items() if k not in {"_codes", "_raw"}}
        amounts = [name for name in frames.accepted.columns if name.endswith("_amount") or name.startswith("income")]
        assert all(frames.accepted.schema[name] == pl.Int64 for name in amounts)


def test_every_new_number_is_explained_by_the_change_list() -> None:
    changes = truth("CHANGE_LIST", APRIL)
    for code, category in (("DIBAO_RURAL_PERSON", "DIBAO_RURAL"), ("TEKUN_PERSON", "TEKUN")):
        before, now = set(truth(code, MARCH)["id_number"]), set(truth(code, APRIL)["id_number"])
        own = changes.filter(pl.col("category") == category)
        coming = own.filter(pl.col("change_type").is_in(["NEW_HOUSEHOLD", "NEW_PERSON", "REINCLUDED", "TRANSFER", "ID_CORRECTION"]))
        assert now - before == set(coming["id_number"])
        exits = own.filter(pl.col("change_type") == "EXIT")
        corrected = own.filter(pl.col("change_type") == "ID_CORRECTION")
        transferred = changes.filter(pl.col("change_type") == "TRANSFER")
        gone = set(exits["id_number"]) | set(corrected["old_id_number"]) | set(transferred["id_number"])
        assert before - now == gone & before
        assert (exits["exit_reason"].is_not_null()).all()


def test_two_months_show_every_kind_of_change() -> None:
    kinds = set(made(30_000).rows("CHANGE_LIST", APRIL)["change_type"])
    assert kinds == {"NEW_HOUSEHOLD", "NEW_PERSON", "REINCLUDED", "TRANSFER", "MOVE", "ID_CORRECTION", "NAME_CHANGE", "EXIT", "HEAD_CHANGE",
                     "TAPER_START"}


def test_heads_are_persons_of_the_list() -> None:
    for period in (MARCH, APRIL):
        for code in ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "MARGIN_PERSON"):
            rows = truth(code, period)
            assert set(rows["head_id"]) <= set(rows["id_number"])
            heads = rows.filter(pl.col("relation") == "02")
            assert (heads["head_id"] == heads["id_number"]).all()


def test_households_list_their_members() -> None:
    rows = truth("DIBAO_RURAL_HOUSEHOLD", APRIL)
    assert (rows["members"].list.len() == rows["household_size"]).all()
    assert (rows["covered_size"] <= rows["household_size"]).all()
    assert rows["covered_size"].sum() == truth("DIBAO_RURAL_PERSON", APRIL).height
    assert (rows["covered_size"] < rows["household_size"]).any()


def test_reincluded_people_stand_in_the_exit_register() -> None:
    back = truth("CHANGE_LIST", APRIL).filter(pl.col("change_type") == "REINCLUDED")
    assert back.height > 0
    assert set(back["id_number"]) <= set(truth("EXIT_REGISTER", MARCH)["id_number"])


def test_held_rows_of_one_month_are_put_right_in_the_next() -> None:
    march, april = (made(30_000).frames("TEKUN_PERSON", period) for period in (MARCH, APRIL))
    held = march.rejected.join(april.accepted, on="cert_no", how="inner")
    still = march.rejected.join(april.rejected, on="cert_no", how="inner")
    assert held.height > 2
    assert still.height > 2


def test_monitoring_list_meets_the_rosters() -> None:
    rows = made(30_000).rows("MONITOR_PERSON", MARCH)
    covered = {code: set(made(30_000).rows(code, MARCH)["id_number"]) for code in COVERED}
    for code in ("DIBAO_RURAL_PERSON", "TEKUN_PERSON", "CHILD", "MARGIN_PERSON"):
        assert set(rows["id_number"]) & covered[code], code
    assert rows["id_number"].null_count() > 0
    assert rows["risk_cleared"].null_count() > 0
    assert rows["risk_identified_on"].null_count() > 0
    contrary = rows.filter(~pl.col("risk_cleared") & pl.col("risk_cleared_on").is_not_null())
    assert contrary.height > 0
    assert (rows["risk_identified_on"] > str(APRIL.end)).any()
    assert (rows["hukou_county"] != "荔波县").any()
    assert set(made(30_000).rows("DEATH", MARCH)["id_number"]) & covered["DIBAO_RURAL_PERSON"]


def test_one_month_is_a_county_too() -> None:
    alone = county(seeded("one"), 700, (Period(2024, 1),))
    assert "CHANGE_LIST" not in alone.codes(Period(2024, 1))
    lists = alone.lists(Period(2024, 1))
    assert sum(lists[code].accepted.height + lists[code].rejected.height for code in COVERED) == 700
    with pytest.raises(ValueError, match="not in"):
        alone.lists(MARCH)


def test_frames_are_those_of_the_source_lists() -> None:
    known = load_lists()
    for period in (MARCH, APRIL):
        for code, frames in made(600).lists(period).items():
            assert dict(frames.accepted.schema) == known[code].schema(), code
