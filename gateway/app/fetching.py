"""One poll of the carrier: packages into the inbox, receipts to their editions, prekeys and trust lists into belief."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from gateway.app import answers, inbox
from gateway.app.actor import Actor
from gateway.app.inbox import Door, Incoming
from gateway.app.office import Office
from gateway.app.reader import Reader
from gateway.app.trust import believe, believed, note_lists
from gateway.carriers.port import Arrival, Unreadable
from gateway.state import arrivals, dead_letters, documents
from gateway.state.unit import UnitOfWork
from security import dsse, manifest
from security.trust import prekeys
from security.trust.bundle import TrustBundle
from security.trust.trust import Trust

POSITION = "carrier-position"
_OLDER = frozenset({"E-TRUST-ROLLBACK", "E-PREKEY-OLD"})
"""What lies on a carrier for ever is older than what is known here sooner or later; that is no attack."""

_AGAIN = frozenset({"E-CARRIER-PARTIAL", "E-CARRIER-REACH", "E-KAFKA-TOPIC", "E-KAFKA-PERMISSION"})
"""Not things that came but places that could not be read; they are tried again at every poll."""

_CONTRADICTIONS = frozenset({"E-CHAIN-FORK", "E-EDITION-FORK", "E-EDITION-ROLLBACK"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that came and was not believed, or could not be read."""

    edition: str
    error: ExchangeError
    place: str

    @property
    def code(self) -> str:
        return self.error.code


@dataclass(slots=True)
class Fetched:
    """What a poll brought.

    Attributes:
        editions: `EDITION.rN` of new packages.
        receipts: digests of new receipts.
        keys: agencies whose prekeys or trust lists are new, and `trust-list`.
    """

    editions: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(slots=True)
class _Poll:
    """The state of one poll: packages that are coming in, deliveries to pass over."""

    office: Office
    actor: Actor
    done: Fetched
    trust: Trust
    reader: Reader
    open: dict[str, Incoming] = field(default_factory=dict)

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """One transaction of the reader that began last."""
        with self.office.unit(self.actor) as work:
            self.reader.hold(work.connection)
            yield work
        self.reader.committed()

    def take(self, record: Arrival) -> None:
        """Deal with one record; what cannot be believed is refused and holds nothing back."""
        try:
            if record.kind == "manifest":
                self._manifest(record)
            elif record.kind == "chunk":
                self._chunk(record)
            else:
                self._letter(record)
        except ExchangeError as error:
            if error.entry.exit == 4:
                raise
            if record.kind in {"prekeys", "trust"} and error.code in _OLDER:
                return
            self._refuse(record, error, self.open.pop(record.delivery, None))

    def _manifest(self, record: Arrival) -> None:
        with self.office.reading() as connection:
            door = Door(self.office, self.trust, load_feeds(), self.office.clock())
            incoming = door.greet(connection, record)
        if incoming is None:
            self._repeat(record)
            return
        self.open[record.delivery] = incoming
        self._finish(record)

    def _chunk(self, record: Arrival) -> None:
        incoming = self.open.get(record.delivery)
        if incoming is None:
            return
        if not inbox.in_place(incoming, record):  # somebody's noise between the sender's chunks, which must not cost the package
            self._refuse(record, ExchangeError("E-CHUNK-DIGEST", number=(record.index or 0) + 1), incoming)
            return
        inbox.take_chunk(incoming, record)
        self._finish(record)

    def _finish(self, record: Arrival) -> None:
        incoming = self.open[record.delivery]
        if not incoming.whole:
            return
        leaves = inbox.shelve(self.office, incoming)
        self.open.pop(record.delivery)
        with self.unit() as work:
            if arrivals.find(work.connection, incoming.verified.digest) is not None:  # another delivery of it was whole before
                return
            entry = inbox.enter(self.office, work, incoming, leaves, self.trust)
            if not self.open:  # a package that lacks chunks is reported at the end: till then the next poll must meet it again
                documents.set_setting(work.connection, POSITION, base64.b64encode(record.position).decode())
        self.done.editions.append(f"{entry.edition}.r{entry.revision}")

    def _repeat(self, record: Arrival) -> None:
        """A package that was answered is answered again with the stored receipts, byte for byte."""
        with self.unit() as work:
            answers.ask_again(work, record)

    def _letter(self, record: Arrival) -> None:
        with self.unit() as work:
            if record.kind == "receipt":
                new = answers.take_receipt(work, record.data, self.trust)
                self.done.receipts += [new] if new else []
                return
            before = believed(work.connection, work.at)
            if record.kind == "trust":
                after = before.accept(TrustBundle.of_bytes(record.data), work.at)
            else:
                after = before.with_prekeys(record.data, work.at)
            if after.bundle(whole=True) == before.bundle(whole=True):
                return
            believe(work, after)
            self.trust = after
            if record.kind == "trust":
                note_lists(work, before, after)
                self.done.keys.append("trust-list")
            else:
                sender = prekeys.peek(record.data).agency
                work.record("prekeys.imported", sender=str(sender))
                self.done.keys.append(sender.code)

    def _refuse(self, record: Arrival, error: ExchangeError, incoming: Incoming | None) -> None:
        claimed = inbox.claimed_edition(record.data) if record.kind == "manifest" else record.kind
        edition = incoming.edition if incoming else claimed
        with self.unit() as work:
            if error.code in _CONTRADICTIONS:  # its signatures hold: what the sender says twice is evidence against it
                digest = dsse.digest(dsse.peek(record.data, manifest.TYPE).payload)
                documents.keep(work.connection, "contradiction", digest, record.data, work.now)
            inbox.refuse(work, f"{record.delivery}:{error.code}", edition, error.code)
            dead_letters.keep(work.connection, record.place, error.code, edition, work.now)
        self.done.refused.append(Refused(edition, error, record.place))


    def set_aside(self, record: Unreadable) -> None:
        """Report what could not be read; it holds nothing back."""
        self.done.refused.append(Refused("?", record.error, record.place))
        if record.error.code not in _AGAIN:
            with self.unit() as work:
                dead_letters.keep(work.connection, record.place, record.error.code, "?", work.now)


