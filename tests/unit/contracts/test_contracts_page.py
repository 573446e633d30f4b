"""docs/spec/contracts.md says what the code does: the same classes, filters, masks, limits and contracts."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from contracts.feeds.policy import ALLOWED
from contracts.masks import MASKS as PROMISED
from contracts.schemas import CLASSES, contract_names
from contracts.views import FILTERS
from security.masks import MASKS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "spec" / "contracts.md").read_text("utf-8")


def table(heading: str) -> dict[str, list[str]]:
    """Rows of the table whose first column is called so: every name of the first cell -> the other cells."""
    rows: dict[str, list[str]] = {}
    lines = PAGE.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    for line in lines:
        first, *rest = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([^`]+)`", first):
            rows[name] = rest
    return rows


def test_contracts() -> None:
    assert set(table("contract")) == set(contract_names())


def test_classes_and_policy() -> None:
    page = table("class")
    assert set(page) == set(CLASSES)
    for name, cells in page.items():
        said = frozenset(cells[1].split(", ")) - {"", "nobody"} if name in ALLOWED or cells[1] else None
        assert said == ALLOWED.get(name), name


def test_filters() -> None:
    assert set(table("filter")) >= set(FILTERS)


@pytest.mark.parametrize(
    ("mask", "value"),
    [
        ("name", "欧阳娜娜"),
        ("name", "买买提·艾力"),
        ("id", "52272219780114949X"),
        ("certificate", "52272219430222924853"),
        ("phone", "19900076749"),
        ("account", "6299991184283146115"),
        ("address", "荔波县朝阳镇新寨村四组38号"),
    ],
)
def test_masks(mask: str, value: str) -> None:
    page = table("mask")
    assert set(page) == set(PROMISED)
    shown = pl.DataFrame({"v": [value]}).select(MASKS[mask](pl.col("v"))).item()
    assert shown in page[mask][1]
