"""Layouts that a person has confirmed: which header means which field in the files of one sender."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ALIKE = 0.8
"""Share of headers that a file must have in common with a confirmed layout to be of the same sender."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A confirmed reading of one sender's headers. Who sends files is told by their headers: the same set is the same sender.

    Attributes:
        headers: canonical header paths of the file that was confirmed.
        fields: header path -> field (`members#1` for the column of names), "" for a column that is not to be read; what was confirmed.
    """

    list: str
    headers: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hex: the same layout is the same digest."""
        body = {"list": self.list, "headers": sorted(set(self.headers)), "fields": dict(self.fields)}
        return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def fits(self, paths: Iterable[str]) -> bool:
        """Whether a file with these header paths is of the same sender."""
        mine, theirs = set(self.headers), {p for p in paths if p}
        return set(self.fields) <= theirs and len(mine & theirs) >= ALIKE * len(mine | theirs)


def settled(layouts: Sequence[Layout], code: str, paths: Sequence[str]) -> Mapping[str, str]:
    """What was confirmed for files with these headers: of the first layout that fits, the newest first."""
    return next((layout.fields for layout in layouts if layout.list == code and layout.fits(paths)), {})
