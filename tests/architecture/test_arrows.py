"""Who may import whom (design §3)."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from tests.architecture.modules import EVERYTHING, PRODUCT, ROOT, Module, imports, load, within
from tests.architecture.rules import ARROWS, BANNED_NAMES, LIBRARIES, against_arrows, against_libraries, arrow_for
from tests.architecture.verdict import nothing


@pytest.fixture(scope="module")
def modules() -> Mapping[str, Module]:
    return load(ROOT, EVERYTHING)


def test_imports_point_one_way(modules: Mapping[str, Module]) -> None:
    nothing(against_arrows(modules), "imports point one way")


def test_each_package_uses_only_the_libraries_it_answers_for(modules: Mapping[str, Module]) -> None:
    nothing(against_libraries(modules), "each package answers for its libraries")


@pytest.mark.parametrize("where", sorted({rule.where for rule in (*ARROWS, *LIBRARIES)}))
def test_every_rule_is_about_something(modules: Mapping[str, Module], where: str) -> None:
    assert any(within(name, where) for name in modules), f"no module is in {where}: its rule holds nothing"


def test_every_room_of_the_application_has_an_arrow_or_is_wiring(modules: Mapping[str, Module]) -> None:
    """A new folder under gateway/ (http, console ...) is given its arrow before it is filled."""
    wiring = {"gateway.bootstrap", "gateway.__main__", "gateway.demo"}
    rooms = {".".join(name.split(".")[:2]) for name in modules if name.startswith("gateway.")}
    without = {room for room in rooms - wiring if (arrow := arrow_for(room)) is None or arrow.where == "gateway"}
    nothing(without, "write an Arrow with its reason in rules.py")


def test_product_knows_nothing_of_tests_or_benchmarks(modules: Mapping[str, Module]) -> None:
    found = [
        str(one)
        for module in modules.values()
        if module.name.partition(".")[0] in PRODUCT
        for one in imports(modules, module)
        if one.target.partition(".")[0] in {"tests", "benchmarks"}
    ]
    nothing(found, "the product knows nothing of its tests")


def test_imports_are_absolute(modules: Mapping[str, Module]) -> None:
    relative = [
        f"{module.name}:{node.lineno}"
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    nothing(relative, "an absolute import says which room it comes from")


def test_no_import_cycles(modules: Mapping[str, Module]) -> None:
    graph = {
        module.name: {one.target for one in imports(modules, module) if one.target in modules and one.target != module.name}
        for module in modules.values()
        if module.name.partition(".")[0] in PRODUCT
    }
    nothing(_cycles(graph), "a cycle hides which of the two is the ground; late imports only hide it better")


def _cycles(graph: Mapping[str, set[str]]) -> set[str]:
    """Each group of modules that reach one another, as one line."""
    reached = {name: _reach(graph, name) for name in graph}
    groups = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph if name in reached[name]}
    return {" <-> ".join(sorted(group)) for group in groups}


def _reach(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name in graph and name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def test_no_room_for_everything_and_nothing(modules: Mapping[str, Module]) -> None:
    vague = [name for name in modules if BANNED_NAMES & set(name.split("."))]
    nothing(vague, "a module is named by the one noun it is about")


def test_every_folder_of_source_is_a_package(modules: Mapping[str, Module]) -> None:
    missing = {m.path.parent.relative_to(ROOT).as_posix() for m in modules.values() if not (m.path.parent / "__init__.py").is_file()}
    nothing(missing, "__init__.py is missing")
