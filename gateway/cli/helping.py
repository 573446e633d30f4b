"""How help is laid out: plain lines in the reader's language, narrow enough for any terminal, no frames."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence

from cyclopts import App, Group
from cyclopts.help import HelpEntry, HelpPanel
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions

from gateway.cli import manual
from gateway.cli.face import Face

_GAP = 2
_WORDS = {
    "COMMAND": ("命令", "COMMAND"),
    "[OPTIONS]": ("[选项]", "[OPTIONS]"),
    "[ARGS...]": ("[FILES]", "[FILES]"),
    "Commands": ("命令", "Commands"),
    "Parameters": ("选项", "Options"),
    "Arguments": ("参数", "Arguments"),
}
"""What cyclopts itself says."""


class Layout:
    """A cyclopts help formatter. It sees the usage line first and remembers the command from there."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._command = ""

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:  # noqa: ARG002  (the protocol's)
        """One line: the program, its general options, the command and what it wants."""
        program, *rest = _plain(usage).split()
        words = list(itertools.takewhile(lambda word: word.islower() and word[0] != "-", rest))
        self._command = " ".join(words)
        line = f"{program} {' '.join((*words, *self._wanted(rest[len(words):])))}"
        console.print(f"{self._face.say('用法', 'Usage')}: {line}\n", markup=False, soft_wrap=True)

    def _wanted(self, rest: Sequence[str]) -> Iterator[str]:
        """What a command wants, each option with what is to be put in."""
        option = ""
        for word in rest:
            told = manual.text_of(self._command, option)
            yield told[0] if told and told[0] and not word.startswith(("-", "[")) else self._face.say(*_WORDS.get(word, (word, word)))
            option = word if word.startswith("-") else ""

    def render_description(self, console: Console, options: ConsoleOptions, description: object) -> None:  # noqa: ARG002  (the protocol's)
        """What the command does."""
        text = _plain(description)
        if text:
            console.print(f"{text}\n", markup=False, soft_wrap=True)

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:  # noqa: ARG002  (the protocol's)
        """One panel of entries."""
        entries = [entry for entry in panel.entries if "--help" not in entry.names]
        if not entries:
            return
        rows = [self._command_row(entry) if panel.format == "command" else self._parameter_row(entry) for entry in entries]
        title = _plain(panel.title)
        self._print(console, self._face.say(*_WORDS.get(title, (title, title))), rows)

    def close(self, console: Console) -> None:
        """The options that every command takes."""
        self._print(
            console, self._face.say("通用选项", "General options"), [(name, self._face.say(zh, en)) for name, zh, en in manual.GLOBAL]
        )

    def _command_row(self, entry: HelpEntry) -> tuple[str, str]:
        return " ".join(entry.positive_names or entry.display_labels), _plain(entry.description)

    def _parameter_row(self, entry: HelpEntry) -> tuple[str, str]:
        labels = [label for label in (*entry.positive_names, *entry.positive_shorts) if label] or [entry.positional_label or ""]
        name = entry.positional_label or max(labels, key=len)
        told = manual.text_of(self._command, name)
        value, zh, en = told or ("", "", "")
        wanted = self._face.say("（必填）", " (required)") if entry.required else ""
        shown = name if entry.positional_label else ", ".join(labels)
        return f"{shown} {value}".strip(), f"{self._face.say(zh, en)}{wanted}"

    def _print(self, console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
        width = max(cell_len(name) for name, _ in rows) + _GAP
        console.print(title, markup=False)
        for name, text in rows:
            console.print(f"  {name}{' ' * (width - cell_len(name))}{text}", markup=False, soft_wrap=True)
        console.print()


def arrange(app: App, face: Face) -> None:
    """Put the commands into the groups of the manual, in the order of a month."""
    wanted = [name for _, _, names in manual.GROUPS for name in names]
    made = [Group(face.say(zh, en), sort_key=number) for number, (zh, en, _) in enumerate(manual.GROUPS)]
    for name, number in manual.groups([name for name in wanted if name in app]).items():
        app[name].group = (made[number],)
        app[name].sort_key = wanted.index(name)


def _plain(text: object) -> str:
    """What rich would print, as one string."""
    if text is None or isinstance(text, str):
        return (text or "").strip()
    out = io.StringIO()
    Console(file=out, width=10_000, highlight=False, markup=False).print(text)
    return out.getvalue().strip()
