"""An authentic package from the inbox, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from contracts import avro, notes
from contracts.errors import ExchangeError
from contracts.feeds import Feed, load_feeds
from contracts.views import View
from gateway import spool
from gateway.app.inbox import Door
from gateway.app.office import Office
from gateway.state.arrivals import ArrivalEntry
from security import compression, manifest
from security.chunk import Opener
from security.manifest import VerifiedManifest
from security.package import Package, check
from security.package_leaves import VerifiedLeaves
from security.trust.trust import Trust


@dataclass(frozen=True, slots=True)
class Opened:
    """An authentic package with its pinned view."""

    verified: VerifiedManifest
    package: Package
    leaves: VerifiedLeaves | None
    feed: Feed
    view: View


@dataclass(slots=True)
class Noted:
    """What the chunks of an edition say beside their rows.

    Attributes:
        keys: of rows that are unconfirmed, a frame a chunk that has any.
        sources: state of each source list, in the feed's order.
    """

    keys: list[pl.DataFrame] = field(default_factory=list)
    sources: tuple[notes.Source, ...] = ()


def open_arrival(office: Office, trust: Trust, entry: ArrivalEntry) -> Opened:
    """A spooled package, verified again: its signature, every chunk's digest, its duty.

    Raises:
        ExchangeError: what manifest.verify_past and package.check raise; E-FEED-FOREIGN.
    """
    package = spool.read(office.inbox, entry.manifest)
    verified = manifest.verify_past(package.manifest, trust.signing_keys)
    leaves = check(package, verified) if verified.manifest.size else None
    feed, view = Door(office, trust, load_feeds(), office.clock()).duty(verified.manifest.header)
    return Opened(verified, package, leaves, feed, view)


def read_rows(office: Office, opened: Opened, noted: Noted) -> Iterator[pl.DataFrame]:
    """Rows chunk by chunk; what stands beside them is put into `noted` on the way.

    Raises:
        ExchangeError: E-CONTRACT-OTHER, sealed under another view than ours; what opening and avro.decode raise.
    """
    header, view = opened.verified.manifest.header, opened.view
    if (header.contract, header.schema) != (view.digest, view.schema_digest):
        raise ExchangeError("E-CONTRACT-OTHER", feed=header.feed)
    opener = Opener(opened.verified, office.keys.unwrap)
    for index in range(opened.verified.manifest.size):
        chunk = opened.package.read(index)
        if chunk is None or opened.leaves is None:
            raise ExchangeError("E-CHUNK-MISSING", number=index + 1, total=opened.verified.manifest.size)
        decoded = avro.decode(compression.decompress(opener.open(index, chunk, opened.leaves)), view.schema)
        noted.sources = tuple(notes.sources(decoded.metadata))
        found = notes.unconfirmed(decoded.metadata, view)
        if found is not None:
            noted.keys.append(found)
        yield decoded.frame
