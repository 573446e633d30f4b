"""Packages as they lie in the shared folder, in the hands of somebody who can read and write there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from contracts.feeds import find_feed
from contracts.ids import AgencyId
from gateway import bootstrap
from gateway.carriers.package_file import PackageFile, write_package
from producers.edition import Chain, EditionContent, Sealed, seal
from security import dsse
from security import manifest as manifests
from security.header import EditionHeader
from security.keys import PublicKey
from security.manifest import Manifest
from security.strict_json import Json, encode, parse
from security.trust import own
from tests.e2e.desk import CIVIL, COUNTY, Desk

MEDICAL = "medical-insurance"
SUITE_OF_LATER = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """One package's file: where it lies, its signed manifest, its chunks."""

    path: Path
    manifest: bytes
    chunks: tuple[bytes, ...]

    @property
    def statement(self) -> Manifest:
        """What the manifest says; nothing is verified."""
        return Manifest.of_bytes(dsse.peek(self.manifest, manifests.TYPE).payload)

    @property
    def digest(self) -> str:
        """The edition's name in receipts and chains."""
        return dsse.digest(dsse.peek(self.manifest, manifests.TYPE).payload)

    def write(self, path: Path | None = None) -> None:
        """Put it into the folder, in place of what is there."""
        goal = path or self.path
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.unlink(missing_ok=True)
        with goal.open("w+b") as file:
            write_package(file, self.manifest, self.chunks)

    def with_chunks(self, chunks: Sequence[bytes]) -> Parcel:
        return replace(self, chunks=tuple(chunks))

    def beside(self, number: int) -> Path:
        """A place in the same lane with another number: what is posted again, or in addition."""
        return self.path.with_name(f"{number:010d}-package-{self.digest}.cxp")


def lane(desk: Desk, recipient: str, sender: str = CIVIL) -> Path:
    return desk.folder / "mail" / COUNTY / recipient / f"{COUNTY}-{sender}"


def parcels(desk: Desk, recipient: str, sender: str = CIVIL) -> list[Parcel]:
    """All packages of a lane, in the order of posting."""
    return [read(path) for path in sorted(lane(desk, recipient, sender).glob("*-package-*.cxp"))]


def read(path: Path) -> Parcel:
    fd = os.open(path, os.O_RDONLY)
    try:
        package = PackageFile.of(fd, path.name)
        manifest, *chunks = (package.read(member) for member in package.members)
    finally:
        os.close(fd)
    return Parcel(path, manifest, tuple(chunks))


def flipped(data: bytes, at: int | None = None) -> bytes:
    """One bit the other way, in the middle if nowhere else."""
    where = len(data) // 2 if at is None else at
    return data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :]


def signed(desk: Desk, home: str, statement: Manifest) -> bytes:
    """A manifest under that home's true signing keys, whatever it says."""
    return manifests.sign(statement, own.signers(bootstrap.open_office(desk.folder / home, environment={}).keys, "sign"))


def stripped(envelope: bytes, alg: str, desk: Desk, home: str) -> bytes:
    """An envelope without the signature of one algorithm."""
    keys = bootstrap.open_office(desk.folder / home, environment={}).keys
    gone = next(key.kid for key in own.pair(keys, "sign") if key.alg == alg)
    members = parse(envelope, limit=1 << 20, code="E-ENVELOPE-FORM")
    signatures = members["signatures"]
    assert isinstance(signatures, list)
    kept: list[Json] = [each for each in signatures if isinstance(each, dict) and each["keyid"] != gone]
    assert len(kept) == len(signatures) - 1
    return encode({**members, "signatures": kept})


def forged(desk: Desk, home: str, like: Parcel, **changed: object) -> Parcel:
    """An empty edition sealed to the recipient of `like` and signed with the true keys of `home`, its header changed so.

    `prev` and `kind` are the manifest's; all else are header fields.
    """
    statement = like.statement
    chain = Chain(
        changed.pop("kind", statement.kind),  # type: ignore[arg-type]  # fields by name
        changed.pop("prev", statement.prev),  # type: ignore[arg-type]  # fields by name
        statement.trust,
    )
    header: EditionHeader = replace(statement.header, **changed)  # type: ignore[arg-type]  # fields by name
    office = bootstrap.open_office(desk.folder / home, environment={})
    view = find_feed(header.feed).view_for(like.statement.header.recipient.code)
    content = EditionContent(view, header.period, ()).finish(_nobody(view.key))
    recipient = recipient_key(desk, home, header.recipient)
    made: Sealed = seal(
        content, replace(header, recipient_kid=recipient.kid), chain, recipient, own.signers(office.keys, "sign"), os.urandom
    )
    return Parcel(like.path, made.manifest, made.chunks)


def recipient_key(desk: Desk, home: str, recipient: AgencyId) -> PublicKey:
    from gateway.app.trust import believed

    office = bootstrap.open_office(desk.folder / home, environment={})
    with office.reading() as connection:
        return believed(connection, now()).recipient_key(recipient, now())


def now(**later: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(**later)


def _nobody(key: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(key, pl.String()))


def march_and_april(desk: Desk) -> tuple[Parcel, Parcel]:
    march, april = parcels(desk, MEDICAL)
    assert (len(march.chunks), len(april.chunks)) == (1, 2)
    return march, april
