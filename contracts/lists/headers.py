"""Which column of a table is which field of a list, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from contracts.lists.aliases import aliases, meanings_of, not_carried_meanings, role_in
from contracts.lists.endings import suits
from contracts.lists.match import Match, Reason
from contracts.lists.meaning import STRANGER, Sense, sense
from contracts.lists.profile import Values, fit, holds_ids, looks_like_day, looks_like_phone
from contracts.lists.source import ListField, SourceList
from contracts.lists.spelling import LEVEL, canonical, canonical_path, ours
from contracts.lists.units import Unit
from contracts.lists.vocabulary import per_of

__all__ = ["LEVEL", "Match", "Reason", "aliases", "canonical", "canonical_path", "match", "ours"]

_SAME, _LOOSE = 0.9, 0.6
"""Weight of words that mean a field, and of those that only can mean it."""

_AGREES, _CONTRADICTS = 0.6, 0.3
"""Share of a column's values from which they speak for a field, and below which against it."""

_NEAR = {("applicant", "head"), ("month", "before"), ("month", "after"), ("month", ""), ("cardholder", "payee"), ("after", "")}
"""Roles that can be meant by another's words."""

_MONEY_ROLES, _MONEY = {"payee", "cardholder", "head"}, {"bank-account", "bank-name", "account-name"}
"""An account is the row's own, whoever is said to draw from it."""


def match(
    paths: Sequence[str],
    listing: SourceList,
    values: Callable[[int], Values] | None = None,
    settled: Mapping[str, str] | None = None,
    unit: Unit | None = None,
    texts: Sequence[tuple[str, ...]] | None = None,
) -> Match:
    """Fit header paths (canonical, one a column, "" where there is none) to a list.

    The list's own headers come first, then what a person has settled, then other words for the same thing; words that can mean it count
    only where the column's values agree and nothing else claims the field. What only could be is named in `doubts` and not read.

    Args:
        values: some values of a column; without them headers decide alone.
        settled: header path -> field, or "" for a column that is not to be read, as a person confirmed for files with these headers.
        unit: of amounts whose header says none.
        texts: the headers as they stand, upper level first; without them the paths serve, which no longer say every unit.
    """
    said = texts or [tuple(p.split(LEVEL)) for p in paths]
    return _Matching(paths, said, listing, values, settled or {}, unit).result()


@dataclass(frozen=True, slots=True)
class _Offer:
    """A column that could be a field by its words."""

    weight: float
    column: int
    field: str
    which: str
    how: str
    share: float | None


