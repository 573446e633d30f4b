"""Answers go out whole or the command says that they did not, wherever stdout leads."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli.face import put

FULL = Path("/dev/full")
WORDS = {
    "json": ["--json", "feeds", "list"], "text": ["feeds", "list"], "json-refusal": ["--json", "--home", "none", "fsck"],
    "file": ["--home", "home", "trust", "export"],
}


class Narrow(io.RawIOBase):
    """Takes seven bytes a write, as a disk does that is nearly full, and no more than it has room for."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.got = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        taken = bytes(data)[:min(7, self.room)]  # type: ignore[call-overload]  # whatever has bytes
        if not taken:
            raise OSError(28, "No space left on device")
        self.room -= len(taken)
        self.got += taken
        return len(taken)


class Unbuffered:
    """Stdout as it is under PYTHONUNBUFFERED."""

    def __init__(self, room: int) -> None:
        self.buffer = Narrow(room)

    def flush(self) -> None:
        """Nothing is held back."""


def test_writes_that_are_cut_short_are_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Unbuffered(100)
    monkeypatch.setattr(sys, "stdout", out)
    put(b"x" * 50)
    assert out.buffer.got == b"x" * 50


def test_what_does_not_go_out_whole_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Unbuffered(30))
    with pytest.raises(OSError, match="No space"):
        put(b"x" * 50)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("what", WORDS)
def test_a_full_disk_behind_stdout_is_told_on_stderr(tmp_path: Path, what: str, unbuffered: str) -> None:
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    gateway = [sys.executable, "-m", "gateway"]
    if what == "file":
        subprocess.run([*gateway, "--home", "home", "init", "--agency", "education", "--county", "522722"], cwd=tmp_path, env=env,
                       stdout=subprocess.DEVNULL, check=True)
    with FULL.open("wb") as full:
        done = subprocess.run([*gateway, *WORDS[what]], cwd=tmp_path, env=env, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert "Traceback" not in done.stderr
    expected = (2, "E-HOME-NONE") if what == "json-refusal" else (4, "E-FILE-ACCESS")
    assert (done.returncode, f"[{expected[1]}]" in done.stderr) == (expected[0], True), done.stderr


def test_json_is_one_line_of_utf_8(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "gateway", "--lang", "zh", "--json", "lists", "list"], cwd=tmp_path, capture_output=True,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert done.stdout.count(b"\n") == 1
    assert any("低保" in each["title"] for each in json.loads(done.stdout.decode("utf-8"))["lists"])
