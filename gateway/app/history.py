"""What a home's ledger tells, looked up by digest: when something was first named, and everything it says was done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from contracts.ids import AgencyId
from gateway import ledger
from security.keys import PublicKey
from security.manifest import SigningKeys
from security.trust.trust import Trust

_DIGEST = re.compile(rb"sha256:([0-9a-f]{64})")
_THINGS: Mapping[str, tuple[str, str]] = {
    "edition.sealed": ("editions", "manifest"),
    "edition.withdrawn": ("editions", "manifest"),
    "package.received": ("arrivals", "manifest"),
    "receipt.given": ("receipts", "receipt"),
    "receipt.taken": ("receipts", "receipt"),
    "list.imported": ("imports", "package"),
}


@dataclass(frozen=True, slots=True)
class History:
    """The ledger by digest.

    Attributes:
        first: digest -> index of the first entry that names it.
        told: editions | arrivals | receipts | imports -> digests of those that the ledger says there are.
    """

    first: Mapping[str, int]
    told: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, connection: Connection) -> History:
        """Read the ledger from its beginning; some 3 µs an entry."""
        first: dict[str, int] = {}
        told: dict[str, set[str]] = {thing: set() for thing, _ in _THINGS.values()}
        for entry in ledger.entries(connection):
            for digest in _DIGEST.findall(entry.body):
                first.setdefault(digest.decode(), entry.index)
            body = json.loads(entry.body)
            thing, fact = _THINGS.get(body.get("event"), ("", ""))
            if thing:
                told[thing].add(str(body.get(fact, "")).removeprefix("sha256:"))
        return cls(first, {thing: frozenset(digests) for thing, digests in told.items()})

    def keys_for(self, trust: Trust, digest: str) -> SigningKeys:
        """Who could sign what that digest names: keys of that day, a revoked one only for what was entered before its revocation was."""
        index = self.first.get(digest)

        def keys(owner: AgencyId, at: datetime, /) -> Sequence[PublicKey]:
            lists = (trust.list_of_day(at), trust.newest)
            found = {key.kid: key for each in lists for key in each.keys_even_if_revoked(owner, "sign", at)}
            return [key for kid, key in found.items() if not self._revoked_by(trust, kid, index)]

        return keys

    def _revoked_by(self, trust: Trust, kid: str, index: int | None) -> bool:
        revoking = next((each for each in trust.lists if each.is_revoked(kid)), None)
        if revoking is None:
            return False
        entered = self.first.get(revoking.digest)
        return index is None or entered is None or entered <= index
