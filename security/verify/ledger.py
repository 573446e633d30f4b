"""The ledger side of a bundle: the checkpoint, the entries under it, and what they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import encoding
from security.log import checkpoint, merkle
from security.log.checkpoint import Checkpoint
from security.trust.trust import Trust
from security.verify.bundle import Evidence, LoggedEntry

_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True)
class VerifiedEntries:
    """Entries that stand under a verified checkpoint; `verify_entries` makes it.

    Attributes:
        first_naming: digest (64 hex) -> index of the first entry of the bundle that enters it as `sha256:<digest>`.
        receipts: digest of each receipt that an entry names together with a manifest -> that manifest's digest.
    """

    checkpoint: Checkpoint
    first_naming: Mapping[str, int]
    receipts: Mapping[str, str]

    def index_of(self, digest: str, what: str) -> int:
        """Where a document was first entered.

        Raises:
            ExchangeError: E-EVIDENCE-LOG, naming `what`.
        """
        if digest not in self.first_naming:
            raise ExchangeError("E-EVIDENCE-LOG", what=what)
        return self.first_naming[digest]


def verify_entries(evidence: Evidence, trust: Trust) -> VerifiedEntries:
    """The entries of a bundle, each in its place.

    1. the checkpoint is signed by log keys that the newest trust list gives its owner, valid at the last entry's time
    2. every entry stands at its index under the checkpoint's root

    The caller owes: what the entries should name. Times in entries are the owner's word; their order is the tree's.

    Raises:
        ExchangeError: E-EVIDENCE-FORM, E-EVIDENCE-LOG, E-CHECKPOINT-*, E-SIG, E-PROOF.
    """
    if not evidence.entries:
        raise ExchangeError("E-EVIDENCE-LOG", what="anything")
    bodies = {entry.index: _body(entry) for entry in evidence.entries}
    # 1
    owner = checkpoint.peek(evidence.checkpoint).owner
    try:
        last = encoding.time_of(str(bodies[max(bodies)].get("at")))
    except ValueError:
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry has no time") from None
    state = checkpoint.verify(evidence.checkpoint, trust.newest.keys_for(owner, "log", last))
    # 2
    for entry in evidence.entries:
        merkle.verify_inclusion(merkle.leaf_hash(entry.body), entry.index, state.size, entry.path, state.root)
    first: dict[str, int] = {}
    receipts: dict[str, str] = {}
    for index in sorted(bodies):
        named = _digests(bodies[index])
        if "receipt" in named and "manifest" in named:  # such an entry is about the manifest; it enters the receipt alone
            receipts[named["receipt"]] = named.pop("manifest")
        for digest in named.values():
            first.setdefault(digest, index)
    return VerifiedEntries(state, first, receipts)


def _digests(body: dict[str, object]) -> dict[str, str]:
    return {
        fact: value.removeprefix(_PREFIX) for fact, value in body.items() if isinstance(value, str) and value.startswith(_PREFIX)
    }


def _body(entry: LoggedEntry) -> dict[str, object]:
    try:
        found = json.loads(entry.body)
    except (ValueError, RecursionError):
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry is not JSON") from None
    if not isinstance(found, dict):
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry is no object")
    return found
