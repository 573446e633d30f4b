"""Which of the editions already held an arriving one replaces, and whether it comes too late itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consumers.sinks.port import EditionFacts
from contracts.errors import ExchangeError


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition whose rows (or whose withdrawal) count at present, of the same feed and sender as the arriving one."""

    manifest: str
    edition: str
    revision: int
    period: str
    kind: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the arriving edition does to those that stand: nothing when superseded, else it takes the place of `replaced`."""

    superseded: bool
    replaced: frozenset[str]


def judge(facts: EditionFacts, standing: Iterable[Standing]) -> Verdict:
    """Compare with what stands. A month has one snapshot, whatever its edition is called; increments and events add up.

    Raises:
        ExchangeError: E-SINK-REVISION, the same revision is there with other content.
    """
    rivals = [other for other in standing if _same_place(facts, other)]
    if any(other.revision == facts.revision for other in rivals):
        raise ExchangeError("E-SINK-REVISION", feed=facts.feed, period=str(facts.period), revision=facts.revision)
    if any(other.revision > facts.revision for other in rivals):
        return Verdict(superseded=True, replaced=frozenset())
    return Verdict(superseded=False, replaced=frozenset(other.manifest for other in rivals))


def _same_place(facts: EditionFacts, other: Standing) -> bool:
    if other.edition == facts.edition:
        return True
    return facts.kind == "snapshot" and other.kind == "snapshot" and other.period == str(facts.period)
