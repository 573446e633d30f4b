"""One figure of a benchmark: one JSON object on one line (interfaces.md, `make bench` lines)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Detail = float | int | str | None | list["Detail"] | Mapping[str, "Detail"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A named number.

    Attributes:
        name: `publish_vs_bare` …
        unit: "ratio", "us", "s", "MiB", "ms".
        goal: what the figure should reach.
        detail: what it is made of.
    """

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    goal: float | None = None
    detail: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal

    def line(self) -> str:
        """The JSON line."""
        return json.dumps({
            "name": self.name, "value": significant(self.value), "unit": self.unit, "better": self.better,
            "goal": self.goal, "met": self.met, "detail": self.detail,
        }, ensure_ascii=False)


def significant(value: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{value:.4g}")
