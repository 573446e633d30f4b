"""R11 on counties of known truth: exactly who is due is reported, in the month and as what they came."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import pytest

from contracts.frames import ListFrames
from producers.increments import Increments, increments
from tests.unit.producers.stories import CATEGORY, FIRST, MONTHS, RURAL, STORIES, TEKUN, County, Due, county

SEEDS = range(60)


def seal(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()


def reported(made: County, missing: Collection[tuple[str, int]] = ()) -> set[Due]:
    """What comes out month by month, the register of the owed handed on."""
    told: set[Due] = set()
    before: Increments | None = None
    for month in range(1, MONTHS):
        last, now = (_there(made.lists(at), at, missing) for at in (month - 1, month))
        before = increments(
            last, now, FIRST.shift(month), exits=[made.register(month)], changes=[made.change_list(month)],
            last=_earlier(made, month - 1, missing), owed=before.frames.owed if before else None, skipped=before.missing if before else (),
            seal=seal,
        )  # fmt: skip
        rows = before.frames.rows.select("list", "id_number", "change_type", "since").rows()
        assert len(rows) == len({(row[0], row[1]) for row in rows}), "somebody is reported twice"
        told |= {(month, *row) for row in rows}
    return told


def _there(lists: Mapping[str, ListFrames], month: int, missing: Collection[tuple[str, int]]) -> dict[str, ListFrames]:
    return {code: frames for code, frames in lists.items() if (code, month) not in missing}


def _earlier(made: County, month: int, missing: Collection[tuple[str, int]]) -> dict[str, ListFrames]:
    """Of each list, the last month up to this one that has it."""
    found: dict[str, ListFrames] = {}
    for code in CATEGORY:
        have = [at for at in range(month + 1) if (code, at) not in missing]
        if have and have[-1] != month:
            found[code] = made.list_of(code, have[-1])
    return found


def stood(made: County, code: str, month: int) -> set[str]:
    """ID numbers of accepted rows."""
    return {row["id_number"] for row in made.rows.get((code, month), [])}


def wrong(made: County, got: set[Due], want: set[Due]) -> str:
    return "\n".join(f"{'lost' if due in want else 'invented'}: {due} ({made.who.get(due[2])})" for due in sorted(got ^ want))


@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_who_is_due_is_reported(seed: int) -> None:
    made = county(seed)
    got = reported(made)
    assert got == made.due, wrong(made, got, made.due)


@pytest.mark.parametrize("name", STORIES)
def test_every_story_alone(name: str) -> None:
    for seed in range(25):
        made = County(county(seed, 0).dice)
        for _ in range(4):
            STORIES[name](made)
        got = reported(made)
        assert got == made.due, wrong(made, got, made.due)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("code", [RURAL, TEKUN])
def test_a_month_without_a_list_delays_and_loses_nobody(seed: int, code: str) -> None:
    """Who comes while the list is missing, or while its base is, is reported in the first month that has both; nobody before was due.

    Who left and came back while nobody looked never left as far as anybody knows. The kind of those who came meanwhile is judged by what
    is known then; so persons and months are compared, and the kinds on lists that are whole.
    """
    made = county(seed)
    gap = made.dice.randrange(1, MONTHS - 2)
    got = reported(made, {(code, gap)})
    seen = {(on, who): (month, kind) for month, on, who, kind, _ in got}
    assert len(seen) <= len(got)
    for month, on, who, kind, since in made.due:
        touched = on == code and (month in (gap, gap + 1))
        if not touched and since not in {str(FIRST.shift(gap)), str(FIRST.shift(gap + 1))}:
            same = [row for row in got if row[:3] == (month, on, who)]
            assert same, (seed, month, on, kind, made.who[who])
            assert on == code or same[0][3] == kind, (seed, month, on, kind, made.who[who])
        elif touched and who in stood(made, on, gap + 2) and who not in stood(made, on, gap - 1):
            assert seen.get((on, who), (0, ""))[0] == gap + 2, (seed, gap, month, on, kind, made.who[who])
