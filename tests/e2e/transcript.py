"""Transcripts: sessions at a terminal that a clerk can read and a test runs.

    # a remark
    $ gateway --home ca publish --period 2023-03      a command, in a process of its own; it must exit 0
    ? 5 E-PERIOD                                       ... unless this says which exit code, and which code in what it prints
    > assistance-persons … posted                      this stands in what it printed, `…` for anything
    @workbook 名册.xlsx                                 make the READMEs' roster
    @flip mail/**/*.cxc                                change one byte in the middle of the first file that fits
    @remove mail/**/*.cxc                              remove the first file that fits
    @copy mail/**/a mail/b                             copy the first file or folder that fits to a place
    @write empty.xlsx                                  a file with what follows the name in it, or nothing
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import matches
from tests.docs.workbook import write_workbook
from tests.fault.nursery import Nursery

SECONDS = 120


@dataclass(slots=True)
class Act:
    """One line to carry out, with what is expected of it."""

    line: int
    words: str
    exit: int = 0
    codes: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


def parse(text: str) -> list[Act]:
    """The acts of a transcript.

    Raises:
        ValueError: a line that is none of the above, or an expectation before any command.
    """
    acts: list[Act] = []
    for number, line in enumerate(text.splitlines(), start=1):
        mark, words = line[:1], line[1:].strip()
        if not line.strip() or mark == "#":
            continue
        if mark in {"$", "@"}:
            acts.append(Act(number, line))
        elif mark == "?" and acts:
            code, *rest = words.split()
            acts[-1].exit, acts[-1].codes = int(code), rest
        elif mark == ">" and acts:
            acts[-1].shown.append(words)
        else:
            raise ValueError(f"line {number}: {line}")
    return acts


def perform(act: Act, folder: Path, language: str = "en", nursery: Nursery | None = None) -> str:
    """Carry out one act in a folder; what it printed, both streams as they came.

    Args:
        nursery: forks what is a plain `gateway` command; else every command is started from nothing, through a shell.

    Raises:
        AssertionError: it did not go as the transcript says.
    """
    if act.words.startswith("@"):
        _prepare(act.words[1:], folder)
        return ""
    done = _run(act.words[1:].strip(), folder, language, nursery)
    said = f"line {act.line}: {act.words}\nexit {done.returncode}\n{done.stdout}"
    assert done.returncode == act.exit, said
    assert "Traceback" not in done.stdout, said
    for code in act.codes:
        assert code in done.stdout, f"{code} was expected\n{said}"
    for shown in act.shown:
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        assert any(matches(f"…{shown}…", line) for line in lines), f"{shown} was expected\n{said}"
    return done.stdout


def _run(command: str, folder: Path, language: str, nursery: Nursery | None) -> subprocess.CompletedProcess[str]:
    environment = _environment(folder, language)
    if nursery is not None and command.startswith("gateway ") and not set(command) & set("<>|&;$`*"):
        log = folder.with_name(f"{folder.name}-steps")
        done = nursery.run(shlex.split(command), log, kinds=(), cwd=folder, env=environment)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout + done.stderr)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS,
    )  # fmt: skip


def _environment(folder: Path, language: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY", "LC_", "LANG"))}
    path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "HOME": str(folder), "LANG": "zh_CN.UTF-8" if language == "zh" else "en_US.UTF-8"}


def _prepare(words: str, folder: Path) -> None:
    verb, _, rest = words.partition(" ")
    name, _, more = rest.strip().partition(" ")
    if verb == "workbook":
        write_workbook(folder / name)
    elif verb == "write":
        (folder / name).write_text(more, encoding="utf-8")
    elif verb == "flip":
        _flip(_first(folder, name))
    elif verb == "remove":
        found = _first(folder, name)
        shutil.rmtree(found) if found.is_dir() else found.unlink()
    elif verb == "copy":
        found, place = _first(folder, name), folder / more.strip()
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(found, place) if found.is_dir() else shutil.copy2(found, place)
    else:
        raise ValueError(f"no such act: {verb}")


def _first(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    assert found, f"nothing fits {pattern}; there is {[p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file()]}"
    return found[0]


def _flip(path: Path) -> None:
    """Change one bit in the middle of a file, in place."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
