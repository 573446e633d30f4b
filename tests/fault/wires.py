"""A wire between clients and one broker that can be cut: a TCP proxy in front of its advertised listener."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_HOST = "127.0.0.1"
_PIECE = 65536


class Wire:
    """Forwards connections to a port on loopback.

    Attributes:
        port: where clients come; `target`, the broker's own, may be set later.
    """

    def __init__(self, port: int) -> None:
        self.port, self.target = port, 0
        self._through = threading.Event()
        self._through.set()
        self._torn = False
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server((_HOST, port))
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
