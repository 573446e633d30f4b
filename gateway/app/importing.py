"""Import: a file's rows, accepted and rejected, kept for their month under this home's own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import polars as pl
from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.frames import ListFrames
from contracts.ids import Period
from gateway import spool
from gateway.app import areas, repeats, rosters
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.reading import check
from gateway.app.reasons import plain_if_given
from gateway.state import imports, proposals
from gateway.state.imports import Imported
from gateway.state.unit import UnitOfWork
from producers.fall import persons
from producers.reading import Reading, require_period
from security.keystore import labels

__all__ = ["FileImported", "Order", "Reading", "check", "import_file", "keep_list", "packages_named"]

What = Literal["imported", "unchanged", "held", "refused", "nil", "reference"]
_PLACE = ("_sheet", "_row", "_file")


@dataclass(frozen=True, slots=True)
class Order:
    """How a file is to be kept.

    Attributes:
        accept_partial: although more than 5 % of its rows are rejected.
        add: as a further part; replace: instead of what is there, with the reason.
        complete: why a list delivered in parts has no more to come.
    """

    as_list: str | None = None
    period: Period | None = None
    accept_partial: bool = False
    add: bool = False
    replace: str | None = None
    complete: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list as it was kept.

    Attributes:
        again: rows of it that an earlier part has already, as `repeats.taken_out` gives them.
    """

    entry: Imported
    again: pl.DataFrame


@dataclass(frozen=True, slots=True)
class FileImported:
    """What became of one file.

    Attributes:
        kept: what was kept of each list in it: (list, part, accepted, rejected).
    """

    reading: Reading
    what: What
    kept: tuple[tuple[str, int, int, int], ...]

    @property
    def exit(self) -> int:
        """0 when the file was kept or changed nothing, 1 when it was refused or held."""
        return int(self.what in {"held", "refused"})

    @property
    def refusal(self) -> ExchangeError | None:
        """Why nothing was kept: what the reader says of the whole file, or that too many of its rows are rejected."""
        if self.what == "held":
            return ExchangeError("E-IMPORT-HELD", file=self.reading.file, rejected=self.reading.rejected)
        if self.what != "refused":
            return None
        whole = next(finding for finding in self.reading.findings if finding.cell is None and finding.severity == "error")
        return ExchangeError(whole.code, **whole.facts)


def import_file(office: Office, actor: Actor, path: Path, order: Order) -> FileImported:
    """Check and keep one file.

    Raises:
        ExchangeError: E-LIST, E-FILE-NONE; E-IMPORT-CONFLICT, another file for that list and month is there; E-PERIOD-ASK,
            nothing says which month it is for; E-KEY-DESTROYED; E-REASON-*.
    """
    order = replace(order, replace=plain_if_given(order.replace), complete=plain_if_given(order.complete))
    with office.changing("import"):
        _sweep(office)
        reading = check(office, path, order.as_list, order.period)
        if reading.verdict == "REJECT_FILE":
            return FileImported(reading, "refused", ())
        period = require_period(reading)
        if reading.areas is not None:
            with office.unit(actor) as work:
                if areas.keep(work.connection, period, reading.areas):
                    work.record("areas.imported", period=str(period), towns=len(reading.areas.towns), villages=len(reading.areas.villages))
            return FileImported(reading, "reference", ())
        if reading.verdict == "HOLD" and not order.accept_partial:
            with office.unit(actor) as work:
                work.record("list.held", lists=",".join(reading.lists), period=str(period), rows=reading.rows, rejected=reading.rejected)
            return FileImported(reading, "held", ())
        return _keep(office, actor, reading, period, order)


def _keep(office: Office, actor: Actor, reading: Reading, period: Period, order: Order) -> FileImported:
    kept: list[_Kept] = []
    changed = False
    with office.unit(actor) as work:
        for code in reading.lists if reading.nil else ():
            changed |= _keep_nil(office, work, code, period, order, reading.town)
        for table in () if reading.nil else reading.tables:
            part = _keep_part(office, work, table.frames(period, "complete"), order, office.agency.code, None)
            kept += [part] if part is not None else []
        for code in reading.lists if order.complete else ():
            if imports.declare_complete(work.connection, code, period, order.complete or ""):
                work.record("list.completed", list=code, period=str(period))
                changed = True
    what: What = "nil" if reading.nil and changed else "imported" if changed or kept else "unchanged"
    again = {part.entry.list: part.again for part in kept if part.again.height}
    counts = tuple((part.entry.list, part.entry.part, part.entry.accepted, part.entry.rejected) for part in kept)
    return FileImported(repeats.reported(reading, again) if again else reading, what, counts)


def keep_list(
    office: Office, work: UnitOfWork, table: ListFrames, order: Order, *, sender: str, manifest: str | None = None
) -> Imported | None:
    """Seal and commit one list of a month; None when the very rows are there already.

    Raises:
        ExchangeError: E-IMPORT-CONFLICT.
    """
    kept = _keep_part(office, work, table, order, sender, manifest)
    return None if kept is None else kept.entry


