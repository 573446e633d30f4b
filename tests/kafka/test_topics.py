"""`gateway topics`: a plan from catalogue and trust list, put on a real cluster, and whatever differs from it found and mended."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic

from gateway.carriers.kafka import admin_quotas
from gateway.carriers.kafka.admin import KafkaCluster
from gateway.carriers.kafka.admin_permissions import binding, precisely
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.topics import PARTITIONS, Naming
from gateway.carriers.kafka.topics_drift import drift
from gateway.carriers.kafka.topics_plan import Permission, Quota, plan
from tests.kafka.brokers import Brokers
from tests.kafka.county import County
from tests.kafka.secured import FEEDS, MEMBERS, NAMES, Secured, now, run

COUNTY = "522701"
MINE = NAMES.package("assistance-persons", "education")
STRANGER = Permission("*", "topic", NAMES.trust(), "READ")
EXTRA = Permission(f"{COUNTY}-education", "topic", NAMES.package("assistance-persons", "hrss"), "READ")
ONE = ("--replication", "1")


@pytest.fixture
def county(province: Secured, tmp_path: Path) -> County:
    made = County(tmp_path, province, COUNTY)
    made.make()
    return made


def kinds(found: Any) -> dict[tuple[str, str], bool]:
    return {(each["kind"], each["detail"]): each["repaired"] for each in found}


def test_a_plan_asks_nobody_and_names_nobody(county: County) -> None:
    settings = county.root / "civil-affairs" / "gateway.toml"
    settings.write_text(settings.read_text().split("[kafka]")[0].replace("127.0.0.1", "nowhere.invalid"))
    code, made = county.call("civil-affairs", "topics", "plan")
    assert code == 0
    assert made == county.call("civil-affairs", "topics", "plan")[1]
    assert {each["partitions"] for each in made["topics"]} == {PARTITIONS}
    assert {each["principal"] for each in made["permissions"]} == {f"{COUNTY}-civil-affairs", f"{COUNTY}-education"}
    assert [each["principal"] for each in made["quotas"]] == [f"{COUNTY}-civil-affairs", f"{COUNTY}-education"]
    assert [each["county"] for each in made["counties"]] == [COUNTY]
    shown = county.said("civil-affairs", "topics", "plan")
    assert MINE in shown
    assert made["counties"][0]["root"] in shown


def test_a_county_is_put_on_the_cluster_and_every_drift_is_found(county: County) -> None:
    signed = ("--credentials", str(county.admin), *ONE)
    assert county.call("civil-affairs", "topics", "check", *ONE)[1]["error"]["code"] == "E-KAFKA-ADMIN"
    code, before = county.call("civil-affairs", "topics", "check", *signed)
    assert code == 5
    assert {each["kind"] for each in before["drift"]} <= {"permission-missing", "quota-missing"}, "the province has the topics"
    code, done = county.call("civil-affairs", "topics", "apply", *signed)
    assert (code, done["left"], len(done["done"])) == (0, [], len(before["drift"]))
    assert county.call("civil-affairs", "topics", "check", *signed)[1]["drift"] == []
    assert county.call("civil-affairs", "topics", "apply", *signed)[1]["done"] == []
    assert "As planned" in county.said("civil-affairs", "topics", "check", *signed)

    bend(county.province)
    code, found = county.call("civil-affairs", "topics", "check", *signed)
    assert code == 5
    assert kinds(found["drift"]) == {
        ("setting", "retention.ms"): True,
        ("topic-unplanned", ""): False,
        ("permission-missing", f"READ topic {MINE}"): True,
        ("permission-unplanned", f"READ topic {EXTRA.name}"): True,
        ("permission-foreign", f"READ topic {STRANGER.name}"): False,
        ("quota-differs", ""): True,
    }
    code, done = county.call("civil-affairs", "topics", "apply", *signed)
    assert (code, len(done["done"])) == (5, 4)
    assert kinds(done["left"]) == {("permission-foreign", f"READ topic {STRANGER.name}"): False, ("topic-unplanned", ""): False}
    assert "! permission of a stranger: * READ topic" in county.said("civil-affairs", "topics", "check", *signed)
    straighten(county.province)
    assert county.call("civil-affairs", "topics", "check", *signed)[0] == 0
    assert county.call("civil-affairs", "topics", "apply", "--credentials", str(county.admin))[1]["error"]["code"] == "E-KAFKA-REPLICATION"


def test_other_counties_come_by_their_trust_lists(county: County, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert county.call("other", "init", "--agency", "civil-affairs", "--county", "522702")[0] == 0
    (tmp_path / "other.json").write_text(county.said("other", "trust", "sign"))
    code, made = county.call("civil-affairs", "topics", "plan", "--trust", str(tmp_path / "other.json"))
    assert code == 0
    assert [each["county"] for each in made["counties"]] == [COUNTY, "522702"]
    assert {each["principal"] for each in made["quotas"]} == {f"{COUNTY}-civil-affairs", f"{COUNTY}-education", "522702-civil-affairs"}
    assert other.exists()
    (tmp_path / "broken.json").write_text("{}")
    assert county.call("civil-affairs", "topics", "plan", "--trust", str(tmp_path / "broken.json"))[1]["error"]["code"] == "E-TRUST-FORM"


def test_what_topics_cannot_do_is_said(county: County, tmp_path: Path) -> None:
    code, told = county.call("civil-affairs", "topics", "check", "--credentials", str(tmp_path / "none.toml"))
    assert (code, told["error"]["code"]) == (4, "E-KAFKA-FILE")
    assert county.call("folder", "init", "--agency", "civil-affairs", "--county", COUNTY, "--carrier", "dir:mail")[0] == 0
    code, told = county.call("folder", "topics", "plan")
    assert (code, told["error"]["code"]) == (2, "E-KAFKA-NONE")
    code, told = county.call("civil-affairs", "topics", "plan", "--replication", "0")
    assert (code, told["error"]["code"]) == (2, "E-USAGE")


def test_a_cluster_that_lets_everybody_in_gets_its_topics_alone(kafka: Brokers) -> None:
    names = Naming(f"bare-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    few = [replace(FEEDS[0], views=FEEDS[0].views[:1])]
    wanted = plan(names, few, MEMBERS, replication=kafka.replicas)
    cluster = KafkaCluster(kafka.bootstrap.split(","), Security("PLAINTEXT"), now)
    missing = drift(wanted, cluster.observe(wanted), few)
    assert [each.kind for each in missing] == ["topic-missing"] * len(wanted.topics)
    found = cluster.apply(wanted, missing, few)
    assert drift(wanted, found, few) == ()
    assert [each.kind for each in drift(wanted, replace(found, plaintext=False), few)] == ["unguarded"]


def administrator(province: Secured) -> AdminClient:
    return AdminClient({"bootstrap.servers": ",".join(province.servers()), "log_level": 0, **province.by_certificate("admin").librdkafka()})


def done(told: dict[Any, Any]) -> None:
    for each in told.values():
        each.result(30)


def bend(province: Secured) -> None:
    """Every kind of drift at once."""
    admin = administrator(province)
    entry = ConfigEntry("retention.ms", "60000", incremental_operation=AlterConfigOpType.SET)
    done(admin.incremental_alter_configs([ConfigResource(ConfigResource.Type.TOPIC, MINE, incremental_configs=[entry])]))
    done(admin.create_topics([NewTopic(NAMES.prekeys("nobody"), 1, 1)]))
    done(admin.create_acls([binding(STRANGER), binding(EXTRA)]))
    done(admin.delete_acls([precisely(Permission(EXTRA.principal, "topic", MINE, "READ"))]))
    changed = {EXTRA.principal: Quota(EXTRA.principal, 1024, 1024, 1)}
    run(lambda: admin_quotas.alter(province.servers(), province.by_certificate("admin"), changed, 30))


def straighten(province: Secured) -> None:
    """What nobody but an administrator decides."""
    admin = administrator(province)
    done(admin.delete_topics([NAMES.prekeys("nobody")]))
    done(admin.delete_acls([precisely(STRANGER)]))
