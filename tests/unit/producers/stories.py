"""Invented counties of known truth: people whose lives over some months are written down, and what must be reported of each.

Every story writes rows (accepted, or held for a fault), lines of the change list and of the exit register, and what is due: who is to be
reported in which month, as what, since when. Nothing of the rules is used to say what is due.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.frames import ListFrames
from contracts.ids import Period
from tests.unit.consumers.rules.county import frames, person

RURAL, URBAN, TEKUN = "DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "TEKUN_PERSON"
CATEGORY = {RURAL: "DIBAO_RURAL", URBAN: "DIBAO_URBAN", TEKUN: "TEKUN"}
FIRST = Period(2023, 2)
MONTHS = 6
Row = dict[str, Any]
Due = tuple[int, str, str, str, str]
"""Month, list, ID number, kind, since."""


@dataclass(slots=True)
class County:
    """Six months of a county.

    Attributes:
        rows, held: (list, month) -> rows.
        changes: month -> lines of its change list; exits: month -> lines that its exit register has from then on.
        due: what must be reported.
        who: name of the story of each ID number, for whoever looks at a failure.
    """

    dice: random.Random
    rows: dict[tuple[str, int], list[Row]] = field(default_factory=dict)
    held: dict[tuple[str, int], list[Row]] = field(default_factory=dict)
    changes: dict[int, list[Row]] = field(default_factory=dict)
    exits: dict[int, list[Row]] = field(default_factory=dict)
    due: set[Due] = field(default_factory=set)
    who: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def somebody(self) -> int:
        self.count += 1
        return self.count

    def stand(self, row: Row, first: int, last: int = MONTHS, on: str = RURAL) -> None:
        """Accepted from month `first` to the one before `last`."""
        for month in range(first, last):
            self.rows.setdefault((on, month), []).append(row)

    def hold(self, row: Row, first: int, last: int, on: str = RURAL) -> None:
        """Held: with a number that can be read (another field is wrong), or one that cannot."""
        for month in range(first, last):
            readable = self.dice.random() < 0.4
            mistyped = {"codes": ["E-ID-CHK"], "id_number": None, "raw": f'["{row["id_number"][:-1]}?"]'}
            fault = {"codes": ["E-DATE"]} if readable else mistyped
            self.held.setdefault((on, month), []).append({**row, **fault})

    def owe(self, month: int, row: Row, kind: str, since: int | None = None, on: str = RURAL) -> None:
        told = month if since is None else since
        if month < MONTHS:
            self.due.add((month, on, row["id_number"], kind, str(FIRST.shift(told))))

    def change(self, month: int, kind: str, row: Row, **more: Any) -> None:
        said = {name: row.get(name) for name in ("name", "id_number", "head_id")}
        self.changes.setdefault(month, []).append({"change_type": kind, "category": "DIBAO_RURAL", **said, **more})

    def leave(self, month: int, row: Row, reason: str = "INCOME") -> None:
        line = {name: row.get(name) for name in ("name", "id_number", "head_id")} | {"category": "DIBAO_RURAL", "reason": reason}
        self.exits.setdefault(month, []).append(line)

    def list_of(self, code: str, month: int) -> ListFrames:
        rows, held = self.rows.get((code, month), []), self.held.get((code, month), [])
        return frames(code, shuffled(self.dice, rows), shuffled(self.dice, held), FIRST.shift(month), "partial" if held else "complete")

    def lists(self, month: int) -> dict[str, ListFrames]:
        return {code: self.list_of(code, month) for code in CATEGORY}

    def register(self, month: int) -> ListFrames:
        lines = [line for then, told in self.exits.items() if then <= month for line in told]
        return frames("EXIT_REGISTER", lines, period=FIRST.shift(month))

    def change_list(self, month: int) -> ListFrames:
        return frames("CHANGE_LIST", self.changes.get(month, []), period=FIRST.shift(month))


def shuffled(dice: random.Random, rows: list[Row]) -> list[Row]:
    return dice.sample(rows, len(rows))


def row_of(number: int, head: int | None = None, cert: int | None = None, **other: Any) -> Row:
    """A person's row; household, and with it the certificate, of `head`."""
    home = number if head is None else head
    made = {"name": f"名{number}", "id_number": person(number), "head_id": person(home), "cert_no": f"NB{home if cert is None else cert}"}
    return {**made, "village": "八烂村", **other}


def tekun_of(row: Row) -> Row:
    return {"name": row["name"], "id_number": row["id_number"], "cert_no": f"TK{row['cert_no'][2:]}", "village": row["village"]}


def stays(at: County) -> None:
    head = at.somebody()
    at.stand(row_of(head), 0)
    at.stand(row_of(at.somebody(), head), 0)


def leaves(at: County) -> None:
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    at.stand(row, 0, month)
    if at.dice.random() < 0.7:
        at.change(month, "EXIT", row, exit_reason="INCOME")
        at.leave(month, row)


def comes(at: County) -> None:
    """In the roster; the change list may know of it or not."""
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    at.stand(row, month)
    at.owe(month, row, "NEW_HOUSEHOLD")
    if at.dice.random() < 0.5:
        at.change(month, "NEW_HOUSEHOLD", row)


def joins(at: County) -> None:
    head = at.somebody()
    row, month = row_of(at.somebody(), head), at.dice.randrange(1, MONTHS)
    at.stand(row_of(head), 0)
    at.stand(row, month)
    at.owe(month, row, "NEW_PERSON")


