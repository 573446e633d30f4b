"""What a cluster should hold: topics, permissions and quotas, derived from the catalogue of feeds and the agencies of trust lists.

Pure: the same catalogue and the same lists give the same plan, whoever asks. `topics_drift` holds a cluster against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from contracts.feeds.feed import Feed
from contracts.ids import AgencyId
from gateway.carriers.kafka.topics import PARTITIONS, Naming, Topic, principal
from gateway.carriers.port import Purpose

Resource = Literal["topic", "group", "transactional-id"]
Operation = Literal["READ", "WRITE"]

DAY = 86_400_000
"""Milliseconds."""
KEPT_DAYS: dict[Purpose, int] = {"package": 186, "receipt": 400, "prekeys": 400, "trust": 400}
"""Half a year for packages, so that a partner who comes months late still finds them; then a sender sends again. The rest is small and
is kept for as long as an edition is good (400 days)."""
REPLICATION = 3
RECORD_BYTES = 1_048_588
"""What brokers take as shipped; ours stay below 900,000."""
PRODUCE, FETCH, REQUESTS = 32 << 20, 64 << 20, 200
"""Bytes a second and broker that an agency may write and read, and per cent of a broker's thread: far more than a county's month
needs, far less than what would starve the others."""


@dataclass(frozen=True, order=True, slots=True)
class TopicPlan:
    """A topic as it should be.

    Attributes:
        settings: (name, value), sorted by name.
    """

    name: str
    partitions: int
    replication: int
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True, slots=True)
class Permission:
    """What one principal may do. READ and WRITE on a topic let it be described too.

    Attributes:
        principal: `522722-education`, without `User:`.
        prefixed: whether `name` stands for every name that begins with it.
        host: address it may come from; `*` is any, since offices have no fixed ones.
    """

    principal: str
    resource: Resource
    name: str
    operation: str
    prefixed: bool = False
    host: str = "*"
    denied: bool = False

    def covers(self, resource: Resource, name: str) -> bool:
        """Whether it is about that resource."""
        return self.resource == resource and (self.name in {name, "*"} or (self.prefixed and name.startswith(self.name)))


@dataclass(frozen=True, order=True, slots=True)
class Quota:
    """What one principal may use, on each broker.

    Attributes:
        produce, fetch: bytes a second.
        requests: per cent of a request thread.
    """

    principal: str
    produce: float
    fetch: float
    requests: float


@dataclass(frozen=True, order=True, slots=True)
class Member:
    """An agency of a trust list.

    Attributes:
        registry: whether it signs its county's trust lists, and so posts them.
    """

    agency: AgencyId
    registry: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that should be there.

    Attributes:
        counties: whose permissions and quotas it speaks of; it says nothing about those of other counties.
    """

    naming: Naming
    counties: tuple[str, ...]
    topics: tuple[TopicPlan, ...]
    permissions: tuple[Permission, ...]
    quotas: tuple[Quota, ...]


def plan(naming: Naming, feeds: Iterable[Feed], members: Iterable[Member], *, replication: int = REPLICATION) -> Plan:
    """What a cluster should hold for these agencies.

    Args:
        members: of one county's trust list, or of several.
        replication: copies of each record; below 3 only on a trial cluster.
    """
    known, everyone = tuple(feeds), sorted(set(members))
    granted = {each for member in everyone for each in permissions(naming, known, member)}
    return Plan(
        naming,
        tuple(sorted({member.agency.county for member in everyone})),
        tuple(topic_plan(topic, replication) for topic in naming.all(known)),
        tuple(sorted(granted)),
        tuple(sorted({Quota(principal(member.agency), PRODUCE, FETCH, REQUESTS) for member in everyone})),
    )


def topic_plan(topic: Topic, replication: int) -> TopicPlan:
    """One topic: kept by time and never compacted, by the brokers' clocks, acknowledged by two of three."""
    settings = {
        "cleanup.policy": "delete",
        "compression.type": "uncompressed",  # brokers unpack what a stranger packed: no record grows beyond its limit in a reader's memory
        "max.message.bytes": str(RECORD_BYTES),
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": str(max(1, replication - 1)),
        "retention.bytes": "-1",
        "retention.ms": str(KEPT_DAYS[topic.purpose] * DAY),
        "segment.ms": str(7 * DAY),
        "unclean.leader.election.enable": "false",
    }
    return TopicPlan(topic.name, PARTITIONS, replication, tuple(sorted(settings.items())))


def permissions(naming: Naming, feeds: Iterable[Feed], member: Member) -> tuple[Permission, ...]:
    """What one agency may: read what is for its department, write what is its own, run its one producer."""
    known = tuple(feeds)
    who, code = principal(member.agency), member.agency.code
    reads = [topic.name for topic in naming.read_by(code, known) if topic.purpose != "prekeys"]
    writes = [topic.name for topic in naming.written_by(code, known)] + ([naming.trust()] if member.registry else [])
    return (
        *(Permission(who, "topic", name, "READ") for name in reads),
        *(Permission(who, "topic", name, "WRITE") for name in writes),
        Permission(who, "topic", naming.all_prekeys(), "READ", prefixed=True),
        Permission(who, "transactional-id", naming.transactional_id(member.agency), "WRITE"),
    )
