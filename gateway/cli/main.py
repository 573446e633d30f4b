"""Building and running the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from contracts.errors import ExchangeError
from gateway.cli import audit, intake, lists, receiving, sending, setup
from gateway.cli.face import Face, language_of

_SECTIONS = (setup, lists, sending, receiving, intake, audit)


def run(words: Sequence[str]) -> int:
    """Run one command; returns the exit code of interfaces.md (130 when interrupted)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    quiet = Console(file=sys.stderr, highlight=False)
    launcher = App(name="gateway", help_flags=[], version_flags=[], console=quiet, result_action="return_value")

    @launcher.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        home: Path | None = None,
        lang: Literal["zh", "en"] | None = None,
        json: Annotated[bool, Parameter(negative=())] = False,
    ) -> int:
        place = home or Path(os.environ.get("GATEWAY_HOME", "gateway-home"))
        return _command(Face(place, language_of(lang, os.environ), json), list(tokens))

    try:
        return int(launcher(list(words), exit_on_error=False, print_error=False) or 0)
    except CycloptsError as error:
        return Face(Path(), language_of(None, os.environ), "--json" in words).refuse(_usage(error))
    except KeyboardInterrupt:
        return 130


def _command(face: Face, tokens: list[str]) -> int:
    app = App(
        name="gateway",
        help=face.say("名册交换网关", "Roster gateway"),
        version_flags=[],
        console=Console(file=sys.stdout, highlight=False),
        error_console=Console(file=sys.stderr, highlight=False),
        result_action="return_value",
    )
    for section in _SECTIONS:
        section.register(app, face)
    try:
        return int(app(tokens, exit_on_error=False, print_error=False) or 0)
    except ExchangeError as error:
        return face.refuse(error)
    except CycloptsError as error:
        return face.refuse(_usage(error))
    except BrokenPipeError:
        return 0


def _usage(error: CycloptsError) -> ExchangeError:
    """Cyclopts' own sentence, cut to one line; what was typed may be personal, so values are not repeated."""
    name = type(error).__name__.removesuffix("Error")
    what = getattr(error, "argument", None)
    return ExchangeError("E-USAGE", what=f"{name} {what.name if what is not None else ''}".strip())
