"""The difference of a list to the month before: by hand, and on random months against an oracle that looks at one row after the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.frames import ListFrames
from contracts.ids import Period
from producers.difference import Difference, comparable, difference
from tests.unit.producers.rosters import id_of, list_of, person

RURAL = "DIBAO_RURAL_PERSON"
APRIL = Period(2023, 4)
HELD = {"_codes": ["E-ID-CHK"]}


def row(number: int, **more: Any) -> dict[str, Any]:
    return {**person(f"名{number}", id_of("19600101", 900 + number), cert_no=f"NB{number}"), "remark": "", **more}


def month(rows: list[dict[str, Any]], held: list[dict[str, Any]] | None = None) -> ListFrames:
    return list_of(RURAL, rows or [row(99)], held=held or [], period=APRIL)


def counts(found: Difference) -> tuple[int, ...]:
    return found.new, found.gone, found.held, found.mended, found.renumbered, found.changed


def test_nothing_has_changed() -> None:
    found = difference(month([row(1), row(2)]), month([row(2), row(1)]))
    assert found.nothing
    assert (counts(found), found.fields, found.lost) == ((0, 0, 0, 0, 0, 0), {}, ())


def test_fields_that_changed_most_come_first() -> None:
    then = [row(1), row(2), row(3)]
    found = difference(month(then), month([row(1, town="茂兰镇", start_month="2023-01"), row(2, start_month="2023-01"), row(3)]))
    assert (found.changed, dict(found.fields), list(found.fields)) == (2, {"start_month": 2, "town": 1}, ["start_month", "town"])


def test_another_number_under_name_and_certificate_is_one_change_and_nobody_new() -> None:
    found = difference(month([row(1), row(2)]), month([row(1), row(2, id_number=id_of("19600102"))]))
    assert counts(found) == (0, 0, 0, 0, 1, 1)
    assert found.fields == {"id_number": 1}


def test_a_held_row_without_its_number_is_known_by_its_certificate() -> None:
    found = difference(month([row(1), row(2)]), month([row(1)], [row(2, id_number=None)]))
    assert counts(found) == (0, 0, 1, 0, 0, 0)
    assert counts(difference(month([row(1)], [row(2, id_number=None)]), month([row(1), row(2)]))) == (0, 0, 0, 1, 0, 0)


def test_a_column_that_is_gone_changes_nobody_and_is_named() -> None:
    bare = [{name: cell for name, cell in row(n).items() if name != "start_month"} for n in (1, 2)]
    found = difference(month([row(1), row(2)]), list_of(RURAL, bare, period=APRIL))
    assert (found.changed, found.lost) == (0, ("start_month",))


def test_of_towns_that_are_still_to_come_nobody_is_gone() -> None:
    then = [row(1), row(2, town="茂兰镇", village_code="522722101200"), row(3, town=None, village_code=None)]
    found = difference(month(then), month([row(1)]), frozenset({"522722101", "茂兰镇"}))
    assert (found.gone, found.waiting, found.before) == (0, 2, 1)
    assert difference(month(then), month([row(1)])).gone == 2


def test_lists_of_events_are_not_compared() -> None:
    assert comparable(RURAL)
    assert not comparable("PAYMENT_RESULT")
    assert not comparable("CHANGE_LIST")
    assert not comparable("DEATH"), "who died last month is not gone from anything"


SOME = st.dictionaries(st.integers(1, 12), st.sampled_from(["八烂村", "拉利村", None]), max_size=10)
HOW = st.sets(st.integers(1, 12))


@settings(max_examples=100, deadline=None)
@given(SOME, HOW, SOME, HOW, st.booleans())
def test_random_months(
    before: dict[int, str | None], held_before: set[int], now: dict[int, str | None], held_now: set[int], readable: bool
) -> None:
    """Every person looked at by himself."""
    held_before, held_now = held_before - before.keys(), held_now - now.keys()
    bad: dict[str, Any] = {} if readable else {"id_number": None}
    then = month([row(50), *(row(n, village=v) for n, v in before.items())], [row(n, **bad) for n in held_before])
    here = month([row(50), *(row(n, village=v) for n, v in now.items())], [row(n, **bad) for n in held_now])
    want = dict.fromkeys(("new", "gone", "held", "mended", "changed"), 0)
    for n in range(1, 13):
        if n in now and n not in before:
            want["mended" if n in held_before else "new"] += 1
        elif n in before and n not in now:
            want["held" if n in held_now else "gone"] += 1
        elif n in before and before[n] != now[n]:
            want["changed"] += 1
    found = difference(then, here)
    if found.lost or (len(before) and all(v is None for v in before.values())):
        want["changed"] = found.changed  # a column that comes or goes whole is told of as such
    assert {name: getattr(found, name) for name in want} == want
    assert found.renumbered == 0
