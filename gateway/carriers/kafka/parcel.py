"""One outgoing thing as the records that it becomes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.errors import ExchangeError
from gateway.carriers.kafka.headers import Header, Label
from gateway.carriers.kafka.topics import Naming, partition
from gateway.carriers.port import CHUNK_LIMIT, Outgoing, RecordKind
from security.log.merkle import Tree, leaf_hash

LOAD_BYTES = 64 * 1024 * 1024
"""Of one transaction: readers of a partition see nothing behind its beginning until it ends. An edition is never cut in two."""
_RECORD_COST = 512
"""Bytes of a record beside its value, roughly."""
_KINDS: dict[str, RecordKind] = {"package": "manifest", "receipt": "receipt", "prekeys": "prekeys", "trust": "trust"}


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """An item with its place on the cluster, looked through once: every chunk was there and small enough.

    Attributes:
        key: of its records, the county's code.
        size: bytes of all its records.
        tree: over its chunks, for the proofs that travel with them.
    """

    item: Outgoing
    topic: str
    partition: int
    key: bytes
    size: int
    tree: Tree
    delivery: str

    @classmethod
    def of(cls, item: Outgoing, naming: Naming) -> Parcel:
        """Look an item through, one chunk in memory.

        Raises:
            ExchangeError: E-CARRIER-SIZE; whatever reading a chunk raises.
        """
        leaves: list[bytes] = []
        size = _fitting(item.purpose, len(item.body))
        for index in range(len(item.chunks)):
            chunk = item.chunks[index]
            size += _fitting(f"chunks/{index:06d}", len(chunk))
            leaves.append(leaf_hash(hashlib.sha256(chunk).digest()))
        county = (item.recipient or item.sender).county
        return cls(item, naming.topic(item.purpose, item.sender, item.recipient, item.feed), partition(county), county.encode(), size,
                   Tree(leaves), secrets.token_hex(8))

    def records(self) -> Iterator[tuple[bytes, list[Header]]]:
        """Value and headers of each record: what is signed, then the chunks, one in memory.

        Raises:
            ExchangeError: whatever reading a chunk raises.
        """
        item, count = self.item, len(self.item.chunks)
        yield item.body, Label(_KINDS[item.purpose], item.name, item.sender, self.delivery, None, count, item.feed).headers()
        for index in range(count):
            proof = b"".join(self.tree.inclusion(index))
            yield item.chunks[index], Label("chunk", item.name, item.sender, self.delivery, index, 0, item.feed, proof).headers()


def loads(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Cut a run into transactions of at most LOAD_BYTES, or one parcel where that alone is larger; order is kept."""
    load: list[Parcel] = []
    size = 0
    for parcel in parcels:
        if load and size + parcel.size > LOAD_BYTES:
            yield load
            load, size = [], 0
        load.append(parcel)
        size += parcel.size
    if load:
        yield load


def _fitting(name: str, size: int) -> int:
    if size > CHUNK_LIMIT:
        raise ExchangeError("E-CARRIER-SIZE", name=name, size=size, limit=CHUNK_LIMIT)
    return size + _RECORD_COST
