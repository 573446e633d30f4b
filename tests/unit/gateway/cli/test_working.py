"""Who waits at a terminal sees what is worked on; nobody else's output has it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from gateway.cli import working
from gateway.cli.face import Face


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("screen", "json", "shown"), [(Screen(), False, True), (Screen(), True, False), (io.StringIO(), False, False)])
def test_names_and_numbers_of_files(screen: io.StringIO, json: bool, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen)
    files = [Path("甲.xlsx"), Path("[b]乙.csv")]
    assert list(working.each(Face(Path("home"), "zh", json), files)) == files
    assert ("正在校验 甲.xlsx" in screen.getvalue() and "[b]乙.csv" in screen.getvalue() and "2/2" in screen.getvalue()) == shown
    assert shown or not screen.getvalue()
