"""The local cluster: what others build their tests on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.kafka import cluster, jars
from deploy.kafka.broker import Broker
from deploy.kafka.cluster import INTERNAL, Listener, Plan
from deploy.kafka.metadata import live_brokers
from tests.kafka import brokers


def test_a_cluster_is_ready_loses_a_broker_and_has_it_back(tmp_path: Path) -> None:
    brokers.require_java()
    with cluster.running(tmp_path / "kafka", Plan(listeners=(Listener(), Listener("OTHER")))) as own:
        assert own.bootstrap() != own.bootstrap("OTHER")
        known = cluster.attach(tmp_path / "kafka")
        assert known == own
        before, victim = own.broker(2).pid, own.broker(2)
        victim.kill()
        own.wait_ready(nodes=2)
        victim.start()
        own.wait_ready()
        assert victim.pid not in {None, before}
        assert live_brokers("127.0.0.1", own.ports["OTHER"][1]) == 3
        pids = [broker.pid for broker in own.brokers]
        assert (tmp_path / "kafka" / "broker-1.pid").read_text() == str(pids[0])
    assert [broker.pid for broker in own.brokers] == [None] * 3
    assert cluster.attach(tmp_path / "kafka") is None
    assert own.broker(1).log.exists()


def test_somebody_elses_process_is_not_ours_to_end(tmp_path: Path) -> None:
    broker = Broker(tmp_path, 1, "64m")
    (tmp_path / "broker-1.pid").write_text("1")
    assert broker.pid is None
    broker.kill()


def test_what_does_not_run_is_said_with_its_log(tmp_path: Path) -> None:
    silent = cluster.Cluster(tmp_path, (Broker(tmp_path, 1, "64m"),), {INTERNAL: (1,), "CLIENT": (2,)})
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
    assert (done.returncode, "up | down" in done.stderr) == (2, True)
