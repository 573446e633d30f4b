"""Owed persons: whoever comes in is reported exactly once, in the first month in which somebody could read their row."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.frames import ListFrames
from contracts.ids import Period
from producers.increments import Increments, increments, nobody
from tests.unit.consumers.rules.county import dibao, frames, person

RURAL = "DIBAO_RURAL_PERSON"
FIRST = Period(2023, 3)


def seal(key: str) -> str:
    return hmac.new(b"lasting", key.encode(), hashlib.sha256).hexdigest()


def months(*rosters: tuple[Sequence[Any], Sequence[Any]] | None) -> list[Increments]:
    """The increments of each month after the first, the register handed on; None is a month without the list."""
    lists: list[dict[str, ListFrames]] = []
    for i, roster in enumerate(rosters):
        tekun = {"TEKUN_PERSON": frames("TEKUN_PERSON", period=FIRST.shift(i))}
        lists.append(tekun | ({RURAL: frames(RURAL, roster[0], roster[1], FIRST.shift(i))} if roster else {}))
    found: list[Increments] = []
    owed: pl.DataFrame | None = None
    for i in range(1, len(lists)):
        found.append(increments(lists[i - 1], lists[i], FIRST.shift(i), owed=owed, seal=seal))
        owed = found[-1].frames.owed
    return found


def reported(found: Increments) -> list[tuple[str, str, str]]:
    return found.frames.rows.select("id_number", "change_type", "since").rows()


HELD = [
    dibao(1) | {"codes": ["E-AMOUNT"]},
    dibao(1, id_number=None) | {"codes": ["E-ID-CHK"]},
    dibao(1, id_number=None, cert_no=None) | {"codes": ["E-ID-CHK"]},
    dibao(1, id_number=person(9)) | {"codes": ["E-ID-DUP"]},
]


@pytest.mark.parametrize("held", HELD, ids=["readable", "by certificate", "by head", "duplicate of another"])
def test_held_in_the_month_of_coming_goes_out_when_first_accepted(held: dict[str, Any]) -> None:
    april, may, june = months(([dibao(9)], []), ([dibao(9)], [held]), ([dibao(9), dibao(1)], []), ([dibao(9), dibao(1)], []))
    assert reported(april) == []
    assert reported(may) == [(person(1), "NEW_HOUSEHOLD", "2023-04")]
    assert may.frames.owed.is_empty()
    assert reported(june) == []


def test_held_for_two_months_is_still_reported_once() -> None:
    found = months(([], []), ([], [HELD[1]]), ([], [HELD[0]]), ([dibao(1)], []), ([dibao(1)], []))
    assert [reported(m) for m in found] == [[], [], [(person(1), "NEW_HOUSEHOLD", "2023-04")], []]


def test_the_first_month_of_all_owes_nothing() -> None:
    found = months(([], [HELD[1]]), ([dibao(1)], []))
    assert reported(found[0]) == []
    assert found[0].frames.not_new.select("id_number", "why").rows() == [(person(1), "BASE_ROW_HELD")]


def test_what_they_came_as_is_remembered() -> None:
    """In May the household is long known; in April, when it came, it was new."""
    found = months(([], []), ([dibao(1)], [dibao(2, 1, id_number=None) | {"codes": ["E-ID-LEN"]}]), ([dibao(1), dibao(2, 1)], []))
    assert reported(found[0]) == [(person(1), "NEW_HOUSEHOLD", "2023-04")]
    assert reported(found[1]) == [(person(2), "NEW_HOUSEHOLD", "2023-04")]


def test_a_month_without_the_list_loses_no_debt() -> None:
    found = months(([], []), ([], [HELD[0]]), None, ([], [HELD[0]]), ([dibao(1)], []))
    assert [reported(m) for m in found] == [[], [], [], [(person(1), "NEW_HOUSEHOLD", "2023-04")]]
    assert found[1].missing == (RURAL,)


def test_the_register_holds_no_personal_value() -> None:
    owed = months(([], []), ([], [HELD[0]]))[0].frames.owed
    assert owed.height == 3, "by ID, by certificate, by head"
    text = owed.write_csv()
    assert all(value not in text for value in ("名1", person(1), "NB1"))
    assert owed.schema == nobody().schema


def test_an_exact_duplicate_of_an_accepted_newcomer_is_owed_nothing() -> None:
    found = months(([], []), ([dibao(1)], [dibao(1) | {"codes": ["E-ID-DUP"]}]), ([dibao(1)], []))
    assert [reported(m) for m in found] == [[(person(1), "NEW_HOUSEHOLD", "2023-04")], []]
    assert found[0].frames.owed.is_empty()


SOME = st.sets(st.integers(1, 12))
STATES = st.sampled_from(["accepted", "accepted", "readable", "unreadable"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.lists(STATES, min_size=5, max_size=5)), min_size=1, max_size=6))
def test_everybody_who_comes_is_reported_exactly_once(people: list[tuple[int, int, list[str]]]) -> None:
    """Persons come in month 0 to 3 into one of three households and stay; each month their row is accepted or held somehow."""
    rosters: list[tuple[list[Any], list[Any]]] = [([], []) for _ in range(5)]
    due: Counter[tuple[int, str]] = Counter()
    for number, (coming, home, states) in enumerate(people, 1):
        for i in range(coming, 5):
            row = dibao(number, 100 + home)
            if states[i] == "accepted":
                rosters[i][0].append(row)
            else:
                rosters[i][1].append(row | {"codes": ["E-ID-CHK"]} | ({} if states[i] == "readable" else {"id_number": None}))
        first = next((i for i in range(coming, 5) if states[i] == "accepted"), None)
        if coming > 0 and first is not None:
            due[first, person(number)] += 1
    sent = Counter((i, row[0]) for i, found in enumerate(months(*rosters), 1) for row in reported(found))
    assert sent == due


@settings(max_examples=40, deadline=None)
@given(
    SOME, SOME, SOME, SOME, st.integers(200, 300)
)  # fmt: skip
def test_each_accepted_newcomer_is_reported_or_explained_and_strangers_change_nothing(
    before: set[int], held_before: set[int], now: set[int], held_now: set[int], stranger: int
) -> None:
    bad = {"codes": ["E-ID-CHK"], "id_number": None}
    base = ([dibao(n, 30 + n % 3) for n in before], [dibao(n, 30 + n % 3) | bad for n in held_before - before])
    current = ([dibao(n, 30 + n % 3) for n in now], [dibao(n, 30 + n % 3) | bad for n in held_now - now])
    found = months(base, current)[0].frames
    new, known = set(found.rows["id_number"]), set(found.not_new["id_number"])
    assert new | known == {person(n) for n in now - before}
    assert not new & known
    assert known == {person(n) for n in (now - before) & held_before}
    gone, held = set(found.exits["id_number"]), set(found.held["id_number"])
    assert gone == {person(n) for n in before - now - held_now}
    assert held == {person(n) for n in (before - now) & held_now}
    more = [dibao(stranger), dibao(stranger + 1, stranger)]
    again = months((base[0] + more, base[1]), (current[0] + more, current[1]))[0].frames
    assert again.rows.drop("_row").equals(found.rows.drop("_row"))
    assert again.exits.equals(found.exits)
