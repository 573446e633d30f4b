"""Which source lists a home holds for which month."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from contracts.frames import ListState
from contracts.ids import Period
from gateway.state.tables import import_


@dataclass(frozen=True, slots=True)
class Imported:
    """One kept part of a source list.

    Attributes:
        part: 0 for the first file of the month, then 1, 2 …
        state: current, or replaced by a later import.
        nil: an explicit empty report.
        complete: someone said that no more is to come.
        town: codes of the towns it speaks for, blanks between them: those its rows lie in, or that a nil report is about.
        accepted, rejected: rows.
        categories: category -> [accepted, rejected] rows.
        fingerprint: HMAC over the canonical rows.
        accepted_package, rejected_package: manifest digests in the vault.
        sender: agency code whose list it is.
        manifest: digest of the edition it came in; None for a file.
    """

    id: int
    list: str
    period: Period
    part: int
    state: str
    nil: bool
    complete: bool
    town: str | None
    accepted: int
    rejected: int
    categories: Mapping[str, tuple[int, int]]
    fingerprint: str
    accepted_package: str | None
    rejected_package: str | None
    sender: str
    manifest: str | None
    at: str
    by: str
    reason: str | None

    @property
    def towns(self) -> frozenset[str]:
        return frozenset((self.town or "").split())


def add(connection: Connection, entry: Imported) -> int:
    """Insert; the id given is ignored, the new one returned."""
    values = {field: getattr(entry, field) for field in Imported.__slots__ if field not in {"id", "period", "categories"}}
    result = connection.execute(insert(import_).values(**values, period=str(entry.period), categories=json.dumps(entry.categories)))
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def replace(connection: Connection, list_code: str, period: Period) -> None:
    """Mark every current part of a list and month as replaced."""
    connection.execute(
        update(import_)
        .where(import_.c.list == list_code, import_.c.period == str(period), import_.c.state == "current")
        .values(state="replaced")
    )


def declare_complete(connection: Connection, list_code: str, period: Period, reason: str) -> bool:
    """Say why no more of a list is to come; True when nobody had said so yet. A part that has a reason of its own keeps it."""
    current = (import_.c.list == list_code, import_.c.period == str(period), import_.c.state == "current")
    said = update(import_).where(*current, import_.c.complete.is_(False))
    return connection.execute(said.values(complete=True, reason=func.coalesce(import_.c.reason, reason))).rowcount > 0


def of_month(connection: Connection, period: Period, list_code: str | None = None) -> list[Imported]:
    """The current parts of a month, by list and part."""
    query = select(import_).where(import_.c.period == str(period), import_.c.state == "current")
    if list_code is not None:
        query = query.where(import_.c.list == list_code)
    return [_entry(row) for row in connection.execute(query.order_by(import_.c.list, import_.c.part)).mappings()]


def everything(connection: Connection) -> list[Imported]:
    """All parts, replaced ones too, in the order they came."""
    return [_entry(row) for row in connection.execute(select(import_).order_by(import_.c.id)).mappings()]


def earliest(connection: Connection, lists: Sequence[str]) -> Period | None:
    """The first month for which any of the lists is there."""
    text = connection.scalar(select(func.min(import_.c.period)).where(import_.c.list.in_(lists), import_.c.state == "current"))
    return None if text is None else Period.parse(text)


def months_of(connection: Connection, list_code: str) -> list[Period]:
    """Months for which the list is there, earliest first."""
    query = select(import_.c.period).where(import_.c.list == list_code, import_.c.state == "current").distinct().order_by(import_.c.period)
    return [Period.parse(text) for text in connection.scalars(query)]


def any_before(connection: Connection, period: Period, lists: Sequence[str]) -> bool:
    """Whether any of the lists is there for an earlier month."""
    earlier = select(import_.c.id).where(import_.c.period < str(period), import_.c.list.in_(lists), import_.c.state == "current")
    return connection.execute(earlier.limit(1)).first() is not None


def outstanding(parts: Sequence[Imported], towns: Collection[str]) -> frozenset[str]:
    """Those of the county's `towns` from which a list still waits for a file or a nil report.

    A list comes by town when one of its parts speaks for one town alone; it waits for nobody once someone has declared it complete.
    """
    by_town = any(len(part.towns) == 1 for part in parts) and len(towns) > 1
    if not by_town or any(part.complete for part in parts):
        return frozenset()
    return frozenset(towns).difference(*(part.towns for part in parts))


def state_of(parts: Sequence[Imported], towns: Collection[str]) -> ListState:
    """complete | partial | nil | missing, from the current parts of one list and month.

    Rejected rows make it partial, and so do towns that are outstanding.

    Args:
        towns: codes of the county's towns; none where no table says.
    """
    if not parts:
        return "missing"
    if any(part.rejected for part in parts) or outstanding(parts, towns):
        return "partial"
    if all(part.nil for part in parts):
        return "nil"
    return "complete"


def _entry(row: RowMapping) -> Imported:
    values = dict(row)
    values["period"] = Period.parse(str(values["period"]))
    values["categories"] = {name: (a, r) for name, (a, r) in json.loads(str(values["categories"])).items()}
    return Imported(**values)
