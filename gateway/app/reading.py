"""Reading a file with all that a home knows: its towns and villages, last month's rows, and what was confirmed of headers."""

from __future__ import annotations

from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import Period
from contracts.lists.source import source_list
from gateway.app import areas
from gateway.app.office import Office
from gateway.app.previous import Previous
from gateway.state import layouts
from producers.reading import Reading, read_file


def check(office: Office | None, path: Path, as_list: str | None, period: Period | None) -> Reading:
    """Read and check a file, keep nothing. With a home its towns, villages and last month's rows are used.

    Raises:
        ExchangeError: E-LIST; E-FILE-NONE, there is no such file.
    """
    if as_list is not None:
        source_list(as_list)
    if not path.is_file():
        raise ExchangeError("E-FILE-NONE", file=path.name)
    if office is None:
        return read_file(path, as_list=as_list, period=period, areas=None, previous=None)
    with office.reading() as connection:
        previous, known_layouts = Previous(office, connection, period), layouts.known(connection)
        now = areas.of(connection, period)
        found = read_file(path, as_list=as_list, period=period, areas=now, previous=previous, layouts=known_layouts)
        if period is not None or found.period is None:
            return found
        before = Previous(office, connection, found.period)  # the file itself says its month: now last month can be asked
        known, then = areas.of(connection, None), areas.of(connection, found.period)
        if not before and known == then:
            return found
        return read_file(path, as_list=as_list, areas=then, previous=before, layouts=known_layouts)
