"""A cluster of combined brokers and controllers on loopback, on random free ports, in one folder."""

from __future__ import annotations

import json
import random
import secrets
import shutil
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.kafka.broker import Broker
from deploy.kafka.jars import classpath
from deploy.kafka.metadata import live_brokers

INTERNAL = "INTERNAL"
"""The plaintext listener between brokers: every cluster has it, and what watches over the cluster asks there."""
CONTROLLER = "CONTROLLER"
"""The listener of the quorum, plaintext likewise."""
_STATE = "cluster.json"
_HOST = "127.0.0.1"
_PORTS = range(20000, 32000)
"""Below the ports that systems hand out by themselves: a broker that was killed finds its own port free again."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener for clients, one port on each broker.

    Attributes:
        name: in capitals.
        protocol: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
        properties: its own, without the prefix `listener.name.<name>.`.
        advertise: port by node to tell clients instead of the real one, where something stands in between.
    """

    name: str = "CLIENT"
    protocol: str = "PLAINTEXT"
    properties: Mapping[str, str] = field(default_factory=dict)
    advertise: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What cluster to start.

    Attributes:
        properties: of every broker, over the defaults.
        format: options of `StorageTool format`, such as ("--add-scram", "SCRAM-SHA-512=[name=a,password=b]").
        wrap: by node, a command that runs that broker.
        between: (node, other) -> loopback address at which the one finds the other, for every pair if for any. Whoever gives them puts
            something there that leads to the same port of 127.0.0.1; only clients of other listeners than INTERNAL find such a cluster.
    """

    nodes: int = 3
    listeners: tuple[Listener, ...] = (Listener(),)
    properties: Mapping[str, str] = field(default_factory=dict)
    format: tuple[str, ...] = ()
    wrap: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    between: Mapping[tuple[int, int], str] = field(default_factory=dict)
    heap: str = "320m"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was started in a folder, by whatever process.

    Attributes:
        ports: by listener, of node 1, 2, …; INTERNAL and CONTROLLER among them. Real ones, not those that are advertised.
    """

    folder: Path
    brokers: tuple[Broker, ...]
    ports: Mapping[str, tuple[int, ...]]

    @property
    def default(self) -> str:
        return next(name for name in self.ports if name not in {INTERNAL, CONTROLLER})

    def bootstrap(self, listener: str | None = None) -> str:
        """`HOST:PORT,…` of all brokers on a listener, the first of the plan when none is named."""
        return ",".join(f"{_HOST}:{port}" for port in self.ports[listener or self.default])

    def broker(self, node: int) -> Broker:
        return self.brokers[node - 1]

    def wait_ready(self, seconds: float = 180.0, nodes: int | None = None) -> None:
        """Return when every running broker answers a metadata call that names all of them.

        Args:
            nodes: how many brokers there must be; all when not given.

        Raises:
            TimeoutError: with the end of a log.
        """
        wanted = len(self.brokers) if nodes is None else nodes
        end = time.monotonic() + seconds
        while True:
            running = [broker for broker in self.brokers if broker.pid is not None]
            if len(running) >= wanted and all(live_brokers(_HOST, self.ports[INTERNAL][each.node - 1]) >= wanted for each in running):
                return
            if time.monotonic() > end or len(running) < wanted:
                tails = "\n".join(each.log.read_text(errors="replace")[-1500:] for each in self.brokers if each.log.exists())
                raise TimeoutError(f"{len(running)} of {wanted} brokers run and they are not ready\n{tails}")
            time.sleep(0.1)

    def stop(self, *, grace: float = 15.0) -> None:
        """End all brokers and wait for it. grace=0 kills them."""
        for broker in self.brokers:
            if grace:
                broker.terminate()
        for broker in self.brokers:
            broker.stop(grace) if grace else broker.kill()

    def remove(self) -> None:
        """Delete data and state of a stopped cluster; its logs stay."""
        for broker in self.brokers:
            shutil.rmtree(broker.data, ignore_errors=True)
            broker.settings.unlink(missing_ok=True)
            broker.hosts.unlink(missing_ok=True)
        (self.folder / _STATE).unlink(missing_ok=True)


def start(folder: Path, plan: Plan | None = None) -> Cluster:
    """Format and start a new cluster in a folder; returns before it is ready (`wait_ready`).

    Raises:
        MissingError: no Java or Maven.
        RuntimeError: the storage could not be formatted.
    """
    plan = plan or Plan()
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    names = (INTERNAL, CONTROLLER, *(listener.name for listener in plan.listeners))
    free = free_ports(len(names) * plan.nodes)
    ports = {name: tuple(free[at * plan.nodes:(at + 1) * plan.nodes]) for at, name in enumerate(names)}
    brokers = tuple(Broker(folder, node, plan.heap, plan.wrap.get(node, ())) for node in range(1, plan.nodes + 1))
    cluster = Cluster(folder, brokers, ports)
    for broker in brokers:
        lines = _properties(cluster, plan, broker)
        broker.settings.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        if plan.between:
            broker.hosts.write_text("".join(f"{address} {name}\n" for name, address in _hosts(plan, broker.node).items()))
    _format(cluster, plan)
    state = {"heap": plan.heap, "ports": ports, "wrap": {str(node): list(wrap) for node, wrap in plan.wrap.items()}}
    (folder / _STATE).write_text(json.dumps(state))
    for broker in brokers:
        broker.start()
    return cluster


