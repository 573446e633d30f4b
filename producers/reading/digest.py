"""Similar findings together: what a person is told first, with true numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.findings import Finding

_RANK = {"error": 0, "warning": 1, "fixed": 2}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one code about one column.

    Attributes:
        first: the one that is shown for all.
        count: how many there are.
        places: where the first of them stand, as `Sheet!B37`; empty about a whole file.
    """

    first: Finding
    count: int
    places: tuple[str, ...]


def grouped(findings: Iterable[Finding], shown: int = 10) -> list[Group]:
    """Groups in order of severity, then of where they first stand.

    Args:
        shown: places named of each group at most.
    """
    groups: dict[tuple[str, object], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.field or finding.facts.get("column") or finding.sheet), []).append(finding)
    ordered = sorted(groups.values(), key=lambda g: _RANK[g[0].severity])
    several = len({f.sheet for g in ordered for f in g if f.sheet}) > 1
    return [Group(g[0], len(g), _places(g[:shown], several=several)) for g in ordered]


def _places(findings: Sequence[Finding], *, several: bool) -> tuple[str, ...]:
    return tuple(place for f in findings if (place := _place(f, several=several)))


def _place(finding: Finding, *, several: bool) -> str:
    """The sheet is named where findings stand in several."""
    if finding.cell is None:
        return finding.sheet or ""
    return f"{finding.sheet}!{finding.cell}" if several and finding.sheet else finding.cell
