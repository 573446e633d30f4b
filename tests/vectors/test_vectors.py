"""Every vector, by the product and by a second reader that shares no code with it: the same bytes, or the same code."""

from __future__ import annotations

import ast
import base64
from pathlib import Path

import pytest

from contracts.catalogue import entries
from contracts.errors import ExchangeError
from tests.vectors import product, reader
from tests.vectors.build import cases
from tests.vectors.reader import Opened
from tests.vectors.reader_documents import RefusedError
from tests.vectors.vector import FOLDER, Vector, files, load

FILES = files()
OUTSIDE = {"E-SEAL-KEY", "E-SEAL-SIZE", "E-CHAIN-FORK", "E-EDITION-FORK", "E-EDITION-ROLLBACK", "E-PACKAGE-OTHER"}
"""Codes of sealing and of state: no single file can show them."""


def promised(vector: Vector) -> list[Opened]:
    contents = [base64.b64decode(text) for text in vector.all("content")]
    payloads = [base64.b64decode(text) for text in vector.all("payload")]
    return [Opened(inside, contents[place] if contents else b"") for place, inside in enumerate(payloads)]


def compare(vector: Vector, found: list[Opened]) -> None:
    wanted = promised(vector)
    assert [item.payload for item in found] == [item.payload for item in wanted]
    if vector.get("content"):
        assert found == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_product_reads_it(path: Path) -> None:
    vector = load(path)
    expect = vector.one("expect")
    if expect == "ok":
        compare(vector, product.read(vector))
        return
    with pytest.raises(ExchangeError) as caught:
        product.read(vector)
    assert caught.value.code == expect


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_second_reader_reads_it(path: Path) -> None:
    vector = load(path)
    expect = vector.one("expect")
    if expect == "ok":
        compare(vector, reader.read(vector))
        return
    with pytest.raises(RefusedError) as caught:
        reader.read(vector)
    assert caught.value.args == (expect,)


def test_the_generator_and_the_files_are_about_the_same_cases() -> None:
    made = {name: (case.expect, case.about, case.kind, case.needs or None) for name, case in cases().items()}
    found = {}
    for path in FILES:
        vector = load(path)
        assert vector.one("name") == path.stem
        found[path.stem] = (vector.one("expect"), vector.one("about"), vector.one("kind"), vector.get("needs"))
    assert found == made
    assert len(found) > 100, "vectors that are not there guard nothing"


def test_every_refusal_of_the_wire_has_a_vector() -> None:
    from contracts.catalogue.sealing import ENTRIES

    codes = {entry.code for entry in ENTRIES if not entry.code.startswith("E-REJECT-")} - OUTSIDE | {"E-SIG"}
    shown = {load(path).one("expect") for path in FILES}
    assert codes - shown == set()
    assert shown - {"ok"} <= set(entries())


def test_the_files_are_what_the_format_says() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert load(path).to_text() == text


@pytest.mark.parametrize("name", ["reader.py", "reader_documents.py", "reader_json.py", "vector.py"])
def test_the_second_reader_shares_no_code(name: str) -> None:
    tree = ast.parse((FOLDER / name).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {module.split(".")[0] for module in imported}
    assert roots.isdisjoint({"security", "contracts", "producers", "consumers", "gateway"})
    assert not {module for module in imported if module.startswith("tests.") and not module.startswith("tests.vectors.")}
    assert "cryptography.hazmat.primitives.hpke" not in imported
    assert "cryptography.cobblestone" not in imported
