"""Collecting: fetch, verify, open, load, answer. The commit point is in the sink; the home catches up from it after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

import polars as pl

from consumers.sink import EditionFacts, LoadCounts, Sink, open_sink
from contracts.avro_types import Json, fields_of, polars_schema
from contracts.errors import ExchangeError
from contracts.feeds import Feed, load_feeds
from gateway import spool
from gateway.app import intaking, posting, receipting
from gateway.app.actor import Actor
from gateway.app.fetching import Fetched, Refused, fetch
from gateway.app.office import Office
from gateway.app.opened import Opened, open_arrival, read_rows
from gateway.app.trust import believed
from gateway.state import arrivals, documents, receipts
from gateway.state.arrivals import ArrivalEntry
from security import manifest
from security.manifest import VerifiedManifest
from security.receipt_reason import reason_of
from security.trust.trust import Trust

LOADING = "loading-into"
"""Setting: the sink that a run is loading into. It stands only while a run is under way or was killed."""


@dataclass(frozen=True, slots=True)
class Collected:
    """One edition as this run left it.

    Attributes:
        result: received | loaded | rejected.
        receipt: digest of the receipt of that stage.
    """

    edition: str
    sender: str
    feed: str
    period: str
    result: str
    rows: int
    receipt: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """What a run did."""

    collected: tuple[Collected, ...]
    refused: tuple[Refused, ...]


def collect(office: Office, actor: Actor, sink_url: str | None) -> Collection:
    """Fetch and load whatever is there; one bad edition holds nothing else back.

    Args:
        sink_url: where the rows go; None loads only what this home works by intake.

    Raises:
        ExchangeError: E-TRUST-NONE, E-CARRIER-*, E-SINK-*.
    """
    with office.changing("collect"):
        _catch_up(office, actor)
        with open_sink(sink_url) if sink_url else nullcontext() as sink:  # before anything is fetched: a wrong address changes nothing
            before = _settled(office)
            fetched = fetch(office, actor)
            loaded = _load_all(office, actor, sink, sink_url or "")
        posting.post(office, actor)
        fresh = [
            entry for entry in _entries(office) if entry.manifest not in before or f"{entry.edition}.r{entry.revision}" in fetched.editions
        ]
    return Collection(tuple(_collected(office, entry) for entry in fresh), (*_refused(fetched), *loaded))


def _load_all(office: Office, actor: Actor, sink: Sink | None, sink_url: str) -> tuple[Refused, ...]:
    """Work through what was received; returns what could not be loaded and why."""
    with office.reading() as connection:
        trust = believed(connection, office.clock())
        waiting = arrivals.in_state(connection, "received")
        stored = arrivals.in_state(connection, "loaded")
    failed: list[Refused] = []
    own = [entry for entry in waiting if _feed(entry).worked_by == "intake"]
    for entry in own:
        failed += _guarded(office, actor, trust, entry, lambda opened: intaking.take(office, actor, opened, trust))
    if sink is None:
        return tuple(failed)
    rest = [entry for entry in waiting if entry not in own]
    if rest:
        _set_loading(office, actor, sink_url)
    refill = [entry for entry in stored if _feed(entry).worked_by == "sink" and sink.find(entry.manifest) is None]
    for entry in sorted([*rest, *refill], key=lambda each: (each.sender, each.feed, each.seq)):
        failed += _guarded(office, actor, trust, entry, lambda opened, entry=entry: _load(office, actor, sink, opened, entry, trust))  # type: ignore[misc]  # default binds the loop's value
    if rest:
        _set_loading(office, actor, "")
    return tuple(failed)


def _guarded(office: Office, actor: Actor, trust: Trust, entry: ArrivalEntry, work: Callable[[Opened], None]) -> list[Refused]:
    """Load one edition; an authentic one that cannot be used is answered `rejected`, anything else is reported."""
    try:
        opened = open_arrival(office, trust, entry)
    except ExchangeError as error:
        return [Refused(f"{entry.edition}.r{entry.revision}", error, "inbox")]
    try:
        work(opened)
    except ExchangeError as error:
        word = reason_of(error.code) or _CONTRACT.get(error.code)
        if word is None:
            if error.entry.exit == 4:
                raise
            return [Refused(f"{entry.edition}.r{entry.revision}", error, "inbox")]
        with office.unit(actor) as unit:
            envelope = receipting.draft(
                office, unit, opened.verified, opened.leaves, trust.newest.version, "received", "rejected", reasons=((None, word),)
            )
            given = receipting.keep(unit, opened.verified, envelope)
            arrivals.settle(unit.connection, entry.manifest, "rejected", given.digest, 0, word)
    return []


_CONTRACT = {"E-CONTRACT-OTHER": "E-REJECT-CONTRACT", "E-AVRO": "E-REJECT-ROWS", "E-CONTRACT-ROWS": "E-REJECT-ROWS"}


def _load(office: Office, actor: Actor, sink: Sink, opened: Opened, entry: ArrivalEntry, trust: Trust) -> None:
    """Rows and receipt into the sink in one commit, then into the home."""
    header, keys = opened.verified.manifest.header, list[pl.DataFrame]()
    facts = EditionFacts(
        manifest=opened.verified.digest,
        edition=header.edition,
        revision=header.revision,
        feed=header.feed,
        period=header.period,
        sender=header.sender,
        recipient=header.recipient,
        kind=opened.verified.manifest.kind,
        grain=opened.feed.grain,
        key=opened.view.key,
        schema=polars_schema(opened.view.schema),
        titles={str(each["name"]): str(each.get("zh", each["name"])) for each in fields_of(opened.view.schema)},
        money=frozenset(str(each["name"]) for each in fields_of(opened.view.schema) if "money" in _classes(each)),
    )

    def receipt(counts: LoadCounts) -> bytes:
        if entry.receipt is not None:  # another sink is filled again: with the receipt that was given, byte for byte
            with office.reading() as connection:
                return documents.find(connection, entry.receipt) or b""
        with office.unit(actor) as work:
            return receipting.draft(office, work, opened.verified, opened.leaves, trust.newest.version, "loaded", rows=counts.rows)

    envelope = sink.load(facts, read_rows(office, opened, keys), lambda: keys, receipt)
    if entry.receipt is None:
        _settle(office, actor, opened.verified, envelope)


def _classes(field: Mapping[str, Json]) -> list[Json]:
    """A field's classes, such as `money` or `id-number`."""
    found = field.get("class", [])
    return found if isinstance(found, list) else []


