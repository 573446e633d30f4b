"""What every refusal owes the person at the keyboard: a code, a sentence in both languages, the exit code, and an untouched home."""

from __future__ import annotations

import re
from collections.abc import Collection

from contracts.catalogue import entries
from tests.e2e.desk import Desk, Said
from tests.e2e.traces import changed, held

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


def refused(desk: Desk, home: str, words: Collection[str], code: str, exit: int, *, but: Collection[str] = ()) -> None:  # noqa: A002 (it is the exit code)
    """The command ends so, for a person in Chinese and for a program in English (one sentence serves both), and changes nothing.

    Args:
        but: files and tables of the home that may be other than before.
    """
    before = held(desk.folder / home)
    assert entries()[code].exit == exit, "the catalogue documents another exit code"
    told(desk.say(home, *words, lang="zh"), code, exit, "zh")
    asked(desk.say(home, "--json", *words, lang="en"), code, exit, "en")
    assert changed(before, held(desk.folder / home)) - set(but) == set()


def told(said: Said, code: str, exit: int, lang: str) -> None:  # noqa: A002 (it is the exit code)
    """For a person: what failed, what to do, the code; on standard error, so that nothing is taken for a result."""
    assert said.exit == exit, said
    assert said.out == "", said
    first, second = said.err.rstrip("\n").split("\n")[-2:]
    assert first.startswith("× "), said
    assert f"[{code}]" in second, said
    step, _, fix = second.strip().partition(" → ")
    assert step == ("处理" if lang == "zh" else "next"), said
    understood(first[2:], fix.partition("    [")[0], lang)


def asked(said: Said, code: str, exit: int, lang: str) -> None:  # noqa: A002 (it is the exit code)
    """For a program: one document, `{"error": {"code", "message", "fix"}}`."""
    assert said.exit == exit, said
    assert set(said.document) == {"error"}, said
    error = said.document["error"]
    assert set(error) == {"code", "message", "fix"}, said
    assert error["code"] == code, said
    understood(error["message"], error["fix"], lang)


def understood(message: str, fix: str, lang: str) -> None:
    """Both are sentences in that language, with all their facts filled in."""
    for text in (message, fix):
        wanted = _CHINESE if lang == "zh" else _ENGLISH
        assert len(wanted.findall(text)) >= 2, text
        assert "{" not in text, text
        assert "None" not in text, text
