"""Proof files (c2sp.org/tlog-proof): where an entry stands in a ledger, with the checkpoint, as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from security import encoding
from security.keys import PublicKey
from security.log import checkpoint, merkle, note
from security.log.checkpoint import Checkpoint

HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof file taken apart.

    Attributes:
        index: of the entry, from 0.
        path: inclusion path, lowest first.
        note: the checkpoint's bytes.
    """

    index: int
    path: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """The `.tlog-proof` file."""
        lines = [HEAD, f"index {self.index}", *map(encoding.base64_text, self.path)]
        return ("\n".join(lines) + "\n\n").encode() + self.note

    @classmethod
    def of_bytes(cls, data: bytes) -> Proof:
        """The inverse of `to_bytes`; an `extra` line is not taken.

        Raises:
            ExchangeError: E-PROOF.
        """
        head, gap, rest = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            path = tuple(encoding.base64_of(line) for line in lines[2:])
        except ValueError:
            raise ExchangeError("E-PROOF", why="not a proof file") from None
        index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
        if len(data) > note.MAX_NOTE or not gap or lines[0] != HEAD or index is None or len(path) > _MAX_PATH:
            raise ExchangeError("E-PROOF", why="not a proof file")
        return cls(int(index[1]), path, rest)


def verify(data: bytes, entry: bytes, candidates: Sequence[PublicKey]) -> tuple[int, Checkpoint]:
    """The index at which `entry` stands, and the checkpoint that says so (checkpoint.verify: what the caller owes).

    Raises:
        ExchangeError: E-PROOF, E-CHECKPOINT-FORM, E-CHECKPOINT-SIGNER, E-SIG.
    """
    proof = Proof.of_bytes(data)
    state = checkpoint.verify(proof.note, candidates)
    merkle.verify_inclusion(merkle.leaf_hash(entry), proof.index, state.size, proof.path, state.root)
    return proof.index, state
