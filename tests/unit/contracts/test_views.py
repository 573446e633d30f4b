"""A view's digest is the whole view: nothing in it can change unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from fastavro.schema import parse_schema

from contracts.avro_types import canonical_form, fields_of, nullable_fields
from contracts.feeds import find_feed, load_feeds
from contracts.views import AgeBetween, View, ViewField

HRSS = find_feed("assistance-persons").view_for("hrss")


@pytest.mark.parametrize(
    "other",
    [
        replace(HRSS, feed="other"),
        replace(HRSS, to="education"),
        replace(HRSS, fields=HRSS.fields[:-1]),
        replace(HRSS, fields=tuple(reversed(HRSS.fields))),
        replace(HRSS, fields=(*HRSS.fields[:-1], ViewField("address"))),
        replace(HRSS, row_filter=()),
        replace(HRSS, row_filter=(HRSS.row_filter[0], AgeBetween(16, 60))),
        replace(HRSS, key=("id_number",)),
        replace(HRSS, purpose="other"),
        replace(HRSS, purpose_zh="别的"),
        replace(HRSS, purpose_en="other"),
        replace(HRSS, clause="别的"),
    ],
)
def test_whatever_changes_gives_another_digest(other: View) -> None:
    assert other.digest != HRSS.digest


def test_a_filter_of_the_same_parameters_but_another_name_is_another_view() -> None:
    feed = find_feed("assistance-persons")
    ages = {replace(HRSS, row_filter=(f,)).digest for f in (feed.views[0].row_filter[1], AgeBetween(3, 25))}
    assert len(ages) == 2


def test_digest_is_sha256_of_the_canonical_document() -> None:
    text = json.dumps(HRSS.document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert HRSS.digest == hashlib.sha256(text.encode()).hexdigest()
    assert HRSS.schema_digest == hashlib.sha256(canonical_form(HRSS.schema)).hexdigest()


def test_all_views_differ() -> None:
    views = [view for feed in load_feeds().values() for view in feed.views]
    assert len({view.digest for view in views}) == len({view.schema_digest for view in views}) == len(views)


def test_a_schema_is_just_the_fields_of_the_view() -> None:
    for feed in load_feeds().values():
        for view in feed.views:
            parse_schema(view.schema)
            assert [f["name"] for f in fields_of(view.schema)] == list(view.columns)
            assert [f["name"] for f in fields_of(view.key_schema)] == [c for c in view.columns if c in view.key]
            assert not nullable_fields(view.key_schema)
            assert {f["name"]: f["mask"] for f in fields_of(view.schema) if "mask" in f} == {f.name: f.mask for f in view.fields if f.mask}


def test_digests_are_pinned() -> None:
    """Changing what a department sees is a decision, never a side effect: then this table changes with it."""
    assert {f"{view.feed} {view.to}": view.digest[:16] for feed in load_feeds().values() for view in feed.views} == {
        "assistance-households housing": "d2f041e0fcea2393",
        "assistance-households emergency": "07a084515f56ec45",
        "assistance-persons education": "28d1fb48734dbef7",
        "assistance-persons hrss": "697f453d6e021580",
        "assistance-persons medical-insurance": "21d113cd612b29f1",
        "monitoring-outcomes rural-revitalization": "65e2062ba2f0cb69",
        "monitoring-subjects civil-affairs": "66ea931b6e2f28c6",
        "new-assistance rural-revitalization": "32825a8dc601571a",
    }
