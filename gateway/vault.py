"""Rows at rest: packages that a home seals to its own key, one key a business month, so that a month can be shredded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from contracts import avro
from contracts.avro_types import Schema, canonical_json
from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from gateway import spool
from producers.chunks import ChunkCutter, Payload
from security import compression, manifest
from security.chunk import Opener, Sealer
from security.header import EditionHeader
from security.keys import PublicKey
from security.keystore.port import KeyStore
from security.log.merkle import EMPTY_ROOT
from security.manifest import VerifiedManifest
from security.package import Package, check
from security.package_leaves import VerifiedLeaves, tree_of, verify_leaves
from security.trust import own

FEED = "self"
PURPOSE = "at-rest"
_LIFETIME = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Vault:
    """The shelf of one home's own packages.

    Attributes:
        shelf: the directory.
    """

    shelf: Path
    agency: AgencyId
    keys: KeyStore
    random: Callable[[int], bytes]

    def seal(
        self,
        what: str,
        label: str,
        period: Period,
        frames: Iterable[pl.DataFrame],
        columns: Mapping[str, pl.DataType],
        at: datetime,
        metadata: Mapping[str, bytes] | None = None,
    ) -> str:
        """Keep frames as one package; returns its name, the manifest's digest. Durable on return.

        Args:
            what: name of the rows, `dibao-rural-person.p0.accepted`; nothing about persons.
            label: the key, `self/2023-03` or `self/lasting`; made if it is not there.
            columns: of every frame.
            metadata: goes into every chunk, sealed.

        Raises:
            ExchangeError: E-KEY-DESTROYED, the month has been shredded.
        """
        schema = avro.schema_of_frame(_record(what), columns)
        payloads: list[Payload] = []
        cutter = ChunkCutter(
            lambda frame: compression.compress(avro.encode(frame, schema, metadata or {})),
            payloads.append,
            pl.DataFrame(schema=dict(columns)),
        )
        for frame in frames:
            cutter.add(frame)
        total = cutter.finish()
        recipient = self.keys.generate(label, "x-wing")
        header = self._header(what, period, schema, recipient, at)
        sealer = Sealer(header, total, recipient, self.random)
        chunks = [sealer.seal(index, payload.content) for index, payload in enumerate(payloads)]
        tree = tree_of([hashlib.sha256(chunk).digest() for chunk in chunks])
        statement = manifest.Manifest(
            header=header, kind="event", size=total, root=tree.root().hex() if total else EMPTY_ROOT.hex(), prev=None, trust=0
        )
        name = hashlib.sha256(statement.to_bytes()).hexdigest()
        spool.write(self.shelf, name, manifest.sign(statement, own.signers(self.keys, "sign")), chunks)
        return name

    def open(
        self, name: str, columns: Mapping[str, pl.DataType], only: Collection[str] | None = None
    ) -> Iterator[tuple[pl.DataFrame, dict[str, bytes]]]:
        """The frames of a package, one a chunk, each with its metadata; nothing is handed on before its chunk is verified.

        Raises:
            ExchangeError: E-PACKAGE-GONE, E-KEY-DESTROYED, E-MANIFEST-RECORD (not the package of that name), or what its checks raise.
        """
        package = spool.read(self.shelf, name)
        statement = manifest.of_record(package.manifest, name)
        leaves = _leaves(package, statement)
        what = statement.manifest.header.edition.removeprefix("self.")
        schema = avro.schema_of_frame(_record(what), columns)
        opener = Opener(statement, self.keys.unwrap)
        for index in range(statement.manifest.size):
            chunk = package.read(index)
            if chunk is None:
                raise ExchangeError("E-CHUNK-MISSING", number=index + 1, total=statement.manifest.size)
            decoded = avro.decode(compression.decompress(opener.open(index, chunk, leaves)), schema, own=True, only=only)
            yield decoded.frame, decoded.metadata

    def verify(self, name: str) -> None:
        """Check a package without opening it: signatures and tree. Raises as `open`."""
        package = spool.read(self.shelf, name)
        statement = manifest.verify_past(package.manifest, self._own_keys)
        if statement.digest != name:
            raise ExchangeError("E-VAULT-OTHER", package=name[:16])
        check(package, statement)

    def frame(self, name: str, columns: Mapping[str, pl.DataType], only: Collection[str] | None = None) -> pl.DataFrame:
        """All rows of a package in one frame; of its columns only these, where given."""
        frames = [frame for frame, _ in self.open(name, columns, only)]
        return pl.concat(frames, rechunk=True) if len(frames) > 1 else frames[0]

    def _header(self, what: str, period: Period, schema: Schema, recipient: PublicKey, at: datetime) -> EditionHeader:
        digest = hashlib.sha256(canonical_json(schema)).hexdigest()
        return EditionHeader(
            contract=digest,
            schema=digest,
            edition=f"self.{what}",
            revision=1,
            sequence=1,
            sender=self.agency,
            recipient=self.agency,
            recipient_kid=recipient.kid,
            county=self.agency.county,
            feed=FEED,
            period=period,
            purpose=PURPOSE,
            created=at,
            expires=at + _LIFETIME,
        )

    def _own_keys(self, owner: AgencyId, _at: datetime) -> list[PublicKey]:
        if owner != self.agency:
            return []
        found = (self.keys.find(label) for label in self.keys.labels() if label.startswith(("sign/", "sign-pq/")))
        return [key for key in found if key is not None]


def _leaves(package: Package, statement: VerifiedManifest) -> VerifiedLeaves:
    """The digests of all chunks, if they are the statement's; their headers are compared as each is opened."""
    digests: list[bytes] = []
    for index in range(statement.manifest.size):
        chunk = package.read(index)
        if chunk is None:
            raise ExchangeError("E-CHUNK-MISSING", number=index + 1, total=statement.manifest.size)
        digests.append(hashlib.sha256(chunk).digest())
    return verify_leaves(statement, digests)


def _record(what: str) -> str:
    """`dibao-rural-person.p0.accepted` -> `DibaoRuralPerson`: an Avro record name that is the same for all parts."""
    return "".join(part.capitalize() for part in what.split(".", maxsplit=1)[0].split("-"))
