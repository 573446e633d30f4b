"""What every command needs of the terminal: the home, the language, and one way to answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from contracts.catalogue.entry import Language
from contracts.errors import ExchangeError


@dataclass(frozen=True, slots=True)
class Face:
    """How this call talks: data to stdout, everything else to stderr; under `json` exactly one document on stdout.

    Attributes:
        home: the home's directory, from `--home` or GATEWAY_HOME.
        language: of sentences, also of those inside JSON.
    """

    home: Path
    language: Language
    json: bool

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def answer(self, document: Mapping[str, object], text: Callable[[Console], None]) -> None:
        """Print the result: the document as JSON, or the text for a person."""
        if self.json:
            put(json.dumps(document, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8", "replace") + b"\n")
        else:
            text(terminal())

    def pad(self, text: str, cells: int) -> str:
        """Text filled up with blanks to a width; a Chinese character takes two cells."""
        return text + " " * max(0, cells - cell_len(text))

    def note(self, zh: str, en: str) -> None:
        """A remark beside the result, on stderr."""
        sys.stderr.write(self.say(zh, en) + "\n")

    def refuse(self, error: ExchangeError) -> int:
        """Print a refusal in three parts (what, why it stands, what next) and return its exit code."""
        told = self.error(error)
        try:
            if self.json:
                put(json.dumps({"error": told}, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                return error.entry.exit
            sys.stdout.flush()
        except OSError:  # where the answer should go is what is full: then at least a person is told
            _give_up_stdout()
        step = self.say("处理", "next")
        sys.stderr.write(f"× {told['message']}\n  {step} → {told['fix']}    [{error.code}]\n")
        return error.entry.exit

    def error(self, error: ExchangeError) -> dict[str, str]:
        """A refusal in JSON."""
        return {"code": error.code, "message": error.message(self.language), "fix": error.fix(self.language)}


def put(data: bytes) -> None:
    """Bytes to stdout, all of them or an error: unbuffered, a single write to a full disk would be cut short in silence.

    Raises:
        OSError: the system's.
    """
    sys.stdout.flush()
    rest = memoryview(data)
    while rest:
        rest = rest[sys.stdout.buffer.write(rest):]
    sys.stdout.buffer.flush()


def _give_up_stdout() -> None:
    """Let what is still in its buffer go nowhere: it could not be written, and would end the process with a code of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def terminal() -> Console:
    """Stdout for people: nothing in the text is markup, and what is piped is not broken at 80 columns."""
    width = None if sys.stdout.isatty() else 240
    return Console(file=sys.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def language_of(given: str | None, environment: Mapping[str, str]) -> Language:
    """`--lang`, else English where the system speaks English, else Chinese."""
    if given:
        return "en" if given == "en" else "zh"
    system = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "en" if system.startswith("en") else "zh"


def account() -> str:
    """The login name of whoever runs the command, as the operating system knows it."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


def table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> Callable[[Console], None]:
    """A plain table for a terminal."""

    def draw(console: Console) -> None:
        from rich.table import Table

        sheet = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            sheet.add_column(head, overflow="fold")
        for row in rows:
            sheet.add_row(*("" if cell is None else str(cell) for cell in row))
        console.print(sheet)

    return draw
