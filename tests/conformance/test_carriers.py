"""What every carrier owes the homes it serves (the six promises of `gateway/carriers/port.py`)."""

from __future__ import annotations

import itertools
import tracemalloc
from dataclasses import dataclass

import pytest

from contracts.errors import ExchangeError
from gateway.carriers.port import CHUNK_LIMIT, RECORD_LIMIT, Arrival, Outgoing
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, HOUSING, Made, arrived, digest, drain, letter, package, records
from tests.conformance.mailrooms import Mailroom


def outcomes(mailroom: Mailroom, *items: Outgoing) -> list[str]:
    return [done.outcome for done in mailroom.door(items[0].sender).post(items)]


def test_every_kind_arrives_as_it_was(mailroom: Mailroom) -> None:
    items = [letter("trust", "t", to=None), letter("prekeys", "p", to=None), package("a", 3), letter("receipt", "r"), package("gone", 0)]
    assert outcomes(mailroom, *items) == ["posted"] * 5
    got = arrived(mailroom.door(EDUCATION).poll(None))
    assert sorted(got, key=repr) == sorted([record for item in items for record in records(item)], key=repr)


def test_a_home_that_nobody_wrote_to_gets_nothing(mailroom: Mailroom) -> None:
    assert list(mailroom.door(EDUCATION).poll(None)) == []
    outcomes(mailroom, package("a", to=HOUSING))
    assert list(mailroom.door(EDUCATION).poll(None)) == []


def test_what_is_for_everyone_reaches_everyone_but_its_sender(mailroom: Mailroom) -> None:
    keys = letter("prekeys", "p", to=None)
    outcomes(mailroom, keys)
    for agency in (EDUCATION, HOUSING):
        assert arrived(mailroom.door(agency).poll(None)) == records(keys)
    assert list(mailroom.door(CIVIL_AFFAIRS).poll(None)) == []


def test_order_holds_for_each_sender_and_recipient(mailroom: Mailroom) -> None:
    items = [package(f"edition {number}", number % 3) for number in range(12)]
    for run in (items[:5], items[5:6], items[6:]):
        outcomes(mailroom, *run)
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [record for item in items for record in records(item)]


def test_one_delivery_is_told_from_another(mailroom: Mailroom) -> None:
    outcomes(mailroom, package("a"), package("b"))
    good, _, _ = drain(mailroom.door(EDUCATION))
    assert [len(list(group)) for _, group in itertools.groupby(good, key=lambda record: record.delivery)] == [3, 3]
    assert {record.sender for record in good} == {CIVIL_AFFAIRS}


def test_a_reader_that_dies_anywhere_misses_nothing(mailroom: Mailroom) -> None:
    items = [letter("prekeys", "p", to=None), package("a", 3), letter("receipt", "r"), package("b", 2)]
    outcomes(mailroom, *items)
    whole = arrived(mailroom.door(EDUCATION).poll(None))
    assert len(whole) == 9
    for died_after in range(1, len(whole) + 1):
        first: list[Arrival] = []
        for record in mailroom.door(EDUCATION).poll(None):
            assert isinstance(record, Arrival)
            first.append(record)
            if len(first) == died_after:
                break
        rest = arrived(mailroom.door(EDUCATION).poll(first[-1].position))
        assert rest == whole[len(whole) - len(rest):]
        assert len(rest) >= len(whole) - died_after
        begun = rest[0] if rest else ("manifest", None, b"")
        assert begun[0] != "chunk" or begun == whole[died_after], "a package is read again from its manifest, or goes on where it was"


def test_behind_the_last_position_there_is_nothing(mailroom: Mailroom) -> None:
    outcomes(mailroom, package("a"), letter("receipt", "r"))
    _, _, position = drain(mailroom.door(EDUCATION))
    assert list(mailroom.door(EDUCATION).poll(position)) == []
    outcomes(mailroom, package("b"))
    assert arrived(mailroom.door(EDUCATION).poll(position)) == records(package("b"))


@pytest.mark.parametrize("position", [b"", b"nonsense", b"\xff" * 100])
def test_a_position_that_makes_no_sense_starts_from_the_beginning(mailroom: Mailroom, position: bytes) -> None:
    outcomes(mailroom, package("a"))
    assert arrived(mailroom.door(EDUCATION).poll(position)) == records(package("a"))


def test_posting_again_is_harmless(mailroom: Mailroom) -> None:
    items = [package("a"), letter("receipt", "r"), letter("trust", "t", to=None)]
    assert outcomes(mailroom, *items) == ["posted"] * 3
    assert set(outcomes(mailroom, *items)) <= {"present", "posted"}
    got = arrived(mailroom.door(EDUCATION).poll(None))
    assert {repr(record) for record in got} == {repr(record) for item in items for record in records(item)}


