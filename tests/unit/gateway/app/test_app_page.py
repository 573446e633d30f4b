"""docs/app.md names every module of the application and every command, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.cli import manual

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "app.md").read_text("utf-8")


def test_every_module_is_on_the_page() -> None:
    modules = {path.stem for path in (ROOT / "gateway" / "app").glob("*.py")} - {"__init__"}
    named = set(re.findall(r"`([a-z_]+)(?:\.[a-z_]+)?`", PAGE))
    assert sorted(modules - named) == []


def test_every_use_case_of_the_table_is_there() -> None:
    for module, function in re.findall(r"^\|[^|]*\| `([a-z_]+)\.([a-z_]+)`", PAGE, re.MULTILINE):
        source = (ROOT / "gateway" / "app" / f"{module}.py").read_text("utf-8")
        assert f"\ndef {function}(" in source, f"{module}.{function}"


def test_every_command_is_in_the_table() -> None:
    commands = {name for _, _, names in manual.GROUPS for name in names} - {"feeds", "lists", "template", "version", "demo"}
    table = " ".join(re.findall(r"^\| (`[^|]*) \|", PAGE, re.MULTILINE))
    assert [name for name in sorted(commands) if not re.search(rf"\b{name}\b", table)] == []


def test_every_event_of_the_table_is_one() -> None:
    events = (ROOT / "docs" / "spec" / "audit-events.md").read_text("utf-8")
    for event in re.findall(r"`([a-z]+\.(?:[a-z-]+|\*))`", PAGE.partition("## What there is")[2].partition("## Adding")[0]):
        if event.split(".")[0] in {"home", "root", "trust", "card", "list", "areas", "edition", "rows", "package", "receipt", "prekeys",
                                   "decisions", "confirmation", "registrations", "cases", "keys"}:  # fmt: skip
            wanted = f"`{event}`" if not event.endswith("*") else f"`{event[:-1]}"
            assert wanted in events or (ROOT / "gateway" / "app" / f"{event.split('.')[0]}.py").exists(), event
