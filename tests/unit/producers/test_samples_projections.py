"""What each department would get of the shared samples, counted as their judge counts."""

from __future__ import annotations

import json

import polars as pl
import pytest

from contracts import avro
from contracts.feeds import find_feed, load_feeds
from contracts.frames import ListFrames
from producers.assemble import assemble, survey
from producers.households import narrow
from producers.preview import lines
from producers.views import apply_view
from tests.unit.producers.rosters import MARCH, SAMPLES, sample_lists, sample_values


@pytest.fixture(scope="module")
def march() -> dict[str, ListFrames]:
    return sample_lists("2023-03")


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, object]]:
    if not SAMPLES.is_dir():
        pytest.skip("needs ../shared (samples), which is not here")
    found: dict[str, dict[str, object]] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["projections"]
    return found


def seen(march: dict[str, ListFrames], feed: str, to: str) -> pl.DataFrame:
    return apply_view(assemble(find_feed(feed), march), find_feed(feed).view_for(to), MARCH)


@pytest.mark.parametrize(("to", "name"), [("education", "education"), ("hrss", "hrss"), ("medical-insurance", "medical")])
def test_persons(march: dict[str, ListFrames], expected: dict[str, dict[str, object]], to: str, name: str) -> None:
    rows, want = seen(march, "assistance-persons", to), expected[name]
    by_category = want["rows_by_category"]
    assert isinstance(by_category, dict)
    assert rows.height == want["rows"]
    assert dict(rows.group_by("category").len().rows()) == {k: v for k, v in by_category.items() if v}
    assert rows["id_number"].n_unique() == want["distinct_persons"]
    assert rows.select("id_number", "category").is_duplicated().sum() == 0


@pytest.mark.parametrize(("to", "tekun"), [("housing", "TEKUN_SCATTERED"), ("emergency", "TEKUN")])
def test_households(march: dict[str, ListFrames], expected: dict[str, dict[str, object]], to: str, tekun: str) -> None:
    rows, want = seen(march, "assistance-households", to), expected[to]
    counts = dict(rows.group_by("category").len().rows())
    assert counts["DIBAO_RURAL"] == want["DIBAO_RURAL"]
    assert counts["DIBAO_URBAN"] == want["DIBAO_URBAN"]
    assert counts["TEKUN"] == want[tekun]
    assert counts["MARGIN"] == want["MARGIN_by_person_rows"]
    assert counts.get("ORPHAN", 0) + counts.get("DEFACTO_CHILD", 0) == want.get("child_persons", 0)
    assert rows.select("head_id", "category").is_duplicated().sum() == 0


def test_households_without_the_person_list_come_from_the_household_list(march: dict[str, ListFrames]) -> None:
    part = {code: frames for code, frames in march.items() if code in ("DIBAO_RURAL_HOUSEHOLD", "MARGIN_HOUSEHOLD")}
    rows = seen(part, "assistance-households", "housing")
    assert dict(rows.group_by("category").len().rows()) == {"DIBAO_RURAL": 581, "MARGIN": 123}
    assert rows.filter(pl.col("category") == "DIBAO_RURAL")["household_size"].null_count() == 0


def test_narrow_lists_give_the_same_households(march: dict[str, ListFrames]) -> None:
    feed = find_feed("assistance-households")
    slim = {code: narrow(frames) for code, frames in march.items()}
    assert len(slim["DIBAO_RURAL_PERSON"].accepted.columns) < 15 < len(march["DIBAO_RURAL_PERSON"].accepted.columns)
    assert assemble(feed, slim).equals(assemble(feed, march))


def test_household_lists_fill_in_size_and_phone(march: dict[str, ListFrames]) -> None:
    rows = seen(march, "assistance-households", "housing").filter(category="DIBAO_RURAL")
    assert rows["household_size"].null_count() == 12  # households whose own row the household list lost
    assert rows["phone"].null_count() >= 12
    assert (rows["household_size"] >= rows["covered_size"]).sum() > 500
    assert set(rows["settlement"]) == {"RURAL"}


@pytest.mark.parametrize("field", ["bank_account", "phone", "remark", "disability_cert_no", "carer_id", "father_reason", "account_no"])
def test_nothing_that_a_view_leaves_out_gets_through(march: dict[str, ListFrames], field: str) -> None:
    secrets = {value for value in sample_values(field) if field != "remark" or len(value) > 6}
    assert secrets
    for name in ("assistance-persons", "assistance-households"):
        for view in find_feed(name).views:
            rows = seen(march, name, view.to)
            text = lines(rows).decode() + avro.encode(rows, view.schema, {}).decode("utf-8", "replace")
            leaked = {value for value in secrets if value in text}
            assert not leaked if field != "father_reason" else not leaked & {"宣告失踪", "服刑", "强制戒毒"}


def test_every_view_of_the_samples_is_an_edition_that_can_be_read(march: dict[str, ListFrames]) -> None:
    for feed in load_feeds().values():
        if feed.kind == "snapshot":
            for view in feed.views:
                rows = apply_view(assemble(feed, march), view, MARCH)
                assert avro.decode(avro.encode(rows, view.schema, {}), view.schema).frame.equals(rows)
                assert rows.columns == list(view.columns)
                assert rows.height


def test_batches_together_are_the_whole(march: dict[str, ListFrames]) -> None:
    feed = find_feed("assistance-persons")
    batches = [
        ListFrames(code, MARCH, "complete", march[code].accepted.slice(at, 100), march[code].rejected)
        for code in feed.row_sources
        for at in range(0, march[code].accepted.height, 100)
    ]
    whole = survey(feed, batches)
    parts = [assemble(feed, {batch.list: batch}, whole=whole) for batch in batches]
    assert pl.concat(parts).equals(assemble(feed, march))
    for view in feed.views:
        cut = pl.concat([apply_view(part, view, MARCH) for part in parts])
        assert cut.equals(apply_view(assemble(feed, march), view, MARCH))


def test_heads_are_named_where_they_have_a_row(march: dict[str, ListFrames]) -> None:
    rows = assemble(find_feed("assistance-persons"), march).filter(category="DIBAO_RURAL")
    assert rows["head_id"].null_count() == 0
    assert 0 < rows["head_name"].null_count() < 0.1 * rows.height
    heads = rows.filter(pl.col("id_number") == pl.col("head_id"))
    assert (heads["name"] == heads["head_name"]).all()
