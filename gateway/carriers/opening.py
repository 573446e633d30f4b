"""From a URL to a carrier."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.port import Carrier

_NOTHING: Mapping[str, str] = MappingProxyType({})


def check_url(url: str) -> None:
    """Return if a URL is one of a carrier that this version knows. Looks at nothing else: certificates may come later.

    Raises:
        ExchangeError: E-CARRIER-URL; E-KAFKA-PREFIX, E-KAFKA-PLAINTEXT.
    """
    kind, _, rest = url.partition(":")
    if kind == "kafka":
        from gateway.carriers.kafka.security import address

        address(url)
    elif kind != "dir" or not rest:
        raise ExchangeError("E-CARRIER-URL", given=kind[:20])


def open_carrier(url: str, agency: AgencyId, kafka: Mapping[str, str] = _NOTHING, home: Path = Path()) -> Carrier:
    """The carrier of a home's configuration. Touches neither disk nor network yet.

    Args:
        kafka: the table `[kafka]` of the configuration; its files are relative to `home`.

    Raises:
        ExchangeError: E-CARRIER-URL, none that this version knows; E-KAFKA-PREFIX, E-KAFKA-PLAINTEXT, E-KAFKA-SECURITY.
    """
    check_url(url)
    if url.startswith("kafka:"):
        from gateway.carriers.kafka.carrier import KafkaCarrier
        from gateway.carriers.kafka.security import Security, address

        where = address(url)
        return KafkaCarrier(where, Security.of(where, kafka, home), agency)
    from gateway.carriers.directory import DirectoryCarrier

    return DirectoryCarrier(Path(url.removeprefix("dir:")), agency)
