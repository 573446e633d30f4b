"""What lies in a shared folder for one home."""

from __future__ import annotations

import errno
import heapq
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.delivery import Delivery, records
from gateway.carriers.lanes import EVERYONE, Entry, entries, opened, sender_of
from gateway.carriers.mailing import translated
from gateway.carriers.port import Arrival, Unreadable
from gateway.carriers.seen import Seen


@dataclass(frozen=True, order=True, slots=True)
class Lane:
    """A lane to this home. Orders as they are read: what is for everyone first, since keys and trust lists are among it."""

    personal: bool
    path: tuple[str, str, str]
    sender: AgencyId

    @property
    def place(self) -> str:
        return "/".join(self.path[1:])


def unread(root: int, agency: AgencyId, after: bytes | None, limit: int) -> Iterator[Arrival | Unreadable]:
    """All records behind a position, lane after lane. A lane that cannot be read is reported and holds up no other.

    Args:
        limit: unread files of one lane in one go.
    """
    before, seen = Seen.read(after), Seen()
    waiting: list[tuple[Lane, list[Entry]]] = []
    faults: list[tuple[str, OSError]] = []
    for lane in _lanes(root, agency, faults):
        try:
            waiting.append((lane, _fresh(root, lane, before, seen, limit)))
        except OSError as error:
            faults.append((lane.place, error))
    for lane, found in waiting:
        try:
            with _opened(root, lane.path) as fd:
                for entry in found:
                    yield from records(Delivery(fd, lane.place, lane.sender, entry), seen)
        except OSError as error:
            faults.append((lane.place, error))
    for place, fault in faults:
        yield Unreadable(_fault(place, fault), place, seen.position())


def everything(root: int, agency: AgencyId) -> Iterator[Entry | None]:
    """All that lies in the lanes to this home, read or not; None for what is not of the exchange."""
    for lane in _lanes(root, agency, []):
        with _opened(root, lane.path) as fd:
            yield from entries(fd, lane.place)


def _lanes(root: int, agency: AgencyId, faults: list[tuple[str, OSError]]) -> list[Lane]:
    found: list[Lane] = []
    for whom in (EVERYONE, agency.code):
        try:
            with _opened(root, (agency.county, whom)) as box, os.scandir(box) as items:
                for item in items:
                    sender = sender_of(item.name)
                    if sender is not None and sender != agency:
                        found.append(Lane(whom != EVERYONE, (agency.county, whom, item.name), sender))
        except FileNotFoundError:
            continue
        except OSError as error:
            faults.append((whom, error))
    return sorted(found)


def _fresh(root: int, lane: Lane, before: frozenset[bytes], seen: Seen, limit: int) -> list[Entry]:
    """Unread entries in order; the marks of those read before and still there go into `seen`."""

    def unmarked(found: Iterator[Entry | None]) -> Iterator[Entry]:
        for entry in found:
            if entry is not None and entry.seen in before:
                seen.add([entry.seen])
            elif entry is not None:
                yield entry

    with _opened(root, lane.path) as fd:
        return heapq.nsmallest(limit, unmarked(entries(fd, lane.place)))


@contextmanager
def _opened(root: int, path: tuple[str, ...]) -> Iterator[int]:
    with ExitStack() as stack:
        fd = root
        for part in path:
            fd = stack.enter_context(opened(part, fd))
        yield fd


def _fault(place: str, error: OSError) -> ExchangeError:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return ExchangeError("E-CARRIER-LINK", name=place)
    return translated(error, place)
