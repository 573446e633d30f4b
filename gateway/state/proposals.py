"""Proposals, confirmations and registrations: references to packages and rows, matched by HMAC."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contracts.ids import Period
from gateway.state.tables import confirmation, proposal, registration


@dataclass(frozen=True, slots=True)
class Proposal:
    """Decisions on one month's subjects, as proposed.

    Attributes:
        digest: keyed digest over the decisions: the same decisions are the same proposal.
        package: the decisions, sealed.
        counts: outcome -> subjects.
        signed: the list came as the sender's own signed edition, which is the sender's half of the confirmation.
    """

    digest: str
    as_of: str
    period: Period
    package: str
    counts: Mapping[str, int]
    signed: bool
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One named act on one proposal; `document` is the reference of a paper."""

    proposal: str
    side: str
    by: str
    document: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Registration:
    """One person recognised: where the row is, and whether both halves are there (`registered`) or one (`half`)."""

    person: str
    proposal: str
    package: str
    row: int
    state: str
    since: str
    at: str


def add(connection: Connection, entry: Proposal) -> bool:
    """Keep a proposal; True when it is new."""
    values = {field: getattr(entry, field) for field in Proposal.__slots__ if field not in {"period", "counts"}}
    values |= {"period": str(entry.period), "counts": json.dumps(entry.counts)}
    return connection.execute(upsert(proposal).values(**values).on_conflict_do_nothing()).rowcount > 0


def find(connection: Connection, digest: str) -> Proposal | None:
    row = connection.execute(select(proposal).where(proposal.c.digest == digest)).mappings().first()
    return None if row is None else _entry(row)


def listed(connection: Connection) -> list[Proposal]:
    """All proposals in the order they were made."""
    return [_entry(row) for row in connection.execute(select(proposal).order_by(proposal.c.at, proposal.c.digest)).mappings()]


def latest(connection: Connection, period: Period | None = None) -> Proposal | None:
    """The last proposal of a month, or of all."""
    query = select(proposal)
    if period is not None:
        query = query.where(proposal.c.period == str(period))
    row = connection.execute(query.order_by(proposal.c.period.desc(), proposal.c.at.desc()).limit(1)).mappings().first()
    return None if row is None else _entry(row)


def put_last(connection: Connection, digest: str, at: str) -> None:
    """Make a proposal the latest of its month: the lists are again what they were when it was made."""
    connection.execute(update(proposal).where(proposal.c.digest == digest).values(at=at))


def confirm(connection: Connection, entry: Confirmation) -> bool:
    """Keep a confirmation; True when that side had not confirmed."""
    values = {field: getattr(entry, field) for field in Confirmation.__slots__}
    return connection.execute(upsert(confirmation).values(**values).on_conflict_do_nothing()).rowcount > 0


def confirmations(connection: Connection, digest: str) -> list[Confirmation]:
    rows = connection.execute(
        select(confirmation).where(confirmation.c.proposal == digest).order_by(confirmation.c.at, confirmation.c.side)
    ).mappings()
    return [Confirmation(**row) for row in rows]


def register(connection: Connection, entries: Sequence[Registration]) -> None:
    """Register persons who are not registered yet."""
    for entry in entries:
        connection.execute(insert(registration).values({field: getattr(entry, field) for field in Registration.__slots__}))


def complete(connection: Connection, persons: Iterable[str]) -> None:
    """Make whole registrations of half ones."""
    for person in persons:
        connection.execute(update(registration).where(registration.c.person == person).values(state="registered"))


def registered(connection: Connection) -> dict[str, str]:
    """Person -> half | registered."""
    return {row.person: row.state for row in connection.execute(select(registration.c.person, registration.c.state))}


def registrations(connection: Connection) -> list[Registration]:
    return [
        Registration(**row) for row in connection.execute(select(registration).order_by(registration.c.at, registration.c.row)).mappings()
    ]


def packages(connection: Connection) -> set[str]:
    """Vault packages that proposals and registrations refer to."""
    named = set(connection.scalars(select(proposal.c.package)))
    return named | set(connection.scalars(select(registration.c.package)))


def _entry(row: RowMapping) -> Proposal:
    values = dict(row)
    values["period"] = Period.parse(str(values["period"]))
    values["counts"] = json.loads(str(values["counts"]))
    return Proposal(**values)