def attach(folder: Path) -> Cluster | None:
    """The cluster that was started in a folder; None where there is none."""
    folder = folder.resolve()
    try:
        state = json.loads((folder / _STATE).read_text())
    except FileNotFoundError:
        return None
    ports = {name: tuple(numbers) for name, numbers in state["ports"].items()}
    nodes = range(1, len(ports[INTERNAL]) + 1)
    brokers = tuple(Broker(folder, node, state["heap"], tuple(state["wrap"].get(str(node), ()))) for node in nodes)
    return Cluster(folder, brokers, ports)


@contextmanager
def running(folder: Path, plan: Plan | None = None, *, seconds: float = 180.0) -> Iterator[Cluster]:
    """A ready cluster for the length of a block; killed and deleted afterwards."""
    cluster = start(folder, plan)
    try:
        cluster.wait_ready(seconds)
        yield cluster
    finally:
        cluster.stop(grace=0)
        cluster.remove()


def _properties(cluster: Cluster, plan: Plan, broker: Broker) -> dict[str, str]:
    at = broker.node - 1
    protocols = {INTERNAL: "PLAINTEXT", CONTROLLER: "PLAINTEXT", **{each.name: each.protocol for each in plan.listeners}}
    hosts = [_name(node) if plan.between else _HOST for node in range(1, plan.nodes + 1)]
    told = {name: f"{hosts[at]}:{cluster.ports[name][at]}" for name in (INTERNAL, CONTROLLER)}
    told |= {each.name: f"{_HOST}:{each.advertise.get(broker.node, cluster.ports[each.name][at])}" for each in plan.listeners}
    quorum = ",".join(f"{node}@{hosts[node - 1]}:{port}" for node, port in enumerate(cluster.ports[CONTROLLER], 1))
    copies, kept = str(min(3, plan.nodes)), str(min(2, plan.nodes))
    found = {
        "process.roles": "broker,controller", "node.id": str(broker.node), "controller.quorum.voters": quorum,
        "listeners": ",".join(f"{name}://{_HOST}:{ports[at]}" for name, ports in cluster.ports.items()),
        "advertised.listeners": ",".join(f"{name}://{place}" for name, place in told.items()),
        "listener.security.protocol.map": ",".join(f"{name}:{protocol}" for name, protocol in protocols.items()),
        "controller.listener.names": CONTROLLER, "inter.broker.listener.name": INTERNAL, "log.dirs": str(broker.data),
        "auto.create.topics.enable": "false", "default.replication.factor": copies, "min.insync.replicas": kept,
        "offsets.topic.replication.factor": copies, "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": copies, "transaction.state.log.min.isr": kept,
        "transaction.state.log.num.partitions": "3",
        "share.coordinator.state.topic.replication.factor": copies, "share.coordinator.state.topic.min.isr": kept,
        "group.initial.rebalance.delay.ms": "0", "unclean.leader.election.enable": "false",
        "broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500",  # the default 9 s is what a killed leader costs
        "log.cleaner.dedupe.buffer.size": "8388608", "log.cleaner.io.buffer.size": "131072", "log.index.size.max.bytes": "1048576",
        "num.network.threads": "2", "num.io.threads": "4", "background.threads": "2", "num.replica.fetchers": "1",
    }
    for listener in plan.listeners:
        found |= {f"listener.name.{listener.name.lower()}.{key}": value for key, value in listener.properties.items()}
    return found | dict(plan.properties)


def _name(node: int) -> str:
    """What brokers call one of them where each finds the others at addresses of its own."""
    return f"broker-{node}"


def _hosts(plan: Plan, node: int) -> dict[str, str]:
    """All names that a broker can look up, with their addresses."""
    others = {_name(other): address for (source, other), address in plan.between.items() if source == node}
    return {"localhost": _HOST, socket.gethostname(): _HOST, _name(node): _HOST, **others}


def _format(cluster: Cluster, plan: Plan) -> None:
    identity = urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "a")
    java = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", classpath()]
    tool = ["kafka.tools.StorageTool", "format", "-t", identity, *plan.format]
    at_work = [(broker, subprocess.Popen([*java, *broker.names, *tool, "-c", str(broker.settings)], stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, text=True)) for broker in cluster.brokers]
    for broker, process in at_work:
        told, _ = process.communicate(timeout=120)
        if process.returncode:
            raise RuntimeError(f"the storage of broker {broker.node} could not be formatted: {told[-1000:]}")


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now, and that the system gives to nobody by itself."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        with suppress(OSError), socket.socket() as trial:
            trial.bind((_HOST, port))
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free ports on loopback")
