"""The normative pages say what the code does: fields, codes, numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts.catalogue import entries
from contracts.catalogue.sealing import ENTRIES
from security import chunk_layout, compression, dsse, header, manifest, padding, receipt, receipt_reason, strict_json, suite

SPEC = Path(__file__).resolve().parents[3] / "docs" / "spec"
PAGES = {name: (SPEC / f"{name}.md").read_text(encoding="utf-8") for name in ("chunk", "manifest", "receipt")}
CODE = re.compile(r"`(E-[A-Z0-9-]+)`")


def rows(page: str, after: str) -> list[str]:
    """First cells of the table behind a line that begins so; several names in a cell are several rows."""
    lines = PAGES[page].partition(after)[2].splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("|---"))
    table = []
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            break
        table += re.findall(r"`([^`]+)`", line.split("|")[1])
    return table


def test_the_fields_of_the_manifest_are_all_described() -> None:
    assert rows("manifest", "## Manifest · 清单") == list(manifest.FIELDS)
    assert rows("manifest", "## Manifest · 清单")[:16] == list(header.EDITION_FIELDS)


def test_the_fields_of_a_chunks_header_are_all_described() -> None:
    assert rows("chunk", "**Header.**") == ["i", "n"]
    assert set(header.CHUNK_FIELDS) == {*header.EDITION_FIELDS, "i", "n"}


def test_the_fields_and_words_of_a_receipt_are_all_described() -> None:
    assert rows("receipt", "Type `application/vnd.cx.receipt+json`") == list(receipt.FIELDS)
    assert sorted(rows("receipt", "Words of `reasons`")) == list(receipt_reason.REASONS)


def test_every_code_of_sealing_is_explained_and_every_code_named_exists() -> None:
    named = {code for page in PAGES.values() for code in CODE.findall(page)}
    assert named <= set(entries())
    assert {entry.code for entry in ENTRIES} <= named


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("chunk", chunk_layout.MAX_CHUNK),
        ("chunk", chunk_layout.MAX_HEADER),
        ("chunk", chunk_layout.MAX_BUCKET),
        ("chunk", chunk_layout.MAX_PAYLOAD),
        ("chunk", chunk_layout.TARGET),
        ("chunk", chunk_layout.SEGMENT),
        ("chunk", padding.FLOOR),
        ("chunk", suite.WRAP_LENGTH),
        ("chunk", compression.MAX_CONTENT),
        ("chunk", header.MAX_CHUNKS),
        ("manifest", header.MAX_CHUNKS),
        ("manifest", manifest.MAX_PAYLOAD),
        ("manifest", dsse.MAX_ENVELOPE),
        ("manifest", int(header.LIFETIME.total_seconds())),
        ("receipt", receipt.MAX_PAYLOAD),
    ],
)
def test_the_limits_are_the_codes(page: str, number: int) -> None:
    assert f"{number:,}" in PAGES[page]


def test_labels_and_types_are_the_codes() -> None:
    assert f"`{manifest.TYPE}`" in PAGES["manifest"]
    assert f"`{receipt.TYPE}`" in PAGES["receipt"]
    for label in (suite.WRAP_INFO, suite.BODY_CONTEXT):
        assert f"`{label[:-1].decode()}` ‖ 0x00" in PAGES["chunk"]
    assert f"at most {strict_json.MAX_DEPTH} objects" in PAGES["manifest"]
    assert f"revision (版次), 1 … {header.MAX_REVISION}" in PAGES["manifest"]
    assert f"at most {receipt.MAX_LISTED} chunks" in PAGES["receipt"]


def test_the_forbidden_characters_are_the_codes() -> None:
    """Every character up to U+FFFF, by the page and by the code."""
    line = next(line for line in PAGES["manifest"].splitlines() if line.startswith("| characters |"))
    ranges = [(int(low, 16), int(high or low, 16)) for low, high in re.findall(r"U\+([0-9A-F]{4})(?:–([0-9A-F]{4}))?", line)]
    listed = {number for low, high in ranges for number in range(low, high + 1)}
    assert listed == {number for number in range(0x10000) if not strict_json.is_showable(chr(number), 1)}
