"""Durable steps of a traced process, and what must be true of their order."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["fsync", "rename", "link", "unlink", "mkdir", "commit"]
KINDS: tuple[Kind, ...] = ("fsync", "rename", "link", "unlink", "mkdir", "commit")


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        number: from 1, in the order of the process.
        path: what was flushed, removed, made or committed to; of a rename or link the new name.
        source: of a rename or link the old name.
    """

    number: int
    kind: Kind
    path: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {Path(self.path).name}"


@dataclass(frozen=True, slots=True)
class Kill:
    """Where the process dies of SIGKILL: just before or just after the step of that number."""

    number: int
    when: Literal["before", "after"]

    def __str__(self) -> str:
        return f"{self.when}-{self.number}"


@dataclass(frozen=True, slots=True)
class Full:
    """The disk is full from the step of that number on: what would make something durable fails, what removes does not.

    Attributes:
        once: it is full at that step alone, so that whoever passes over the failure is found out by going on.
    """

    number: int
    once: bool = False

    def __str__(self) -> str:
        return f"{'once' if self.once else 'full'}-{self.number}"


Fault = Kill | Full


def read_steps(log: Path) -> tuple[Step, ...]:
    """The steps that a traced process wrote down before it ended or died."""
    return tuple(Step(**json.loads(line)) for line in log.read_text("utf-8").splitlines())


def kills(steps: Sequence[Step], *, thorough: bool = True) -> Iterator[Kill]:
    """Every place to die at: before each step, and after each, since what follows a step need not be the next one.

    Args:
        thorough: False leaves out "after" where nothing has become visible by the step; half as many runs.
    """
    for step in steps:
        yield Kill(step.number, "before")
        if thorough or step.kind in {"rename", "commit"}:
            yield Kill(step.number, "after")


def unflushed(steps: Iterable[Step], passed_over: Callable[[str], bool] = lambda _path: False) -> list[str]:
    """Renames that a power failure could undo or empty: the source was not flushed before, or the new folder not after.

    SIGKILL leaves what the kernel has, so killing alone finds no missing flush; the order of the steps does.

    Args:
        passed_over: new names that need no promise, such as those made again at the next start.
    """
    steps = list(steps)
    faults: list[str] = []
    for at, step in enumerate(steps):
        if step.kind != "rename" or passed_over(step.path):
            continue
        if not any(other.kind == "fsync" and other.path == step.source for other in steps[:at]):
            faults.append(f"{step}: {Path(step.source).name} was not flushed before")
        folder = os.path.dirname(step.path)  # noqa: PTH120 (paths are compared as text)
        if not any(other.kind == "fsync" and other.path == folder for other in steps[at + 1:]):
            faults.append(f"{step}: its folder was not flushed after")
    return faults


def lost_folders(steps: Sequence[Step]) -> list[str]:
    """New folders that a power failure could take away: what they are in was not flushed after. Drafts that are renamed do not count."""
    drafts = [step.source for step in steps if step.kind == "rename"]
    return [f"{step}: the folder it is in was not flushed after" for at, step in enumerate(steps)
            if step.kind == "mkdir" and not any(step.path == draft or step.path.startswith(f"{draft}/") for draft in drafts)
            and not any(other.kind == "fsync" and other.path == os.path.dirname(step.path) for other in steps[at + 1:])]  # noqa: PTH120 (text)
