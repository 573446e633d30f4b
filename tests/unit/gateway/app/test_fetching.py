"""Fetching from a carrier that delivers as it likes: interleaved, twice, in pieces; each edition comes in once or is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateway.app import collecting, fetching
from gateway.app.fetching import Fetched
from gateway.app.office import Office
from gateway.carriers.port import Arrival, Health, Outgoing, Posted, Unreadable
from gateway.state import arrivals, documents
from producers import chunks
from tests.unit.gateway.app.offices import APRIL, CLERK, DIBAO, EDU, MARCH, Offices, persons


@dataclass(frozen=True)
class Scripted:
    """A carrier that delivers what it is told to, whatever the position."""

    records: Iterable[Arrival | Unreadable]

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:  # noqa: ARG002  (the port's)
        yield from self.records

    def post(self, items: Sequence[Outgoing], *, timeout: float = 300.0) -> list[Posted]:  # noqa: ARG002  (the port's)
        return [Posted(item.name, "posted") for item in items]

    def probe(self, *, timeout: float = 10.0) -> Health:  # noqa: ARG002  (the port's)
        return Health("script", 0, 0)

    def close(self) -> None: ...


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offices:
    """March and April, each of several chunks, posted to education."""
    monkeypatch.setattr(chunks, "FIRST_ROWS", 20)
    monkeypatch.setattr(chunks, "MOST_ROWS", 20)
    made = Offices(tmp_path)
    made.found(EDU)
    for period in (MARCH, APRIL):
        made.keep(DIBAO, period, persons(90))
        made.publish(period)
    return made


def packages(offices: Offices) -> list[list[Arrival]]:
    """The records of each package, manifest first."""
    edu = offices.open(EDU)
    carrier = edu.connect()
    found: dict[str, list[Arrival]] = {}
    for record in carrier.poll(None):
        if isinstance(record, Arrival) and record.kind in {"manifest", "chunk"}:
            found.setdefault(record.delivery, []).append(record)
    return list(found.values())


def fetch(offices: Offices, records: Iterable[Arrival | Unreadable]) -> Fetched:
    office = scripted(offices, records)
    with office.changing("test"):
        return fetching.fetch(office, CLERK)


def scripted(offices: Offices, records: Iterable[Arrival | Unreadable]) -> Office:
    return replace(offices.open(EDU), connect=lambda: Scripted(records))


def again(records: Sequence[Arrival], delivery: str) -> list[Arrival]:
    return [replace(record, delivery=delivery) for record in records]


def interleaved(first: Sequence[Arrival], second: Sequence[Arrival]) -> list[Arrival]:
    return [record for pair in zip(first, second, strict=True) for record in pair]


def test_packages_that_come_interleaved_both_come_in(offices: Offices) -> None:
    march, april = packages(offices)
    assert len(march) > 3
    done = fetch(offices, interleaved(march, april))
    assert len(done.editions) == 2
    assert done.refused == []


def test_a_package_delivered_twice_at_once_comes_in_once(offices: Offices) -> None:
    march = packages(offices)[0]
    done = fetch(offices, interleaved(march, again(march, "second")))
    assert len(done.editions) == 1
    assert done.refused == []


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:], lambda _: b""])
def test_a_forged_delivery_spoils_no_true_one_beside_it(offices: Offices, spoil: Callable[[bytes], bytes]) -> None:
    march = packages(offices)[0]
    forged = [replace(record, data=spoil(record.data)) if record.kind == "chunk" else record for record in again(march, "forged")]
    for order in (interleaved(march, forged), interleaved(forged, march)):
        done = fetch(offices, order)
        assert {refused.error.entry.exit for refused in done.refused} <= {6}
    with offices.open(EDU).reading() as connection:
        assert [entry.state for entry in arrivals.everything(connection)] == ["received"]


def test_pieces_of_two_deliveries_do_not_make_one_package(offices: Offices) -> None:
    """A chunk counts for the delivery it came with: a half and another half are two halves."""
    march = packages(offices)[0]
    half = len(march) // 2
    done = fetch(offices, [*march[:half], *again(march[:1], "second"), *again(march[half:], "second")])
    assert done.editions == []
    assert [refused.code for refused in done.refused] == ["E-CHUNK-MISSING", "E-CHUNK-MISSING"]


def test_an_incomplete_delivery_before_the_whole_one_is_no_refusal(offices: Offices) -> None:
    march = packages(offices)[0]
    done = fetch(offices, [*again(march[:-1], "cut"), *march])
    assert len(done.editions) == 1
    assert done.refused == []


def test_the_position_does_not_pass_a_package_that_still_lacks_chunks(offices: Offices) -> None:
    """A run killed behind April would else never report March."""
    march, april = packages(offices)
    read: list[str | None] = []

    def watched() -> Iterator[Arrival]:
        yield from [*march[:-1], *april]
        with offices.open(EDU).reading() as connection:
            read.append(documents.setting(connection, fetching.POSITION))

    office = scripted(offices, watched())
    with office.changing("test"):
        before = _position(office)
        done = fetching.fetch(office, CLERK)
    assert read == [before]
    assert [refused.code for refused in done.refused] == ["E-CHUNK-MISSING"]
    assert len(done.editions) == 1


def _position(office: Office) -> str | None:
    with office.reading() as connection:
        return documents.setting(connection, fetching.POSITION)


def test_chunks_without_a_manifest_are_nobodys(offices: Offices) -> None:
    march = packages(offices)[0]
    done = fetch(offices, march[1:])
    assert (done.editions, done.refused) == ([], [])


def test_what_came_interleaved_is_loaded_whole(offices: Offices) -> None:
    march, april = packages(offices)
    office = scripted(offices, interleaved(april, march))
    done = collecting.collect(office, CLERK, f"sqlite:///{offices.root / EDU}.db")
    loaded = sorted((each.period, each.result, each.rows) for each in done.collected)
    assert loaded == [("2023-03", "loaded", 90), ("2023-04", "loaded", 90)]
