"""What is being worked on while a person waits: on stderr, only at a terminal, gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gateway.cli.face import Face


def each(face: Face, files: Sequence[Path]) -> Iterator[Path]:
    """The files one by one, with the name of the one that is read, how many there are, and the time it takes."""
    shown = sys.stderr.isatty() and not face.json
    console = Console(file=sys.stderr, highlight=False, markup=False)
    columns = (SpinnerColumn("line"), TextColumn("{task.description}", markup=False), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        task = progress.add_task("", total=len(files))
        for file in files:
            progress.update(task, description=face.say(f"正在校验 {file.name}", f"Checking {file.name}"), refresh=True)
            yield file
            progress.advance(task)
