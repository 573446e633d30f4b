"""The rules themselves: each planted breach is caught, a clean skeleton passes, a missing package fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.modules import EVERYTHING, load
from tests.architecture.rules import against_arrows, against_libraries
from tests.architecture.test_purity import impurities, work_at_import
from tests.architecture.test_verifier import closure

ROOMS = (*EVERYTHING, "gateway/app", "gateway/cli", "gateway/state", "security/keystore", "security/verify", "consumers/rules")


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    for room in ROOMS:
        (tmp_path / room).mkdir(parents=True, exist_ok=True)
        (tmp_path / room / "__init__.py").write_text('"""A room."""\n', encoding="utf-8")
    return tmp_path


def breaches(root: Path) -> list[str]:
    modules = load(root, EVERYTHING)
    return [*against_arrows(modules), *against_libraries(modules), *impurities(modules)]


def test_a_clean_skeleton_passes(skeleton: Path) -> None:
    (skeleton / "gateway/app/publish.py").write_text("from security import chunk\nimport contracts.ids\n", encoding="utf-8")
    (skeleton / "security/keystore/files.py").write_text("import os\nrandom = os.urandom\n", encoding="utf-8")
    assert breaches(skeleton) == []


@pytest.mark.parametrize("package", EVERYTHING)
def test_a_missing_package_fails(skeleton: Path, package: str) -> None:
    (skeleton / package / "__init__.py").unlink()
    with pytest.raises(LookupError, match=package):
        load(skeleton, EVERYTHING)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("producers/a.py", "from consumers import sink\n"),
        ("consumers/a.py", "import gateway.app\n"),
        ("contracts/a.py", "def late() -> None:\n    import security.keys\n"),
        ("contracts/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from security import keys\n"),
        ("producers/a.py", "import importlib\nimportlib.import_module('consumers.sink')\n"),
        ("gateway/app/a.py", "from gateway.cli import face\n"),
        ("gateway/app/a.py", "import fastapi\n"),
        ("gateway/state/a.py", "import gateway.app\n"),
        ("gateway/cli/a.py", "from gateway.state import unit\n"),
        ("contracts/a.py", "import sqlalchemy\n"),
        ("security/a.py", "import time\n"),
        ("security/a.py", "from datetime import datetime\nnow = lambda: datetime.now()\n"),
        ("contracts/a.py", "import os\ndef home() -> str:\n    return os.environ['HOME']\n"),
        ("security/a.py", "import os\ndef nonce() -> bytes:\n    return os.urandom(16)\n"),
        ("security/a.py", "from asyncio import sleep\n"),
        ("security/a.py", "def k() -> object:\n    return Ed25519PrivateKey.generate()\n"),
        ("consumers/rules/a.py", "import sqlalchemy\n"),
        ("consumers/a.py", "import socket\n"),
    ],
)
def test_a_planted_breach_is_caught(skeleton: Path, path: str, source: str) -> None:
    (skeleton / path).write_text(source, encoding="utf-8")
    found = breaches(skeleton)
    assert found
    assert all(" because " in line for line in found)


def test_the_verifiers_closure_follows_what_its_modules_import(skeleton: Path) -> None:
    (skeleton / "security/verify/checks.py").write_text("def late() -> None:\n    from security import dsse\n", encoding="utf-8")
    (skeleton / "security/dsse.py").write_text("import polars\n", encoding="utf-8")
    assert "security.dsse" in closure(load(skeleton, EVERYTHING), "security.verify")


def test_work_at_import_is_seen(skeleton: Path) -> None:
    assert list(work_at_import(ast.parse("import os\nos.mkdir('x')\n")))
    assert list(work_at_import(ast.parse("from pathlib import Path\nTEXT = Path('x').read_text()\n")))
    assert not list(work_at_import(ast.parse("def f() -> None:\n    open('x')\nif __name__ == '__main__':\n    f()\n")))
