"""One thing that `doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contracts.errors import ExchangeError
from contracts.findings import Finding

State = Literal["ok", "notice", "fault"]
What = Literal["home", "keys", "carrier", "brokers", "topics", "clock", "trust", "prekeys", "partners", "disk", "work"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        finding: what to know and to do; None where all is well.
        fact: a short word for the screen: an agency, a count, a date.
    """

    what: What
    state: State
    fact: str = ""
    finding: Finding | None = None


def told(what: What, state: State, code: str, fact: str = "", **facts: str | int) -> Check:
    """A check with something to know."""
    return Check(what, state, fact, Finding(None, None, code, facts=facts))


def fault(what: What, error: ExchangeError) -> Check:
    """A check that ended in a refusal."""
    return Check(what, "fault", "", Finding(None, None, error.code, facts=error.facts))
