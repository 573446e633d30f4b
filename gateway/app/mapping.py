"""What a person settles about the headers of a sender's files, remembered for the next ones with these headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.lists.layouts import Layout
from contracts.lists.source import SourceList, source_list
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.state import layouts
from producers.reading.mapping import Column, Understood, understand

__all__ = ["Column", "Mapped", "Understood", "confirm", "show"]


_NUMBER = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A file's headers as they are understood with what is to be settled.

    Attributes:
        layout: what would be, or is, remembered; None where nothing is to be settled.
        version: of the layout when it is remembered, else None.
    """

    tables: tuple[Understood, ...]
    layout: Layout | None
    version: int | None


def show(office: Office | None, path: Path, as_list: str, said: Sequence[str] = ()) -> Mapped:
    """How a file's headers are understood, with what is said of them (`HEADER=FIELD`) taken as settled; keeps nothing.

    Args:
        said: header or column letters, `=`, a field of the list by its code or its header; nothing or `-` for a column not to be read.

    Raises:
        ExchangeError: E-LIST, E-FILE-*; E-MAP-HEADER, no such column; E-MAP-FIELD, no such field.
    """
    if not path.is_file():
        raise ExchangeError("E-FILE-NONE", file=path.name)
    known: tuple[Layout, ...] = ()
    if office is not None:
        with office.reading() as connection:
            known = layouts.known(connection)
    tables = understand(path, as_list, known)
    if not said:
        return Mapped(tables, None, None)
    made = _layout(tables, source_list(as_list), said)
    return Mapped(understand(path, as_list, (made, *known)), made, None)


def confirm(office: Office, actor: Actor, path: Path, as_list: str, said: Sequence[str]) -> Mapped:
    """Remember how a file's headers are understood: what is said, and every column that is taken by other words than the list's own.

    The same again changes nothing.

    Raises:
        ExchangeError: as `show`; E-MAP-FIELD also where a needed column would be missing.
    """
    with office.changing("lists map"):
        seen = show(office, path, as_list, said)
        made = _whole(seen, as_list)
        with office.unit(actor) as work:
            before = next((each for each in layouts.known(work.connection) if each.list == as_list and each.fits(made.headers)), None)
            version = layouts.newest(work.connection, as_list, made.digest) if before is not None and before.digest == made.digest else None
            if version is None:
                version = layouts.add(work.connection, made, work.now, work.account)
                work.record("layout.confirmed", list=as_list, version=version, layout=f"sha256:{made.digest}", headers=len(made.headers))
    return Mapped(seen.tables, made, version)


def _layout(tables: Sequence[Understood], listing: SourceList, said: Sequence[str]) -> Layout:
    columns = [column for table in tables for column in table.columns]
    fields = dict(_one(columns, listing, each) for each in said)
    return Layout(listing.code, _remembered(columns), fields)


def _remembered(columns: Sequence[Column]) -> tuple[str, ...]:
    """Headers that tell the sender; a cell that was taken for one and holds a number is not kept in the clear."""
    return tuple(dict.fromkeys(column.path for column in columns if not _NUMBER.search(column.path)))


def _one(columns: Sequence[Column], listing: SourceList, said: str) -> tuple[str, str]:
    header, _, name = (part.strip() for part in said.rpartition("="))
    flat = "".join(header.split())
    column = next((c for c in columns if flat in {c.path, "".join(c.header.split())} or header == c.letters), None)
    if column is None or not header or _NUMBER.search(column.path):
        raise ExchangeError("E-MAP-HEADER", header=header[:40])
    return column.path, "" if name in {"", "-"} else _field(listing, name)


def _field(listing: SourceList, name: str) -> str:
    for field in listing.fields.values():
        if name in {field.name, *field.headers} and field.headers:
            return field.name
        if name in {f"{field.name}#1", *field.partner} and field.partner:
            return f"{field.name}#1" if name == f"{field.name}#1" else field.name
    raise ExchangeError("E-MAP-FIELD", field=name[:40], list=listing.code)


def _whole(seen: Mapped, as_list: str) -> Layout:
    """Everything that a person has now looked at: what was said, and what other words were taken for."""
    for table in seen.tables:
        if table.missing:
            raise ExchangeError("E-MAP-MISSING", missing="、".join(table.missing), list=as_list)
    columns = [column for table in seen.tables for column in table.columns]
    fields = {c.path: c.reason.field for c in columns if c.reason is not None and c.reason.how != "exact" and not _NUMBER.search(c.path)}
    said: Mapping[str, str] = seen.layout.fields if seen.layout is not None else {}
    return Layout(as_list, _remembered(columns), {**fields, **said})
