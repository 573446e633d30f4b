"""The threat table: every row ends in tests that exist, or in a door that does not.

A row may say ``not built: `path` ``: the attack needs a feature that is not there. When the path appears, the row fails until
its test is named.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache

import pytest

from tests.docs.pages import ROOT, text

PAGE = "docs/threats.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ABSENT = re.compile(r"not built: `([\w/.]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """One threat: the attack, where it stops, and the cell that names its tests."""

    attack: str
    stops: str
    shown: str


def rows() -> list[Row]:
    cells = [line.strip().strip("|").split("|") for line in text(PAGE).splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in row)) for row in cells if len(row) == 3 and row[0].strip() not in {"attack · 攻击", "---"}]


@cache
def defined(path: str) -> frozenset[str]:
    """Names of the tests in a file; empty where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def test_the_table_is_whole() -> None:
    assert len(rows()) >= 27, "the design's table has 27 rows; rows are added, never dropped"
    assert all(row.stops for row in rows())


@pytest.mark.parametrize("row", [pytest.param(row, id=row.attack[:50]) for row in rows()])
def test_a_threat_ends_in_a_test_that_exists(row: Row) -> None:
    named, absent = NAMED.findall(row.shown), ABSENT.findall(row.shown)
    assert named or absent, f"no test is named: {row.attack}"
    missing = [f"{path}::{name}" for path, name in named if name not in defined(path)]
    assert missing == [], f"no such test: {row.attack}"
    landed = [path for path in absent if (ROOT / path).exists()]
    assert landed == [], f"the feature is there now; name the test that attacks it: {row.attack}"
