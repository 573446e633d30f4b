"""One cluster for a whole test run, shared by all its processes. Found as fixture `kafka` everywhere under tests/."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.kafka import cluster
from deploy.kafka.jars import MissingError, check_tools
from tests.kafka import docker

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Brokers:
    """Ready brokers without permissions or encryption, with no topics of ours.

    Attributes:
        replicas: how many copies a topic may have.
    """

    bootstrap: str
    replicas: int


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    """Brokers in containers where a Docker engine answers, else three of our own on loopback."""
    if docker.answers():
        with docker.brokers() as bootstrap:
            yield Brokers(bootstrap, 1)
        return
    require_java()
    base = tmp_path_factory.getbasetemp()
    with borrowed(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as shared:
        yield Brokers(shared.bootstrap(), len(shared.brokers))


def require_java() -> None:
    """Return where brokers can be started without Docker. Otherwise the test is skipped, or with CI=true fails."""
    try:
        check_tools()
    except MissingError as missing:
        absent(f"needs Kafka: no Docker engine answers, and {missing}")


def absent(why: str) -> NoReturn:
    """Skip; with CI=true fail, for there nothing may be left untested without anybody seeing it."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def borrowed(base: Path) -> Iterator[cluster.Cluster]:
    """The cluster of a test run: started by whoever comes first, ended by a guard when the last one has gone, however it went."""
    users = base / "kafka-users"
    with users.open("a") as use, (base / "kafka-start").open("a") as starting:
        fcntl.flock(use, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        found = cluster.attach(base / "kafka")
        if found is None:
            found = _started(base / "kafka", users)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield found


def _started(folder: Path, users: Path) -> cluster.Cluster:
    """A new cluster with its guard, which is nobody's child: it outlives whoever started it."""
    guard = [sys.executable, "-m", "deploy.kafka", "guard", str(folder), str(users)]
    subprocess.run(["sh", "-c", '"$@" >/dev/null 2>&1 </dev/null &', "guard", *guard], check=True, cwd=ROOT, timeout=60)
    started = cluster.start(folder)
    started.wait_ready()
    return started
