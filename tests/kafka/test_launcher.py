"""The local cluster: what others build their tests on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.kafka import cluster, jars
from deploy.kafka.__main__ import down, up
from deploy.kafka.broker import Broker
from deploy.kafka.cluster import INTERNAL, Cluster, Listener, Plan
from deploy.kafka.metadata import live_brokers
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, arrived, package, records
from tests.kafka import brokers
from tests.kafka.brokers import Brokers
from tests.kafka.mailroom import KafkaMailroom


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three brokers that may be killed."""
    brokers.require_java()
    folder = tmp_path_factory.mktemp("own") / "kafka"
    with cluster.running(folder, Plan(listeners=(Listener(), Listener("OTHER")))) as made:
        yield made
    assert [broker.pid for broker in made.brokers] == [None] * 3
    assert cluster.attach(folder) is None
    assert made.broker(1).log.exists()


def test_a_cluster_is_ready_loses_a_broker_and_has_it_back(own: Cluster) -> None:
    assert own.bootstrap() != own.bootstrap("OTHER")
    assert cluster.attach(own.folder) == own
    before, victim = own.broker(2).pid, own.broker(2)
    victim.kill()
    own.wait_ready(nodes=2)
    victim.start()
    own.wait_ready()
    assert victim.pid not in {None, before}
    assert live_brokers("127.0.0.1", own.ports["OTHER"][1]) == 3
    assert (own.folder / "broker-1.pid").read_text() == str(own.broker(1).pid)


@dataclass(slots=True)
class Killing:
    """Chunks of which the second reading of one kills a broker: the first is to look them through, the second is in the transaction."""

    victim: Broker
    reads: int = 0

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int, /) -> bytes:
        self.reads += 1
        if self.reads == 13:
            self.victim.kill()
        return index.to_bytes(4, "big") * 60_000


def test_a_leader_that_dies_while_publishing_and_collecting_costs_nothing(own: Cluster) -> None:
    room = KafkaMailroom(Brokers(own.bootstrap(), 3), "loss")
    room.open()
    victim = own.broker(room.leader(room.naming.package("assistance-persons", EDUCATION.code)))
    items = [package("before", 2), package("during", Killing(victim)), package("behind", 2)]
    assert [one.outcome for one in room.door(CIVIL_AFFAIRS).post(items)] == ["posted"] * 3
    assert victim.pid is None
    whole = [record for item in items for record in records(item)]
    assert arrived(room.door(EDUCATION).poll(None)) == whole
    victim.start()
    own.wait_ready()
    assert arrived(room.door(EDUCATION).poll(None)) == whole
    room.close()


def test_who_starts_a_running_cluster_is_told_where_it_is(own: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    before = [broker.pid for broker in own.brokers]
    assert up(own.folder) == 0
    assert capsys.readouterr().out == f"bootstrap={own.bootstrap()}\n"
    assert [broker.pid for broker in own.brokers] == before


def test_there_is_nothing_to_end_where_nothing_runs(tmp_path: Path) -> None:
    assert down(tmp_path) == 0


def test_somebody_elses_process_is_not_ours_to_end(tmp_path: Path) -> None:
    broker = Broker(tmp_path, 1, "64m")
    (tmp_path / "broker-1.pid").write_text("1")
    assert broker.pid is None
    broker.kill()


def test_what_does_not_run_is_said_with_its_log(tmp_path: Path) -> None:
    silent = Cluster(tmp_path, (Broker(tmp_path, 1, "64m"),), {INTERNAL: (1,), "CLIENT": (2,)})
    silent.broker(1).log.write_text("the disk is on fire")
    with pytest.raises(TimeoutError, match=r"0 of 1 brokers.*\n.*on fire"):
        silent.wait_ready(1)


def test_a_machine_without_java_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(jars.MissingError, match="java and mvn not found"):
        jars.check_tools()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs Kafka"):
        brokers.require_java()
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="needs Kafka"):
        brokers.require_java()


def test_the_command_says_how_it_is_used() -> None:
    done = subprocess.run([sys.executable, "-m", "deploy.kafka", "sideways"], cwd=brokers.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "up [FOLDER] | down" in done.stderr) == (2, True)
