"""Offices of one county in a folder, with a clock that tests turn; lists go in as frames, as reading would hand them on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from contracts.frames import ListFrames
from contracts.ids import Period
from gateway import bootstrap
from gateway.app import collecting, importing, publishing, rosters, setup, syncing, trust
from gateway.app.actor import Actor
from gateway.app.collecting import Collection
from gateway.app.importing import Order
from gateway.app.office import Office
from gateway.app.planning import Wish
from gateway.app.publishing import Published
from gateway.state.imports import Imported
from tests.unit.producers.rosters import id_of

COUNTY = "522722"
CIVIL = "civil-affairs"
EDU = "education"
RURAL = "rural-revitalization"
DIBAO = "DIBAO_RURAL_PERSON"
TEKUN = "TEKUN_PERSON"
MARCH, APRIL = Period(2023, 3), Period(2023, 4)
CLERK = Actor("clerk", frozenset({"clerk", "reviewer", "administrator"}))

Row = Mapping[str, object]


@dataclass(slots=True)
class Offices:
    """Homes under `root`, named like their agencies.

    Attributes:
        at: what every clock says.
    """

    root: Path
    at: datetime = datetime(2023, 4, 5, 8, 0, tzinfo=UTC)

    def home(self, agency: str) -> Path:
        return self.root / agency

    def open(self, agency: str) -> Office:
        return bootstrap.open_office(self.home(agency), clock=lambda: self.at, environment={})

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)

    def make(self, agency: str) -> Office:
        """A home of its own, trusted by nobody yet."""
        found = setup.configuration(agency, COUNTY, f"dir:{self.root / 'mail'}", self.root)
        setup.create(bootstrap.new_office(self.home(agency), found, clock=lambda: self.at, environment={}), CLERK)
        return self.open(agency)

    def found(self, *agencies: str) -> None:
        """Homes that trust each other; civil affairs is always one."""
        civil = self.make(CIVIL)
        for agency in agencies:
            trust.import_file(civil, CLERK, trust.export_card(self.make(agency)).file)
        file = trust.sign_list(civil, CLERK).file
        for agency in agencies:
            trust.import_file(self.open(agency), CLERK, file)

    def keep(
        self, code: str, period: Period, rows: Sequence[Row], held: Sequence[Row] = (), order: Order | None = None, agency: str = CIVIL
    ) -> Imported | None:
        """Import rows of a list into a home."""
        office = self.open(agency)
        good, bad = frame(rosters.accepted_columns(code), rows), frame(rosters.rejected_columns(code), held)
        table = ListFrames(code, period, "complete", good, bad)
        with office.changing("import"), office.unit(CLERK) as work:
            return importing.keep_list(office, work, table, order or Order(), sender=agency)

    def publish(self, period: Period = MARCH, agency: str = CIVIL, **wish: object) -> Published:
        return publishing.publish(self.open(agency), CLERK, Wish(period, **wish))  # type: ignore[arg-type]  # fields of Wish

    def collect(self, agency: str = EDU, sink: str | None = "own") -> Collection:
        """Collect into a database named like the agency, another sink, or none."""
        url = f"sqlite:///{self.root / agency}.db" if sink == "own" else sink
        return collecting.collect(self.open(agency), CLERK, url)

    @contextmanager
    def without_carrier(self) -> Iterator[None]:
        """The shared folder cannot be reached: a file lies in its place."""
        mail, aside = self.root / "mail", self.root / "mail-aside"
        if mail.exists():
            mail.rename(aside)
        mail.write_text("no folder")
        yield
        mail.unlink()
        if aside.exists():
            aside.rename(mail)

    def sync(self, agency: str = CIVIL) -> syncing.Synced:
        return syncing.sync(self.open(agency), CLERK)


def frame(columns: Mapping[str, pl.DataType], rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as canonical columns, null where a row says nothing."""
    located = [{"_sheet": "名册", "_row": n + 2, "_file": "f.xlsx", **row} for n, row in enumerate(rows)]
    return pl.DataFrame({name: [row.get(name) for row in located] for name in columns}, schema=dict(columns))


def person(number: int, **more: object) -> Row:
    """A schoolchild on the rural roster who is the head of the household too, so that every department sees the row."""
    identity = id_of("20100215", 900 + number)
    return {
        "name": f"韦小{'一二三四五六七八九十'[number % 10]}", "id_number": identity, "head_id": identity, "relation": "SELF", "sex": "M",
        "birth_date": "2010-02-15", "category": "DIBAO_RURAL", "start_month": "2022-01", "student": True, "disabled": False,
        "total_amount": 30000, "town": "朝阳镇", "village": "八烂村", "village_code": "522722100200", "cert_no": f"D{number:05d}", **more,
    }  # fmt: skip


def persons(count: int, first: int = 0) -> list[Row]:
    return [person(number) for number in range(first, first + count)]


def subject(number: int, **more: object) -> Row:
    """Somebody under monitoring for poverty, known to no roster."""
    return {
        "household_no": f"H{number:04d}", "person_no": f"P{number:04d}", "name": f"罗小{'一二三四五六七八九十'[number % 10]}",
        "id_number": id_of("19850310", 900 + number), "relation": "SELF", "household_size": 1, "risk_cleared": False,
        "risk_identified_on": "2023-03-01", "first_identified_on": "2023-03-01", "town": "朝阳镇", "village": "八烂村", **more,
    }  # fmt: skip


def held(row: Row) -> Row:
    """The row as rejected: the number could not be read."""
    return {**row, "id_number": None, "_codes": ["E-ID-CHK"], "_raw": "[]"}
