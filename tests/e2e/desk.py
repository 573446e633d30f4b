"""A folder with offices in it, and somebody at the keyboard: each command is a process of its own.

The processes are forked from a nursery that has everything imported, so that one takes some 100 ms of work instead of a second;
`Desk.alone` starts one from nothing, through a shell, where that matters (limits, standard input).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # a JSON document; tests say what they expect of it

from tests.fault.nursery import Nursery

COUNTY = "522722"
CIVIL = "civil-affairs"
SECONDS = 120
PRELOADED = (
    "gateway.cli.main", "gateway.bootstrap", "gateway.app.casework", "gateway.app.collecting", "gateway.app.evidence", "gateway.app.fsck",
    "gateway.app.importing", "gateway.app.intaking", "gateway.app.listing", "gateway.app.outcomes", "gateway.app.overview",
    "gateway.app.previewing", "gateway.app.publishing", "gateway.app.recalling", "gateway.app.setup", "gateway.app.syncing",
    "gateway.app.trust", "gateway.app.verifying", "gateway.carriers.directory", "consumers.sinks.sqlite", "consumers.sinks.folder",
    "cryptography.hazmat.backends.openssl", "fastavro", "getpass", "python_calamine", "rich.table", "sqlalchemy.dialects.sqlite",
    "xlsxwriter", "tests.e2e.warmth",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it printed."""

    words: tuple[str, ...]
    exit: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"gateway {' '.join(self.words)}\nexit {self.exit}\n{self.out}\n{self.err}"

    @property
    def document(self) -> dict[str, Any]:
        """What `--json` printed: exactly one document."""
        assert self.out.endswith("\n"), self
        assert self.out.count("\n") == 1, self
        found = json.loads(self.out)
        assert isinstance(found, dict), self
        return found


@dataclass(slots=True)
class Desk:
    """Homes `ca`, `edu` … in one folder, with the shared folder `mail`.

    Attributes:
        scratch: for what belongs to the test and not to the offices.
        environment: beside PATH, HOME and language.
    """

    folder: Path
    nursery: Nursery
    scratch: Path
    environment: dict[str, str] = field(default_factory=dict)

    def say(self, home: str, *words: str, lang: str = "en", env: Mapping[str, str] | None = None) -> Said:
        """Run `gateway --home HOME --lang LANG WORDS`, however it ends; but never with a stack trace."""
        return self._run(["gateway"], ("--home", home, "--lang", lang, *words), env)

    def cramped(self, kilobytes: int, home: str, *words: str, lang: str = "en") -> Said:
        """The same where no file can grow beyond so many kilobytes: what a full disk says comes at that byte."""
        return self._run(["tests.e2e.limited", str(kilobytes), "gateway"], ("--home", home, "--lang", lang, *words), None)

    def do(self, home: str, *words: str, lang: str = "en") -> Said:
        """The same; it must succeed."""
        said = self.say(home, *words, lang=lang)
        assert said.exit == 0, said
        return said

    def ask(self, home: str, *words: str, exit: int = 0) -> dict[str, Any]:  # noqa: A002 (it is the exit code)
        """The same with `--json`; the document."""
        said = self.say(home, "--json", *words)
        assert said.exit == exit, said
        return said.document

    def alone(self, command: str, *, lang: str = "en", stdin: str = "") -> Said:
        """Run a shell command in the folder, `gateway` in it as an office has it."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self._env({"GATEWAY_LANG": "", "LANG": f"{lang}_XX.UTF-8"}), check=False,
            input=stdin, capture_output=True, text=True, timeout=SECONDS,
        )  # fmt: skip
        return _unbroken(Said((command,), done.returncode, done.stdout, done.stderr))

    def copy(self, goal: Path) -> Desk:
        """The same offices somewhere else: files with their times, homes pointed at the copied mail."""
        shutil.copytree(self.folder, goal, dirs_exist_ok=True)
        for settings in goal.glob("*/gateway.toml"):
            settings.write_text(settings.read_text("utf-8").replace(str(self.folder), str(goal)), "utf-8")
        scratch = goal.with_name(f"{goal.name}-scratch")
        scratch.mkdir()
        return Desk(goal, self.nursery, scratch, dict(self.environment))

    def found(self, offices: Mapping[str, str]) -> None:
        """Make homes (name -> agency, civil affairs first) that trust each other, as the smallest real set-up does."""
        for home, agency in offices.items():
            self.do(home, "init", "--agency", agency, "--county", COUNTY, "--carrier", "dir:mail")
        chief, *others = offices
        for home in others:
            self.keep(f"{home}.json", self.do(home, "trust", "export").out)
            self.do(chief, "trust", "import", f"{home}.json")
        self.keep("trust.json", self.do(chief, "trust", "sign").out)
        for home in others:
            self.do(home, "trust", "import", "trust.json")

    def keep(self, name: str, text: str) -> Path:
        """Write what a command printed into a file."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def _run(self, module: list[str], words: tuple[str, ...], env: Mapping[str, str] | None) -> Said:
        done = self.nursery.run([*module, *words], self.scratch / "steps", kinds=(), cwd=self.folder, env=self._env(env))
        return _unbroken(Said(words, done.returncode, done.stdout, done.stderr))

    def _env(self, more: Mapping[str, str] | None) -> dict[str, str]:
        path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
        fixed = {"PATH": path, "HOME": str(self.scratch), "LANG": "C.UTF-8"}
        fixed["PYTHONDONTWRITEBYTECODE"] = "1"  # under a file size limit Python would leave cut bytecode behind
        return {**fixed, **self.environment, **(more or {})}


def _unbroken(said: Said) -> Said:
    """However it ended, the program itself did not break."""
    assert "Traceback" not in said.err, said
    assert "E-INTERNAL" not in said.out + said.err, said
    return said


def codes(refused: Sequence[Mapping[str, str]]) -> list[str]:
    """Codes of `refused` in what `collect --json` prints."""
    return [each["code"] for each in refused]
