"""One file of a lane as the records it holds."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.lanes import Entry, plain_file
from gateway.carriers.package_file import PackageFile
from gateway.carriers.port import RECORD_LIMIT, Arrival, RecordKind, Unreadable
from gateway.carriers.seen import Seen

_KINDS: dict[str, RecordKind] = {"receipt": "receipt", "prekeys": "prekeys", "trust": "trust"}
_AGAIN = frozenset({"E-CARRIER-PARTIAL", "E-CARRIER-REACH"})
"""What may be better at the next poll, and is not marked as seen."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file in an open lane.

    Attributes:
        lane: directory descriptor.
        place: of the lane below the county's folder, for messages.
    """

    lane: int
    place: str
    sender: AgencyId
    entry: Entry

    @property
    def where(self) -> str:
        return f"{self.place}/{self.entry.name}"

    @property
    def id(self) -> str:
        """Another one when the file is another, under the same name too."""
        return f"{self.entry.digest}.{self.entry.seen.hex()}"


def records(delivery: Delivery, seen: Seen) -> Iterator[Arrival | Unreadable]:
    """The records of one file in order. It is marked as seen with its last record, or with the report of what is wrong with it."""
    try:
        with plain_file(delivery.entry.name, delivery.lane) as fd:
            if delivery.entry.purpose == "package":
                yield from _package(delivery, fd, seen)
            else:
                yield _document(delivery, fd, seen)
    except FileNotFoundError:
        return  # taken away or replaced since the folder was listed
    except OSError as error:
        yield Unreadable(ExchangeError("E-CARRIER-REACH", place=delivery.where, why=errno.errorcode.get(error.errno or 0, "OSError")),
                         delivery.where, seen.position())
    except ExchangeError as error:
        if error.code not in _AGAIN:
            seen.add([delivery.entry.seen])
        yield Unreadable(error, delivery.where, seen.position())


def _document(delivery: Delivery, fd: int, seen: Seen) -> Arrival:
    size = os.fstat(fd).st_size
    if size > RECORD_LIMIT:
        raise ExchangeError("E-CARRIER-LARGE", name=delivery.where, size=size, limit=RECORD_LIMIT)
    if not size:
        raise ExchangeError("E-CARRIER-PARTIAL", name=delivery.where)
    data = os.pread(fd, size, 0)
    seen.add([delivery.entry.seen])
    return Arrival(_KINDS[delivery.entry.purpose], data, delivery.sender, delivery.id, seen.position(), delivery.where)


def _package(delivery: Delivery, fd: int, seen: Seen) -> Iterator[Arrival]:
    package = PackageFile.of(fd, delivery.where)
    last = package.members[-1]
    for member in package.members:
        data = package.read(member)
        if len(data) != member.size:
            raise ExchangeError("E-CARRIER-PARTIAL", name=delivery.where)
        if member is last:
            seen.add([delivery.entry.seen])
        kind: RecordKind = "manifest" if member.index is None else "chunk"
        yield Arrival(kind, data, delivery.sender, delivery.id, seen.position(), delivery.where, member.index)
