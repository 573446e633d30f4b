"""Fetching from a carrier that delivers as it likes: interleaved, twice, in pieces; each edition comes in once or is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.app import collecting, fetching, overview
from gateway.app.fetching import Fetched
from gateway.app.office import Office
from gateway.carriers.port import Arrival, Health, Outgoing, Posted, Unreadable
from gateway.state import arrivals, documents
from producers import chunks
from security.package_leaves import tree_of
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


def test_a_reader_that_wakes_up_after_another_has_read_keeps_nothing(offices: Offices) -> None:
    """Two copies of a home's disk, or a machine that was thought dead: no lock reaches both."""
    march, april = packages(offices)

    def slept() -> Iterator[Arrival]:
        yield from march
        fetching.fetch(scripted(offices, april), CLERK)
        yield from april

    zombie = scripted(offices, slept())
    with zombie.changing("test"), pytest.raises(ExchangeError, match="E-CARRIER-FENCED"):
        fetching.fetch(zombie, CLERK)
    with offices.open(EDU).reading() as connection:
        assert [entry.state for entry in arrivals.everything(connection)] == ["received", "received"]
    assert fetch(offices, []).refused == []


def test_a_reader_whose_first_step_failed_goes_on(offices: Offices) -> None:
    march, april = packages(offices)
    receipt = replace(march[0], kind="receipt", delivery="no receipt")
    done = fetch(offices, [receipt, *march, *april])
    assert (len(done.editions), len(done.refused)) == (2, 1)


def test_reading_nothing_new_leaves_no_trace(offices: Offices) -> None:
    fetch(offices, [record for package in packages(offices) for record in package])
    state = offices.home(EDU) / "state.db"
    before = state.read_bytes()
    fetch(offices, [])
    assert state.read_bytes() == before


def proven(records: Sequence[Arrival]) -> list[Arrival]:
    """The records of a package with inclusion paths, as a carrier of single records brings them."""
    tree = tree_of([hashlib.sha256(record.data).digest() for record in records[1:]])
    return [records[0], *(replace(record, proof=b"".join(tree.inclusion(at))) for at, record in enumerate(records[1:]))]


def test_noise_within_a_delivery_costs_no_package(offices: Offices) -> None:
    """Who reads what is not committed yet can imitate a delivery; a path to the signed root nobody can."""
    march = proven(packages(offices)[0])
    noise = [replace(record, data=record.data[:-1] + b"?", place="noise") for record in march[1:]]
    swapped = [replace(march[1], data=march[2].data, place="swapped")]
    done = fetch(offices, [*interleaved(march[:-1], [*noise[1:], *swapped]), march[-1]])
    assert len(done.editions) == 1
    assert {refused.code for refused in done.refused} == {"E-CHUNK-DIGEST"}


def test_what_cannot_be_used_is_kept_with_its_place_once(offices: Offices) -> None:
    march = packages(offices)[0]
    broken = Unreadable(ExchangeError("E-KAFKA-TOMBSTONE", place="topic[3]@17"), "topic[3]@17", b"")
    away = Unreadable(ExchangeError("E-KAFKA-TOPIC", topic="topic"), "topic", b"")
    forged = replace(march[0], data=b"{}", delivery="forged", place="topic[3]@18")
    for _ in range(2):
        done = fetch(offices, [broken, away, forged, *march])
        assert len(done.refused) == 3
    letters = overview.dead_letters(offices.open(EDU))
    assert [(each.place, each.code) for each in letters] == [("topic[3]@17", "E-KAFKA-TOMBSTONE"), ("topic[3]@18", done.refused[2].code)]
