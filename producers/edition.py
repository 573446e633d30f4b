"""From contract rows to a sealed edition for one recipient: cut, encode, compress, seal, sign. Pure but for the random source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from contracts import avro, notes
from contracts.avro_types import polars_schema
from contracts.ids import Period
from contracts.views import View
from producers.chunks import ChunkCutter, Payload
from producers.views import apply_view
from security import compression, manifest
from security.chunk import Sealer
from security.header import EditionHeader
from security.keys import PublicKey, Signer
from security.log.merkle import EMPTY_ROOT
from security.manifest import Kind, Manifest
from security.package_leaves import tree_of


@dataclass(frozen=True, slots=True)
class Content:
    """An edition before it is sealed.

    Attributes:
        payloads: at least one.
        rows: rows of the edition itself; `unconfirmed` keys beside them.
    """

    payloads: tuple[Payload, ...]
    rows: int
    unconfirmed: int


class EditionContent:
    """Collects one recipient's rows batch by batch; holds compressed payloads and at most one chunk of rows."""

    def __init__(self, view: View, period: Period, sources: Sequence[notes.Source]) -> None:
        self.view = view
        self._period = period
        self._sources = sources
        self._payloads: list[Payload] = []
        self._empty = pl.DataFrame(schema=polars_schema(view.schema))
        self._cutter = ChunkCutter(self._encode, self._payloads.append, self._empty)

    def add(self, rows: pl.DataFrame) -> None:
        """Add contract rows; the view decides what of them goes in."""
        self._cutter.add(apply_view(rows, self.view, self._period))

    def finish(self, unconfirmed: pl.DataFrame) -> Content:
        """Close the edition; unconfirmed keys (columns `view.key`) follow the rows in chunks of their own."""
        self._cutter.flush()
        for part in unconfirmed.select(self.view.key).iter_slices(notes.MOST_KEYS):
            self._payloads.append(Payload(0, self._encode(self._empty, part)))
        if not self._payloads:
            self._payloads.append(Payload(0, self._encode(self._empty)))
        return Content(tuple(self._payloads), sum(payload.rows for payload in self._payloads), unconfirmed.height)

    def _encode(self, frame: pl.DataFrame, unconfirmed: pl.DataFrame | None = None) -> bytes:
        return compression.compress(avro.encode(frame, self.view.schema, notes.write(self._sources, self.view, unconfirmed)))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed edition.

    Attributes:
        digest: SHA-256 (hex) of the manifest's payload.
        manifest: the signed envelope.
        chunks: in order.
    """

    digest: str
    manifest: bytes
    chunks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """What links an edition to what was sent before.

    Attributes:
        prev: digest of the manifest before it in the chain; None for the first.
        trust: version of the trust list used.
    """

    kind: Kind
    prev: str | None
    trust: int


def seal(
    content: Content, header: EditionHeader, chain: Chain, recipient: PublicKey, signers: Sequence[Signer], random: Callable[[int], bytes]
) -> Sealed:
    """Seal and sign.

    Raises:
        ExchangeError: E-SEAL-KEY, E-SEAL-SIZE, E-HEADER-FIELD, E-MANIFEST-FORM.
    """
    sealer = Sealer(header, len(content.payloads), recipient, random)
    chunks = tuple(sealer.seal(index, payload.content) for index, payload in enumerate(content.payloads))
    root = tree_of([hashlib.sha256(chunk).digest() for chunk in chunks]).root().hex()
    return _signed(
        Manifest(header=header, kind=chain.kind, size=len(chunks), root=root, prev=chain.prev, trust=chain.trust), chunks, signers
    )


def withdraw(header: EditionHeader, chain: Chain, signers: Sequence[Signer]) -> Sealed:
    """A recall: a revision without chunks."""
    statement = Manifest(header=header, kind="withdrawn", size=0, root=EMPTY_ROOT.hex(), prev=chain.prev, trust=chain.trust)
    return _signed(statement, (), signers)


def _signed(statement: Manifest, chunks: tuple[bytes, ...], signers: Sequence[Signer]) -> Sealed:
    return Sealed(hashlib.sha256(statement.to_bytes()).hexdigest(), manifest.sign(statement, signers), chunks)
