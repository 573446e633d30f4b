"""The file format of a vector: lines `key: value`, keys repeated where there are several, binary values in base64 or hex.

Everything that a reader in another language needs is in the file. `docs/spec/chunk.md`, "Test vectors", explains the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
MAGIC = ("cx-vector", "1")


@dataclass(frozen=True)
class Vector:
    """One case. `expect` is `ok` or the code that must be raised."""

    lines: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def one(self, key: str) -> str:
        (value,) = self.all(key)
        return value

    def get(self, key: str) -> str | None:
        found = self.all(key)
        return found[0] if found else None

    def to_text(self) -> str:
        return "".join(f"{key}: {value}".rstrip() + "\n" for key, value in (MAGIC, *self.lines))

    @classmethod
    def of_text(cls, text: str) -> Vector:
        pairs = [line.partition(":") for line in text.splitlines()]
        lines = [(key, value.strip()) for key, _, value in pairs]
        if not lines or lines[0] != MAGIC:
            raise ValueError("not a vector")
        return cls(tuple(lines[1:]))


def files() -> Sequence[Path]:
    """All vectors, by name."""
    return sorted(FOLDER.glob("*.vec"))


def load(path: Path) -> Vector:
    return Vector.of_text(path.read_text(encoding="utf-8"))
