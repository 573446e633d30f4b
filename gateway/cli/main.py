"""Building and running the command line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway.cli import audit, dead_letters, helping, intake, lists, receiving, sending, setup, topics, upkeep, usage
from gateway.cli.face import Face, language_of

_SECTIONS = (setup, topics, upkeep, lists, sending, receiving, dead_letters, intake, audit)
_OURS = ("contracts", "security", "producers", "consumers", "gateway")
DEBUG = "GATEWAY_DEBUG"
"""Environment variable for whoever mends the program: faults end in a stack trace, which may show what was being handled."""


def run(words: Sequence[str]) -> int:
    """Run one command; returns the exit code of interfaces.md (130 when interrupted)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    quiet = Console(file=sys.stderr, highlight=False)
    launcher = App(
        name="gateway", help_flags=[], version_flags=[], console=quiet, result_action="return_value", suppress_keyboard_interrupt=False
    )

    @launcher.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        home: Path | None = None,
        lang: Literal["zh", "en"] | None = None,
        json: Annotated[bool, Parameter(negative=())] = False,
    ) -> int:
        place = home or Path(os.environ.get("GATEWAY_HOME") or "gateway-home")
        return _command(Face(place, language_of(lang, os.environ), json), list(tokens))

    given = next((words[at + 1] for at, word in enumerate(words[:-1]) if word == "--lang"), None)
    plain = Face(Path(), language_of(given if given in {"zh", "en"} else None, os.environ), "--json" in words)
    try:
        return int(launcher(list(words), exit_on_error=False, print_error=False) or 0)
    except CycloptsError as error:
        return plain.refuse(usage.refusal(plain, error))
    except KeyboardInterrupt:
        plain.note("已中断；再执行一次会从没做完的地方接着做", "Interrupted; run it again and it goes on where it stopped")
        return 130


def application(face: Face) -> App:
    """All commands in the face's language."""
    app = App(
        name="gateway",
        help=face.say(
            "名册交换网关：每月的名册，封好了交给各部门，回执留底", "Roster gateway: monthly rosters, sealed for each department, receipted"
        ),
        help_format="plaintext",
        help_formatter=helping.Layout(face),
        version_flags=[],
        console=Console(file=sys.stdout, highlight=False),
        error_console=Console(file=sys.stderr, highlight=False),
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for section in _SECTIONS:
        section.register(app, face)
    helping.arrange(app, face)
    return app


def _command(face: Face, tokens: list[str]) -> int:
    app = application(face)
    if tokens == ["--version"]:
        tokens = ["version"]
    try:
        code = int(app(tokens, exit_on_error=False, print_error=False) or 0)
        if not tokens or "--help" in tokens or "-h" in tokens:
            helping.Layout(face).close(Console(file=sys.stdout, highlight=False))
        return code
    except ExchangeError as error:
        return face.refuse(error)
    except CycloptsError as error:
        return face.refuse(usage.refusal(face, error, [name for name in app if not name.startswith("-")]))
    except BrokenPipeError:
        return 0
    except Exception as error:  # whatever it is, a clerk gets a sentence and a next step, and no value is printed
        if os.environ.get(DEBUG):
            raise
        return face.refuse(_unforeseen(error))


def _unforeseen(error: Exception) -> ExchangeError:
    """E-FILE-ACCESS for what the operating system refused, also where a library wraps it; E-INTERNAL for anything else."""
    inner = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
    if isinstance(inner, OSError):
        file = Path(str(inner.filename)).name if inner.filename else "?"
        return ExchangeError("E-FILE-ACCESS", file=file, why=inner.strerror or type(inner).__name__)
    return ExchangeError("E-INTERNAL", kind=type(error).__name__, place=_place(error))


def _place(error: Exception) -> str:
    """Where in this program it happened: module and line, nothing of what was being handled."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(part in _OURS for part in Path(frame.filename).parts[:-1]) and ".venv" not in frame.filename]
    if not ours:
        return "?"
    path = Path(ours[-1].filename)
    root = max(at for at, part in enumerate(path.parts[:-1]) if part in _OURS)
    return f"{'/'.join(path.parts[root:])}:{ours[-1].lineno}"
