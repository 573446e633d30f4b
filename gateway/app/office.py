"""An opened home: everything a use case may touch, wired by `gateway.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway import lock, spool
from gateway.app.actor import Actor
from gateway.carriers.kafka.topics_health import Brokers
from gateway.carriers.port import Carrier
from gateway.config import HomeConfig
from gateway.state import unit
from gateway.state.unit import UnitOfWork
from gateway.vault import Vault
from security.keystore.port import KeyStore

COPY = ".backup.db"
"""The copy of the database that a backup is made from."""


@dataclass(frozen=True, slots=True)
class Office:
    """The ports of one home.

    A use case is a function `(office, actor, command)`. It holds the home's lock through `changing`, and does every durable
    step in a `unit`: state, outbox and ledger entry in one transaction.

    Attributes:
        place: the home's directory.
        clock: aware UTC time; a use case reads it once per unit.
        random: n -> n random bytes.
        connect: opens the carrier.
        brokers: the cluster behind the carrier, where it is Kafka.
    """

    place: Path
    config: HomeConfig
    engine: Engine
    keys: KeyStore
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    connect: Callable[[], Carrier]
    brokers: Brokers
    _held: list[str] = field(default_factory=list, repr=False, compare=False)
    _opened: list[Carrier] = field(default_factory=list, repr=False, compare=False)

    @property
    def agency(self) -> AgencyId:
        return self.config.agency

    @property
    def vault(self) -> Vault:
        """Rows at rest."""
        return Vault(self.place / "vault", self.agency, self.keys, self.random)

    @property
    def outbox(self) -> Path:
        return self.place / "outbox"

    @property
    def inbox(self) -> Path:
        return self.place / "inbox"

    @contextmanager
    def changing(self, doing: str) -> Iterator[None]:
        """Hold the home's lock for the whole use case; `doing` is its name for whoever waits. What a killed run left half-written goes.

        Raises:
            ExchangeError: E-HOME-BUSY after 30 s; E-DISK when a file could not be written.
        """
        with lock.held(self.place, doing):
            self._held.append(doing)
            try:
                self._tidy()
                yield
            except OSError as error:
                raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
            finally:
                self._held.pop()
                try:
                    self.disconnect()
                finally:
                    self.engine.dispose()  # the log goes back into the one file, which can then be copied

    @property
    def carrier(self) -> Carrier:
        """The carrier, the same one for a whole use case, which closes it; only inside `changing`.

        Raises:
            ExchangeError: E-CARRIER-NONE, and what opening it raises.
        """
        if not self._opened:
            self._opened.append(self.connect())
        return self._opened[0]

    def disconnect(self) -> None:
        """Close the carrier where one is open."""
        while self._opened:
            self._opened.pop().close()

    def _tidy(self) -> None:
        """Nobody else is at work here, so what is half-written has no owner any more."""
        for shelf in (self.vault.shelf, self.outbox, self.inbox):
            spool.tidy(shelf)
        for copy in self.place.glob(f"{COPY}*"):
            copy.unlink()

    @contextmanager
    def unit(self, actor: Actor) -> Iterator[UnitOfWork]:
        """One transaction; only inside `changing`."""
        with unit.begin(self.engine, self.clock().replace(microsecond=0), actor.account) as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Queries alone, from one moment; never waits."""
        try:
            with unit.reading(self.engine) as connection:
                yield connection
        finally:
            if not self._held:
                self.engine.dispose()  # outside a use case no connection stays open
