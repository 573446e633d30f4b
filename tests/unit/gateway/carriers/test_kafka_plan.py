"""The plan of a cluster: least permission for everyone; and what differs from it is seen, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.feeds import load_feeds
from contracts.ids import AgencyId
from gateway.carriers.kafka.topics import PARTITIONS, Naming
from gateway.carriers.kafka.topics_drift import Drift, Observed, described, drift
from gateway.carriers.kafka.topics_plan import Member, Permission, Plan, Quota, plan

FEEDS = tuple(load_feeds().values())
CODES = sorted({feed.sender for feed in FEEDS} | {to for feed in FEEDS for to in feed.recipients})
NAMES = Naming()


def members(county: str = "522722") -> list[Member]:
    return [Member(AgencyId(county, code), registry=code == "civil-affairs") for code in CODES]


PLAN = plan(NAMES, FEEDS, members())
AS_PLANNED = Observed(3, {topic.name: topic for topic in PLAN.topics}, frozenset(PLAN.permissions), {q.principal: q for q in PLAN.quotas})


def found(seen: Observed, wanted: Plan = PLAN) -> list[tuple[str, str, str]]:
    return [(each.kind, each.subject, each.detail) for each in drift(wanted, seen, FEEDS)]


def may(code: str, county: str = "522722", of: Plan = PLAN) -> set[str]:
    return {described(each) for each in of.permissions if each.principal == f"{county}-{code}"}


def test_an_agency_may_do_its_duty_and_nothing_else() -> None:
    assert may("education") == {
        "READ topic roster.v1.package.assistance-persons.education",
        "READ topic roster.v1.prekeys.*",
        "READ topic roster.v1.trust",
        "WRITE topic roster.v1.receipt.education.civil-affairs",
        "WRITE topic roster.v1.prekeys.education",
        "WRITE transactional-id roster.522722-education",
    }
    assert "WRITE topic roster.v1.trust" in may("civil-affairs")
    assert "READ topic roster.v1.package.assistance-persons.education" not in may("civil-affairs"), "nobody reads what it sent"


def test_everything_planned_is_written_by_one_department_and_read_by_who_needs_it() -> None:
    for topic in PLAN.topics:
        who = {each.principal for each in PLAN.permissions if each.operation == "WRITE" and each.covers("topic", topic.name)}
        assert len(who) == 1, topic.name
        assert any(each.operation == "READ" and each.covers("topic", topic.name) for each in PLAN.permissions), topic.name
        assert topic.partitions == PARTITIONS
        settings = dict(topic.settings)
        assert settings["min.insync.replicas"] == "2"
        assert settings["cleanup.policy"] == "delete"
        assert 60 <= int(settings["retention.ms"]) / 86_400_000 <= 400


def test_a_trial_cluster_of_one_broker_can_be_written() -> None:
    [topic, *_] = plan(NAMES, FEEDS, members(), replication=1).topics
    assert (topic.replication, dict(topic.settings)["min.insync.replicas"]) == (1, "1")


def test_an_agency_without_a_feed_reads_trust_and_keys_alone() -> None:
    of = plan(NAMES, FEEDS, [Member(AgencyId("522722", "bank"))])
    assert may("bank", of=of) == {
        "READ topic roster.v1.prekeys.*", "READ topic roster.v1.trust", "WRITE transactional-id roster.522722-bank",
    }  # fmt: skip


def test_counties_share_topics_and_have_permissions_of_their_own() -> None:
    two = plan(NAMES, FEEDS, [*members(), *members("522701")])
    assert two.topics == PLAN.topics
    assert set(PLAN.permissions) < set(two.permissions)
    assert len(two.permissions) == 2 * len(PLAN.permissions)
    assert may("housing", "522701", two) == {each.replace("522722", "522701") for each in may("housing")}


def test_a_cluster_as_planned_has_nothing_to_say() -> None:
    assert found(AS_PLANNED) == []


def test_an_empty_cluster_lacks_everything_and_gets_it() -> None:
    missing = drift(PLAN, Observed(3, {}, frozenset(), {}), FEEDS)
    assert len(missing) == len(PLAN.topics) + len(PLAN.permissions) + len(PLAN.quotas)
    assert all(each.repaired for each in missing)


def test_a_cluster_that_grants_everything_to_everybody_is_said_to_be_one_unless_the_url_says_so() -> None:
    bare = Observed(3, AS_PLANNED.topics, None, {})
    assert found(bare) == [("unguarded", "*", "")]
    assert found(replace(bare, plaintext=True)) == []


TOPIC = PLAN.topics[0]
MINE = Permission("522722-education", "topic", "roster.v1.package.assistance-persons.hrss", "READ")


def with_topic(**changed: object) -> Observed:
    return replace(AS_PLANNED, topics={**AS_PLANNED.topics, TOPIC.name: replace(TOPIC, **changed)})  # type: ignore[arg-type]  # any field


def with_permission(*more: Permission) -> Observed:
    return replace(AS_PLANNED, permissions=frozenset({*PLAN.permissions, *more}))


@pytest.mark.parametrize(
    ("seen", "kind", "repaired"),
    [
        (with_topic(partitions=24), "partitions", False),
        (with_topic(replication=1), "replication", False),
        (with_topic(settings=tuple(("retention.ms", "1") if s[0] == "retention.ms" else s for s in TOPIC.settings)), "setting", True),
        (with_topic(settings=TOPIC.settings[1:]), "setting", True),
        (replace(AS_PLANNED, topics={**AS_PLANNED.topics, "roster.v1.trust.old": TOPIC}), "topic-unplanned", False),
        (with_permission(MINE), "permission-unplanned", True),
        (with_permission(replace(MINE, operation="ALL", name=TOPIC.name)), "permission-unplanned", True),
        (with_permission(replace(PLAN.permissions[0], denied=True)), "permission-unplanned", True),
        (with_permission(Permission("*", "topic", "*", "READ")), "permission-foreign", False),
        (with_permission(Permission("bob", "topic", "ros", "READ", prefixed=True)), "permission-foreign", False),
        (with_permission(Permission("522701-education", "topic", MINE.name, "READ")), "permission-foreign", False),
        (replace(AS_PLANNED, quotas={**AS_PLANNED.quotas, "522722-bank": Quota("522722-bank", 1, 1, 1)}), "quota-unplanned", True),
        (replace(AS_PLANNED, quotas={**AS_PLANNED.quotas, "522722-hrss": Quota("522722-hrss", 1, 1, 1)}), "quota-differs", True),
    ],
)
def test_whatever_differs_is_named(seen: Observed, kind: str, *, repaired: bool) -> None:
    [one] = drift(PLAN, seen, FEEDS)
    assert (one.kind, one.repaired) == (kind, repaired)


@pytest.mark.parametrize(
    "other",
    [
        Permission("522701-education", "topic", "roster.v1.package.assistance-persons.education", "READ"),
        Permission("522701-civil-affairs", "topic", "roster.v1.trust", "WRITE"),
        Permission("522701-education", "transactional-id", "roster.522701-education", "WRITE"),
        Permission("bob", "topic", "bobs", "READ"),
        Permission("bob", "topic", "roster.v2.trust", "READ"),
        Permission("bob", "group", "bobs", "READ"),
    ],
)
def test_what_is_another_countys_due_or_nothing_of_ours_is_left_alone(other: Permission) -> None:
    assert found(with_permission(other)) == []


def test_what_is_gone_is_missing() -> None:
    gone = PLAN.permissions[0]
    assert found(replace(AS_PLANNED, permissions=frozenset({*PLAN.permissions} - {gone}))) == [
        ("permission-missing", gone.principal, described(gone))
    ]


def test_an_agency_that_leaves_the_list_loses_what_it_had() -> None:
    smaller = plan(NAMES, FEEDS, [each for each in members() if each.agency.code != "housing"])
    kinds: Callable[[Drift], bool] = lambda each: each.subject == "522722-housing" and each.repaired  # noqa: E731  # said once
    lost = [each for each in drift(smaller, AS_PLANNED, FEEDS) if kinds(each)]
    assert {each.kind for each in lost} == {"permission-unplanned", "quota-unplanned"}
    assert {each.detail for each in lost if each.detail} == may("housing")
