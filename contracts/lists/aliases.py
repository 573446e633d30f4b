"""The words that each list has for its fields, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from contracts.lists.meaning import sense
from contracts.lists.source import SourceList, load_lists
from contracts.lists.spelling import LEVEL, canonical


def _alias(header: str) -> str:
    path, mark, ordinal = header.partition("#")
    return LEVEL.join(canonical(p) for p in path.split(LEVEL)) + mark + ordinal


@dataclass(frozen=True, slots=True)
class Aliases:
    """The headers of one list: canonical path -> field, or field of the partner column, or known and not read."""

    fields: Mapping[str, str]
    partners: Mapping[str, str]
    not_carried: frozenset[str]


@cache
def aliases(code: str) -> Aliases:
    """The headers of a list, in canonical spelling.

    Raises:
        ValueError: two fields of the list claim one header.
    """
    listing = load_lists()[code]
    fields: dict[str, str] = {}
    partners: dict[str, str] = {}
    for one in listing.fields.values():
        for into, headers in ((fields, one.headers), (partners, one.partner)):
            for header in headers:
                key = _alias(header)
                if fields.get(key, one.name) != one.name or key in partners:
                    raise ValueError(f"{code}: {header} stands for two fields")
                into[key] = one.name
    return Aliases(MappingProxyType(fields), MappingProxyType(partners), frozenset(_alias(h) for h in listing.not_carried))


@cache
def meanings_of(code: str) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """(field, "" or "partner") -> what its column means: (role, concept), the row's own person without a role."""
    listing = load_lists()[code]
    found: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for one in listing.fields.values():
        for which, headers in (("", one.headers), ("partner", one.partner)):
            if not headers:
                continue
            if one.means and not which:
                pairs = [each.strip().rpartition(" ") for each in one.means.split(",")]
                found[one.name, which] = frozenset((role_in(role, listing), concept) for role, _, concept in pairs)
                continue
            said = [m for h in headers for m in sense(tuple(_alias(h).split(LEVEL))).meanings if not m.loose]
            found[one.name, which] = frozenset((role_in(m.role, listing), m.concept) for m in said)
    return found


_MERGED = {"former": "before", "present": "after"}


def role_in(role: str, listing: SourceList) -> str:
    """A role as a list sees it: "" for the row's own person; before and former, after and present are the same."""
    return "" if role in listing.own or role == "subject" else _MERGED.get(role, role)


@cache
def not_carried_meanings(code: str) -> frozenset[tuple[str, str]]:
    """(role, concept) of the headers that a list knows and does not read."""
    listing = load_lists()[code]
    headers = [tuple(h.split(LEVEL)) for h in aliases(code).not_carried]
    return frozenset((role_in(m.role, listing), m.concept) for h in headers for m in sense(h).meanings if not m.loose)
