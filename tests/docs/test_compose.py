"""The compose file and its image, as data: three brokers, three offices, no home seen by two. There may be no engine to run it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import cast

import jsonschema
import yaml

from gateway.carriers.kafka.security import PLAINTEXT, address
from tests.docs.pages import ROOT, text

Service = dict[str, object]
BROKERS = ("kafka-1", "kafka-2", "kafka-3")
OFFICES = ("civil-affairs", "education", "rural-revitalization")


def compose() -> dict[str, dict[str, Service]]:
    return cast("dict[str, dict[str, Service]]", yaml.safe_load(text("docker-compose.yml")))


def offices() -> dict[str, Service]:
    return {name: compose()["services"][name] for name in OFFICES}


def environments() -> dict[str, dict[str, object]]:
    return {name: cast("dict[str, object]", compose()["services"][name]["environment"]) for name in BROKERS}


def mounts(service: Service) -> dict[str, str]:
    """Place in the container -> volume."""
    volumes = cast("list[str]", service["volumes"])
    return {place: volume for volume, _, place in (one.partition(":") for one in volumes)}


def test_it_is_what_the_compose_specification_says() -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json").read_text(encoding="utf-8"))
    judge = jsonschema.Draft202012Validator(schema)
    assert [f"{error.json_path}: {error.message}" for error in judge.iter_errors(compose())] == []
    broken = compose()
    broken["services"]["kafka-1"]["healthchek"] = {}
    assert list(judge.iter_errors(broken)), "the schema bites"


def test_the_services_are_three_brokers_and_three_offices() -> None:
    assert set(compose()["services"]) == {*BROKERS, *OFFICES}
    assert all("test" in cast("Service", service["healthcheck"]) for service in compose()["services"].values())


def test_no_home_is_seen_by_two() -> None:
    volumes = [volume for service in compose()["services"].values() for volume in mounts(service).values()]
    assert len(volumes) == len(set(volumes)), "nothing is shared but the brokers"
    assert set(compose()["volumes"]) == set(volumes), "every volume is declared and used"


def test_the_brokers_are_one_cluster_that_survives_one_of_them() -> None:
    found = environments()
    assert [each["KAFKA_NODE_ID"] for each in found.values()] == [1, 2, 3]
    assert len({each["CLUSTER_ID"] for each in found.values()}) == 1
    assert {each["KAFKA_CONTROLLER_QUORUM_VOTERS"] for each in found.values()} == {
        ",".join(f"{each['KAFKA_NODE_ID']}@{name}:9093" for name, each in found.items())
    }
    for name, each in found.items():
        assert each["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{name}:9092"
        assert each["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
        assert each["KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE"] == "false"
        assert {value for key, value in each.items() if key.endswith("REPLICATION_FACTOR")} == {3}
        assert {value for key, value in each.items() if key.endswith(("MIN_ISR", "MIN_INSYNC_REPLICAS"))} == {2}
        assert mounts(compose()["services"][name]) == {each["KAFKA_LOG_DIRS"]: name}


def test_the_brokers_are_of_the_version_that_is_tested() -> None:
    tested = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)<", text("deploy/kafka/pom.xml"))
    assert tested
    assert {compose()["services"][name]["image"] for name in BROKERS} == {f"apache/kafka:{tested[1]}"}


def test_nobody_outside_this_machine_is_on_the_network_that_goes_without_tls() -> None:
    assert compose()["networks"] == {"exchange": {"internal": True}}
    for name, service in compose()["services"].items():
        assert service["networks"] == ["exchange"], name
        assert "ports" not in service, name
        assert "privileged" not in service, name


def test_an_office_can_do_no_more_than_its_work() -> None:
    for name, service in offices().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in cast("list[str]", service["security_opt"]), name
        assert "environment" not in service, f"{name}: a secret in an environment is a secret in a process list"
        assert service["depends_on"] == {broker: {"condition": "service_healthy"} for broker in BROKERS}


def test_the_carrier_of_the_page_is_these_brokers() -> None:
    told = re.search(r"^CARRIER='(kafka:[^']+)'$", text("docs/kafka.md"), re.MULTILINE)
    assert told
    found = address(told[1])
    assert found.servers == tuple(f"{name}:9092" for name in BROKERS)
    assert found.plaintext
    assert PLAINTEXT in told[1]


def test_the_image_is_the_projects_version() -> None:
    version = re.search(r'^version = "([^"]+)"', text("pyproject.toml"), re.MULTILINE)
    assert version
    assert {service["image"] for service in offices().values()} == {f"roster-gateway:{version[1]}"}


def test_the_image_is_built_from_the_lock_and_runs_as_nobody_special() -> None:
    for service in offices().values():
        assert service["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"}
    recipe = text("deploy/Dockerfile")
    last = recipe.rpartition("\nFROM ")[2]
    assert "--require-hashes --requirement requirements/run.txt" in recipe
    assert "\nUSER gateway\n" in last
    assert "pip install" not in last
    python = re.search(r"^ARG PYTHON=3\.(\d+)$", recipe, re.MULTILINE)
    assert python
    assert int(python[1]) >= 11


def test_the_image_copies_every_package_and_only_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("deploy/Dockerfile"), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert all((ROOT / source).exists() for source in sources)
    assert {"contracts", "security", "producers", "consumers", "gateway", "requirements/run.txt", "pyproject.toml"} <= sources
    let_through = {line[1:] for line in text("deploy/Dockerfile.dockerignore").splitlines() if line.startswith("!")}
    assert sources == let_through, "what is copied is let into the build and nothing else is"