def _settle(office: Office, actor: Actor, verified: VerifiedManifest, envelope: bytes) -> None:
    with office.unit(actor) as work:
        given = receipting.keep(work, verified, envelope)
        arrivals.settle(work.connection, verified.digest, "loaded", given.digest, given.rows)
        work.record("edition.loaded", manifest=f"sha256:{verified.digest}", rows=given.rows, receipt=f"sha256:{given.digest}")


def _catch_up(office: Office, actor: Actor) -> None:
    """After a killed run: what its sink has committed is ours, with the receipt that stands there, before any other is given."""
    with office.reading() as connection:
        url = documents.setting(connection, LOADING)
        waiting = arrivals.in_state(connection, "received")
        trust = believed(connection, office.clock())
    if not url:
        return
    with open_sink(url) as sink:
        for stored in sink.receipts():
            if any(entry.manifest == stored.manifest for entry in waiting):
                package = spool.read(office.inbox, stored.manifest)
                _settle(office, actor, manifest.verify_past(package.manifest, trust.signing_keys), stored.receipt)
    _set_loading(office, actor, "")


def _set_loading(office: Office, actor: Actor, url: str) -> None:
    with office.unit(actor) as work:
        documents.set_setting(work.connection, LOADING, url)


def _feed(entry: ArrivalEntry) -> Feed:
    return load_feeds()[entry.feed]


def _entries(office: Office) -> list[ArrivalEntry]:
    with office.reading() as connection:
        return arrivals.everything(connection)


def _settled(office: Office) -> set[str]:
    """Manifests that were answered for good before this run."""
    return {entry.manifest for entry in _entries(office) if entry.state in {"loaded", "rejected"}}


def _collected(office: Office, entry: ArrivalEntry) -> Collected:
    with office.reading() as connection:
        given = [each for each in receipts.of_manifest(connection, entry.manifest) if each.direction == "out"]
    sender = entry.sender.partition("/")[2]
    return Collected(
        f"{entry.edition}.r{entry.revision}",
        sender,
        entry.feed,
        str(entry.period),
        entry.state,
        entry.rows or 0,
        given[-1].digest if given else "",
        entry.code,
    )


def _refused(fetched: Fetched) -> tuple[Refused, ...]:
    return tuple(fetched.refused)
