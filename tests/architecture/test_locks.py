"""The lock files: whole, hashed, in step with pyproject.toml, silent about where packages come from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.modules import ROOT

PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ ;\\]+)(?: ;[^\\]*)? \\$")
LOCKS = ("run.txt", "test.txt", "bench.txt")


def pins(name: str) -> Mapping[str, str]:
    """Package -> version of one lock file.

    Raises:
        AssertionError: a line is neither a pin, nor its hashes, nor a comment.
    """
    found: dict[str, str] = {}
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        if pin := PINNED.match(line):
            found[canonicalize_name(pin[1])] = pin[2]
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?|    #.*", line), f"{name}: {line}"
    return found


def project() -> Mapping[str, list[Requirement]]:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = declared["dependencies"]
    test = run + declared["optional-dependencies"]["test"]
    return {
        "run.txt": [Requirement(one) for one in run],
        "test.txt": [Requirement(one) for one in test],
        "bench.txt": [*(Requirement(one) for one in run), *lines("benchmarks/requirements.in")],
    }


def lines(source: str) -> list[Requirement]:
    """The requirements of an input file."""
    text = (ROOT / source).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in text if line and not line.startswith("#")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    found = pins(name)
    assert len(found) > 20
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_in_step_with_the_project(name: str) -> None:
    """`make lock` was run after pyproject.toml changed."""
    found = pins(name)
    for requirement in project()[name]:
        version = found.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in requirements/{name}: run make lock"
        assert Version(version) in requirement.specifier, f"{requirement} is locked as {version}"


@pytest.mark.parametrize("source", ["build.in", "test.in"])
def test_inputs_are_locked_too(source: str) -> None:
    wanted = lines(f"requirements/{source}")
    assert wanted
    assert {canonicalize_name(one.name) for one in wanted} <= pins("test.txt").keys()


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_locks_agree(name: str) -> None:
    """What runs is what is tested and measured."""
    run, other = pins("run.txt"), pins(name)
    assert {package: (version, other.get(package)) for package, version in run.items() if other.get(package) != version} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_host_and_no_path(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert not re.search(r"://|@ |file:|-f |-i |--(?!hash=)", text)
