"""The month's job that every peer does: the same rows and fields to the same five departments (duty D2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from contracts.feeds import Feed, load_feeds
from contracts.frames import ListFrames
from contracts.ids import Period
from contracts.views import View
from gateway.demo.county import County, county
from producers.assemble import assemble
from producers.views import apply_view

PERIOD = Period(2023, 3)
FEEDS = ("assistance-persons", "assistance-households")
PERSONAL = frozenset({"id-number", "name", "phone", "bank-account", "address", "health", "occupation", "certificate", "minor"})
"""Classes of fields that the peer with field encryption encrypts (where they are text; it cannot encrypt numbers)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One department's share: a view and the contract rows it is cut from."""

    view: View
    contract_rows: pl.DataFrame

    def cut(self) -> pl.DataFrame:
        """The rows and fields that the department gets, masked."""
        return apply_view(self.contract_rows, self.view, PERIOD)


@dataclass(frozen=True, slots=True)
class Job:
    """One county month.

    Attributes:
        lists: the source lists in memory.
        deliveries: the departments' shares, from contract rows that stand in memory.
        rows: row-deliveries, that is rows over all departments.
    """

    persons: int
    lists: Mapping[str, ListFrames]
    deliveries: tuple[Delivery, ...]
    rows: int

    def assembled(self) -> tuple[Delivery, ...]:
        """The same shares with the contract rows made anew from the lists: part of the job for every way but the bare one."""
        return deliveries(self.lists)


def source(seed: str) -> Callable[[int], bytes]:
    """Random bytes that are the same every time."""
    return lambda count: hashlib.shake_256(seed.encode()).digest(count)


def demo(persons: int, months: int = 1) -> County:
    """The county of the benchmarks."""
    return county(source("benchmarks"), persons, tuple(PERIOD.shift(i) for i in range(months)))


def lists(made: County, period: Period = PERIOD) -> Mapping[str, ListFrames]:
    """The source lists that the feeds of the job draw on, in memory."""
    wanted = {code for feed in feeds() for code in feed.sources}
    return {code: made.frames(code, period) for code in made.codes(period) if code in wanted}


def feeds() -> tuple[Feed, ...]:
    """The feeds of the job."""
    known = load_feeds()
    return tuple(known[name] for name in FEEDS)


def deliveries(month: Mapping[str, ListFrames]) -> tuple[Delivery, ...]:
    """The departments' shares, not yet cut, in the order of feeds and views."""
    made: list[Delivery] = []
    for feed in feeds():
        rows = assemble(feed, month)
        made += [Delivery(view, rows) for view in feed.views]
    return tuple(made)


def job(persons: int) -> Job:
    """The month of a county of so many people."""
    month = lists(demo(persons))
    shares = deliveries(month)
    return Job(persons, month, shares, sum(share.cut().height for share in shares))