def fetch(office: Office, actor: Actor) -> Fetched:
    """Poll once; only inside `office.changing`. What came whole is on the shelf and committed when this returns.

    Raises:
        ExchangeError: E-TRUST-NONE, nothing can be believed yet; E-CARRIER-*.
    """
    with office.reading() as connection:
        trust = believed(connection, office.clock())
        stored = documents.setting(connection, POSITION)
        reader = Reader.begin(connection)
    if not trust.lists:
        raise ExchangeError("E-TRUST-NONE")
    inbox.tidy(office)
    poll = _Poll(office, actor, Fetched(), trust, reader)
    begun = position = base64.b64decode(stored) if stored else None
    for record in office.carrier.poll(position):
        if isinstance(record, Unreadable):
            poll.set_aside(record)
        else:
            poll.take(record)
        position = record.position
    _close(poll, position if position != begun else None)
    return poll.done


def _close(poll: _Poll, position: bytes | None) -> None:
    """Name what came without all its chunks, let those in that waited for a successor, and remember how far we read.

    Args:
        position: None where it is still the one that we began with.
    """
    with poll.office.reading() as connection:
        lacking = [each for each in poll.open.values() if arrivals.find(connection, each.verified.digest) is None]
    for incoming in lacking:
        size = incoming.verified.manifest.size
        error = ExchangeError("E-CHUNK-MISSING", number=min(set(range(size)) - incoming.got) + 1, total=size)
        with poll.unit() as work:
            inbox.refuse(work, f"{incoming.verified.digest}:{error.code}", incoming.edition, error.code)
        poll.done.refused.append(Refused(incoming.edition, error, ""))
    inbox.tidy(poll.office)
    with poll.office.reading() as connection:
        waiting = arrivals.in_state(connection, "waiting")
    if not waiting and position is None:
        return
    with poll.unit() as work:
        _let_in(poll, work)
        if position is not None:
            documents.set_setting(work.connection, POSITION, base64.b64encode(position).decode())


def _let_in(poll: _Poll, work: UnitOfWork) -> None:
    waiting = arrivals.in_state(work.connection, "waiting")
    for entry in sorted(waiting, key=lambda each: -each.seq):
        if any(link.prev == entry.manifest for link in arrivals.links(work.connection, entry.sender, entry.feed)):
            answers.admit(poll.office, work, entry, poll.trust)
