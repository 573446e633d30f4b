"""From a URL to a carrier."""

from __future__ import annotations

from pathlib import Path

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.port import Carrier


def open_carrier(url: str, agency: AgencyId) -> Carrier:
    """The carrier of a home's configuration. Touches neither disk nor network yet.

    Raises:
        ExchangeError: E-CARRIER-URL, none that this version knows.
    """
    kind, _, rest = url.partition(":")
    if kind == "dir" and rest:
        from gateway.carriers.directory import DirectoryCarrier

        return DirectoryCarrier(Path(rest), agency)
    raise ExchangeError("E-CARRIER-URL", given=kind[:20])
