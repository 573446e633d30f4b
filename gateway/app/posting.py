"""Posting: whatever the outbox owes goes to the carrier; what fails stays and goes next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway import spool
from gateway.app import checkpoints
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.carriers.port import Outgoing
from gateway.state import documents, editions, receipts
from gateway.state.editions import Edition
from security.package import Package


@dataclass(frozen=True, slots=True)
class _Chunks:
    """A spooled package's chunks, read when the carrier asks for them."""

    package: Package

    def __len__(self) -> int:
        return self.package.chunks

    def __getitem__(self, index: int, /) -> bytes:
        chunk = self.package.read(index)
        if chunk is None:
            raise ExchangeError("E-CHUNK-MISSING", number=index + 1, total=self.package.chunks)
        return chunk


@dataclass(frozen=True, slots=True)
class Posting:
    """What a run handed over.

    Attributes:
        editions: ids; `receipts` digests.
        failed: name (digest) and error of each that could not be handed over; it stays in the outbox and goes next time.
    """

    editions: tuple[str, ...]
    receipts: tuple[str, ...]
    failed: tuple[tuple[str, ExchangeError], ...]

    def error_of(self, name: str) -> ExchangeError | None:
        """Why that one was not handed over; None when it was."""
        return next((error for failed, error in self.failed if failed == name), None)


def package_of(shelf: Path, sender: AgencyId, recipient: AgencyId, feed: str, digest: str) -> Outgoing:
    """A spooled package as the carrier takes it."""
    package = spool.read(shelf, digest)
    return Outgoing("package", digest, sender, recipient, package.manifest, _Chunks(package), feed)


def post(office: Office, actor: Actor, extra: tuple[Outgoing, ...] = ()) -> Posting:
    """Post sealed editions, receipts that wait, and `extra`; only inside `office.changing`. Ends with a checkpoint of the ledger.

    Raises:
        ExchangeError: E-CARRIER-*, nothing at all could be handed over.
    """
    with office.reading() as connection:
        sealed = editions.listed(connection, state="sealed")
        given = receipts.unposted(connection)
        bodies = {each.digest: documents.find(connection, each.digest) for each in given}
    items, lost = _packages(office, sealed)
    letters = [Outgoing("receipt", each.digest, office.agency, AgencyId.parse(each.party), bodies[each.digest] or b"") for each in given]
    if not items and not letters and not extra:
        with office.unit(actor) as work:
            checkpoints.keep(office, work)
        return Posting((), (), lost)
    outcomes = office.carrier.post([*items, *letters, *extra])
    arrived = {done.name for done in outcomes if done.outcome != "failed"}
    with office.unit(actor) as work:
        for edition in sealed:
            if edition.manifest in arrived:
                editions.advance(work.connection, edition.id, "posted")
                work.record("edition.posted", edition=edition.edition, revision=edition.revision, manifest=f"sha256:{edition.manifest}")
        for letter in given:
            if letter.digest in arrived:
                receipts.mark_posted(work.connection, letter.digest)
        checkpoints.keep(office, work)
    failed = (*lost, *((done.name, done.error) for done in outcomes if done.error is not None))
    return Posting(tuple(e.id for e in sealed if e.manifest in arrived), tuple(g.digest for g in given if g.digest in arrived), failed)


def _packages(office: Office, sealed: Sequence[Edition]) -> tuple[list[Outgoing], tuple[tuple[str, ExchangeError], ...]]:
    """The packages of editions, and those that are not in the outbox any more: one that is lost holds no other back."""
    found: list[Outgoing] = []
    lost: list[tuple[str, ExchangeError]] = []
    for each in sealed:
        recipient = AgencyId(office.agency.county, each.recipient)
        try:
            found.append(package_of(office.outbox, office.agency, recipient, each.feed, each.manifest))
        except ExchangeError as error:
            lost.append((each.manifest, error))
    return found, tuple(lost)


def title(connection: Connection, name: str) -> str:
    """What people call a thing that was to be posted: the id of its edition (for a receipt, of the one it answers), else its digest."""
    edition = editions.by_manifest(connection, name)
    if edition is not None:
        return edition.id
    given = receipts.find(connection, name)
    return f"{given.edition}.r{given.revision}" if given else name[:12]
