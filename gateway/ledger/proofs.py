"""Roots, proofs and checkpoints of the ledger, the hashes fetched in one query each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.ledger import reading
from security.keys import PublicKey, Signer
from security.log import checkpoint as checkpoints
from security.log import merkle
from security.log.checkpoint import Checkpoint
from security.log.merkle import Node
from security.log.proof import Proof

Result = TypeVar("Result")


def root(connection: Connection, size: int | None = None) -> bytes:
    """Root over the first `size` entries (all, when not given), 32 B.

    Raises:
        ExchangeError: E-PROOF, there are fewer; E-LEDGER-DAMAGED.
    """
    size = _within(connection, size)
    return _with_nodes(connection, lambda node: merkle.range_root(node, 0, size))


def inclusion(connection: Connection, index: int, size: int | None = None) -> list[bytes]:
    """Path of entry `index` in the tree over the first `size` entries.

    Raises:
        ExchangeError: E-PROOF, no such entry; E-LEDGER-DAMAGED.
    """
    size = _within(connection, size)
    return _with_nodes(connection, lambda node: merkle.inclusion_path(node, index, size))


def consistency(connection: Connection, old: int, size: int | None = None) -> list[bytes]:
    """Proof that the first `old` entries are a prefix of the first `size`.

    Raises:
        ExchangeError: E-PROOF, `old` is 0 or more than `size`; E-LEDGER-DAMAGED.
    """
    size = _within(connection, size)
    return _with_nodes(connection, lambda node: merkle.consistency_path(node, old, size))


def checkpoint(
    connection: Connection, owner: AgencyId, keys: Sequence[tuple[PublicKey, Signer]], size: int | None = None
) -> bytes:
    """The signed state of the ledger: a note by the home's `log` pair (trust.own.log_keys)."""
    size = _within(connection, size)
    return checkpoints.sign(Checkpoint(owner, size, root(connection, size)), keys)


def prove(connection: Connection, index: int, note: bytes) -> bytes:
    """The `.tlog-proof` file of entry `index` under a checkpoint of this ledger."""
    return Proof(index, tuple(inclusion(connection, index, checkpoints.peek(note).size)), note).to_bytes()


def _within(connection: Connection, size: int | None) -> int:
    held = reading.size(connection)
    if size is not None and not 0 <= size <= held:
        raise ExchangeError("E-PROOF", why=f"tree of {size} in {held}")
    return held if size is None else size


def _with_nodes(connection: Connection, compute: Callable[[Node], Result]) -> Result:
    """Run `compute` dry to learn which nodes it asks for, fetch them at once, and run it on them.

    What the functions of `merkle` ask for depends on sizes alone, never on hashes.
    """
    wanted: set[tuple[int, int]] = set()

    def note_down(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return b""

    compute(note_down)
    found = reading.nodes(connection, wanted)
    return compute(lambda level, index: found[level, index])
