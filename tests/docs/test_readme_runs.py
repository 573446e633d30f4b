"""Every command of both READMEs, run in order in one folder, each in a shell of its own, with this environment's `gateway`.

`make demo` runs as it stands, on fewer persons and into the temporary folder. `make test` is what runs this test, and is only looked at.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import READMES, ROOT, Step, matches, steps, text
from tests.docs.workbook import WORKBOOK, write_workbook

VENV = Path(sys.prefix)
SMALL_DEMO = "--persons 1500"
LANGUAGES = {"README.md": "en_US.UTF-8", "README.zh-CN.md": "zh_CN.UTF-8"}
SECONDS = 300


def environment(home: Path, language: str) -> dict[str, str]:
    """What a new user has: a PATH, a home, a language; nothing of the machine's GATEWAY settings."""
    settings = ("GATEWAY", "LC_", "LANG", "MAKE", "MFLAGS", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    return kept | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "LANG": language}


def made(command: str, folder: Path) -> str | None:
    """The make command to run in place of the page's, None where it is not one."""
    words = command.partition("#")[0].split()
    if words[0] != "make":
        return None
    done = " ".join(f"-o {VENV / stamp}" for stamp in (".run", ".test", "bin/python"))
    dry = "-n " if words[1:] == ["test"] else ""
    settings = f'VENV="{VENV}" DEMO_HOME="{folder / "demo-home"}" DEMO_OPTIONS="{SMALL_DEMO}"'
    return f'make -C "{ROOT}" {dry}{done} {settings} {" ".join(words[1:])}'


def run(step: Step, folder: Path, language: str) -> str:
    """Run one step and return what a person sees, both streams as they come.

    Raises:
        AssertionError: it did not exit 0.
    """
    done = subprocess.run(
        ["bash", "-c", made(step.command, folder) or step.command],
        cwd=folder, env=environment(folder, language), check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS,
    )
    assert done.returncode == 0, f"line {step.line}: {step.command}\n{done.stdout}"
    return done.stdout


@pytest.mark.parametrize("page", READMES)
def test_every_command_does_what_the_page_shows(page: str, tmp_path: Path) -> None:
    write_workbook(tmp_path / WORKBOOK)
    ran = steps(text(page))
    assert len(ran) > 12
    for step in ran:
        printed = [line.rstrip() for line in run(step, tmp_path, LANGUAGES[page]).splitlines() if line.strip()]
        shown = [line.rstrip() for line in step.shown if line.strip()]
        if step.shown:
            assert matches("\n".join(shown), "\n".join(printed)), f"line {step.line}: the page shows\n{shown}\nand it printed\n{printed}"
