"""Looking at a cluster for `doctor`, with no more than this home's own permissions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from confluent_kafka import IsolationLevel, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from contracts.errors import ExchangeError
from contracts.feeds.feed import Feed
from contracts.findings import Finding
from contracts.ids import AgencyId
from gateway.carriers.kafka.admin import client, explained
from gateway.carriers.kafka.admin_access import missing
from gateway.carriers.kafka.position import Position
from gateway.carriers.kafka.security import Address, Security
from gateway.carriers.kafka.security_diagnosis import certificate, check_own, knock
from gateway.carriers.kafka.topics import partition, principal
from gateway.carriers.kafka.topics_health import ClusterHealth
from gateway.carriers.kafka.topics_plan import Operation

CERTIFICATE_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KafkaWatch:
    """Implements `topics_health.Watch` for the cluster of a home's URL."""

    where: Address
    security: Security
    agency: AgencyId
    feeds: tuple[Feed, ...]
    clock: Callable[[], datetime]
    timeout: float = 10.0

    def own(self) -> tuple[Finding, ...]:
        """Plaintext, secrets that others can read, a certificate that runs out, a name that brokers do not know us by."""
        found: list[Finding] = []
        who, at = principal(self.agency), self.clock()
        if self.where.plaintext:
            found.append(Finding(None, None, "W-KAFKA-PLAINTEXT", facts={}))
        seen = [file for file in self.security.secrets if file.exists() and file.stat().st_mode & 0o077]
        found += [Finding(None, None, "W-KAFKA-OPEN", facts={"file": file.name}) for file in seen]
        named = self.security.user
        try:
            check_own(self.security, at)
            if self.security.certificate is not None:
                mine = certificate(self.security.certificate)
                named = mine.name
                if mine.ends - at < CERTIFICATE_SOON:
                    facts: dict[str, str | int] = {"day": mine.ends.date().isoformat(), "file": self.security.certificate.name}
                    found.append(Finding(None, None, "W-KAFKA-CERT-SOON", facts=facts))
        except ExchangeError as error:
            found.append(Finding(None, None, error.code, facts=error.facts))
        if named not in {None, who}:
            found.append(Finding(None, None, "W-KAFKA-NAME", facts={"given": str(named)[:60], "wanted": who}))
        return tuple(found)

    def look(self, position: bytes | None) -> ClusterHealth:
        """Every broker's door, every topic's permissions, then offsets and times of this county's partitions."""
        topics = [topic for topic in self.where.naming.read_by(self.agency.code, self.feeds) if topic.sender != self.agency.code]
        reads = [topic.name for topic in topics]
        writes = [topic.name for topic in self.where.naming.written_by(self.agency.code, self.feeds)]
        admin = client(self.where.servers, self.security, self.clock())
        try:
            metadata = admin.list_topics(timeout=self.timeout)
            doors = sorted(f"{each.host}:{each.port}" for each in metadata.brokers.values())
            brokers = tuple((door, knock(door, self.security)) for door in doors)
            wants: dict[str, list[Operation]] = {name: ["READ"] for name in reads}
            for name in writes:
                wants.setdefault(name, []).append("WRITE")
            access = missing(self.where.servers, self.security, principal(self.agency), wants, self.clock(), timeout=self.timeout)
            barred = {error.facts["topic"] for error in access}
            latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # it forgot to say what it returns
            earliest = OffsetSpec.earliest()  # type: ignore[no-untyped-call]  # it forgot to say what it returns
            there = sorted(set(reads) - barred)
            begins, ends = self._offsets(admin, there, earliest), self._offsets(admin, there, latest)
            known = Position.read(position, metadata.cluster_id or "").offsets
            marked = {topic.name for topic in topics if topic.purpose == "package"}  # there the last one may be a commit's marker
            unread = sum(end - known.get(name, begins[name][0]) > (name in marked) for name, (end, _) in ends.items())
            last = OffsetSpec.max_timestamp()  # type: ignore[no-untyped-call]  # it forgot to say what it returns
            times = [time for _, time in self._offsets(admin, sorted(wants.keys() - barred), last).values()]
        except KafkaException as error:
            raise explained(error, self.where.place, self.where.servers, self.security, self.clock()) from None
        newest = max(times, default=-1)
        return ClusterHealth(brokers, access, len(wants), unread, datetime.fromtimestamp(newest / 1000, UTC) if newest > 0 else None)

    def _offsets(self, admin: AdminClient, topics: Iterable[str], spec: OffsetSpec) -> dict[str, tuple[int, int]]:
        """(offset, milliseconds) of this county's partition in each topic; -1 for none."""
        asked = {TopicPartition(name, partition(self.agency.county)): spec for name in topics}
        if not asked:
            return {}
        told = admin.list_offsets(asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=self.timeout)
        found = {part.topic: each.result(self.timeout + 5) for part, each in told.items()}
        return {name: (each.offset, each.timestamp) for name, each in found.items()}
