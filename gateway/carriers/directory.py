"""`dir:PATH`: a shared folder as carrier. 前置机, SFTP mount, USB stick, or the embedded default.

Files appear whole: written under a hidden name, flushed, renamed, and the folder flushed before `post` says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.lanes import opened
from gateway.carriers.mailbox import everything, unread
from gateway.carriers.mailing import Mailing, mail, translated
from gateway.carriers.port import Arrival, Health, Outgoing, Posted, Unreadable

LANE_LIMIT = 100_000
"""Unread files of one lane looked at in one poll, so that a flooded folder costs bounded memory; the next poll goes on."""


@dataclass(frozen=True, slots=True)
class DirectoryCarrier:
    """`gateway.carriers.port.Carrier` on a folder that all homes of a county can reach.

    Attributes:
        root: the folder; its last part is made when it is missing, the rest must be there.
        agency: whose home this is: what is polled, and who posts.
        monotonic: seconds, for the deadlines.
    """

    root: Path
    agency: AgencyId
    monotonic: Callable[[], float] = time.monotonic

    def post(self, items: Sequence[Outgoing], *, timeout: float = 300.0) -> list[Posted]:
        end = self.monotonic() + timeout
        try:
            self._make_root()
            with opened(str(self.root)) as root, ExitStack() as lanes:
                mailing = Mailing(root, str(self.root), lanes)
                return mail(mailing, items, lambda: self._late(end, timeout))
        except OSError as error:
            raise self._unreachable(error) from None

    def poll(self, after: bytes | None, *, timeout: float = 60.0) -> Iterator[Arrival | Unreadable]:
        end = self.monotonic() + timeout
        try:
            if after is None and not self.root.exists() and self.root.parent.is_dir():  # nobody has posted yet
                return
            with opened(str(self.root)) as root:
                for record in unread(root, self.agency, after, LANE_LIMIT):
                    self._late(end, timeout)
                    since = self.monotonic()
                    yield record
                    end += self.monotonic() - since  # what the home does with a record is not the carrier's time
        except OSError as error:
            raise self._unreachable(error) from None

    def probe(self, *, timeout: float = 10.0) -> Health:
        end = self.monotonic() + timeout
        try:
            self._make_root()
            trial = self.root / f".probe-{self.agency.county}-{self.agency.code}"
            trial.write_bytes(b"probe")
            trial.unlink()
            with opened(str(self.root)) as root:
                waiting, foreign = 0, 0
                for entry in everything(root, self.agency):
                    self._late(end, timeout)
                    foreign += entry is None
                    waiting += entry is not None and entry.purpose in {"package", "receipt"}
        except OSError as error:
            raise self._unreachable(error) from None
        return Health(str(self.root), waiting, foreign)

    def close(self) -> None:
        """Nothing is kept open between calls."""

    def _make_root(self) -> None:
        if not self.root.exists():
            self.root.mkdir(exist_ok=True)
            with opened(str(self.root.parent)) as parent:
                os.fsync(parent)

    def _late(self, end: float, timeout: float) -> None:
        if self.monotonic() > end:
            raise ExchangeError("E-CARRIER-TIMEOUT", place=str(self.root), seconds=round(timeout))

    def _unreachable(self, error: OSError) -> ExchangeError:
        return translated(error, str(self.root))
