"""Exact fields, exact types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from contracts.ids import AgencyId, Period
from security.strict_json import Json
from security.strict_json_reader import Fields
from tests.unit.security.sealed_world import refused

CODE = "E-MANIFEST-FORM"
GOOD: dict[str, Json] = {
    "text": "名",
    "digest": "ab" * 32,
    "count": 3,
    "time": "2026-11-22T09:05:00Z",
    "agency": "990101/education",
    "period": "2023-03",
    "inner": {"a": 1},
    "list": [1, 2],
    "word": "snapshot",
    "nothing": None,
}


def fields(**changed: Json) -> Fields:
    return Fields({**GOOD, **changed}, tuple(GOOD), CODE)


def test_every_taker_gives_its_type() -> None:
    taken = fields()
    assert taken.text("text") == "名"
    assert taken.digest("digest") == "ab" * 32
    assert taken.digest_or_null("nothing") is None
    assert taken.integer("count", 3, 3) == 3
    assert taken.time("time") == datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
    assert taken.agency("agency") == AgencyId("990101", "education")
    assert taken.period("period") == Period(2023, 3)
    assert taken.members("inner", ("a",)).integer("a", 0) == 1
    assert taken.items("list", 2) == [1, 2]
    assert taken.one_of("word", ("event", "snapshot")) == "snapshot"
    taken.constant("count", 3)


@pytest.mark.parametrize("members", [{}, {"a": 1, "b": 2}, {"b": 1}, [], None, "a", 1])
def test_fields_are_exactly_those_named(members: Json) -> None:
    with refused(CODE):
        Fields(members, ("a",), CODE)


TAKERS: list[tuple[str, Callable[[Fields], object], list[Json]]] = [
    ("text", lambda f: f.text("text", 3), [1, None, "", "abcd", ["a"], True]),
    ("digest", lambda f: f.digest("digest"), ["AB" * 32, "ab" * 31, "ab" * 33, " " + "ab" * 31 + "a", "ab" * 32 + "\n", 1, None]),
    ("count", lambda f: f.integer("count", 0, 9), [True, False, -1, 10, "3", None, [3], 3.0]),  # type: ignore[list-item]  # a float is
    (
        "time",
        lambda f: f.time("time"),
        ["2026-11-22 09:05:00Z", "2026-11-22T09:05:00+00:00", "2026-13-01T00:00:00Z", "2026-11-22T09:05:60Z", 1],
    ),
    (
        "agency",
        lambda f: f.agency("agency"),
        ["education", "990101/", "990101/Education", "990101/education/x", "９９０１０１/education", None],
    ),
    ("period", lambda f: f.period("period"), ["2023-13", "2023-00", "2023-3", "1989-12", "2200-01", "２０２３-03", 202303]),
    ("inner", lambda f: f.members("inner", ("a",)), [None, [], "a", {}, {"a": 1, "b": 1}]),
    ("list", lambda f: f.items("list", 2), [None, {}, "ab", [1, 2, 3]]),
    ("word", lambda f: f.one_of("word", ("snapshot",)), ["Snapshot", "snapshot ", 1, None, ["snapshot"]]),
    ("count", lambda f: f.constant("count", 1), [True, "1", 2, None]),
]


@pytest.mark.parametrize(("name", "take", "value"), [(name, take, value) for name, take, values in TAKERS for value in values])
def test_another_type_or_spelling_is_refused(name: str, take: Callable[[Fields], object], value: Json) -> None:
    with refused(CODE):
        take(fields(**{name: value}))
