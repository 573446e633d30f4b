"""What is wrong with a command line, in words; what was typed may be personal, so values are never repeated."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from contracts.errors import ExchangeError
from gateway.cli.face import Face

_SAID: tuple[tuple[type[CycloptsError], str, str], ...] = (
    (MissingArgumentError, "缺少 {name}", "{name} is missing"),
    (CoercionError, "{name} 的值不对", "the value of {name} is not right"),
    (RepeatArgumentError, "{name} 写了不止一次", "{name} is there more than once"),
    (UnusedCliTokensError, "多写了内容", "there is more than the command takes"),
)
_WORD = re.compile(r"--?[a-z][a-z-]{0,30}|[a-z][a-z-]{1,20}")


def refusal(face: Face, error: CycloptsError, known: Iterable[str] = ()) -> ExchangeError:
    """E-USAGE with what is wrong.

    Args:
        known: commands that there are, for a suggestion.
    """
    return ExchangeError("E-USAGE", what=_what(face, error, tuple(known)))


def _what(face: Face, error: CycloptsError, known: tuple[str, ...]) -> str:
    repeated = error.token.keyword if isinstance(error, RepeatArgumentError) else None
    name = repeated or (error.argument.name if error.argument is not None else "")
    if isinstance(error, UnknownCommandError):
        typed = _safe(next(iter(error.unused_tokens or []), ""))
        near = difflib.get_close_matches(typed, known, n=1)
        return _suggest(face, face.say(f"没有命令 {typed}", f"no command {typed}"), near)
    if isinstance(error, UnknownOptionError):
        typed = _safe(error.token.keyword or error.token.value)
        names = [each for argument in error.argument_collection for each in argument.names]
        return _suggest(face, face.say(f"没有选项 {typed}", f"no option {typed}"), difflib.get_close_matches(typed, names, n=1))
    for kind, zh, en in _SAID:
        if isinstance(error, kind):
            return face.say(zh, en).format(name=name)
    return f"{type(error).__name__.removesuffix('Error')} {name}".strip()


def _safe(typed: str) -> str:
    """A word that is shaped like a command or option; anything else is not repeated."""
    word = typed.split("=", 1)[0]
    return word if _WORD.fullmatch(word) else "…"


def _suggest(face: Face, what: str, near: list[str]) -> str:
    return what + (face.say(f"，是不是 {near[0]}", f"; did you mean {near[0]}") if near else "")
