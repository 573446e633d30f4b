"""`keys destroy`: a month's keys and everything that only they open. First what dies and what survives, then the deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.ids import Period
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.state import arrivals, documents, editions, imports, proposals
from gateway.state.arrivals import ArrivalEntry
from security import dsse, manifest
from security.keystore import labels
from security.trust.prekeys import sealing_month


@dataclass(frozen=True, slots=True)
class Shredding:
    """What destroying a month's keys ends, here and for ever.

    Attributes:
        keys: labels that are still there; none when they were destroyed before.
        lists: (list, accepted, rejected) rows of that business month, kept here, that nobody can open afterwards.
        proposals: sets of decisions of that month.
        unopened: editions sealed to this home in that calendar month that it has not loaded yet: they are lost to it.
        loaded: editions sealed in that calendar month that it has loaded: their sink keeps them, another cannot be filled any more.
        sent: editions of that month that others hold: their seeds and sinks are not touched.
        done: whether it has been done.
    """

    month: Period
    keys: tuple[str, ...]
    lists: tuple[tuple[str, int, int], ...]
    proposals: int
    unopened: tuple[str, ...]
    loaded: tuple[str, ...]
    sent: tuple[str, ...]
    done: bool


def destroy(office: Office, actor: Actor, month: Period, *, really: bool) -> Shredding:
    """`keys destroy --month`: the home's own key of business month M, its matching key, and its wrap seed of calendar month M.

    Without `really` it only says what would die. Done twice, it is done once.

    Raises:
        ExchangeError: E-KEYS-EARLY, the month is not over: others still seal to its key.
    """
    if month >= sealing_month(office.clock()):
        raise ExchangeError("E-KEYS-EARLY", month=str(month))
    if not really:
        with office.reading() as connection:
            return _weighed(office, connection, month, done=False)
    with office.changing("keys destroy"):
        with office.reading() as connection:
            found = _weighed(office, connection, month, done=True)
            told = documents.setting(connection, _told(month))
        for label in found.keys:
            office.keys.destroy(label)
        if found.keys or told is None:
            with office.unit(actor) as work:
                work.record("keys.destroyed", month=str(month), unopened=len(found.unopened))
                documents.set_setting(work.connection, _told(month), work.now)
    return found


def _told(month: Period) -> str:
    """Setting: the ledger knows of it. A run killed between deed and entry is made good by the next."""
    return f"destroyed-{month}"


def _weighed(office: Office, connection: Connection, month: Period, *, done: bool) -> Shredding:
    wanted = (labels.self_(month), labels.mac(month), labels.wrap(month))
    live = set(office.keys.labels())
    kept: dict[str, tuple[int, int]] = {}
    for part in imports.everything(connection):
        if part.period == month and part.accepted_package is not None:
            accepted, rejected = kept.get(part.list, (0, 0))
            kept[part.list] = accepted + part.accepted, rejected + part.rejected
    sealed_then = _sealed_to(office, connection, labels.wrap(month), arrivals.everything(connection))
    return Shredding(
        month=month,
        keys=tuple(label for label in wanted if label in live),
        lists=tuple((code, accepted, rejected) for code, (accepted, rejected) in sorted(kept.items())),
        proposals=sum(each.period == month for each in proposals.listed(connection)),
        unopened=tuple(_title(each) for each in sealed_then if each.state in {"received", "waiting"}),
        loaded=tuple(_title(each) for each in sealed_then if each.state == "loaded"),
        sent=tuple(each.id for each in editions.listed(connection, month) if each.kind != "withdrawn"),
        done=done,
    )


def _sealed_to(office: Office, connection: Connection, label: str, come: Sequence[ArrivalEntry]) -> list[ArrivalEntry]:
    key = office.keys.find(label)
    kid = key.kid if key is not None else office.keys.destroyed().get(label)
    found: list[ArrivalEntry] = []
    for arrival in come:
        envelope = documents.find(connection, arrival.manifest)
        if envelope and manifest.Manifest.of_bytes(dsse.peek(envelope, manifest.TYPE).payload).header.recipient_kid == kid:
            found.append(arrival)
    return found


def _title(arrival: ArrivalEntry) -> str:
    return f"{arrival.edition}.r{arrival.revision}"
