"""Any sequence of editions against a model of a few lines: what a partner sees never differs, in memory or on disk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.sink import Kind, open_sink
from tests.conformance.editions import Loader, Row, facts, person
from tests.conformance.partners import MAKERS, Seen
from tests.conformance.refusals import refusal

MONTHS = ("2023-01", "2023-02", "2023-03", "2023-04")


@dataclass(frozen=True, slots=True)
class Sent:
    """One edition that comes, in whatever order."""

    month: str
    revision: int
    withdrawn: bool
    rows: tuple[int, ...]
    unconfirmed: tuple[int, ...]


@dataclass(slots=True)
class Model:
    """What the sink must hold: of each month its latest revision, and the rows it came with."""

    months: dict[str, tuple[int, dict[int, Seen] | None]] = field(default_factory=dict)

    def load(self, sent: Sent, number: int) -> str | None:
        """Take one edition in; the code it is refused with."""
        known = self.months.get(sent.month)
        if known is not None and known[0] == sent.revision:
            return "E-SINK-REVISION"
        if known is not None and known[0] > sent.revision:
            return None
        rows = {who: seen(who, number, mark=False) for who in sent.rows}
        before = [held for month, (_, held) in sorted(self.months.items()) if month < sent.month and held is not None]
        for who in sent.unconfirmed:
            if before and who in before[-1] and who not in rows:
                rows[who] = (*before[-1][who][:4], True)
        self.months[sent.month] = (sent.revision, None if sent.withdrawn else rows)
        return None

    def month(self, month: str) -> list[Seen]:
        return ordered((self.months.get(month, (0, None))[1] or {}).values())

    def current(self) -> list[Seen]:
        held = [month for month, (_, rows) in self.months.items() if rows is not None]
        return self.month(max(held)) if held else []


def seen(who: int, number: int, *, mark: bool) -> Seen:
    return (*row(who, number), mark)


def row(who: int, number: int) -> Row:
    return person(who, amount=number)


def ordered(rows: object) -> list[Seen]:
    return sorted(rows, key=str)  # type: ignore[call-overload,no-any-return]  # any iterable of rows


PEOPLE = st.lists(st.integers(1, 5), unique=True, max_size=5).map(tuple)
SENT = st.builds(Sent, st.sampled_from(MONTHS), st.integers(1, 4), st.booleans(), PEOPLE, PEOPLE)


@pytest.mark.parametrize("kind", ["sqlite", "parquet"])
@given(plan=st.lists(SENT, max_size=8), reopened=st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_order_of_editions_shows_anything_else(kind: str, plan: list[Sent], reopened: bool) -> None:
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        partner = MAKERS[kind](Path(folder))
        loader = Loader(open_sink(partner.url))
        for number, sent in enumerate(plan, start=1):
            if reopened:
                loader.sink.close()
                loader.sink = open_sink(partner.url)
            kinds: Kind = "withdrawn" if sent.withdrawn else "snapshot"
            edition = facts(number, sent.month, revision=sent.revision, kind=kinds)
            expected = model.load(sent, number)
            rows = [] if sent.withdrawn else [row(who, number) for who in sent.rows]
            unconfirmed = [row(who, 0) for who in sent.unconfirmed]
            assert refusal(partial(loader.load, edition, rows, unconfirmed)) == expected
            for month in MONTHS:
                assert ordered(partner.month(month) or []) == model.month(month)
            assert ordered(partner.current()) == model.current()
        loader.sink.close()
