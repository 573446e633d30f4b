"""One disturbed life beside an undisturbed one."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from gateway.demo.county import County
from tests.fault import life
from tests.fault.life import LIFE, Act, Done, Town, place_of
from tests.fault.nursery import Nursery
from tests.fault.standing import Standing, exposed, files, given, kept_receipts, shelves, standing, tables, taken
from tests.fault.steps import Full, Kill, Step, kills

FULL = frozenset({"E-DISK", "E-STORE", "E-CARRIER-FULL", "E-SINK-FULL"})
"""What a full disk is called: a file, the home's database, the carrier, the partner's sink."""

Place = TypeVar("Place")
PERSONS = 120
HORIZONS = ("list-rr", "collect", "collect-completed", "collect-revised", "collect-outcomes", "sync-ca", "receipts-ca", "receipts-recalled",
            "destroy")
"""Acts after which a part of the life is done: a trial that is in a hurry goes on to the next of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An act undisturbed: its steps, what partners saw before it and see after it, and what stands then."""

    steps: tuple[Step, ...]
    saw: Standing
    sees: Standing
    stands: Standing


@dataclass(frozen=True, slots=True)
class Lives:
    """The undisturbed life, with everything as it was before each act.

    Attributes:
        folder: where every life takes place; homes remember the path of their mail.
        before: copies of the folder, one an act.
        stands: what stood before each act, and at the end.
        sees: likewise what partners saw.
        steps: of each act.
        numbers, names: of all persons.
    """

    folder: Path
    nursery: Nursery
    before: tuple[Path, ...]
    stands: tuple[Standing, ...]
    sees: tuple[Standing, ...]
    steps: dict[str, tuple[Step, ...]]
    numbers: frozenset[str]
    names: frozenset[str]

    def town(self, act: Act, sink: str = "sqlite") -> Town:
        """The folder as it was before an act."""
        life.copy(self.before[place_of(act.name)], self.folder)
        return Town(self.folder, self.nursery, sink)

    def before_stands(self, act: Act) -> Standing:
        """What stood before an act."""
        return self.stands[place_of(act.name)]

    def outcome(self, act: Act) -> Outcome:
        """What an act leads to when nothing disturbs it."""
        number = place_of(act.name)
        return Outcome(self.steps[act.name], self.sees[number], self.sees[number + 1], self.stands[number + 1])


def live(base: Path, nursery: Nursery) -> Lives:
    """Live once undisturbed.

    Raises:
        AssertionError: a command failed, which no fault explains.
    """
    people = life.people(PERSONS)
    folder = base / "town"
    life.lay_out(folder, people)
    town = Town(folder, nursery)
    before: list[Path] = []
    stands, sees = [standing(folder)], [look(folder)]
    steps: dict[str, tuple[Step, ...]] = {}
    for number, act in enumerate(LIFE):
        before.append(base / f"{number:02d}")
        life.copy(folder, before[-1])
        done = town.perform(act)
        assert done.code == 0, f"{act.name}: exit {done.code}\n{done.out}\n{done.err}"
        steps[act.name] = done.steps
        stands.append(standing(folder))
        sees.append(look(folder))
    numbers, names = known(people)
    return Lives(folder, nursery, tuple(before), tuple(stands), tuple(sees), steps, numbers, names)


def known(people: County) -> tuple[frozenset[str], frozenset[str]]:
    """ID numbers and names (of three characters and more) of everybody in the files."""
    numbers: set[str] = set()
    names: set[str] = set()
    for code in ("DIBAO_RURAL_PERSON", "MONITOR_PERSON"):
        for period in people.periods:
            rows = people.rows(code, period)
            numbers |= {number for number in rows["id_number"].to_list() if number}
            names |= {name for name in rows["name"].to_list() if name and len(name) >= 3}
    return frozenset(numbers), frozenset(names)


def look(folder: Path) -> Standing:
    """What partners see: every month of every table and file."""
    found = {f"edu {name}": rows for name, rows in tables(folder / "edu.db").items()}
    found |= {f"rr {name}": rows for name, rows in tables(folder / "rr.db").items()}
    for kind in ("csv", "parquet", "xlsx"):
        found |= {f"{kind} {name}": rows for name, rows in files(folder / f"edu-{kind}").items()}
    return found


def selected(places: Sequence[Place], every: int, start: int = 0) -> list[Place]:
    """Every so-many-th place and one at least, if there is any; acts that begin at different ones leave few out between them."""
    return list(places[start % min(every, len(places))::every]) if places else []


def places(steps: Sequence[Step]) -> list[Kill]:
    """Where a process is killed: before each step, and after those that make something visible."""
    return list(kills(steps, thorough=False))


def turns(steps: Sequence[Step]) -> list[Kill]:
    """Of those, just after each step that makes something visible: between two of them only hidden files differ."""
    return [place for place in places(steps) if place.when == "after"]


def rest_of(act: Act, *, whole: bool) -> Iterator[Act]:
    """What follows an act: to the end, or to the next horizon."""
    for other in LIFE[place_of(act.name) + 1:]:
        yield other
        if not whole and other.name in HORIZONS:
            return


@dataclass(slots=True)
class Trial:
    """A life disturbed in one act.

    Attributes:
        outcome: of the act undisturbed.
        touched: homes that have done something in it.
        notes: what was done, for the message of a failed assertion.
    """

    lives: Lives
    act: Act
    town: Town
    outcome: Outcome
    touched: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def killed(self, kill: Kill) -> Done:
        """Carry out the act until it is killed; what partners see then is what they saw before, or the whole of what is new."""
        done = self.town.perform(self.act, kill)
        self.touched.add(self.act.home)
        self.notes.append(f"{self.act.name} killed {kill}" if done.code == -signal.SIGKILL else f"{self.act.name} exit {done.code}")
        self.check_view()
        self.check_hidden()
        return done

    def full(self, fault: Full) -> Done:
        """Carry out the act on a disk that is full from a step on: exit 4, a code that says so, and partners see nothing by halves."""
        done = self.town.perform(self.act, fault)
        self.touched.add(self.act.home)
        self.notes.append(f"{self.act.name} {fault} exit {done.code}")
        self.check_refusal(done)
        self.check_view()
        self.check_hidden()
        return done

    def again(self) -> Done:
        """Carry out the act undisturbed: it comes to its end, and everything stands as if nothing had been."""
        done = self.town.perform(self.act)
        assert done.code == 0, f"{self}, then again: exit {done.code}\n{done.out}\n{done.err}"
        self.check_standing(self.outcome.stands)
        return done

    def go_on(self, *, whole: bool) -> None:
        """Carry out what follows; then everything stands as it would have, and is settled."""
        last = self.act
        for last in rest_of(self.act, whole=whole):
            self.touched.add(last.home)
            done = self.town.perform(last)
            assert done.code == 0, f"{self}, then {last.name}: exit {done.code}\n{done.out}\n{done.err}"
        self.check_standing(self.lives.stands[place_of(last.name) + 1])
        self.settle(whole=whole)

    def settle(self, *, whole: bool = False) -> None:
        """Every home is clean, receipts are one everywhere, and nobody can be read; at the end of life nothing lies about either."""
        self.check_homes(0 if whole else None)
        self.check_receipts()
        self.check_hidden()

    def check_view(self) -> None:
        """Each month of each table as it was, or as it will be."""
        before, after, now = self.outcome.saw, self.outcome.sees, look(self.town.folder)
        for name in {*before, *after, *now}:
            whole = (before.get(name, []), after.get(name, []))
            assert now.get(name, []) in whole, f"{self}: part of {name} is visible"

    def check_refusal(self, done: Done) -> None:
        """Exit 4, and the answer names what is full; never an error of the program."""
        assert done.code == 4, f"{self}: exit {done.code}\n{done.out}\n{done.err}"
        said = codes_of(done)
        assert said, f"{self}: {done.out}\n{done.err}"
        assert said <= (FULL | {"E-FILE-ACCESS"} if self.act.file else FULL), f"{self}: {done.out}\n{done.err}"

    def check_standing(self, then: Standing) -> None:
        """As it would be without a fault."""
        now = standing(self.town.folder)
        wrong = {name: (then.get(name), now.get(name)) for name in {*now, *then} if now.get(name) != then.get(name)}
        assert not wrong, f"{self}: {_difference(wrong)}"

    def check_homes(self, strays: int | None) -> None:
        """`fsck` agrees in every home that has done something since, and nothing half done lies about."""
        for home in sorted(self.touched):
            found = self.town.fsck(home)
            assert (found["exit"], found["clean"], found["faults"]) == (0, True, []), f"{self}: {home} {found}"
            assert strays in {None, found["strays"]}, f"{self}: {home} {found}"
            hidden = [name for names in shelves(self.town.folder, home).values() for name in names if name.startswith(".")]
            assert not hidden, f"{self}: {hidden} is left in {home}"

    def check_receipts(self) -> None:
        """The receipt in a partner's sink, in its home and at the sender is the same, byte for byte."""
        folder = self.town.folder
        stored, theirs, ours = kept_receipts(folder), given(folder, "edu", "loaded"), taken(folder, "ca", "loaded")
        assert theirs == stored, f"{self}: the home gives other receipts than its sink holds"
        for manifest, envelope in theirs.items():
            assert ours.get(manifest, envelope) == envelope, f"{self}: the sender has another receipt than was given"

    def check_hidden(self) -> None:
        """Nobody can be read anywhere but in partners' tables."""
        found = exposed(self.town.folder, self.lives.numbers, self.lives.names)
        assert not found, f"{self}: persons can be read in {found}"

    def __str__(self) -> str:
        return ", ".join(self.notes) or self.act.name