class _Matching:
    def __init__(
        self,
        paths: Sequence[str],
        texts: Sequence[tuple[str, ...]],
        listing: SourceList,
        values: Callable[[int], Values] | None,
        settled: Mapping[str, str],
        unit: Unit | None,
    ) -> None:
        self.paths, self.texts, self.listing, self.settled, self.unit = paths, texts, listing, settled, unit
        self.values, self.bare = values or (lambda _: Values((), ())), values is None
        self.known = aliases(listing.code)
        self.last = [p.rpartition(LEVEL)[2] for p in paths]
        self.fields: dict[str, int] = {}
        self.partners: dict[str, int] = {}
        self.passed: set[int] = set()
        self.reasons: dict[int, Reason] = {}

    def result(self) -> Match:
        self._by_own_words()
        offers = self._offers()
        self._by_meaning(offers)
        self._by_pairs()
        taken = {*self.fields.values(), *self.partners.values(), *self.passed}
        unknown = tuple(c for c, p in enumerate(self.paths) if p and c not in taken)
        doubts = {c: tuple(self._reason(o) for o in offers[c] if o.field not in self._into(o.which)) for c in unknown if c in offers}
        known = tuple(sorted(self.passed))
        real = {c: d for c, d in doubts.items() if d}
        return Match(self.listing.code, self.fields, self.partners, known, unknown, self.reasons, real, self._yuan())

    def _yuan(self) -> dict[int, int]:
        amounts = [c for name, c in self.fields.items() if self.listing.fields[name].type == "amount"]
        units = {c: self._sense(c).unit or self.unit for c in amounts}
        return {c: unit.yuan for c, unit in units.items() if unit is not None and unit.yuan != 1}

    def _sense(self, column: int) -> Sense:
        return sense(self.texts[column])

    def _by_own_words(self) -> None:
        """Headers that the list itself has, and those that a person has settled."""
        seen: dict[str, int] = {}
        for column, path in enumerate(self.paths):
            if not path:
                continue
            seen[path] = seen.get(path, 0) + 1
            if path in self.settled and seen[path] == 1:
                self._settle(column, self.settled[path])
                continue
            key = self._shorten(path if seen[path] == 1 else f"{path}#{seen[path]}", column)
            name, partner = self.known.fields.get(key), self.known.partners.get(key)
            if name is not None and name not in self.fields:
                self.fields[name] = column
                self.reasons[column] = Reason(self._named(name, ""), "exact")
            elif partner is not None and partner not in self.partners:
                self.partners[partner] = column
                self.reasons[column] = Reason(partner, "exact")
            elif key in self.known.not_carried or ours(self.last[column]):
                self.passed.add(column)

    def _settle(self, column: int, name: str) -> None:
        bare = name.partition("#")[0]
        if bare not in self.listing.fields:
            self.passed.add(column)
            return
        into = self.partners if self.listing.fields[bare].partner and name == bare else self.fields
        if bare in into:
            self.reasons.pop(into[bare], None)
        into[bare] = column
        self.reasons[column] = Reason(name, "settled")

    def _named(self, name: str, which: str) -> str:
        """A field as reasons and layouts call it: the column of names of a field that has two is `name#1`."""
        return f"{name}#1" if self.listing.fields[name].partner and not which else name

    def _shorten(self, key: str, column: int) -> str:
        """The list's own path for a column whose upper header is worded otherwise, where its lower header says enough."""
        known = self.known
        if key in known.fields or key in known.partners or key in known.not_carried:
            return key
        last = self.last[column]
        if self.last.count(last) > 1 or "#" in key:
            return key
        roles = {role_in(m.role, self.listing) for m in self._sense(column).meanings} - {""}
        if roles:
            return key
        if last in known.fields or last in known.not_carried:
            return last
        ending = [k for k in (*known.fields, *known.not_carried) if k.rpartition(LEVEL)[2] == last]
        return ending[0] if len(ending) == 1 else key

    def _offers(self) -> dict[int, list[_Offer]]:
        """Column -> fields that it could be by its words: (weight, field, how, fit), the likelier first."""
        found: dict[int, list[_Offer]] = {}
        for column, path in enumerate(self.paths):
            if not path or column in self.reasons or column in self.passed:
                continue
            said = self._sense(column)
            if self.paths.count(path) > 1 and any(m.concept in ("name", "id") for m in said.meanings):
                continue  # several people, and nothing says who is who
            offers = []
            for (name, which), means in meanings_of(self.listing.code).items():
                how = self._how(said, means)
                if how == "loose" and not suits(self.last[column], self.listing.fields[name].type, {role for role, _ in means}):
                    continue
                if how is not None:
                    share = self._fit(self.listing.fields[name], which, means, column)
                    agrees = 0.2 * (share - 0.5) if share is not None else 0.0
                    weight = (_SAME if how == "same" else _LOOSE) + agrees - self._remote(said, means)
                    offers.append(_Offer(weight, column, name, which, how, share))
            if offers:
                found[column] = sorted(offers, key=lambda o: -o.weight)
            elif self._is_known(said):
                self.passed.add(column)
        return found

    def _how(self, said: Sense, means: frozenset[tuple[str, str]]) -> str | None:
        best: str | None = None
        for meaning in said.meanings:
            for role, concept in means:
                if meaning.concept != concept or not self._same_period(said.unit, concept):
                    continue
                own = role_in(meaning.role, self.listing)
                if own == role and not meaning.loose:
                    return "same"
                if own == role or (own, role) in _NEAR or (own in _MONEY_ROLES and concept in _MONEY and role == ""):
                    best = "loose"
        return best

    def _remote(self, said: Sense, means: frozenset[tuple[str, str]]) -> float:
        """A little less for a role that means the row's own person only in some lists, and for rarer words: the nearer ones win."""
        own, concepts = self.listing.own, {concept for _, concept in means}
        role = max((0.01 * own.index(m.role) for m in said.meanings if m.role in own), default=0.0)
        return role + min((0.0001 * m.rank for m in said.meanings if m.concept in concepts), default=0.0)

    def _same_period(self, unit: Unit | None, concept: str) -> bool:
        per = per_of(concept)
        return not (unit and unit.per and per) or unit.per == per

    def _fit(self, one: ListField, which: str, means: frozenset[tuple[str, str]], column: int) -> float | None:
        values = self.values(column)
        if one.type == "members":
            share = holds_ids(values) if values.words else None
            return share if which or share is None else 1 - share
        if any(concept == "phone" for _, concept in means) and values.words:
            return looks_like_phone(values)
        share = fit(one, values)
        if share is not None and one.type in ("date", "month"):
            days = looks_like_day(values)
            share *= 0.8 + 0.2 * (days if one.type == "date" else 1 - days)
        return share

    def _is_known(self, said: Sense) -> bool:
        """Whether it means the same as a header that the list knows and does not read."""
        mine = {(role_in(m.role, self.listing), m.concept) for m in said.meanings if not m.loose}
        return bool(mine & not_carried_meanings(self.listing.code))

    def _by_meaning(self, offers: Mapping[int, Sequence[_Offer]]) -> None:
        """Give columns to fields, the surest pair first; words that can mean several things only where the values agree."""
        used: set[int] = set()
        for offer in sorted((o for each in offers.values() for o in each), key=lambda o: (-o.weight, o.column)):
            into = self._into(offer.which)
            if offer.column in used or offer.field in into:
                continue
            if not self._holds(offer):
                continue
            into[offer.field] = offer.column
            self.reasons[offer.column] = self._reason(offer)
            used.add(offer.column)

    def _holds(self, offer: _Offer) -> bool:
        """Whether the values agree; where they could and there are none, words that only can mean it are not enough."""
        if offer.share is None:
            return offer.how == "same" or bool(self.values(offer.column).words) or self.bare
        return offer.share >= (_CONTRADICTS if offer.how == "same" else _AGREES)

    def _by_pairs(self) -> None:
        """The row's own person, where the list's words for him are unknown: the only unknown somebody with a name and a number."""
        own = (self.listing.name_field, self.listing.id_field)
        if any(name in self.fields for name in own):
            return
        found: dict[str, dict[str, int]] = {}
        for column, path in enumerate(self.paths):
            for meaning in self._sense(column).meanings if path and column not in self.reasons else ():
                if meaning.role.startswith(STRANGER) and meaning.concept in ("name", "id"):
                    found.setdefault(meaning.role, {}).setdefault(meaning.concept, column)
        pairs = [each for each in found.values() if len(each) == len(own)]
        if len(pairs) != 1:
            return
        for name, concept in zip(own, ("name", "id"), strict=True):
            column = pairs[0][concept]
            share = fit(self.listing.fields[name], self.values(column))
            if share is not None and share < _AGREES:
                return
            self.fields[name] = column
            self.reasons[column] = Reason(name, "loose", share)

    def _reason(self, offer: _Offer) -> Reason:
        return Reason(self._named(offer.field, offer.which), offer.how, offer.share)

    def _into(self, which: str) -> dict[str, int]:
        return self.partners if which else self.fields
