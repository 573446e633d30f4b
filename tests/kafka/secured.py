"""A cluster as a province runs it, on one node: TLS with client certificates, SCRAM over TLS, and nothing allowed that is not granted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from contracts.feeds import load_feeds
from contracts.ids import AgencyId
from deploy.kafka import cluster
from deploy.kafka.cluster import Cluster, Listener, Plan
from gateway.carriers.kafka.admin import KafkaCluster
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.topics import Naming
from gateway.carriers.kafka.topics_drift import drift
from gateway.carriers.kafka.topics_plan import Member, plan
from tests.kafka.brokers import require_java
from tests.kafka.certificates import DAY, Authority

T = TypeVar("T")

COUNTY = "522722"
FEEDS = tuple(load_feeds().values())
CODES = tuple(sorted({feed.sender for feed in FEEDS} | {to for feed in FEEDS for to in feed.recipients}))
MEMBERS = tuple(Member(AgencyId(COUNTY, code), registry=code == "civil-affairs") for code in CODES)
PASSWORDS = {"admin": "admin-secret", f"{COUNTY}-education": "education-secret", f"{COUNTY}-housing": "housing-secret"}
NAMES = Naming("secured")


@dataclass(frozen=True, slots=True)
class Secured:
    """The cluster, its authority and everyone's ways in.

    Attributes:
        authority: signs for brokers and for agencies.
    """

    cluster: Cluster
    authority: Authority
    folder: Path
    _made: dict[str, Security] = field(default_factory=dict)

    def servers(self, listener: str = "TLS") -> tuple[str, ...]:
        return tuple(self.cluster.bootstrap(listener).split(","))

    def by_certificate(self, who: str) -> Security:
        if who not in self._made:
            certificate, key = self.authority.issue(who)
            self._made[who] = Security("SSL", self.authority.file, certificate, key)
        return self._made[who]

    def by_password(self, who: str, password: str | None = None) -> Security:
        file = self.folder / f"{who}.password"
        file.write_text((PASSWORDS[who] if password is None else password) + "\n")
        return Security("SASL_SSL", self.authority.file, None, None, who, file)

    def admin(self) -> KafkaCluster:
        return KafkaCluster(self.servers(), self.by_certificate("admin"), now)


def now() -> datetime:
    return datetime.now(UTC)


def run(work: Callable[[], Coroutine[object, object, T]]) -> T:
    return asyncio.run(work())


@contextmanager
def secured(folder: Path) -> Iterator[Secured]:
    """A ready cluster set up by plan."""
    require_java()
    authority = Authority.make(folder / "certificates")
    with cluster.running(folder / "kafka", _plan(authority)) as ready:
        made = Secured(ready, authority, folder)
        wanted = plan(NAMES, FEEDS, MEMBERS, replication=1)
        admin = made.admin()
        admin.apply(wanted, drift(wanted, admin.observe(wanted), FEEDS), FEEDS)
        yield made


def _plan(authority: Authority) -> Plan:
    tls, stale = _tls(authority, "broker", DAY * 300), _tls(authority, "stale-broker", -DAY)
    scram = {
        **tls,
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "scram-sha-512.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    }
    users = [word for name, secret in PASSWORDS.items() for word in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={secret}]")]
    return Plan(
        nodes=1,
        listeners=(
            Listener("TLS", "SSL", {**tls, "ssl.client.auth": "required"}),
            Listener("SCRAM", "SASL_SSL", scram),
            Listener("STALE", "SSL", {**stale, "ssl.client.auth": "required"}),  # its own certificate ran out yesterday
        ),
        properties={
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found": "false",
            "super.users": "User:ANONYMOUS;User:admin",  # ANONYMOUS: brokers and controller among themselves, on loopback
            "early.start.listeners": "CONTROLLER",
            "ssl.principal.mapping.rules": "RULE:^(?:.*,)?CN=([^,]+)(?:,.*)?$/$1/,DEFAULT",
        },
        format=tuple(users),
    )


def _tls(authority: Authority, name: str, ends: timedelta) -> dict[str, str]:
    certificate, key = authority.issue(name, begins=-9 * DAY, ends=ends)
    store = authority.folder / f"{name}-store.pem"
    store.write_bytes(key.read_bytes() + certificate.read_bytes())
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(store),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.file),
    }
