"""Where no clock, chance, socket, environment or event loop may be (design §3)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.architecture.modules import PRODUCT, ROOT, Module, dotted, imports, load, within
from tests.architecture.rules import IMPURE_CALLS, IMPURE_CORNER, IMPURE_MODULES, PURE, PURE_BECAUSE
from tests.architecture.verdict import nothing


@pytest.fixture(scope="module")
def modules() -> Mapping[str, Module]:
    return load(ROOT, PRODUCT)


def impurities(modules: Mapping[str, Module]) -> Iterator[str]:
    """Every reach outside from a pure package."""
    for module in modules.values():
        if not any(within(module.name, package) for package in PURE) or within(module.name, IMPURE_CORNER):
            continue
        for found in imports(modules, module):
            if any(within(found.target, banned) for banned in IMPURE_MODULES):
                yield f"{found}; it may not, because {PURE_BECAUSE}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and (reason := _reach(dotted(node))):
                yield f"{module.name}:{node.lineno} uses {reason}; it may not, because {PURE_BECAUSE}"


def _reach(name: str) -> str:
    for call in IMPURE_CALLS:
        if name == call or name.endswith("." + call):
            return call
    return name if name.endswith(("PrivateKey.generate", ".generate_key")) else ""


def test_pure_packages_reach_for_nothing(modules: Mapping[str, Module]) -> None:
    nothing(impurities(modules), PURE_BECAUSE)


def test_the_impure_corner_exists(modules: Mapping[str, Module]) -> None:
    assert any(within(name, IMPURE_CORNER) for name in modules), "an exception for nothing must go"


def test_no_work_at_import(modules: Mapping[str, Module]) -> None:
    """A module's top defines and names; it calls nothing for its effect and reads nothing."""
    found = [
        f"{module.name}:{line}"
        for module in modules.values()
        if module.name not in WORKING_AT_IMPORT
        for line in work_at_import(module.tree)
    ]
    nothing(found, "a module's top defines and names")


WORKING_AT_IMPORT: Mapping[str, str] = {
    "gateway.ledger.tables": "hangs the triggers on the tables that they guard, so that no table is ever made without them",
}
READING = frozenset({"open", "read_text", "read_bytes", "connect", "create_engine", "load_feeds", "entries", "getenv", "run", "mkdir"})


def work_at_import(tree: ast.Module) -> Iterator[int]:
    """Lines of statements that do something when the module is imported."""
    for statement in tree.body:
        if isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test):
            continue
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield statement.lineno
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in READING:
                yield node.lineno
