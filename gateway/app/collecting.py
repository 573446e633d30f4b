"""Collecting: fetch, verify, open, load, answer. The commit point is in the sink; the home catches up from it after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from consumers.sink import EditionFacts, LoadCounts, Sink, open_sink
from contracts.avro_types import Json, fields_of, polars_schema
from contracts.errors import ExchangeError
from contracts.feeds import Feed, load_feeds
from contracts.findings import Finding
from contracts.notes import Source
from gateway.app import gaps, intaking, posting, receipting
from gateway.app.actor import Actor
from gateway.app.catching_up import catch_up, set_loading, settle
from gateway.app.fetching import Refused, fetch
from gateway.app.gaps import Gap
from gateway.app.office import Office
from gateway.app.opened import Noted, Opened, open_arrival, read_rows
from gateway.app.trust import believed
from gateway.state import arrivals, documents, imports, receipts
from gateway.state.arrivals import ArrivalEntry
from security import dsse, manifest
from security.receipt_reason import reason_of
from security.trust.trust import Trust


@dataclass(frozen=True, slots=True)
class Collected:
    """One edition as this run left it.

    Attributes:
        result: received | loaded | rejected | waiting (behind what has come, and nothing vouches for it yet).
        receipt: digest of the receipt of that stage; None while it waits.
        code: why it was rejected.
        warnings: what a person should know of it although it is good.
        sources: state of each of the sender's source lists, of an edition that this run has read.
    """

    edition: str
    sender: str
    feed: str
    period: str
    result: str
    rows: int
    receipt: str | None
    code: str | None = None
    warnings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """What a run did.

    Attributes:
        gaps: numbers that senders have given and that have not come; they hold nothing back.
        unposted: what the carrier did not take, by edition; it goes next time.
    """

    collected: tuple[Collected, ...]
    refused: tuple[Refused, ...]
    gaps: tuple[Gap, ...] = ()
    unposted: tuple[tuple[str, ExchangeError], ...] = ()


def collect(office: Office, actor: Actor, sink_url: str | None) -> Collection:
    """Fetch and load whatever is there; one bad edition holds nothing else back.

    Args:
        sink_url: where the rows go; None loads only what this home works by intake.

    Raises:
        ExchangeError: E-TRUST-NONE, E-CARRIER-*, E-SINK-*.
    """
    with office.changing("collect"):
        catch_up(office, actor)
        with open_sink(sink_url) if sink_url else nullcontext() as sink:  # before anything is fetched: a wrong address changes nothing
            before = _settled(office)
            fetched = fetch(office, actor)
            said: dict[str, tuple[Source, ...]] = {}
            loaded = _load_all(office, actor, sink, sink_url or "", said)
        posted = posting.post(office, actor)
        with office.reading() as connection:
            trust = believed(connection, office.clock())
            known = arrivals.everything(connection)
            fresh = [entry for entry in known if entry.manifest not in before or f"{entry.edition}.r{entry.revision}" in fetched.editions]
            collected = tuple(_collected(connection, trust, entry, said.get(entry.manifest, ())) for entry in fresh)
            unposted = tuple((posting.title(connection, name), error) for name, error in posted.failed)
    return Collection(collected, (*fetched.refused, *loaded), gaps.among(known), unposted)


def _load_all(office: Office, actor: Actor, sink: Sink | None, sink_url: str, said: dict[str, tuple[Source, ...]]) -> tuple[Refused, ...]:
    """Work through what was received; returns what could not be loaded and why.

    Args:
        said: manifest -> what its sender says of its lists; filled.
    """
    with office.reading() as connection:
        trust = believed(connection, office.clock())
        waiting = arrivals.in_state(connection, "received")
        stored = arrivals.in_state(connection, "loaded")
    failed: list[Refused] = []
    own = [entry for entry in waiting if _feed(entry).worked_by == "intake"]
    for entry in own:
        failed += _guarded(office, actor, trust, entry, lambda opened: intaking.take(office, actor, opened, trust), said)
    if sink is None:
        return tuple(failed)
    rest = [entry for entry in waiting if entry not in own]
    if rest:
        set_loading(office, actor, sink_url)
    refill = [entry for entry in stored if _feed(entry).worked_by == "sink" and sink.find(entry.manifest) is None]
    for entry in sorted([*rest, *refill], key=lambda each: (each.sender, each.feed, each.seq)):
        failed += _guarded(office, actor, trust, entry, partial(_load, office, actor, sink, entry, trust), said)
    if rest:
        set_loading(office, actor, "")
    return tuple(failed)


def _guarded(
    office: Office, actor: Actor, trust: Trust, entry: ArrivalEntry, work: Callable[[Opened], Noted], said: dict[str, tuple[Source, ...]]
) -> list[Refused]:
    """Load one edition; an authentic one that cannot be used is answered `rejected`, anything else is reported."""
    try:
        opened = open_arrival(office, trust, entry)
    except ExchangeError as error:
        return [Refused(f"{entry.edition}.r{entry.revision}", error, "inbox")]
    try:
        said[entry.manifest] = work(opened).sources
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


_CONTRACT = {
    "E-CONTRACT-OTHER": "E-REJECT-CONTRACT", "E-AVRO": "E-REJECT-ROWS", "E-CONTRACT-ROWS": "E-REJECT-ROWS",
    "E-KEY-DESTROYED": "E-REJECT-KEY",
}  # fmt: skip


def _load(office: Office, actor: Actor, sink: Sink, entry: ArrivalEntry, trust: Trust, opened: Opened) -> Noted:
    """Rows and receipt into the sink in one commit, then into the home."""
    header, noted = opened.verified.manifest.header, Noted()
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
                given = documents.find(connection, entry.receipt)
            if given is None:
                raise ExchangeError("E-FSCK-RECEIPT")
            return given
        with office.unit(actor) as work:
            return receipting.draft(office, work, opened.verified, opened.leaves, trust.newest.version, "loaded", rows=counts.rows)

    envelope = sink.load(facts, read_rows(office, opened, noted), lambda: noted.keys, receipt)
    if entry.receipt is None:
        settle(office, actor, opened.verified, envelope, trust)
    return noted


def _classes(field: Mapping[str, Json]) -> list[Json]:
    """A field's classes, such as `money` or `id-number`."""
    found = field.get("class", [])
    return found if isinstance(found, list) else []


