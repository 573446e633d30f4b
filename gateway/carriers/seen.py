"""A position in a folder: what has been seen, not how far one got.

Folders are emptied, copied and restored by hand, and clocks and counters go back with them; a number passed would skip a file that
comes again under a lower one. So the position is the set of what was there and was read, eight bytes each, without what has left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

_MAGIC = b"dir1"
_WIDTH = 8


@dataclass(slots=True)
class Seen:
    """Grows while a poll goes on; `position` is a copy of its present state."""

    _bytes: bytearray = field(default_factory=lambda: bytearray(_MAGIC))

    @staticmethod
    def read(position: bytes | None) -> frozenset[bytes]:
        """What a position stands for; nothing for one that is not of this carrier."""
        if position is None or not position.startswith(_MAGIC) or (len(position) - len(_MAGIC)) % _WIDTH:
            return frozenset()
        return frozenset(position[at:at + _WIDTH] for at in range(len(_MAGIC), len(position), _WIDTH))

    def add(self, marks: Iterable[bytes]) -> None:
        for mark in marks:
            self._bytes += mark

    def position(self) -> bytes:
        return bytes(self._bytes)
