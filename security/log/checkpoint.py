"""Checkpoints (c2sp.org/tlog-checkpoint): the signed size and root of a ledger.

```
cx.ledger/522722/civil-affairs
20852
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— cx.ledger/522722/civil-affairs Az3g…   (Ed25519)
— cx.ledger/522722/civil-affairs /w9k…   (ML-DSA-65)
```
No extension lines: what they say cannot be audited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import encoding
from security.keys import PAIR, PublicKey, Signer, verify_signature
from security.log import note

_ORIGIN = re.compile(r"cx\.ledger/([0-9]{6}/[a-z][a-z0-9-]{1,39})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a ledger.

    Attributes:
        owner: whose ledger.
        size: number of entries.
        root: 32 B.
    """

    owner: AgencyId
    size: int
    root: bytes

    @property
    def origin(self) -> str:
        return origin_of(self.owner)

    def text(self) -> str:
        """The note's text, three lines."""
        return f"{self.origin}\n{self.size}\n{encoding.base64_text(self.root)}\n"


def origin_of(owner: AgencyId) -> str:
    """The name of an agency's ledger, which is also its log keys' name in notes."""
    return f"cx.ledger/{owner}"


def sign(checkpoint: Checkpoint, keys: Sequence[tuple[PublicKey, Signer]]) -> bytes:
    """The signed note. `keys` are the home's `log` pair. Never sign a state that does not continue those signed before."""
    return note.sign(checkpoint.text(), checkpoint.origin, keys)


def peek(data: bytes) -> Checkpoint:
    """What a note says, nothing verified: whose log keys it wants.

    Raises:
        ExchangeError: E-CHECKPOINT-FORM.
    """
    return _read(note.parse(data).text)


def verify(data: bytes, candidates: Sequence[PublicKey]) -> Checkpoint:
    """The checkpoint of a signed note.

    1. form: three lines, canonical size and base64, no extension lines
    2. every signature by a key of `candidates` under the ledger's own name holds; others (witnesses) are passed over
    3. among those that hold are one Ed25519 and one ML-DSA-65 signature

    The caller owes: that `candidates` are the owner's live keys for `log`, and that the ledger continues what was seen of it before
    (merkle.verify_consistency).

    Raises:
        ExchangeError: E-CHECKPOINT-FORM, E-CHECKPOINT-SIGNER, E-SIG.
    """
    # 1
    parsed = note.parse(data)
    found = _read(parsed.text)
    # 2
    by_id = {note.key_id(found.origin, key): key for key in candidates}
    held: set[str] = set()
    for name, key_id, signature in parsed.signatures:
        key = by_id.get(key_id) if name == found.origin else None
        if key is not None:
            verify_signature(key, signature, parsed.text.encode())
            held.add(key.alg)
    # 3
    for alg in PAIR:
        if alg not in held:
            raise ExchangeError("E-CHECKPOINT-SIGNER", origin=found.origin, alg=alg)
    return found


def _read(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise ExchangeError("E-CHECKPOINT-FORM", why="three lines")
    origin = _ORIGIN.fullmatch(lines[0])
    if origin is None or not _SIZE.fullmatch(lines[1]):
        raise ExchangeError("E-CHECKPOINT-FORM", why="origin or size")
    try:
        root = encoding.base64_of(lines[2])
    except ValueError:
        raise ExchangeError("E-CHECKPOINT-FORM", why="root") from None
    if len(root) != 32:
        raise ExchangeError("E-CHECKPOINT-FORM", why="root")
    return Checkpoint(AgencyId.parse(origin[1]), int(lines[1]), root)