def _feed(entry: ArrivalEntry) -> Feed:
    return load_feeds()[entry.feed]


def _settled(office: Office) -> set[str]:
    """Manifests that were answered for good before this run."""
    with office.reading() as connection:
        return {entry.manifest for entry in arrivals.in_state(connection, "loaded", "rejected")}


def _collected(connection: Connection, trust: Trust, entry: ArrivalEntry, sources: tuple[Source, ...]) -> Collected:
    given = [each for each in receipts.of_manifest(connection, entry.manifest) if each.direction == "out"]
    envelope = documents.find(connection, entry.manifest)
    made = manifest.Manifest.of_bytes(dsse.peek(envelope, manifest.TYPE).payload).header.created if envelope else None
    return Collected(
        f"{entry.edition}.r{entry.revision}",
        entry.sender.partition("/")[2],
        entry.feed,
        str(entry.period),
        entry.state,
        entry.rows or 0,
        given[-1].digest if given else None,
        entry.code,
        (*(trust.warnings(made) if made else ()), *_replaced(connection, entry)),
        sources,
    )


def _replaced(connection: Connection, entry: ArrivalEntry) -> tuple[Finding, ...]:
    """A workbook that a clerk had uploaded for the month, and whose place the sender's own edition has taken."""
    name = f"{entry.edition}.r{entry.revision}"
    kept = [part for part in imports.of_month(connection, entry.period) if part.manifest == entry.manifest and part.reason == name]
    return tuple(Finding(None, None, "W-UPLOAD-REPLACED", facts={"list": part.list, "period": str(part.period)}) for part in kept)