def begun(lives: Lives, act: Act) -> Trial:
    """A trial of an act, everything being as it was before it."""
    return Trial(lives, act, lives.town(act), lives.outcome(act))


def elsewhere(lives: Lives, act: Act, sink: str) -> Outcome:
    """What an act leads to when education has another sink from then on."""
    town = lives.town(act, sink)
    saw = look(town.folder)
    done = town.perform(act)
    assert done.code == 0, f"{act.name} into {sink}: exit {done.code}\n{done.out}\n{done.err}"
    return Outcome(done.steps, saw, look(town.folder), standing(town.folder))


def codes_of(done: Done) -> set[str]:
    """The codes in what a command has answered; on stderr where stdout itself could not be written."""
    try:
        return set(_codes(json.loads(done.out)))
    except ValueError:
        return set(re.findall(r"\[([EWI]-[A-Z0-9-]+)\]", done.err))


def _codes(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        code = value.get("code")
        if isinstance(code, str):
            yield code
        for inner in value.values():
            yield from _codes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _codes(inner)


def _difference(wrong: Mapping[str, tuple[object, object]]) -> str:
    """What is too much and what is missing, table by table."""
    lines: list[str] = []
    for name, (then, now) in sorted(wrong.items()):
        before, after = [list(rows) if isinstance(rows, list) else [] for rows in (then, now)]
        lines.append(f"{name}: missing {[row for row in before if row not in after or before.count(row) > after.count(row)][:4]}, "
                     f"too much {[row for row in after if row not in before or after.count(row) > before.count(row)][:4]}")
    return "\n".join(lines)
