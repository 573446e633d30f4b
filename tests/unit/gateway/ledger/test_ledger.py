"""The ledger in a database: append-only, the same tree as in memory, and nothing changed in it goes unnoticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, text, update
from sqlalchemy.exc import DatabaseError

from contracts.errors import ExchangeError
from gateway import ledger
from gateway.ledger.tables import entry, node
from security.log import checkpoint, merkle, proof
from security.log.checkpoint import Checkpoint
from security.trust import own
from tests.conformance import postgres
from tests.unit.security.trust.county import CA, office

BODIES = [b'{"event":"x","n":%d}' % number for number in range(300)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield sqlite_engine(tmp_path_factory.mktemp("ledger") / "ledger.db")
        return
    with postgres.server(tmp_path_factory.mktemp("postgresql")) as url:
        made = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        yield made
        made.dispose()


def sqlite_engine(path: Path) -> Engine:
    made = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """An empty ledger, rolled back afterwards."""
    with engine.connect() as opened:
        transaction = opened.begin()
        ledger.create(opened)
        yield opened
        transaction.rollback()


def tree(size: int) -> merkle.Tree:
    return merkle.Tree([merkle.leaf_hash(body) for body in BODIES[:size]])


def damaged(connection: Connection) -> str:
    with pytest.raises(ExchangeError) as error:
        ledger.audit(connection)
    assert error.value.code == "E-LEDGER-DAMAGED"
    return str(error.value.facts["where"])


def without_triggers(connection: Connection) -> None:
    """What whoever owns the database file can do."""
    if connection.dialect.name == "sqlite":
        for table in ("ledger_entry", "ledger_node"):
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
    else:
        for table in ("ledger_entry", "ledger_node"):
            connection.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))


def test_an_empty_ledger_has_the_empty_root(connection: Connection) -> None:
    assert ledger.size(connection) == 0
    assert ledger.root(connection) == merkle.EMPTY_ROOT
    assert ledger.audit(connection) == ledger.Audit(0, merkle.EMPTY_ROOT, 0)
    assert ledger.append(connection, []) == range(0)


def test_entries_keep_their_place_and_the_tree_is_that_of_the_rfc(connection: Connection) -> None:
    assert list(ledger.append(connection, BODIES[:1])) == [0]
    assert list(ledger.append(connection, BODIES[1:6])) == [1, 2, 3, 4, 5]
    assert list(ledger.append(connection, BODIES[6:])) == list(range(6, 300))
    assert [each.body for each in ledger.entries(connection)] == BODIES
    assert [each.index for each in ledger.entries(connection, 10, 12)] == [10, 11]
    for size in (0, 1, 2, 3, 64, 100, 255, 256, 300):
        assert ledger.root(connection, size) == tree(size).root()
        for index in {0, size // 2, size - 1} if size else ():
            assert ledger.inclusion(connection, index, size) == tree(size).inclusion(index)
        for old in {1, size // 3 + 1, size} if size else ():
            assert ledger.consistency(connection, old, size) == tree(size).consistency(old)
    assert ledger.audit(connection).root == tree(300).root()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_how_entries_are_batched_does_not_matter(batches: list[int]) -> None:
    with create_engine("sqlite://").begin() as connection:
        ledger.create(connection)
        done = 0
        for count in batches:
            ledger.append(connection, BODIES[done : done + count])
            done += count
        assert ledger.root(connection) == tree(done).root()
        assert ledger.audit(connection).size == done


def test_nothing_is_proven_that_is_not_there(connection: Connection) -> None:
    ledger.append(connection, BODIES[:5])
    acts: list[Callable[[], object]] = [
        partial(ledger.root, connection, 6),
        partial(ledger.inclusion, connection, 5),
        partial(ledger.consistency, connection, 0),
        partial(ledger.consistency, connection, 6),
    ]
    for act in acts:
        with pytest.raises(ExchangeError) as error:
            act()
        assert error.value.code == "E-PROOF"


@pytest.mark.parametrize("body", [b"", b"x" * (1 << 16) + b"x"])
def test_entries_have_a_size(connection: Connection, body: bytes) -> None:
    with pytest.raises(ExchangeError) as error:
        ledger.append(connection, [b"good", body])
    assert error.value.code == "E-LEDGER-ENTRY"
    assert ledger.size(connection) == 0


def test_the_database_refuses_to_change_or_delete(connection: Connection) -> None:
    ledger.append(connection, BODIES[:5])
    for statement in (
        update(entry).values(body=b"other"),
        delete(entry).where(entry.c.i == 4),
        update(node).values(h=bytes(32)),
        delete(node).where(node.c.lv == 0),
        insert(entry).values(i=0, body=b"other"),
    ):
        with pytest.raises(DatabaseError), connection.begin_nested():
            connection.execute(statement)
    assert ledger.audit(connection).root == tree(5).root()


def test_a_rolled_back_entry_never_was(engine: Engine) -> None:
    with engine.connect() as opened, opened.begin() as transaction:
        ledger.create(opened)
        with opened.begin_nested() as inner:
            ledger.append(opened, BODIES[:3])
            inner.rollback()
        ledger.append(opened, BODIES[:2])
        assert ledger.audit(opened).root == tree(2).root()
        transaction.rollback()


def test_whoever_owns_the_file_can_change_it_and_audit_says_where(connection: Connection) -> None:
    ledger.append(connection, BODIES)
    without_triggers(connection)
    changes = (
        (update(entry).where(entry.c.i == 77).values(body=b"other"), "entry 77"),
        (delete(entry).where(entry.c.i == 77), "entry 77"),
        (delete(entry).where(entry.c.i == 299), "level 0"),
        (update(node).where(node.c.lv == 3, node.c.i == 5).values(h=bytes(32)), "node 3/5"),
        (delete(node).where(node.c.lv == 3, node.c.i == 5), "level 3"),
        (delete(node).where(node.c.lv == 0, node.c.i == 9), "entry 9"),
        (insert(node).values(lv=9, i=0, h=bytes(32)), "level 9"),
        (insert(node).values(lv=3, i=99, h=bytes(32)), "level 3"),
        (insert(entry).values(i=301, body=b"hole"), "entry 300"),
    )
    for statement, where in changes:
        with connection.begin_nested() as inner:
            connection.execute(statement)
            assert damaged(connection) == where
            inner.rollback()


def test_a_history_rewritten_with_all_its_hashes_shows_at_the_checkpoints(connection: Connection, tmp_path: Path) -> None:
    """Entries and nodes agree; what others saw does not."""
    keys = own.log_keys(office(tmp_path / "keys", CA).store)
    ledger.append(connection, BODIES[:100])
    signed = ledger.checkpoint(connection, CA, keys)
    state = checkpoint.verify(signed, [key for key, _ in keys])
    assert state == Checkpoint(CA, 100, tree(100).root())
    ledger.append(connection, BODIES[100:])
    assert ledger.audit(connection, [("education", state), ("education", state)]).checkpoints == 2
    without_triggers(connection)
    connection.execute(delete(entry))
    connection.execute(delete(node))
    ledger.append(connection, [BODIES[1], *BODIES[1:]])
    assert ledger.audit(connection).size == 300
    with pytest.raises(ExchangeError) as error:
        ledger.audit(connection, [("education", state)])
    assert error.value.code == "E-LEDGER-FORK"
    assert error.value.facts == {"who": "education", "size": 100}
    connection.execute(delete(entry))
    connection.execute(delete(node))
    ledger.append(connection, BODIES[:99])  # cut short
    with pytest.raises(ExchangeError) as error:
        ledger.audit(connection, [("education", state)])
    assert error.value.code == "E-LEDGER-FORK"


def test_a_missing_node_is_damage_not_a_crash(connection: Connection) -> None:
    ledger.append(connection, BODIES[:8])
    without_triggers(connection)
    connection.execute(delete(node).where(node.c.lv == 3))
    with pytest.raises(ExchangeError) as error:
        ledger.root(connection)
    assert error.value.code == "E-LEDGER-DAMAGED"


def test_a_proof_file_of_the_ledger_verifies_alone(connection: Connection, tmp_path: Path) -> None:
    keys = own.log_keys(office(tmp_path / "keys", CA).store)
    ledger.append(connection, BODIES[:200])
    signed = ledger.checkpoint(connection, CA, keys, 150)
    file = ledger.prove(connection, 77, signed)
    assert proof.verify(file, BODIES[77], [key for key, _ in keys])[0] == 77
    with pytest.raises(ExchangeError):
        ledger.prove(connection, 150, signed)


def test_entries_are_found_by_what_they_name(connection: Connection) -> None:
    ledger.append(connection, [b'{"a":"sha256:11"}', b'{"a":"sha256:22","b":"\xe4\xb8\xad"}', b'{"a":"sha256:11"}'])
    assert [each.index for each in ledger.naming(connection, ["sha256:11"])] == [0, 2]
    assert [each.index for each in ledger.naming(connection, ["sha256:22", "sha256:11"])] == [0, 1, 2]
    assert ledger.naming(connection, ["sha256:33"]) == []
    assert ledger.naming(connection, []) == []


def test_creating_again_changes_nothing(connection: Connection) -> None:
    ledger.append(connection, BODIES[:3])
    ledger.create(connection)
    assert ledger.size(connection) == 3


def test_two_writers_do_not_take_the_same_place(tmp_path: Path) -> None:
    """Without the caller's IMMEDIATE transaction the second of two readers must fail, not overwrite."""
    path = tmp_path / "ledger.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        ledger.create(connection)
        ledger.append(connection, BODIES[:3])
    raw = sqlite3.connect(path)
    try:
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute("INSERT INTO ledger_entry VALUES (2, x'00')")
    finally:
        raw.close()
    engine.dispose()