def test_posting_again_reaches_who_has_read_it_already(mailroom: Mailroom) -> None:
    """Else nobody could ask for a package a second time."""
    outcomes(mailroom, package("a"))
    _, _, position = drain(mailroom.door(EDUCATION))
    outcomes(mailroom, package("a"))
    assert arrived(mailroom.door(EDUCATION).poll(position)) == records(package("a"))


def test_a_lost_chunk_is_noticed_and_a_second_posting_heals(mailroom: Mailroom) -> None:
    outcomes(mailroom, package("a", 3), package("b"))
    mailroom.lose_chunk(digest("a"), 1)
    good, bad, position = drain(mailroom.door(EDUCATION))
    assert not bad
    assert [record.index for record in good if record.kind == "chunk" and record.data.startswith(b"a ")] == [0, 2]
    assert [record.data for record in good if record.data.startswith(b"manifest of b")]
    assert outcomes(mailroom, package("a", 3)) == ["posted"]
    again, _, _ = drain(mailroom.door(EDUCATION), position)
    assert arrived(again) == records(package("a", 3))
    assert {record.delivery for record in again}.isdisjoint({record.delivery for record in good})


def test_what_is_too_large_fails_alone(mailroom: Mailroom) -> None:
    large = package("large", [b"fits", bytes(CHUNK_LIMIT + 1)])
    heavy = Outgoing("trust", digest("heavy"), CIVIL_AFFAIRS, None, bytes(RECORD_LIMIT + 1))
    done = mailroom.door(CIVIL_AFFAIRS).post([package("a"), large, heavy, package("b")])
    assert [one.outcome for one in done] == ["posted", "failed", "failed", "posted"]
    assert [one.error.code for one in done if one.error] == ["E-CARRIER-SIZE", "E-CARRIER-SIZE"]
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [*records(package("a")), *records(package("b"))]


@dataclass(frozen=True, slots=True)
class Broken:
    """A spooled package that turns out to be damaged halfway."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int, /) -> bytes:
        if index == 2:
            raise ExchangeError("E-PERIOD", given="the spool")
        return b"chunk"


def test_a_package_that_cannot_be_read_fails_alone_and_leaves_nothing(mailroom: Mailroom) -> None:
    done = mailroom.door(CIVIL_AFFAIRS).post([package("a"), package("broken", Broken()), package("b")])
    assert [(one.outcome, one.error and one.error.code) for one in done] == [("posted", None), ("failed", "E-PERIOD"), ("posted", None)]
    assert arrived(mailroom.door(EDUCATION).poll(None)) == [*records(package("a")), *records(package("b"))]
    assert outcomes(mailroom, package("broken", 3)) == ["posted"]


def test_memory_is_that_of_a_record(mailroom: Mailroom) -> None:
    large = package("large", Made(120, CHUNK_LIMIT))
    tracemalloc.start()
    try:
        assert outcomes(mailroom, large) == ["posted"]
        count = sum(1 for _ in mailroom.door(EDUCATION).poll(None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 121
    assert peak < 8 * CHUNK_LIMIT


def test_what_does_not_begin_in_time_fails_and_goes_next_time(mailroom: Mailroom) -> None:
    items = [package("a"), package("b")]
    late = mailroom.door(CIVIL_AFFAIRS).post(items, timeout=-1)
    assert [(one.outcome, one.error and one.error.code) for one in late] == [("failed", "E-CARRIER-TIMEOUT")] * 2
    assert outcomes(mailroom, *items) == ["posted", "posted"]
    with pytest.raises(ExchangeError, match="E-CARRIER-TIMEOUT"):
        list(mailroom.door(EDUCATION).poll(None, timeout=-1))


def test_a_probe_says_what_waits(mailroom: Mailroom) -> None:
    assert mailroom.door(EDUCATION).probe().waiting == 0
    outcomes(mailroom, package("a"), letter("receipt", "r"), letter("prekeys", "p", to=None))
    assert mailroom.door(EDUCATION).probe().waiting == 2


def test_no_outgoing_without_a_name_or_for_nobody() -> None:
    with pytest.raises(ValueError, match="no digest"):
        Outgoing("receipt", "../../x", CIVIL_AFFAIRS, EDUCATION, b"")
    with pytest.raises(ValueError, match="one agency"):
        Outgoing("package", digest("a"), CIVIL_AFFAIRS, None, b"")
