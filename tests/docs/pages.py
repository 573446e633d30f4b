"""The papers as the tests see them: fenced blocks of commands, tables, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
READMES = ("README.md", "README.zh-CN.md")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a page and what the page shows of its answer.

    Attributes:
        command: one shell line, comments included.
        shown: lines printed below it (`console` blocks), `…` standing for anything.
        line: where in the page.
    """

    command: str
    shown: tuple[str, ...]
    line: int


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(page: str, *kinds: str) -> list[tuple[int, str]]:
    """Fenced blocks of some kinds, with the line each begins on."""
    return [(page.count("\n", 0, m.start()) + 2, m[2]) for m in _FENCE.finditer(page) if m[1] in kinds]


def steps(page: str) -> list[Step]:
    """Every command of a page in order: each line of an `sh` block, each `$ ` line of a `console` block with its answer."""
    found = [
        Step(line, (), first + offset)
        for first, block in blocks(page, "sh")
        for offset, line in enumerate(block.splitlines())
        if line.strip() and not line.startswith("#")
    ]
    for first, block in blocks(page, "console"):
        lines = block.splitlines()
        starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
        found += [
            Step(lines[start][2:], tuple(lines[start + 1 : end]), first + start)
            for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        ]
    return sorted(found, key=lambda step: step.line)


def matches(shown: str, printed: str) -> bool:
    """Whether a printed text is what a page shows, `…` standing for anything within a line and trailing blanks aside."""
    pattern = "".join(re.escape(part) if part != "…" else "[^\n]*" for part in re.split("(…)", shown))
    return re.fullmatch(pattern, printed) is not None
