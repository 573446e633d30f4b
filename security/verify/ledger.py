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
        first_naming: digest (64 hex) -> index of the first entry of the bundle that names it as `sha256:<digest>`.
    """

    checkpoint: Checkpoint
    first_naming: Mapping[str, int]

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
    for index in sorted(bodies):
        for value in bodies[index].values():
            if isinstance(value, str) and value.startswith(_PREFIX):
                first.setdefault(value.removeprefix(_PREFIX), index)
    return VerifiedEntries(state, first)


def _body(entry: LoggedEntry) -> dict[str, object]:
    try:
        found = json.loads(entry.body)
    except (ValueError, RecursionError):
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry is not JSON") from None
    if not isinstance(found, dict):
        raise ExchangeError("E-EVIDENCE-FORM", why="an entry is no object")
    return found
