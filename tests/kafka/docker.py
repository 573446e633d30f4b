"""Kafka in a container, where a Docker engine really answers and has, or can fetch, the image."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from deploy.kafka.cluster import free_ports
from deploy.kafka.metadata import live_brokers

IMAGE = "apache/kafka:4.3.1"
_SECONDS = 90


@cache
def answers() -> bool:
    """Whether there is an engine, not only its client, with the image."""
    if shutil.which("docker") is None:
        return False
    try:
        engine = subprocess.run(["docker", "info", "--format", "{{.ServerVersion}}"], capture_output=True, check=False, timeout=10)
        return engine.returncode == 0 and bool(engine.stdout.strip()) and (_asked("image", "inspect") or _asked("pull", "--quiet"))
    except (OSError, subprocess.TimeoutExpired):
        return False


def _asked(*command: str) -> bool:
    return subprocess.run(["docker", *command, IMAGE], capture_output=True, check=False, timeout=300).returncode == 0


@contextmanager
def brokers() -> Iterator[str]:
    """One broker in a container, ready; its `HOST:PORT`."""
    from testcontainers.core.container import DockerContainer

    [port] = free_ports(1)
    settings = {
        "NODE_ID": "1", "PROCESS_ROLES": "broker,controller", "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "LISTENERS": "CLIENT://:9092,CONTROLLER://:9093", "ADVERTISED_LISTENERS": f"CLIENT://127.0.0.1:{port}",
        "LISTENER_SECURITY_PROTOCOL_MAP": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT", "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "INTER_BROKER_LISTENER_NAME": "CLIENT", "AUTO_CREATE_TOPICS_ENABLE": "false", "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "OFFSETS_TOPIC_REPLICATION_FACTOR": "1", "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1", "TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1", "SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    }
    container = DockerContainer(IMAGE).with_bind_ports(9092, port)
    for name, value in settings.items():
        container = container.with_env(f"KAFKA_{name}", value)
    with container:
        end = time.monotonic() + _SECONDS
        while not live_brokers("127.0.0.1", port):
            if time.monotonic() > end:
                raise TimeoutError(f"{IMAGE} did not answer within {_SECONDS} s: {container.get_logs()}")
            time.sleep(0.2)
        yield f"127.0.0.1:{port}"
