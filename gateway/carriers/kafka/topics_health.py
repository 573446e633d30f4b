"""What `doctor` wants to know of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from contracts.errors import ExchangeError
from contracts.findings import Finding
from gateway.carriers.kafka.topics import Naming
from gateway.carriers.kafka.topics_drift import Cluster


@dataclass(frozen=True, slots=True)
class ClusterHealth:
    """A cluster as this home sees it. Where nobody answers, everything behind `brokers` is empty.

    Attributes:
        brokers: `host:port` of each, as the cluster itself names it, with what keeps us from it.
        access: topics and permissions that are missing, E-KAFKA-TOPIC and E-KAFKA-PERMISSION.
        topics: how many this home reads and writes.
        unread: how many topics hold something behind the position.
        newest: when a broker last took something into this county's partitions, by the broker's clock.
    """

    brokers: tuple[tuple[str, ExchangeError | None], ...]
    access: tuple[ExchangeError, ...] = ()
    topics: int = 0
    unread: int = 0
    newest: datetime | None = None


class Watch(Protocol):
    """A cluster that this home uses."""

    def own(self) -> tuple[Finding, ...]:
        """What to know of our own certificate, password file and settings, without asking anybody."""
        ...

    def look(self, position: bytes | None) -> ClusterHealth:
        """The cluster now. Changes nothing.

        Args:
            position: how far the home has read.

        Raises:
            ExchangeError: E-CARRIER-REACH, E-KAFKA-*.
        """
        ...


class Brokers(Protocol):
    """The cluster that a home's configuration names, in the three parts that use cases need."""

    def naming(self) -> Naming:
        """The names on it.

        Raises:
            ExchangeError: E-KAFKA-NONE, the home's carrier is another.
        """
        ...

    def cluster(self, credentials: Path | None) -> Cluster:
        """As an administrator.

        Args:
            credentials: TOML file with the settings of `[kafka]`; None: the home's own.

        Raises:
            ExchangeError: E-KAFKA-NONE, E-KAFKA-SECURITY, E-KAFKA-FILE.
        """
        ...

    def watch(self) -> Watch | None:
        """As this home; None where its carrier is another.

        Raises:
            ExchangeError: E-KAFKA-SECURITY, E-CARRIER-URL.
        """
        ...
