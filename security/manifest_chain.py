"""Where a manifest stands among those of the same sender, feed and recipient: next, late, repeated, or forked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from contracts.errors import ExchangeError
from security.manifest import VerifiedManifest

Standing = Literal["next", "late", "waiting", "repeat"]


@dataclass(frozen=True, slots=True)
class Link:
    """What has to be remembered of a verified manifest."""

    sequence: int
    digest: str
    prev: str | None
    edition: str
    revision: int

    @classmethod
    def of(cls, verified: VerifiedManifest) -> Link:
        header = verified.manifest.header
        return cls(header.sequence, verified.digest, verified.manifest.prev, header.edition, header.revision)


@dataclass(frozen=True, slots=True)
class Place:
    """`standing`: `next` ahead of all known; `late` fills a hole and is on the chain of what followed; `waiting` is behind but its
    successor has not come, so nothing vouches for it yet; `repeat` is known already. `missing`: sequence numbers before the highest
    that have not come."""

    standing: Standing
    missing: tuple[tuple[int, int], ...]


def place(new: VerifiedManifest, known: Sequence[Link]) -> Place:
    """The place of `new` among `known`, verified manifests of the same (sender, feed, recipient) in any order.

    1. the same digest again is a repeat
    2. one digest a sequence number, and one an (edition, revision)
    3. `prev` is the digest of the neighbour below, and the neighbour above has ours as its `prev`
    4. revisions of an edition rise with the sequence
    5. below the highest: only on the chain of a known successor

    The caller owes: keeping both signed manifests of a fork as evidence; asking again about one that waits; naming what is missing.
    A gap blocks nothing.

    Raises:
        ExchangeError: E-CHAIN-FORK, E-EDITION-FORK, E-EDITION-ROLLBACK.
    """
    link = Link.of(new)
    everything = {other.sequence: other for other in known}
    if any(other.digest == link.digest for other in known):  # 1
        return Place("repeat", _missing(everything))
    if link.sequence in everything:  # 2
        raise ExchangeError("E-CHAIN-FORK", seq=link.sequence)
    below, above = everything.get(link.sequence - 1), everything.get(link.sequence + 1)
    if (below and link.prev != below.digest) or (above and above.prev != link.digest):  # 3
        raise ExchangeError("E-CHAIN-FORK", seq=link.sequence)
    _check_revisions(link, known)  # 2, 4
    highest = max(everything, default=0)
    everything[link.sequence] = link
    if link.sequence > highest:
        return Place("next", _missing(everything))
    return Place("late" if above else "waiting", _missing(everything))  # 5


def _check_revisions(link: Link, known: Sequence[Link]) -> None:
    for other in known:
        if other.edition != link.edition:
            continue
        if other.revision == link.revision:
            raise ExchangeError("E-EDITION-FORK", edition=link.edition, rev=link.revision)
        if (other.revision < link.revision) != (other.sequence < link.sequence):
            raise ExchangeError("E-EDITION-ROLLBACK", edition=link.edition, rev=link.revision)


def _missing(links: dict[int, Link]) -> tuple[tuple[int, int], ...]:
    """Holes as (first, last), both inclusive: a hole of a million numbers is still one pair."""
    holes: list[tuple[int, int]] = []
    expected = 1
    for sequence in sorted(links):
        if sequence > expected:
            holes.append((expected, sequence - 1))
        expected = sequence + 1
    return tuple(holes)
