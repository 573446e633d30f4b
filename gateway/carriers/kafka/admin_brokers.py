"""From a home's configuration to its cluster. The client libraries are loaded when something is asked of it, and not before."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka.security import Address, Security, address, readable
from gateway.carriers.kafka.topics import Naming

if TYPE_CHECKING:
    from gateway.carriers.kafka.topics_drift import Cluster
    from gateway.carriers.kafka.topics_health import Watch


@dataclass(frozen=True, slots=True)
class HomeBrokers:
    """Implements `topics_health.Brokers`.

    Attributes:
        url: the home's carrier.
        settings: its table `[kafka]`.
    """

    url: str
    settings: Mapping[str, str]
    home: Path
    agency: AgencyId
    clock: Callable[[], datetime]

    def naming(self) -> Naming:
        return self._where().naming

    def cluster(self, credentials: Path | None) -> Cluster:
        from gateway.carriers.kafka.admin import KafkaCluster

        where = self._where()
        settings, base = (self.settings, self.home) if credentials is None else (_settings(credentials), credentials.absolute().parent)
        return KafkaCluster(where.servers, Security.of(where, settings, base), self.clock)

    def watch(self) -> Watch | None:
        if not self.url.startswith("kafka:"):
            return None
        from gateway.carriers.kafka.admin_health import KafkaWatch

        where = self._where()
        return KafkaWatch(where, Security.of(where, self.settings, self.home), self.agency, tuple(load_feeds().values()), self.clock)

    def _where(self) -> Address:
        if not self.url.startswith("kafka:"):
            raise ExchangeError("E-KAFKA-NONE")
        return address(self.url)


def _settings(file: Path) -> dict[str, str]:
    """The table `[kafka]` of a file, or the whole file where it has none."""
    try:
        whole = tomllib.loads(readable(file).decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ExchangeError("E-KAFKA-FILE", file=file.name, why="TOML") from None
    table = whole.get("kafka", whole)
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ExchangeError("E-KAFKA-FILE", file=file.name, why="[kafka]")
    return table
