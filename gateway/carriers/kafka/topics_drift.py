"""A cluster held against the plan: what is missing, what differs, what is there that nobody planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from contracts.feeds.feed import Feed
from contracts.ids import AgencyId
from gateway.carriers.kafka.topics_plan import Member, Permission, Plan, Quota, TopicPlan, permissions

Kind = Literal[
    "topic-missing", "topic-unplanned", "partitions", "replication", "setting",
    "unguarded", "permission-missing", "permission-unplanned", "permission-foreign", "quota-missing", "quota-differs", "quota-unplanned",
]  # fmt: skip

REPAIRED: frozenset[Kind] = frozenset(
    {"topic-missing", "setting", "permission-missing", "permission-unplanned", "quota-missing", "quota-differs", "quota-unplanned"}
)
"""What `apply` mends. A topic that is too much may hold records; partitions can only grow, which would move counties; copies are moved
by whoever knows the machines; permissions of strangers are somebody's decision."""

_AGENCY = re.compile(r"([0-9]{6})-([a-z][a-z0-9-]{1,39})")


@dataclass(frozen=True, slots=True)
class Observed:
    """What is there.

    Attributes:
        brokers: how many there are.
        topics: of this exchange's prefix and layout, with the settings that a plan speaks of.
        permissions: all on topics, groups and transactional ids; None where the cluster grants everything to everybody.
        quotas: of users.
        plaintext: whether we speak without TLS, so that nobody is known to it and nothing can be granted.
    """

    brokers: int
    topics: Mapping[str, TopicPlan]
    permissions: frozenset[Permission] | None
    quotas: Mapping[str, Quota]
    plaintext: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as planned.

    Attributes:
        subject: topic, or principal.
        detail: setting, or operation and resource.
        wanted, found: as text; empty for nothing.
    """

    kind: Kind
    subject: str
    detail: str = ""
    wanted: str = ""
    found: str = ""
    topic: TopicPlan | None = None
    permission: Permission | None = None
    quota: Quota | None = None

    @property
    def repaired(self) -> bool:
        """Whether `apply` mends it."""
        return self.kind in REPAIRED


class Cluster(Protocol):
    """Brokers that somebody with the right may look over and set up."""

    @property
    def place(self) -> str: ...

    def observe(self, wanted: Plan) -> Observed:
        """What is there.

        Raises:
            ExchangeError: E-CARRIER-REACH, E-KAFKA-*.
        """
        ...

    def apply(self, wanted: Plan, changes: Iterable[Drift], feeds: Iterable[Feed]) -> Observed:
        """Mend what can be mended, wait until it shows, and say what is there then. Doing it again is harmless.

        Raises:
            ExchangeError: E-CARRIER-REACH, E-KAFKA-*; what was done before counts.
        """
        ...


def drift(wanted: Plan, found: Observed, feeds: Iterable[Feed]) -> tuple[Drift, ...]:
    """Everything that differs: topics, then permissions, then quotas, each sorted. Without names there is nobody to grant anything to."""
    if found.permissions is None:
        bare = () if found.plaintext else (Drift("unguarded", "*"),)
        return (*_topics(wanted, found), *bare)
    granted = _permissions(wanted, found.permissions, tuple(feeds))
    return (*_topics(wanted, found), *granted, *_quotas(wanted, found))


def _topics(wanted: Plan, found: Observed) -> Iterator[Drift]:
    for topic in wanted.topics:
        there = found.topics.get(topic.name)
        if there is None:
            yield Drift("topic-missing", topic.name, topic=topic)
            continue
        if there.partitions != topic.partitions:
            yield Drift("partitions", topic.name, "", str(topic.partitions), str(there.partitions))
        if there.replication != topic.replication:
            yield Drift("replication", topic.name, "", str(topic.replication), str(there.replication))
        values = dict(there.settings)
        for name, value in topic.settings:
            if values.get(name) != value:
                yield Drift("setting", topic.name, name, value, values.get(name, ""))
    for name in sorted(found.topics.keys() - {topic.name for topic in wanted.topics}):
        yield Drift("topic-unplanned", name)


def _permissions(wanted: Plan, found: frozenset[Permission], feeds: tuple[Feed, ...]) -> Iterator[Drift]:
    planned = set(wanted.permissions)
    for each in sorted(planned - found):
        yield Drift("permission-missing", each.principal, described(each), permission=each)
    for each in sorted(found - planned):
        if not _is_about(wanted, each):
            continue
        whose = _AGENCY.fullmatch(each.principal)
        if whose and whose[1] in wanted.counties:
            yield Drift("permission-unplanned", each.principal, described(each), permission=each)
        elif not whose or each not in permissions(wanted.naming, feeds, Member(AgencyId(whose[1], whose[2]), registry=True)):
            yield Drift("permission-foreign", each.principal, described(each), permission=each)


def _is_about(wanted: Plan, given: Permission) -> bool:
    """Whether a permission touches anything of this exchange."""
    if given.resource == "topic":
        return any(given.covers("topic", topic.name) for topic in wanted.topics)
    ours = f"{wanted.naming.prefix}."
    return given.name == "*" or given.name.startswith(ours) or (given.prefixed and ours.startswith(given.name))


def _quotas(wanted: Plan, found: Observed) -> Iterator[Drift]:
    for quota in wanted.quotas:
        there = found.quotas.get(quota.principal)
        if there is None:
            yield Drift("quota-missing", quota.principal, "", amounts(quota), quota=quota)
        elif there != quota:
            yield Drift("quota-differs", quota.principal, "", amounts(quota), amounts(there), quota=quota)
    planned = {quota.principal for quota in wanted.quotas}
    for name in sorted(found.quotas.keys() - planned):
        whose = _AGENCY.fullmatch(name)
        if whose and whose[1] in wanted.counties:
            yield Drift("quota-unplanned", name, "", "", amounts(found.quotas[name]))


def described(each: Permission) -> str:
    """`READ topic roster.v1.trust`."""
    star = "*" if each.prefixed else ""
    said = f"{'DENY ' if each.denied else ''}{each.operation} {each.resource} {each.name}{star}"
    return said if each.host == "*" else f"{said} from {each.host}"


def amounts(quota: Quota) -> str:
    """`produce 33554432 B/s, fetch 67108864 B/s, requests 200 %`."""
    return f"produce {quota.produce:.0f} B/s, fetch {quota.fetch:.0f} B/s, requests {quota.requests:.0f} %"
