"""Every state has its word in both languages, and no sentence of one language stands in the other."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console

from contracts.catalogue import entries
from contracts.catalogue.entry import Language
from contracts.frames import ListState
from gateway.app import planning
from gateway.cli import words
from gateway.cli.face import Face, language_of
from gateway.state.editions import RANK

LANGUAGES: tuple[Language, ...] = ("zh", "en")
STATES = (*get_args(planning.State), *RANK, *get_args(ListState), "none", "waiting")


@pytest.mark.parametrize("state", sorted(set(STATES)))
def test_every_state_has_a_word(state: str) -> None:
    said = {language: words.state(Face(Path(), language, json=False), state) for language in LANGUAGES}
    assert re.search("[\u4e00-\u9fff]", said["zh"])
    assert re.fullmatch("[a-z ,]+", said["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_told_without_its_facts(language: Language) -> None:
    """What was refused long ago is known by its code alone: the sentence stands all the same, with a gap in it."""
    for code in entries():
        out = io.StringIO()
        words.refusal(Face(Path(), language, json=False), Console(file=out, width=500, soft_wrap=True), "x.r1", code)
        assert code in out.getvalue()
        assert "{" not in out.getvalue()


@pytest.mark.parametrize(
    ("given", "environment", "wanted"),
    [
        (None, {}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "zh"),
        (None, {"LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        (None, {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_is_what_was_asked_for_or_what_the_system_speaks(given: str | None, environment: dict[str, str], wanted: str) -> None:
    assert language_of(given, environment) == wanted
