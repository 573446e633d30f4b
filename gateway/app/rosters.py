"""Source lists as this home holds them, month by month: opened from the vault in memory, never written in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from sqlalchemy import Connection

from contracts.frames import ListFrames, ListState
from contracts.ids import Period
from contracts.lists.source import source_list
from gateway.app import areas
from gateway.app.office import Office
from gateway.state import imports
from gateway.state.imports import Imported


@dataclass(frozen=True, slots=True)
class MonthOfList:
    """One list in one month without its rows.

    Attributes:
        parts: current imports, in order.
        state: as `imports.state_of`.
        outstanding: code -> name of the towns still to come, where the list comes by town.
    """

    list: str
    period: Period
    parts: tuple[Imported, ...]
    state: ListState
    outstanding: Mapping[str, str] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """Rejected rows, kept and not delivered."""
        return sum(part.rejected for part in self.parts)

    @property
    def accepted(self) -> int:
        return sum(part.accepted for part in self.parts)

    @property
    def fingerprint(self) -> str:
        """Names the rows of all parts; empty when there are none."""
        return "+".join(part.fingerprint for part in self.parts)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by category, accepted and held ones together: who is held has not gone."""
        total: dict[str, int] = {}
        for part in self.parts:
            for category, (accepted, rejected) in part.categories.items():
                total[category] = total.get(category, 0) + accepted + rejected
        return total


@dataclass(slots=True)
class Register:
    """What is there month by month, asked once a run.

    Attributes:
        connection: of one transaction, so that all answers are of one moment.
    """

    connection: Connection
    _months: dict[Period, tuple[Sequence[Imported], Mapping[str, str]]] = field(default_factory=dict)

    def month(self, period: Period, lists: Sequence[str]) -> dict[str, MonthOfList]:
        """What there is of these lists in a month, missing ones included."""
        if period not in self._months:
            self._months[period] = (imports.of_month(self.connection, period), areas.towns(self.connection, period))
        every, towns = self._months[period]
        return {code: _month_of(code, period, tuple(part for part in every if part.list == code), towns) for code in lists}

    def any_before(self, period: Period, lists: Sequence[str]) -> bool:
        """Whether any of the lists is there for an earlier month."""
        earliest = imports.earliest(self.connection, lists)
        return earliest is not None and earliest < period


def month(connection: Connection, period: Period, lists: Sequence[str]) -> dict[str, MonthOfList]:
    """What there is of these lists in a month, missing ones included."""
    return Register(connection).month(period, lists)


def _month_of(code: str, period: Period, parts: tuple[Imported, ...], towns: Mapping[str, str]) -> MonthOfList:
    waiting = imports.outstanding(parts, towns)
    return MonthOfList(code, period, parts, imports.state_of(parts, towns), {town: towns[town] for town in sorted(waiting)})


def accepted_batches(office: Office, found: MonthOfList, only: frozenset[str] | None = None) -> Iterator[pl.DataFrame]:
    """Accepted rows, one frame a stored chunk, in canonical columns (of them `only` these); memory is that of one chunk."""
    columns = accepted_columns(found.list)
    for part in found.parts:
        if part.accepted_package:
            for frame, _ in office.vault.open(part.accepted_package, columns, only):
                yield frame


@dataclass(slots=True)
class Shelf:
    """Lists opened during one run: each package once, whoever asks.

    Attributes:
        only: of the accepted rows read only these fields; None reads all.
    """

    office: Office
    register: Register
    only: frozenset[str] | None = None
    _opened: dict[str, pl.DataFrame] = field(default_factory=dict)

    def frames(self, found: MonthOfList, *, held: bool = True) -> ListFrames:
        """All rows of a list and month; without `held` the rejected ones are left closed."""
        good, bad = accepted_columns(found.list), rejected_columns(found.list)
        if self.only is not None:
            good = {name: dtype for name, dtype in good.items() if name in self.only}
        accepted = [self._open(found.list, part.accepted_package) for part in found.parts if part.accepted_package]
        rejected = [self._open_held(part.rejected_package, bad) for part in found.parts if part.rejected_package and held]
        return ListFrames(found.list, found.period, found.state, _stack(accepted, good), _stack(rejected, bad))

    def of_month(self, period: Period, lists: Sequence[str], *, held: bool = True) -> dict[str, ListFrames]:
        """All rows of several lists, missing ones as empty frames with state `missing`."""
        return {code: self.frames(found, held=held) for code, found in self.register.month(period, lists).items()}

    def forget(self) -> None:
        """Let go of everything: the next feed of a large county has the memory for itself."""
        self._opened.clear()

    def _open(self, list_code: str, package: str) -> pl.DataFrame:
        if package not in self._opened:
            self._opened[package] = self.office.vault.frame(package, accepted_columns(list_code), self.only)
        return self._opened[package]

    def _open_held(self, package: str, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
        if package not in self._opened:
            self._opened[package] = self.office.vault.frame(package, columns)
        return self._opened[package]


def frames(office: Office, connection: Connection, period: Period, list_code: str) -> ListFrames:
    """All rows of one list and month."""
    return frames_of_month(office, connection, period, [list_code])[list_code]


def frames_of_month(office: Office, connection: Connection, period: Period, lists: Sequence[str]) -> dict[str, ListFrames]:
    """All rows of several lists, missing ones as empty frames with state `missing`."""
    return Shelf(office, Register(connection)).of_month(period, lists)


def accepted_columns(list_code: str) -> dict[str, pl.DataType]:
    """Columns of accepted rows, as `ListFrames` describes them."""
    return source_list(list_code).schema()


def rejected_columns(list_code: str) -> dict[str, pl.DataType]:
    """Columns of rejected rows, as `ListFrames` describes them."""
    return {**accepted_columns(list_code), "_codes": pl.List(pl.String()), "_raw": pl.String()}


def _stack(parts: Sequence[pl.DataFrame], columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    if len(parts) == 1:
        return parts[0]
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict(columns))
