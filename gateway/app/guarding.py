"""The fall guard over stored months (R22): counts as they were taken at import; lists by town are opened and held town against town."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.feeds import Feed
from contracts.ids import Period
from gateway.app import areas
from gateway.app.office import Office
from gateway.app.rosters import MonthOfList, Register, Shelf
from producers.fall import Fall, Growth, falls_of, growths_of, of_towns, persons

Counts = tuple[Mapping[str, int], Mapping[str, int]]
_READ = frozenset({"id_number", "category", "town", "village_code"})


@dataclass(slots=True)
class Guard:
    """Persons by category in two months, each list counted once a run."""

    office: Office
    register: Register
    _counted: dict[tuple[str, Period], Counts] = field(default_factory=dict)

    def falls(self, feed: Feed, period: Period, *, nil: bool = False) -> tuple[Fall, ...]:
        """Categories of a feed that fell too far; a feed declared empty has nobody, whatever is missing."""
        if nil:
            before = self.register.month(period.previous, feed.row_sources)
            return falls_of(_sum([found.counts for found in before.values()]), {})
        counts = [self.counts(code, period) for code in feed.row_sources]
        return falls_of(_sum([then for then, _ in counts]), _sum([now for _, now in counts]))

    def growths(self, code: str, period: Period) -> tuple[Growth, ...]:
        """Categories of a list that grew by more than is usual."""
        return growths_of(*self.counts(code, period))

    def counts(self, code: str, period: Period) -> Counts:
        """Persons by category, last month and this month; empty where the list is missing in either.

        While towns are still to come, the persons of those that have sent rows, in both months: the others stay, unconfirmed, and a town's
        nil report removes nobody by itself; it counts when the last town has answered.
        """
        key = (code, period)
        if key not in self._counted:
            now = self.register.month(period, [code])[code]
            before = self.register.month(period.previous, [code])[code]
            self._counted[key] = self._count(before, now)
        return self._counted[key]

    def _count(self, before: MonthOfList, now: MonthOfList) -> Counts:
        if "missing" in (before.state, now.state):
            return {}, {}
        if not now.outstanding:
            return before.counts, now.counts
        known = areas.towns(self.register.connection, now.period)
        filed = frozenset[str]().union(*(part.towns for part in now.parts if not part.nil))
        answered = {code: name for code, name in known.items() if code in filed}
        towns = frozenset(answered) | frozenset(answered.values())
        shelf = Shelf(self.office, self.register, _READ)
        then, here = (of_towns(shelf.frames(found), towns) for found in (before, now))
        return persons({before.list: then}), persons({now.list: here})


def _sum(months: list[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in months:
        for category, count in counts.items():
            total[category] = total.get(category, 0) + count
    return total
