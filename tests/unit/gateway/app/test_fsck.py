"""fsck notices what somebody with the database changed: rows taken out, put in, or altered; a ledger written anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import ledger
from gateway.app import checkpoints, evidence, fsck
from gateway.app.office import Office
from gateway.state.unit import canonical
from security.log.merkle import leaf_hash, node_hash
from tests.unit.gateway.app.offices import APRIL, CIVIL, DIBAO, EDU, MARCH, Offices, persons


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    made = Offices(tmp_path_factory.mktemp("month"))
    made.found(EDU)
    for period in (MARCH, APRIL):
        made.keep(DIBAO, period, persons(5))
        made.publish(period)
        made.collect()
    made.sync()
    return made


Statement = tuple[str, tuple[object, ...]]


def faults(office: Office, *statements: str | Statement) -> set[tuple[str, str]]:
    """What fsck says after statements that are undone again; the kind of thing and the code."""
    path = office.place / "state.db"
    before = path.read_bytes()
    with office.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(*((statement,) if isinstance(statement, str) else statement))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    try:
        return {(fault.where.split()[0].split(".")[-1], fault.code) for fault in fsck.fsck(office).faults}
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("agency", [CIVIL, EDU])
def test_a_good_home_has_no_fault(month: Offices, agency: str) -> None:
    done = fsck.fsck(month.open(agency))
    assert done.faults == ()
    assert done.checkpoints > 0
    assert done.strays == 0


@pytest.mark.parametrize(
    ("agency", "statement", "fault"),
    [
        (CIVIL, "DELETE FROM edition WHERE seq = 1", ("editions", "E-FSCK-STATE")),
        (CIVIL, "DELETE FROM edition WHERE seq = 1", ("r1", "E-FSCK-CHAIN")),
        (CIVIL, "UPDATE edition SET state = 'posted' WHERE seq = 1", ("r1", "E-FSCK-STATE")),
        (CIVIL, "UPDATE edition SET recipient = 'housing' WHERE seq = 1", ("r1", "E-FSCK-STATE")),
        (CIVIL, "UPDATE edition SET period = '2023-05' WHERE seq = 1", ("r1", "E-FSCK-STATE")),
        (CIVIL, "DELETE FROM receipt WHERE stage = 'loaded'", ("receipts", "E-FSCK-STATE")),
        (CIVIL, "DELETE FROM receipt WHERE stage = 'loaded'", ("r1", "E-FSCK-RECEIPT")),
        (CIVIL, "UPDATE receipt SET rows = 4 WHERE stage = 'loaded'", ("receipt", "E-FSCK-RECEIPT")),
        (CIVIL, "DELETE FROM import", ("imports", "E-FSCK-STATE")),
        (CIVIL, "DELETE FROM document WHERE kind = 'manifest'", ("r1", "E-FSCK-MANIFEST")),
        (EDU, "DELETE FROM arrival", ("arrivals", "E-FSCK-STATE")),
        (EDU, "UPDATE arrival SET feed = 'assistance-households'", ("r1", "E-FSCK-STATE")),
        (EDU, "UPDATE arrival SET state = 'rejected'", ("r1", "E-FSCK-STATE")),
        (EDU, "UPDATE arrival SET receipt = NULL", ("r1", "E-FSCK-RECEIPT")),
        (EDU, "UPDATE document SET body = X'00' WHERE kind = 'receipt'", ("receipt", "E-ENVELOPE-FORM")),
    ],
)
def test_what_was_changed_behind_the_program_is_noticed(month: Offices, agency: str, statement: str, fault: tuple[str, str]) -> None:
    assert fault in faults(month.open(agency), statement)


def test_a_ledger_written_anew_with_all_its_nodes_is_noticed(month: Offices) -> None:
    """Who rewrites entries and the tree over them passes every check but one: the checkpoints signed before."""
    office = month.open(CIVIL)
    with office.engine.connect() as connection:
        bodies = [bytes(row[0]) for row in connection.exec_driver_sql("SELECT body FROM ledger_entry ORDER BY i")]
    forged = canonical({**json.loads(bodies[3]), "by": "somebody else"})
    rewritten = [*bodies[:3], forged, *bodies[4:]]
    level, hashes = 0, [leaf_hash(body) for body in rewritten]
    changed: list[str | Statement] = [f"DROP TRIGGER {name}" for name in _triggers(office)]
    changed.append(("UPDATE ledger_entry SET body = ? WHERE i = 3", (forged,)))
    while hashes:
        changed += [("UPDATE ledger_node SET h = ? WHERE lv = ? AND i = ?", (hash_, level, i)) for i, hash_ in enumerate(hashes)]
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        level += 1
    assert faults(office, *changed) == {("ledger", "E-LEDGER-FORK")}


def test_a_changed_checkpoint_is_no_witness(month: Offices) -> None:
    assert ("checkpoints", "E-CHECKPOINT-FORM") in faults(month.open(CIVIL), "UPDATE document SET body = X'00' WHERE kind = 'checkpoint'")


def test_a_run_that_changes_nothing_signs_nothing(month: Offices) -> None:
    office = month.open(CIVIL)
    month.sync()
    with office.reading() as connection:
        before = len(checkpoints.known(office, connection))
    month.publish(MARCH)
    month.sync()
    with office.reading() as connection:
        assert len(checkpoints.known(office, connection)) == before


def test_a_run_signs_the_ledger_as_it_leaves_it(month: Offices) -> None:
    office = month.open(EDU)
    with office.reading() as connection:
        assert max(state.size for _, state in checkpoints.known(office, connection)) == ledger.size(connection)


def test_evidence_still_stands_on_its_own(month: Offices, tmp_path: Path) -> None:
    edition = "522722.assistance-persons.education.2023-03.r1"
    assert evidence.export(month.open(CIVIL), edition, tmp_path / "evidence.zip") > 0
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.zip"]
    with pytest.raises(ExchangeError, match="E-FILE-ACCESS") as refusal:
        evidence.export(month.open(CIVIL), edition, tmp_path / "no-such-folder" / "evidence.zip")
    assert refusal.value.facts["file"] == "evidence.zip"


def _triggers(office: Office) -> list[str]:
    with office.engine.connect() as connection:
        return [str(row[0]) for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
