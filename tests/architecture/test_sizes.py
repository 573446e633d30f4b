"""Small rooms: files of one noun, functions that fit a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from statistics import median

import pytest

from tests.architecture.modules import EVERYTHING, PRODUCT, ROOT, Module, load
from tests.architecture.verdict import nothing

MODULE_CEILING = 300
MODULE_MEDIAN = 150
FUNCTION_CEILING = 80
FUNCTION_P95 = 45

LARGER_MODULES: Mapping[str, str] = {}
"""Module -> why it is larger. An entry that is no longer needed fails."""

LONGER_FUNCTIONS: Mapping[str, str] = {}
"""`module.function` -> why it is longer. An entry that is no longer needed fails."""


@pytest.fixture(scope="module")
def modules() -> Mapping[str, Module]:
    return load(ROOT, EVERYTHING)


def functions(modules: Mapping[str, Module]) -> Iterator[tuple[str, int]]:
    """Every function with its number of lines, docstring included, decorators not."""
    for module in modules.values():
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{module.name}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_gets_away(modules: Mapping[str, Module]) -> None:
    large = {name: module.lines for name, module in modules.items() if module.lines > MODULE_CEILING}
    nothing((f"{name}: {lines} lines" for name, lines in large.items() if name not in LARGER_MODULES), "a file of one noun is smaller")
    assert set(LARGER_MODULES) <= set(large), "an exception for nothing must go"


def test_the_median_module_is_small(modules: Mapping[str, Module]) -> None:
    assert median(module.lines for module in modules.values() if module.lines) <= MODULE_MEDIAN


def test_no_function_gets_away(modules: Mapping[str, Module]) -> None:
    long = {name: lines for name, lines in functions(modules) if lines > FUNCTION_CEILING}
    nothing((f"{name}: {lines} lines" for name, lines in long.items() if name not in LONGER_FUNCTIONS), "a function is seen whole")
    assert set(LONGER_FUNCTIONS) <= set(long), "an exception for nothing must go"


def test_functions_of_the_product_are_seen_whole() -> None:
    lengths = sorted(lines for _, lines in functions(load(ROOT, PRODUCT)))
    assert lengths[int(len(lengths) * 0.95)] <= FUNCTION_P95


def test_every_function_is_annotated(modules: Mapping[str, Module]) -> None:
    bare = [
        f"{module.name}:{node.lineno}"
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns is None
    ]
    nothing(bare, "no return annotation")


def test_every_module_and_package_says_what_it_is(modules: Mapping[str, Module]) -> None:
    silent = [name for name, module in modules.items() if module.tree.body and not ast.get_docstring(module.tree)]
    nothing(silent, "no docstring")
