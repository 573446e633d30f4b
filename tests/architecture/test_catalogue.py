"""The closed catalogue: every code used stands in it, and every code in it is used."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping

import pytest

from contracts.catalogue import entries
from contracts.catalogue.entry import Entry
from tests.architecture.modules import PRODUCT, ROOT, Module, dotted, load, within
from tests.architecture.verdict import nothing

CODE = re.compile(r"[EWI]-[A-Z0-9]+(?:-[A-Z0-9]+)*")
QUOTED_CODE = re.compile(r"[\"']([EWI]-[A-Z0-9]+(?:-[A-Z0-9]+)*)[\"']")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SEVERITIES = {"E": {"error", "warning"}, "W": {"warning"}, "I": {"fixed", "warning"}}


@pytest.fixture(scope="module")
def modules() -> Mapping[str, Module]:
    return load(ROOT, PRODUCT)


def used(modules: Mapping[str, Module]) -> Iterator[tuple[str, str]]:
    """Every code the product can say, with where: whole string literals of the source and quoted words of its data files."""
    for module in modules.values():
        if within(module.name, "contracts.catalogue"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value, f"{module.name}:{node.lineno}"
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.toml")):
            for found in QUOTED_CODE.finditer(path.read_text(encoding="utf-8")):
                yield found[1], path.relative_to(ROOT).as_posix()


def fields(template: str) -> set[str]:
    """The facts a sentence needs."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_used_code_is_in_the_catalogue(modules: Mapping[str, Module]) -> None:
    unknown = [f"{code} at {where}" for code, where in used(modules) if code not in entries()]
    nothing(unknown, "write its entry under contracts/catalogue/")


def test_every_code_of_the_catalogue_is_used(modules: Mapping[str, Module]) -> None:
    said = {code for code, _ in used(modules)}
    nothing(set(entries()) - said, "a code nobody says is a promise nobody keeps")


def test_no_code_is_put_together_from_pieces(modules: Mapping[str, Module]) -> None:
    """A code made of parts escapes the two tests above."""
    pieces = [
        f"{module.name}:{node.lineno}"
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values[:1]
        if isinstance(part, ast.Constant) and re.fullmatch(r"[EWI]-[A-Z0-9-]*-?", str(part.value))
    ]
    nothing(pieces, "write the code whole")


@pytest.mark.parametrize("entry", [pytest.param(entry, id=code) for code, entry in sorted(entries().items())])
def test_an_entry_helps_a_person(entry: Entry) -> None:
    assert CODE.fullmatch(entry.code)
    assert entry.exit in (range(1, 7) if entry.severity == "error" else range(7)), "what refuses must not exit 0"
    assert entry.http == 200 or 400 <= entry.http < 600
    assert entry.severity in SEVERITIES[entry.code[0]]
    assert CHINESE.search(entry.zh) or "zh" in fields(entry.zh)
    assert CHINESE.search(entry.fix_zh), "every refusal says in Chinese what to do"
    assert entry.en
    assert entry.fix_en
    assert len(CHINESE.findall(_outside_quotes(entry.en))) <= 8, "the English sentence is English, a term or a column name aside"
    assert fields(entry.zh) - {"zh"} == fields(entry.en) - {"en"}, "both sentences tell the same facts, each in its language"
    assert fields(entry.fix_zh) - {"zh"} == fields(entry.fix_en) - {"en"}


def _outside_quotes(text: str) -> str:
    return re.sub(r"[\"'“(][^\"'”)]*[\"'”)]", "", text)


def test_every_refusal_gives_the_facts_its_sentences_need(modules: Mapping[str, Module]) -> None:
    """`ExchangeError("E-X", fact=...)`: a missing fact would be a KeyError at the very moment that a person needs the sentence."""
    short = [
        f"{module.name}:{call.lineno} {code} lacks {sorted(missing)}"
        for module in modules.values()
        for call, code, given in raised(module)
        if code in entries() and (missing := _needed(entries()[code]) - given)
    ]
    nothing(short, "facts are missing")


def _needed(entry: Entry) -> set[str]:
    return fields(entry.zh) | fields(entry.fix_zh)


def raised(module: Module) -> Iterator[tuple[ast.Call, str, set[str]]]:
    """Calls of ExchangeError with a literal code and literal keywords; those that pass `**facts` on are left to their tests."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] != "ExchangeError" or not node.args:
            continue
        first, given = node.args[0], {keyword.arg for keyword in node.keywords}
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and None not in given:
            yield node, first.value, {name for name in given if name}
