"""From records to arrivals: what is ours, what is noise, and where the next poll goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.kafka.headers import Label
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.reading import Some
from gateway.carriers.kafka.topics import Topic
from gateway.carriers.port import RECORD_LIMIT, Arrival, Unreadable

_OPEN = 32
"""Packages at once in one topic whose chunks are still to come: one a sender, more only when somebody makes noise."""
_BROKEN_RUN = 1000


@dataclass(slots=True)
class Lane:
    """One topic during one poll.

    Attributes:
        end: where this poll stops.
        position: of everything that has been handed out.
        open: delivery -> (offset of its manifest, chunks to come), of packages that have begun.
        broken: offsets in a row that could not be unpacked.
    """

    topic: Topic
    partition: int
    agency: AgencyId
    end: int
    position: Position
    open: dict[str, tuple[int, int]] = field(default_factory=dict)
    broken: int = 0

    def take(self, some: Some) -> Iterator[Arrival | Unreadable]:
        """What these records are to this home."""
        for record in some.records:
            self.broken = 0
            if (item := self._item(record)) is not None:
                yield item
        if some.broken is not None:
            if self.broken % _BROKEN_RUN == 0:
                place = self._place(some.broken)
                yield Unreadable(ExchangeError("E-KAFKA-BROKEN", place=place), place, self._stored(some.next))
            self.broken += 1

    def close(self) -> None:
        """All of the topic has been read, what is other counties' too."""
        self.position = self.position.at(self.topic.name, self.end)

    def gone(self, begin: int, wanted: int) -> Unreadable:
        """The report that records aged out before they were read."""
        place = self._place(wanted)
        return Unreadable(ExchangeError("E-KAFKA-GONE", topic=self.topic.name, first=wanted, last=begin - 1), place, self._stored(begin))

    def _item(self, record: ConsumerRecord) -> Arrival | Unreadable | None:
        place = self._place(record.offset)
        try:
            if record.key is None or record.key.decode("ascii", "replace") != self.agency.county:
                raise ExchangeError("E-KAFKA-FOREIGN", place=place)
            if record.value is None:
                raise ExchangeError("E-KAFKA-TOMBSTONE", place=place)
            if len(record.value) > RECORD_LIMIT:
                raise ExchangeError("E-CARRIER-LARGE", name=place, size=len(record.value), limit=RECORD_LIMIT)
            label = Label.read(record.headers, self.topic.purpose, place)
        except ExchangeError as error:
            return Unreadable(error, place, self._stored(record.offset + 1))
        if label.sender == self.agency:
            return None
        delivery = f"{label.sender}:{label.name[:16]}:{label.delivery}"
        self._note(label, delivery, record.offset)
        position = self._stored(record.offset + 1)
        return Arrival(label.kind, bytes(record.value), label.sender, delivery, position, place, label.index, label.proof)

    def _note(self, label: Label, delivery: str, offset: int) -> None:
        """Remember where a package began until its last chunk is here: whoever stops in between begins there again."""
        if label.kind == "manifest" and label.count:
            self.open[delivery] = (offset, label.count)
            while len(self.open) > _OPEN:
                del self.open[next(iter(self.open))]
        elif label.kind == "chunk" and delivery in self.open and label.index == self.open[delivery][1] - 1:
            del self.open[delivery]

    def _stored(self, behind: int) -> bytes:
        """The position once everything below an offset has been kept."""
        first = min((offset for offset, _ in self.open.values()), default=behind)
        return self.position.at(self.topic.name, min(first, behind)).stored()

    def _place(self, offset: int) -> str:
        return f"{self.topic.name}[{self.partition}]@{offset}"


def in_order(topics: Iterable[Topic], agency: AgencyId) -> list[Topic]:
    """The topics of a home as they are read: trust lists and keys first, since the rest is judged by them. Its own keys it knows."""
    rank = {"trust": 0, "prekeys": 1, "package": 2, "receipt": 3}
    return sorted((each for each in topics if each.sender != agency.code), key=lambda each: (rank[each.purpose], each.name))
