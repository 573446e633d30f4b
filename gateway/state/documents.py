"""Signed envelopes, kept for ever: they are the evidence that outlives packages and sinks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from gateway.state.tables import belief, document, meta


@dataclass(frozen=True, slots=True)
class Document:
    """One envelope.

    Attributes:
        digest: SHA-256 (hex) of its payload.
        kind: manifest | receipt | card | contradiction (a manifest that contradicts another of its sender).
        body: the envelope's bytes as received or signed.
    """

    digest: str
    kind: str
    body: bytes


def keep(connection: Connection, kind: str, digest: str, body: bytes, now: str) -> None:
    """Keep an envelope; the same digest again changes nothing."""
    connection.execute(insert(document).values(digest=digest, kind=kind, body=body, at=now).on_conflict_do_nothing())


def find(connection: Connection, digest: str) -> bytes | None:
    return connection.scalar(select(document.c.body).where(document.c.digest == digest))


def of_kind(connection: Connection, kind: str) -> list[Document]:
    """All envelopes of a kind, in the order they came."""
    rows = connection.execute(select(document).where(document.c.kind == kind).order_by(document.c.at, document.c.digest))
    return [Document(row.digest, row.kind, row.body) for row in rows]


def setting(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.name == name))


def set_setting(connection: Connection, name: str, value: str) -> None:
    connection.execute(insert(meta).values(name=name, value=value).on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def belief_body(connection: Connection) -> bytes | None:
    """The stored trust bundle; None before the first."""
    return connection.scalar(select(belief.c.body).where(belief.c.id == 1))


def set_belief(connection: Connection, body: bytes) -> None:
    connection.execute(insert(belief).values(id=1, body=body).on_conflict_do_update(index_elements=["id"], set_={"body": body}))
