"""docs/spec/audit-events.md against the source: every event that is recorded, with every fact, and no other."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from tests.docs.pages import ROOT, text

PAGE = "docs/spec/audit-events.md"
ROW = re.compile(r"^\| `([a-z][a-z-]*\.[a-z.-]+)` \| ([^|]*) \|", re.MULTILINE)
MORE = "**"
"""Facts given as a mapping: the page names them, the source does not."""
EVENT = re.compile(r"[a-z][a-z-]*\.[a-z-]+(?:\.[a-z-]+)?")


def recorded() -> dict[str, set[str]]:
    """Event -> facts, from every `.record("event", fact=...)` of the application."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record" and node.args):
                continue
            for event in words(node.args[0]):
                found[event] |= {keyword.arg or MORE for keyword in node.keywords}
    return dict(found)


def words(node: ast.expr) -> list[str]:
    """The events an argument may be: a word, or one of two by a condition."""
    if isinstance(node, ast.IfExp):
        return [*words(node.body), *words(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def promised() -> dict[str, set[str]]:
    return {event: set(re.findall(r"`(\w+)`", facts)) for event, facts in ROW.findall(text(PAGE))}


def test_every_recorded_event_is_on_the_page_with_its_facts() -> None:
    found, page = recorded(), promised()
    assert found, "the application records nothing"
    assert sorted(found) == sorted(page)
    wrong = {event: facts ^ page[event] for event, facts in found.items() if MORE not in facts and facts != page[event]}
    wrong |= {event: facts - page[event] for event, facts in found.items() if MORE in facts and not facts - {MORE} < page[event]}
    assert wrong == {}


def test_events_are_named_by_thing_and_deed() -> None:
    assert [event for event in recorded() if not EVENT.fullmatch(event)] == []


def test_no_event_takes_a_personal_fact() -> None:
    personal = {"head_name", "id_number", "phone", "address", "bank_account", "subject", "person_no", "token"}
    assert {event: facts & personal for event, facts in recorded().items() if facts & personal} == {}
