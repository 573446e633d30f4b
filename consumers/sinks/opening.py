"""From a URL to a sink."""

from __future__ import annotations

from pathlib import Path

from consumers.sinks.port import Sink
from contracts.errors import ExchangeError


def absolute(url: str, here: Path) -> str:
    """The same sink under an address that means it from every folder: files relative to `here`, servers as they are."""
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest.startswith("///"):
        return f"{kind}:///{here / rest[3:]}"
    if kind in {"csv", "xlsx", "parquet"} and rest:
        return f"{kind}:{here / rest}"
    return url


def open_sink(url: str) -> Sink:
    """Open the sink that a URL of interfaces.md names: `sqlite:///f.db`, `postgresql://…`, `csv:DIR`, `xlsx:DIR`, `parquet:DIR`.

    What a crash left half done is put right here. Databases are imported only where one is asked for.

    Raises:
        ExchangeError: E-SINK-URL no such kind, E-SINK-DRIVER, E-SINK-OPEN, E-SINK-DAMAGED, E-SINK-FULL.
    """
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
