"""topics: what the cluster should hold by the catalogue of feeds and the trust list, what differs there, and mending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.carriers.kafka.topics_drift import Drift, drift
from gateway.carriers.kafka.topics_plan import REPLICATION, Member, Plan, plan
from security.trust import fingerprint
from security.trust.bundle import TrustBundle
from security.trust.trust import Trust

__all__ = ["Applied", "Checked", "Drift", "Planned", "Wanted", "apply", "check", "members_of", "planned"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to plan for.

    Attributes:
        files: trust files of other counties of the cluster, as `trust sign` prints them.
        replication: copies of each record.
        credentials: how the administrator signs in; None: as this home does.
    """

    files: tuple[bytes, ...] = ()
    replication: int = REPLICATION
    credentials: Path | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and whom it believes.

    Attributes:
        roots: county -> fingerprint of the root under which its trust list stands. Those that came by file are to be compared.
    """

    plan: Plan
    roots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A cluster held against the plan.

    Attributes:
        place: the cluster.
        drift: what differs.
    """

    planned: Planned
    place: str
    brokers: int
    drift: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was mended, and what is for somebody to decide."""

    place: str
    done: tuple[Drift, ...]
    left: tuple[Drift, ...]


def planned(office: Office, wanted: Wanted) -> Planned:
    """`topics plan`. Asks nobody.

    Raises:
        ExchangeError: E-KAFKA-NONE; E-TRUST-*, no list to go by, or a file that does not stand.
    """
    at = office.clock()
    with office.reading() as connection:
        own = believed(connection, at)
    trusts = {trust.root.document.county: trust for trust in _beliefs(own, wanted.files, at)}
    members = [member for trust in trusts.values() for member in members_of(trust, at)]
    made = plan(office.brokers.naming(), load_feeds().values(), members, replication=wanted.replication)
    return Planned(made, {county: fingerprint.of(trust.root.digest) for county, trust in sorted(trusts.items())})


def check(office: Office, wanted: Wanted) -> Checked:
    """`topics check`. Changes nothing.

    Raises:
        ExchangeError: as `planned`; E-CARRIER-REACH, E-KAFKA-*.
    """
    made = planned(office, wanted)
    cluster = office.brokers.cluster(wanted.credentials)
    found = cluster.observe(made.plan)
    return Checked(made, cluster.place, found.brokers, drift(made.plan, found, load_feeds().values()))


def apply(office: Office, actor: Actor, wanted: Wanted) -> Applied:
    """`topics apply`: make and mend what is planned; entered into the ledger when anything was.

    Raises:
        ExchangeError: as `check`; E-KAFKA-REPLICATION, there are fewer brokers than copies.
    """
    with office.changing("topics apply"):
        before = check(office, wanted)
        if before.brokers < wanted.replication:
            raise ExchangeError("E-KAFKA-REPLICATION", brokers=before.brokers, copies=wanted.replication)
        done = tuple(each for each in before.drift if each.repaired)
        if not done:
            return Applied(before.place, (), before.drift)
        made, feeds = before.planned.plan, load_feeds().values()
        after = office.brokers.cluster(wanted.credentials).apply(made, done, feeds)
        with office.unit(actor) as work:
            work.record(
                "topics.applied",
                topics=sum(each.kind in {"topic-missing", "setting"} for each in done),
                granted=sum(each.kind == "permission-missing" for each in done),
                withdrawn=sum(each.kind == "permission-unplanned" for each in done),
                quotas=sum(each.kind.startswith("quota-") for each in done),
            )
        return Applied(before.place, done, drift(made, after, feeds))


def members_of(trust: Trust, at: datetime) -> tuple[Member, ...]:
    """The agencies of the newest list that can sign at `at`: one whose keys are all revoked or run out loses what it was granted.

    Raises:
        ExchangeError: E-TRUST-NONE.
    """
    registries = {holder.name for holder in trust.root.document.registry.holders}
    listed = [agency for agency in trust.newest.agencies() if trust.newest.signing_keys(agency, at)]
    return tuple(Member(agency, str(agency) in registries) for agency in listed)


def _beliefs(own: Trust, files: Sequence[bytes], at: datetime) -> list[Trust]:
    """Our own county's belief and one for each file. A file of our own county must follow what we believe already."""
    found = [own] if own.lists else []
    for file in files:
        bundle = TrustBundle.of_bytes(file)
        fresh = Trust().accept(bundle, at)
        ours = bool(own.roots) and fresh.root.document.county == own.root.document.county
        found.append(own.accept(bundle, at) if ours else fresh)
    if not found:
        raise ExchangeError("E-TRUST-NONE")
    return found
