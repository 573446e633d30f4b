"""From a URL to a sink."""

from __future__ import annotations

from pathlib import Path

from consumers.sink import Sink
from contracts.errors import ExchangeError


def open_sink(url: str) -> Sink:
    """See `consumers.sink.open_sink`. Databases are imported only where one is asked for."""
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest.startswith("///") and len(rest) > 3:
        from consumers.sinks.sqlite import open_sqlite

        return open_sqlite(Path(rest[3:]))
    if kind == "postgresql" and rest.startswith("//"):
        from consumers.sinks.postgresql import open_postgresql

        return open_postgresql(url)
    if kind in {"csv", "xlsx", "parquet"} and rest:
        from consumers.sinks.folder import open_folder

        return open_folder(kind, Path(rest))
    raise ExchangeError("E-SINK-URL", given=kind[:20])
