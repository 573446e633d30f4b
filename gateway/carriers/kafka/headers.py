"""What stands beside a record: CloudEvents in the binary mode of its Kafka binding, for routing and for other people's tools.

    content-type      application/json (signed envelopes) or application/octet-stream (chunks)
    ce_specversion    1.0
    ce_type           roster.v1.manifest, .chunk, .receipt, .prekeys, .trust
    ce_source         /<county>/<department> of the sender
    ce_id             digest of what is signed; of a chunk that of its manifest, a slash and the index
    ce_subject        feed, of packages
    ce_delivery       16 hex digits, chosen for each posting of each thing
    ce_index          of a chunk, from 0
    ce_count          of a package: how many chunks follow its manifest
    proof             of a chunk: its inclusion path, 32 B each, lowest first

Everything here is a claim and nothing is decided by it: signatures and the authenticated header of each chunk say the same again.
The layout of other producers, other versions and other tools is not guessed: such a record is set aside with its position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.kafka.topics import LAYOUT
from gateway.carriers.port import Purpose, RecordKind

Header = tuple[str, bytes]

_TYPE = f"roster.{LAYOUT}."
_KINDS: dict[str, RecordKind] = {"manifest": "manifest", "chunk": "chunk", "receipt": "receipt", "prekeys": "prekeys", "trust": "trust"}
_PURPOSE: dict[RecordKind, Purpose] = {
    "manifest": "package", "chunk": "package", "receipt": "receipt", "prekeys": "prekeys", "trust": "trust",
}
_ID = re.compile(r"([0-9a-f]{64})(/[0-9]{1,6})?")
_DELIVERY = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_PROOF_LIMIT = 32 * 20
"""A path of twenty hashes is that of a million chunks."""


@dataclass(frozen=True, slots=True)
class Label:
    """The headers of one record, read.

    Attributes:
        name: digest of what is signed in the thing that the record belongs to.
        delivery: the same for a manifest and the chunks that were posted with it.
        count: of a manifest, how many chunks follow; 0 of anything else.
    """

    kind: RecordKind
    name: str
    sender: AgencyId
    delivery: str
    index: int | None = None
    count: int = 0
    feed: str | None = None
    proof: bytes | None = None

    def headers(self) -> list[Header]:
        found = {
            "content-type": "application/octet-stream" if self.kind == "chunk" else "application/json",
            "ce_specversion": "1.0",
            "ce_type": f"{_TYPE}{self.kind}",
            "ce_source": f"/{self.sender}",
            "ce_id": self.name if self.index is None else f"{self.name}/{self.index}",
            "ce_delivery": self.delivery,
        }
        if self.feed is not None:
            found["ce_subject"] = self.feed
        if self.kind == "manifest":
            found["ce_count"] = str(self.count)
        if self.index is not None:
            found["ce_index"] = str(self.index)
        plain = [(name, value.encode()) for name, value in found.items()]
        return plain if self.proof is None else [*plain, ("proof", self.proof)]

    @classmethod
    def read(cls, headers: Sequence[Header], purpose: Purpose, place: str) -> Label:
        """The label of a record in a topic of some purpose.

        Raises:
            ExchangeError: E-KAFKA-FOREIGN, not written by this layout.
        """
        try:
            given = {name: value.decode("ascii") for name, value in headers if name.startswith("ce_")}
            proof = next((bytes(value) for name, value in headers if name == "proof"), None)
            kind = _KINDS[given["ce_type"].removeprefix(_TYPE)]
            name, index = _matched(_ID, given["ce_id"]), given.get("ce_index")
            sender = AgencyId.parse(given["ce_source"].removeprefix("/"))
            known = (given["ce_specversion"] == "1.0" and given["ce_type"].startswith(_TYPE) and _PURPOSE[kind] == purpose
                     and (index is None) == (kind != "chunk") and (proof is None or (len(proof) % 32 == 0 and len(proof) <= _PROOF_LIMIT)))
            if not known:
                raise ValueError("another layout")
            return cls(kind, name[1], sender, _matched(_DELIVERY, given["ce_delivery"])[0],
                       None if index is None else int(_matched(_NUMBER, index)[0]),
                       int(_matched(_NUMBER, given["ce_count"])[0]) if kind == "manifest" else 0, given.get("ce_subject"), proof)
        except (KeyError, ValueError, AttributeError, ExchangeError):
            raise ExchangeError("E-KAFKA-FOREIGN", place=place) from None


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError("another layout")
    return found
