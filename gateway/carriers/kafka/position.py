"""How far a home has read: the next offset of its county's partition in each topic, for one cluster.

Kept in the home's own database, with the arrivals. Offsets on the cluster, of groups, play no part: they die between monthly runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

_MAGIC = b"kaf1"


@dataclass(frozen=True, slots=True)
class Position:
    """Offsets by topic. Of another cluster it says nothing: its numbers count other records."""

    cluster: str
    offsets: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: bytes | None, cluster: str) -> Position:
        """What a stored position means on a cluster; the beginning of everything when it makes no sense there."""
        if stored is None or not stored.startswith(_MAGIC):
            return cls(cluster)
        try:
            whose, offsets = json.loads(stored[len(_MAGIC):])
            if whose != cluster or not all(isinstance(topic, str) and isinstance(at, int) and at >= 0 for topic, at in offsets.items()):
                return cls(cluster)
        except (ValueError, TypeError, AttributeError):
            return cls(cluster)
        return cls(cluster, offsets)

    def start(self, topic: str, begin: int, end: int) -> int:
        """Where to go on in a topic that holds [begin, end). An offset that it has never reached is another topic's of that name."""
        wanted = self.offsets.get(topic, 0)
        return begin if wanted > end else max(begin, wanted)

    def at(self, topic: str, offset: int) -> Position:
        """This position with one topic read up to an offset."""
        return Position(self.cluster, {**self.offsets, topic: offset})

    def stored(self) -> bytes:
        return _MAGIC + json.dumps([self.cluster, self.offsets], separators=(",", ":"), sort_keys=True).encode()
