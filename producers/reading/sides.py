"""Lists side by side under one header row: the same one twice, or different ones."""

from __future__ import annotations

from dataclasses import replace

from contracts.values.text import squeeze
from producers.reading.labels import Labels
from producers.reading.recognise import Candidate, Strip, best, candidates, rivals

_MOST = 12
_ENOUGH = 4
"""Fields by which a list that is not the first one again is told from a few columns about somebody else."""


def sides(strip: Strip, chosen: Candidate) -> list[Strip]:
    """Where a header row parts into lists side by side, [] when it is one list.

    It parts only where columns that one list leaves unexplained make whole lists by themselves: the first list's headers again,
    or enough headers of one other list.
    """
    starts = _starts(chosen)
    if not starts:
        return []
    edges = [chosen.left, *starts, chosen.right]
    value: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(edges)):
        options = [
            (value[begin][0] + part.match.score, [*value[begin][1], begin])
            for begin in range(end)
            if value[begin][0] > float("-inf")
            and (part := best(candidates(_part(strip, edges[begin], edges[end]), chosen.labels))) is not None
        ]
        value.append(max(options, key=lambda o: (o[0], -len(o[1])), default=(float("-inf"), [])))
    score, cuts = value[-1]
    parts = [_part(strip, edges[a], edges[b]) for a, b in zip(cuts, [*cuts[1:], len(edges) - 1], strict=True)]
    if len(parts) < 2 or score <= chosen.match.score or not all(_stands_alone(chosen.labels, parts[0], p) for p in parts[1:]):
        return []
    return parts


def _starts(chosen: Candidate) -> list[int]:
    """Columns where another list could begin: after a gap, at a header that stands already, at a row number, where nothing explains."""
    if len(chosen.match.unknown) < 2:
        return []
    paths = chosen.labels.paths
    seen: set[str] = set()
    again: list[int] = []
    found: list[int] = []
    for column in range(chosen.left, chosen.right):
        path = paths[column]
        if not path:
            continue
        if path in seen:
            again.append(column)
        begins = column in chosen.match.unknown and column - 1 not in chosen.match.unknown
        if seen and (path in seen or not paths[column - 1] or squeeze(path) == "序号" or begins):
            found.append(column)
        seen.add(path)
    first = next(paths[c] for c in range(chosen.left, chosen.right) if paths[c])
    if len(found) > _MOST:
        found = [c for c in found if paths[c] == first or not paths[c - 1]][:_MOST]
    gaps = any(not paths[c - 1] for c in found)
    return found if again or gaps else []


def _part(strip: Strip, left: int, right: int) -> Strip:
    return replace(strip, left=left, right=right)


def _stands_alone(header: Labels, first: Strip, part: Strip) -> bool:
    """Whether columns are a list of their own beyond doubt."""
    mine, other = ([p for p in header.paths[s.left : s.right] if p] for s in (first, part))
    if mine == other:
        return True
    here = candidates(part, header)
    top = best(here)
    return top is not None and len(top.match.fields) >= _ENOUGH and len(rivals(here, top)) == 1
