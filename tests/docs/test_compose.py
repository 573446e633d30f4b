"""The compose file and its image, as data: two offices, one folder between them, nothing else shared."""

from __future__ import annotations

import re
from typing import cast

import yaml

from tests.docs.pages import ROOT, text

Service = dict[str, object]


def services() -> dict[str, Service]:
    return cast("dict[str, Service]", yaml.safe_load(text("docker-compose.yml"))["services"])


def mounts(service: Service) -> dict[str, str]:
    """Place in the container -> volume."""
    volumes = cast("list[str]", service["volumes"])
    return {place: volume for volume, _, place in (one.partition(":") for one in volumes)}


def test_two_offices_share_the_mail_folder_and_nothing_else() -> None:
    offices = services()
    assert set(offices) == {"civil-affairs", "education"}
    ca, edu = (mounts(offices[name]) for name in ("civil-affairs", "education"))
    assert ca["/srv/mail"] == edu["/srv/mail"] == "mail"
    assert set(ca.values()) & set(edu.values()) == {"mail"}, "no home is seen by two offices"


def test_every_volume_is_declared_and_used() -> None:
    declared = set(yaml.safe_load(text("docker-compose.yml"))["volumes"])
    assert declared == {volume for service in services().values() for volume in mounts(service).values()}


def test_a_container_can_do_no_more_than_its_work() -> None:
    for name, service in services().items():
        assert service["network_mode"] == "none", name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in cast("list[str]", service["security_opt"]), name
        assert "ports" not in service, name
        assert "privileged" not in service, name
        assert "environment" not in service, f"{name}: a secret in an environment is a secret in a process list"


def test_the_image_is_the_projects_version() -> None:
    version = re.search(r'^version = "([^"]+)"', text("pyproject.toml"), re.MULTILINE)
    assert version
    assert {service["image"] for service in services().values()} == {f"roster-gateway:{version[1]}"}


def test_the_image_is_built_from_the_lock_and_runs_as_nobody_special() -> None:
    for service in services().values():
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
