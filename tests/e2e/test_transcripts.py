"""Every transcript, run from top to bottom in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import TRANSCRIPTS, Played
from tests.e2e.transcript import parse, perform

NAMES = sorted(path.stem for path in TRANSCRIPTS.glob("*.txt"))


def test_there_are_transcripts() -> None:
    assert len(NAMES) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_as_written(name: str, played: Callable[[str], Played]) -> None:
    assert sum(act.words.startswith("$") for act in played(name).acts) >= 3


def test_a_transcript_that_is_wrong_fails(tmp_path: Path) -> None:
    """The runner itself: wrong exit, missing words and unknown lines are noticed."""
    for wrong in ("$ true\n? 5", "$ false", "$ echo a\n> b", "$ echo E-X; exit 5\n? 5 E-Y", "$ echo Traceback"):
        with pytest.raises(AssertionError):
            perform(parse(wrong)[0], tmp_path)
    with pytest.raises(ValueError, match="line 1"):
        parse("gateway init")
    perform(parse("$ echo a  b c; exit 3\n? 3\n> a … c")[0], tmp_path)
