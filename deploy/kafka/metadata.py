"""Is a broker there? One metadata call, written out, so that the launcher needs no client."""

from __future__ import annotations

import socket
import struct

_METADATA, _VERSION, _CORRELATION = 3, 4, 1
_NO_TOPICS = bytes(5)
"""An empty list, and none to be created."""


def live_brokers(host: str, port: int, *, seconds: float = 2.0) -> int:
    """How many brokers the one at an address knows to be alive; 0 when it does not answer in time.

    https://kafka.apache.org/protocol (Metadata v4, no topics).
    """
    client = b"launcher"
    request = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, len(client)) + client + _NO_TOPICS
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                (size,) = struct.unpack(">i", answer.read(4))
                _correlation, _throttled, brokers = struct.unpack_from(">iii", answer.read(size))
                return int(brokers)
    except (OSError, struct.error):
        return 0
