"""Last month's lists, opened when a check asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.app import rosters
from gateway.app.office import Office
from gateway.state import imports


class Previous(Mapping[str, ListFrames]):
    """List code -> frames of the month before `period`; opens a list on first use. Empty where no month is known."""

    def __init__(self, office: Office, connection: Connection, period: Period | None) -> None:
        self._office = office
        self._connection = connection
        self._period = period.previous if period is not None else None
        self._codes = sorted({part.list for part in imports.of_month(connection, self._period)}) if self._period else []
        self._opened: dict[str, ListFrames] = {}

    def __getitem__(self, code: str) -> ListFrames:
        if code not in self._codes or self._period is None:
            raise KeyError(code)
        if code not in self._opened:
            self._opened[code] = rosters.frames(self._office, self._connection, self._period, code)
        return self._opened[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)
