"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or program behind a use case, as the ledger names it.

    Attributes:
        account: login name at the home's computer or of the console.
        roles: of clerk, reviewer, partner, auditor, administrator.
        address: where the request came from; empty for the command line.
        reason: why, where a use case asks for one.
    """

    account: str
    roles: frozenset[str]
    address: str = ""
    reason: str = ""
