"""Effective-dated parameters (参数) of the rules: one TOML file a rule, windows of time and jurisdiction in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import NoReturn

Value = str | int | Sequence[str] | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Parameters of one rule while they hold.

    Attributes:
        jurisdiction: leading digits of the county codes it is for; "" is everywhere.
        valid_from: first day, inclusive.
        valid_to: last day, inclusive; None while nothing ends it.
        text: the clause as it is written.
        values: what the rule needs, by name.
    """

    jurisdiction: str
    valid_from: date
    valid_to: date | None
    text: str
    values: Mapping[str, Value]

    def holds(self, county: str, at: date) -> bool:
        return county.startswith(self.jurisdiction) and self.valid_from <= at and (self.valid_to is None or at <= self.valid_to)

    def word(self, name: str) -> str:
        value = self.values[name]
        return value if isinstance(value, str) else self._wrong(name)

    def number(self, name: str) -> int:
        value = self.values[name]
        return value if isinstance(value, int) else self._wrong(name)

    def words(self, name: str) -> list[str]:
        value = self.values[name]
        return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else self._wrong(name)

    def numbers(self, name: str) -> Mapping[str, int]:
        value = self.values[name]
        return value if isinstance(value, Mapping) else self._wrong(name)

    def _wrong(self, name: str) -> NoReturn:
        raise TypeError(f"parameter {name} of {self.valid_from} has another type")


@dataclass(frozen=True, slots=True)
class RuleParameters:
    """All windows of one rule.

    Attributes:
        clause: short reference of the clause, for every decision of the rule.
    """

    rule: str
    clause: str
    windows: tuple[Window, ...]

    def at(self, county: str, day: date) -> Window | None:
        """The window of the longest jurisdiction that holds for the county on that day, or None: the rule is inactive."""
        holding = [w for w in self.windows if w.holds(county, day)]
        return max(holding, key=lambda w: (len(w.jurisdiction), w.valid_from), default=None)


@cache
def parameters(rule: str) -> RuleParameters:
    """The released parameters of a rule, such as `R1`.

    Raises:
        FileNotFoundError: no such rule (a programming error).
    """
    return read_parameters(resources.files(__name__).joinpath(f"{rule.lower()}.toml").read_text("utf-8"))


def read_parameters(text: str) -> RuleParameters:
    """Parameters from TOML.

    Raises:
        KeyError: a window lacks `jurisdiction`, `valid_from` or `text`.
        ValueError: windows of one jurisdiction overlap, or one ends before it begins.
    """
    document = tomllib.loads(text)
    fixed = {"jurisdiction", "valid_from", "valid_to", "text"}
    windows = tuple(
        Window(w["jurisdiction"], w["valid_from"], w.get("valid_to"), w["text"], {k: v for k, v in w.items() if k not in fixed})
        for w in document["window"]
    )
    _check(windows)
    return RuleParameters(document["rule"], document["clause"], windows)


def with_local(released: RuleParameters, local: RuleParameters) -> RuleParameters:
    """The released parameters with a county's own: of every jurisdiction that has windows of its own, those alone."""
    own = {window.jurisdiction for window in local.windows}
    return RuleParameters(
        released.rule, local.clause, (*local.windows, *(window for window in released.windows if window.jurisdiction not in own))
    )


def _check(windows: Sequence[Window]) -> None:
    for window in windows:
        end = window.valid_to or date.max
        if end < window.valid_from:
            raise ValueError(f"a window ends before it begins: {window.valid_from}")
        for other in windows:
            same = other is not window and other.jurisdiction == window.jurisdiction
            if same and window.valid_from <= other.valid_from <= end:
                raise ValueError(f"two windows overlap in {window.jurisdiction}: {window.valid_from} and {other.valid_from}")