def comes_held(at: County) -> None:
    """The row is held in the month and accepted some months later: owed."""
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    good = at.dice.randrange(month + 1, MONTHS + 1)
    at.hold(row, month, good)
    at.stand(row, good)
    at.owe(good, row, "NEW_HOUSEHOLD", since=month)


def is_held_between(at: County) -> None:
    row, month = row_of(at.somebody()), at.dice.randrange(0, MONTHS - 1)
    good = at.dice.randrange(month + 1, MONTHS + 1)
    at.stand(row, 0, month)
    at.hold(row, month, good)
    at.stand(row, good)


def is_corrected(at: County) -> None:
    """Another number: the change list says so, or name and certificate are the same."""
    number, month = at.somebody(), at.dice.randrange(1, MONTHS)
    old = row_of(number)
    listed = at.dice.random() < 0.5
    new = {**old, "id_number": person(5000 + number), "head_id": person(5000 + number)}
    if listed and at.dice.random() < 0.5:
        new |= {"cert_no": f"NB{5000 + number}"}
    at.stand(old, 0, month)
    at.stand(new, month)
    if listed:
        at.change(month, "ID_CORRECTION", new, old_id_number=old["id_number"])


def is_corrected_from_a_held_row(at: County) -> None:
    """The old number was wrong, so the row was rejected; the change list names it as it stood there."""
    number, month = at.somebody(), at.dice.randrange(1, MONTHS)
    new = row_of(number)
    wrong = new["id_number"][:-1] + ("0" if new["id_number"][-1] != "0" else "1")
    for then in range(month):
        bad = {**new, "id_number": None, "codes": ["E-ID-CHK"], "raw": f'["{new["name"]}", "{wrong}"]'}
        at.held.setdefault((RURAL, then), []).append({**bad, "head_id": None, "cert_no": f"NB{6000 + number}"})
    at.stand(new, month)
    at.change(month, "ID_CORRECTION", new, old_id_number=wrong)


def moves(at: County) -> None:
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    at.stand(row, 0, month)
    at.stand({**row, "village": "拉利村"}, month)
    at.change(month, at.dice.choice(["MOVE", "NEW_HOUSEHOLD"]), row, old_place="八烂村")


def is_renamed(at: County) -> None:
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    at.stand(row, 0, month)
    at.stand({**row, "name": f"改{row['name']}"}, month)
    at.change(month, "NAME_CHANGE", row)


def changes_over(at: County) -> None:
    """From one roster to another; also back to where it is not reported from."""
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    before, after = at.dice.choice([(RURAL, TEKUN), (TEKUN, RURAL), (URBAN, RURAL), (RURAL, URBAN)])
    at.stand(tekun_of(row) if before == TEKUN else row, 0, month, before)
    at.stand(tekun_of(row) if after == TEKUN else row, month, MONTHS, after)
    if after != URBAN:
        at.owe(month, row, "TRANSFER", on=after)
    if at.dice.random() < 0.5:
        at.change(month, "TRANSFER", row, category=CATEGORY[after])


def comes_back(at: County) -> None:
    row = row_of(at.somebody())
    left = at.dice.randrange(1, MONTHS - 1)
    month = at.dice.randrange(left + 1, MONTHS)
    at.stand(row, 0, left)
    at.leave(left, row)
    at.stand(row, month)
    at.owe(month, row, "REINCLUDED")


def has_a_new_head(at: County) -> None:
    """The head dies; the others stay under a new head."""
    old, new, child = at.somebody(), at.somebody(), at.somebody()
    month = at.dice.randrange(1, MONTHS)
    at.stand(row_of(old), 0, month)
    for number in (new, child):
        at.stand(row_of(number, old), 0, month)
        at.stand(row_of(number, new, cert=old), month)
    at.change(month, "HEAD_CHANGE", row_of(new, new, cert=old))


def parts(at: County) -> None:
    """A member gets a household of his own."""
    head, member, month = at.somebody(), at.somebody(), at.dice.randrange(1, MONTHS)
    at.stand(row_of(head), 0)
    at.stand(row_of(member, head), 0, month)
    at.stand(row_of(member), month)
    at.change(month, "SPLIT", row_of(member))


def was_left_out(at: County) -> None:
    """Named as head by the others' rows all along, with a row of their own only now: known, and not new."""
    head, member, month = at.somebody(), at.somebody(), at.dice.randrange(1, MONTHS)
    at.stand(row_of(member, head), 0)
    at.stand(row_of(head), month)


def is_tapered(at: County) -> None:
    row, month = row_of(at.somebody()), at.dice.randrange(1, MONTHS)
    at.stand(row, 0)
    at.change(month, at.dice.choice(["TAPER_START", "TAPER_BACK"]), row)


STORIES: Mapping[str, Callable[[County], None]] = {
    each.__name__: each
    for each in (
        stays, leaves, comes, joins, comes_held, is_held_between, is_corrected, is_corrected_from_a_held_row, moves, is_renamed,
        changes_over, comes_back, has_a_new_head, parts, was_left_out, is_tapered,
    )
}  # fmt: skip


def county(seed: int, households: int = 60) -> County:
    """A county of so many stories, each told of its own people."""
    made = County(random.Random(seed))  # noqa: S311 (a test's dice)
    for _ in range(households):
        name = made.dice.choice(list(STORIES))
        first = made.count
        STORIES[name](made)
        made.who |= {person(number + more): name for number in range(first + 1, made.count + 1) for more in (0, 5000)}
    return made
