"""After a restore: what was sent since the backup is unknown here, and sending its numbers again would split every chain for good."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from gateway.app.actor import Actor
from gateway.app.fetching import Refused
from gateway.app.office import Office
from gateway.state import documents
from gateway.state.unit import UnitOfWork

_RESTORED = "restored"
_AHEAD = "ahead"
"""Setting: time of the backup until a sync has looked, then nothing, or that recipients have answered what this home does not know."""


def mark(work: UnitOfWork, made: str) -> None:
    """Nothing is sealed until `look` has been here."""
    documents.set_setting(work.connection, _RESTORED, made)


def check(connection: Connection) -> None:
    """Return if this home may seal editions.

    Raises:
        ExchangeError: E-HOME-RESTORED, nobody has looked yet; E-HOME-BEHIND, others hold editions that this home does not know.
    """
    found = documents.setting(connection, _RESTORED)
    if found == _AHEAD:
        raise ExchangeError("E-HOME-BEHIND")
    if found:
        raise ExchangeError("E-HOME-RESTORED", made=found)


def look(office: Office, actor: Actor, refused: Sequence[Refused]) -> None:
    """What a sync has brought tells: a receipt for an edition that this home does not know was earned after the backup."""
    with office.reading() as connection:
        waiting = documents.setting(connection, _RESTORED) not in {None, "", _AHEAD}
    if waiting:
        stray = any(each.code == "E-RECEIPT-STRAY" for each in refused)
        with office.unit(actor) as work:
            documents.set_setting(work.connection, _RESTORED, _AHEAD if stray else "")
