"""Confirmed layouts of senders' files: header texts and field names, nothing of anybody's rows."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, insert, select

from contracts.lists.layouts import Layout
from gateway.state.tables import layout


def add(connection: Connection, made: Layout, at: str, by: str) -> int:
    """Remember a layout as the newest of its list; its version, from 1."""
    version = (connection.scalar(select(func.max(layout.c.version)).where(layout.c.list == made.list)) or 0) + 1
    body = {"headers": list(made.headers), "fields": dict(made.fields)}
    connection.execute(
        insert(layout).values(
            list=made.list, version=version, digest=made.digest, body=json.dumps(body, ensure_ascii=False, sort_keys=True), at=at, by=by
        )
    )
    return version


def known(connection: Connection) -> tuple[Layout, ...]:
    """Every layout, the newest version of a list first."""
    rows = connection.execute(select(layout).order_by(layout.c.list, layout.c.version.desc()))
    return tuple(_layout(row.list, row.body) for row in rows)


def newest(connection: Connection, code: str, digest: str) -> int | None:
    """Version of a layout if it is the newest that has its headers, None when it is not there."""
    found: int | None = connection.scalar(select(func.max(layout.c.version)).where(layout.c.list == code, layout.c.digest == digest))
    return found


def _layout(code: str, body: str) -> Layout:
    said = json.loads(body)
    return Layout(code, tuple(said["headers"]), said["fields"])
