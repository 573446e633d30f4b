"""How the headers of a table fit a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a column is taken for a field, or could be.

    Attributes:
        how: `exact` the list's own header, `settled` confirmed by a person, `same` other words for the same, `loose` words that can mean
            it, `values` the column's values alone; fit: share of the values that fit, None where they say nothing.
    """

    field: str
    how: str
    fit: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How the headers of a table fit a list.

    Attributes:
        fields: field -> column; partners: field -> second column.
        known: columns that are known and not read; unknown: columns that are neither.
        reasons: column -> why it was taken; doubts: column of `unknown` -> what it could be.
        yuan: column -> how many yuan one unit of its amounts is, where not one.
    """

    list: str
    fields: Mapping[str, int]
    partners: Mapping[str, int]
    known: tuple[int, ...]
    unknown: tuple[int, ...]
    reasons: Mapping[int, Reason] = field(default_factory=dict)
    doubts: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)
    yuan: Mapping[int, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """More is better: fields count double, what is unknown counts against it, words of the list's own a little more than others."""
        exact = sum(r.how in ("exact", "settled") for r in self.reasons.values())
        return 2 * len(self.fields) + len(self.partners) + len(self.known) - len(self.unknown) + exact / 8