def _keep_part(office: Office, work: UnitOfWork, table: ListFrames, order: Order, sender: str, manifest: str | None) -> _Kept | None:
    there = imports.of_month(work.connection, table.period, table.list)
    mark = fingerprint(office, table)
    if _is_there(mark, there, order):
        return None
    if there and not order.add and order.replace is None:
        raise ExchangeError("E-IMPORT-CONFLICT", list=table.list, period=str(table.period))
    number, again = 0, repeats.none()
    if order.replace is not None:
        imports.replace(work.connection, table.list, table.period)
    elif there:
        number = max(part.part for part in there) + 1
        known = rosters.MonthOfList(table.list, table.period, tuple(there), "partial")
        table, again = repeats.taken_out(table, rosters.Shelf(office, rosters.Register(work.connection)).frames(known))
    packages = _seal(office, work, table, number)
    entry = Imported(
        id=0,
        list=table.list,
        period=table.period,
        part=number,
        state="current",
        nil=False,
        complete=False,
        town=_towns(work.connection, table),
        accepted=table.accepted.height,
        rejected=table.rejected.height,
        categories=_categories(table),
        fingerprint=mark,
        accepted_package=packages[0],
        rejected_package=packages[1],
        sender=sender,
        manifest=manifest,
        at=work.now,
        by=work.account,
        reason=order.replace,
    )
    imports.add(work.connection, entry)
    work.record(
        "list.imported",
        list=table.list,
        period=str(table.period),
        part=number,
        accepted=entry.accepted,
        rejected=entry.rejected,
        package=f"sha256:{packages[0]}",
        replaces=order.replace is not None,
    )
    return _Kept(entry, again)


def _is_there(mark: str, there: Sequence[Imported], order: Order) -> bool:
    """Whether what is to be kept is there already; as a replacement only if nothing else is there beside it."""
    return any(part.fingerprint == mark for part in there) and (order.replace is None or len(there) == 1)


def fingerprint(office: Office, table: ListFrames) -> str:
    """HMAC over the canonical rows in a fixed order, wherever they stood in the file: the same rows are the same import."""
    office.keys.generate_mac(labels.mac(table.period))
    parts = []
    for frame in (table.accepted, table.rejected):
        rows = frame.drop(*(c for c in (*_PLACE, "_raw") if c in frame.columns))
        plain = [name for name, dtype in rows.schema.items() if not dtype.is_nested()]
        parts.append(rows.sort(plain, nulls_last=True, maintain_order=True).write_ndjson().encode())
    return office.keys.mac(labels.mac(table.period), b"\x00".join([table.list.encode(), *parts])).hex()


def _keep_nil(office: Office, work: UnitOfWork, code: str, period: Period, order: Order, town: str | None) -> bool:
    """A nil report answers for its town, or for the county; it removes nobody."""
    office.keys.generate_mac(labels.mac(period))
    mark = office.keys.mac(labels.mac(period), f"nil {code} {town or ''}".encode()).hex()
    there = imports.of_month(work.connection, period, code)
    if _is_there(mark, there, order):
        return False
    if there and town is None and not order.add and order.replace is None:
        raise ExchangeError("E-IMPORT-CONFLICT", list=code, period=str(period))
    if order.replace is not None:
        imports.replace(work.connection, code, period)
        there = []
    number = max((part.part for part in there), default=-1) + 1
    entry = Imported(
        id=0, list=code, period=period, part=number, state="current", nil=True, complete=False,
        town=_town_code(work.connection, period, town), accepted=0, rejected=0, categories={}, fingerprint=mark, accepted_package=None,
        rejected_package=None, sender=office.agency.code, manifest=None, at=work.now, by=work.account, reason=order.replace,
    )  # fmt: skip
    imports.add(work.connection, entry)
    work.record("list.nil", list=code, period=str(period), part=number)
    return True


def _seal(office: Office, work: UnitOfWork, table: ListFrames, part: int) -> tuple[str, str | None]:
    name = f"{table.list.lower().replace('_', '-')}.{table.period}.p{part}"
    good, bad = rosters.accepted_columns(table.list), rosters.rejected_columns(table.list)
    label = labels.self_(table.period)
    accepted = office.vault.seal(f"{name}.accepted", label, table.period, [table.accepted.select(list(good))], good, work.at)
    if not table.rejected.height:
        return accepted, None
    return accepted, office.vault.seal(f"{name}.rejected", label, table.period, [table.rejected.select(list(bad))], bad, work.at)


def _categories(table: ListFrames) -> Mapping[str, tuple[int, int]]:
    """Persons by category, for the fall guard: accepted ones, and those whose row is held."""
    good = persons({table.list: replace(table, rejected=table.rejected.clear())})
    every = persons({table.list: table})
    return {category: (good.get(category, 0), count - good.get(category, 0)) for category, count in every.items()}


def _towns(connection: Connection, table: ListFrames) -> str | None:
    """Codes of the towns that a file's rows lie in, where the county has several; None where no row says."""
    if "village_code" not in table.accepted.columns or len(areas.towns(connection, table.period)) < 2:
        return None
    codes = pl.concat([frame.select(pl.col("village_code").str.slice(0, 9)) for frame in (table.accepted, table.rejected)])["village_code"]
    return " ".join(codes.drop_nulls().unique().sort()) or None


def _town_code(connection: Connection, period: Period, name: str | None) -> str | None:
    return next((code for code, town in areas.towns(connection, period).items() if town == name), None)


def _sweep(office: Office) -> None:
    """Packages that a killed run sealed and nobody names."""
    with office.reading() as connection:
        spool.sweep(office.place / "vault", packages_named(connection))


def packages_named(connection: Connection) -> set[str]:
    """Names of all vault packages that state refers to."""
    named = {package for part in imports.everything(connection) for package in (part.accepted_package, part.rejected_package) if package}
    return named | proposals.packages(connection)
