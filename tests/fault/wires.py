"""Wires that can be cut: TCP proxies in front of the listeners of brokers, for clients and for the other brokers."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations

from deploy.kafka.cluster import CONTROLLER, INTERNAL, Cluster

_HOST = "127.0.0.1"
_PIECE = 65536


class Wire:
    """Forwards connections to a port on loopback.

    Attributes:
        port: where clients come, at `host`; `target`, the broker's own, may be set later.
    """

    def __init__(self, port: int, host: str = _HOST, target: int = 0) -> None:
        self.port, self.target = port, target
        self._through = threading.Event()
        self._through.set()
        self._torn = False
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server((host, port))
        threading.Thread(target=self._serve, daemon=True).start()

    def silence(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._through.clear()

    def tear(self) -> None:
        """Every connection breaks, and so does every new one."""
        self._torn = True
        self._drop()

    def mend(self) -> None:
        self._torn = False
        self._through.set()

    def close(self) -> None:
        self._torn = True
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._drop()
        self._through.set()

    def _drop(self) -> None:
        with self._lock:
            ends = list(self._ends)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            if self._torn:
                client.close()
                continue
            try:
                broker = socket.create_connection((_HOST, self.target), 5)
            except OSError:
                client.close()
                continue
            broker.settimeout(None)
            with self._lock:
                self._ends |= {client, broker}
            threading.Thread(target=self._carry, args=(client, broker), daemon=True).start()

    def _carry(self, client: socket.socket, broker: socket.socket) -> None:
        back = threading.Thread(target=self._pump, args=(broker, client), daemon=True)
        back.start()
        self._pump(client, broker)
        back.join()
        with self._lock:
            self._ends -= {client, broker}
        client.close()
        broker.close()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._through.wait()
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


NODES = (1, 2, 3)
_BOTH = (INTERNAL, CONTROLLER)
BETWEEN = {(node, other): f"127.0.{node}.{other}" for node, other in permutations(NODES, 2)}
"""Where each of three brokers finds the others (`Plan.between`): all of 127.0.0.0/8 is loopback on Linux."""


@dataclass(frozen=True, slots=True)
class Between:
    """The wires from each broker to each other one, one to its listener for brokers and one to that of the quorum.

    Attributes:
        wires: by (node, other, listener).
    """

    wires: dict[tuple[int, int, str], Wire]

    @classmethod
    def of(cls, cluster: Cluster) -> Between:
        """Lay them, as soon as the brokers' ports are known: they ask each other again where nobody answers yet."""
        made = {}
        for (node, other), host in BETWEEN.items():
            for listener in (INTERNAL, CONTROLLER):
                port = cluster.ports[listener][other - 1]
                made[node, other, listener] = Wire(port, host, port)
        return cls(made)

    def around(self, node: int, *listeners: str) -> list[Wire]:
        """Those to and from one broker; to some listeners only, if any is named."""
        return [wire for (one, other, listener), wire in self.wires.items() if node in {one, other} and listener in (listeners or _BOTH)]

    def pair(self, node: int, peer: int) -> list[Wire]:
        """Those that two brokers have to each other."""
        return [wire for (one, other, _), wire in self.wires.items() if {one, other} == {node, peer}]

    def every(self) -> list[Wire]:
        return list(self.wires.values())

    def close(self) -> None:
        for wire in self.wires.values():
            wire.close()
