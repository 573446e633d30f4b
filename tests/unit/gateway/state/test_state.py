"""State survives, never goes back, and rolls back whole."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.errors import ExchangeError
from contracts.ids import Period
from contracts.lists.layouts import Layout
from gateway.state import arrivals, documents, editions, imports, layouts, receipts, tables
from gateway.state.database import SCHEMA_VERSION, check_schema, create_schema, open_database, upgrade
from gateway.state.unit import begin, reading

AT = datetime(2023, 4, 3, 8, 0, tzinfo=UTC)
MARCH = Period(2023, 3)

MOMENT = "2023-04-03T08:00:00Z"
IMPORTED = imports.Imported(
    id=0, list="DIBAO_RURAL_PERSON", period=MARCH, part=0, state="current", nil=False, complete=False, town=None, accepted=10, rejected=2,
    categories={"DIBAO_RURAL": (10, 2)}, fingerprint="f" * 64, accepted_package="a" * 64, rejected_package="b" * 64,
    sender="civil-affairs", manifest=None, at=MOMENT, by="clerk", reason=None,
)  # fmt: skip
EDITION = editions.Edition(
    id="x.r1", edition="x", feed="assistance-persons", period=MARCH, recipient="education", revision=1, seq=1, kind="snapshot",
    state="sealed", rows=5, unconfirmed=1, chunks=1, manifest="c" * 64, plan="d" * 64, inputs={"L": "f"},
    sources={"L": {"state": "partial", "held": 2}}, reason=None, at=MOMENT, by="clerk",
)  # fmt: skip
ARRIVAL = arrivals.ArrivalEntry(
    manifest="c" * 64, edition="x", revision=1, seq=7, prev="e" * 64, sender="522722/civil-affairs", feed="assistance-persons",
    period=MARCH, kind="snapshot", state="spooled", code=None, rows=None, receipt=None, at=MOMENT,
)  # fmt: skip
RECEIPT = receipts.ReceiptEntry(
    digest="1" * 64, direction="out", manifest="c" * 64, edition="x", revision=1, party="civil-affairs", stage="received",
    result="accepted", rows=5, posted=False, at=MOMENT,
)  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_database(tmp_path)
    with begin(engine, AT, "clerk") as unit:
        create_schema(unit.connection)
    return engine


def test_what_is_written_comes_back_equal(engine: Engine) -> None:
    with begin(engine, AT, "clerk") as unit:
        id_ = imports.add(unit.connection, IMPORTED)
        editions.add(unit.connection, EDITION)
        arrivals.add(unit.connection, ARRIVAL)
        assert receipts.add(unit.connection, RECEIPT)
        documents.keep(unit.connection, "manifest", "c" * 64, b"{}", unit.now)
    with reading(engine) as connection:
        found = [replace(entry, categories=dict(entry.categories)) for entry in imports.of_month(connection, MARCH)]
        assert found == [replace(IMPORTED, id=id_)]
        assert editions.find(connection, "x.r1") == EDITION
        assert arrivals.find(connection, "c" * 64) == ARRIVAL
        assert receipts.unposted(connection) == [RECEIPT]
        assert documents.find(connection, "c" * 64) == b"{}"


def test_a_process_that_goes_through_many_homes_keeps_the_engines_of_the_last_few(tmp_path: Path) -> None:
    first = weakref.ref(open_database(tmp_path / "0"))
    assert open_database(tmp_path / "0") is first()
    for at in range(1, 100):
        open_database(tmp_path / str(at))
    gc.collect()
    assert first() is None


def test_a_unit_that_raises_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with begin(engine, AT, "clerk") as unit:
            editions.add(unit.connection, EDITION)
            unit.record("edition.sealed", edition="x.r1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with reading(engine) as connection:
        assert editions.count(connection) == 0


def test_a_late_received_does_not_undo_loaded(engine: Engine) -> None:
    with begin(engine, AT, "clerk") as unit:
        editions.add(unit.connection, EDITION)
        editions.advance(unit.connection, "x.r1", "loaded")
        editions.advance(unit.connection, "x.r1", "received")
    with reading(engine) as connection:
        found = editions.find(connection, "x.r1")
    assert found is not None
    assert found.state == "loaded"


def test_the_last_receipt_given_is_the_last_even_within_one_second(engine: Engine) -> None:
    with begin(engine, AT, "clerk") as unit:
        for digit in "93170":
            receipts.add(unit.connection, replace(RECEIPT, digest=digit * 64))
    with reading(engine) as connection:
        assert receipts.last_given(connection, "civil-affairs") == "0" * 64


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database, but some bytes that are long enough to look at" * 20)
    with pytest.raises(ExchangeError) as refusal, reading(open_database(tmp_path)):
        pass
    assert refusal.value.code == "E-STATE-DAMAGED"


TOWNS = ("522722101", "522722102", "522722103")


def part(*towns: str, nil: bool = False, complete: bool = False) -> imports.Imported:
    """A part without rejected rows that speaks for these towns."""
    return replace(IMPORTED, rejected=0, town=" ".join(towns) or None, nil=nil, complete=complete)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([], "missing"),
        ([part()], "complete"),
        ([IMPORTED], "partial"),
        ([part(TOWNS[0])], "partial"),
        ([part(TOWNS[0], complete=True)], "complete"),
        ([part(TOWNS[0]), part(TOWNS[1], nil=True)], "partial"),
        ([part(TOWNS[0]), part(TOWNS[1], nil=True), part(TOWNS[2])], "complete"),
        ([part(TOWNS[0]), part(TOWNS[1], TOWNS[0])], "partial"),  # a row of another town in a part does not end the waiting
        ([part(*TOWNS[:2])], "complete"),  # a file of several towns is taken for the county's
        ([part(*TOWNS[:2]), part(TOWNS[1])], "partial"),  # until a part of one town shows that it comes by town
        ([part(nil=True)], "nil"),
        ([part(TOWNS[0], nil=True)], "partial"),
        ([part(town, nil=True) for town in TOWNS], "nil"),
    ],
)
def test_a_list_is_as_complete_as_its_towns(parts: list[imports.Imported], state: str) -> None:
    assert imports.state_of(parts, TOWNS) == state


def test_where_no_table_names_the_towns_nobody_is_waited_for() -> None:
    assert imports.state_of([part(TOWNS[0])], ()) == "complete"


def test_layouts_are_versioned_by_list_and_the_newest_comes_first(engine: Engine) -> None:
    first = Layout("DEATH", ("逝者", "号"), {"号": "id_number"})
    second = Layout("DEATH", ("逝者", "号"), {"号": ""})
    with begin(engine, AT, "clerk") as unit:
        assert [layouts.add(unit.connection, each, unit.now, "clerk") for each in (first, second)] == [1, 2]
        assert layouts.add(unit.connection, replace(first, list="CHILD"), unit.now, "clerk") == 1
    with reading(engine) as connection:
        assert [each for each in layouts.known(connection) if each.list == "DEATH"] == [second, first]
        assert layouts.newest(connection, "DEATH", first.digest) == 1
        assert layouts.newest(connection, "DEATH", "0" * 64) is None


def test_the_database_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_it_has(engine: Engine) -> None:
    with begin(engine, AT, "clerk") as unit:
        imports.add(unit.connection, IMPORTED)
        tables.layout.drop(unit.connection)
        unit.connection.execute(tables.meta.update().where(tables.meta.c.name == "schema").values(value="1"))
    with reading(engine) as connection:
        assert check_schema(connection)
    upgrade(engine)
    upgrade(engine)
    with reading(engine) as connection:
        assert not check_schema(connection)
        assert imports.of_month(connection, MARCH)
        assert layouts.known(connection) == ()


def test_a_version_nobody_knows_is_refused(engine: Engine) -> None:
    with begin(engine, AT, "clerk") as unit:
        unit.connection.execute(tables.meta.update().values(value="99"))
    with reading(engine) as connection, pytest.raises(ExchangeError, match="E-STATE-VERSION") as refused:
        check_schema(connection)
    assert refused.value.facts["known"] == SCHEMA_VERSION
