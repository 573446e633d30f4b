"""After a killed collection: the sink knows what it has committed, and the home learns it from there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from consumers.sink import absolute, open_sink
from contracts.errors import ExchangeError
from gateway import spool
from gateway.app import receipting
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.app.trust import believed
from gateway.state import arrivals, documents
from security import manifest, receipt
from security.manifest import VerifiedManifest
from security.trust.trust import Trust

_LOADING = "loading-into"
"""Setting: the sink that a run is loading into. It stands only while a run is under way or was killed."""


def catch_up(office: Office, actor: Actor) -> None:
    """What the sink of a killed run has committed is ours, with the receipt that stands there, before any other receipt is given.

    A receipt in the sink that is not ours (others can write to that database) is left alone; loading the edition reports it.
    Only inside `office.changing`.

    Raises:
        ExchangeError: E-SINK-*, the sink of that run cannot be read.
    """
    with office.reading() as connection:
        url = documents.setting(connection, _LOADING)
        waiting = {entry.manifest for entry in arrivals.in_state(connection, "received")}
        trust = believed(connection, office.clock())
    if not url:
        return
    with open_sink(url) as sink:
        for stored in sink.receipts():
            if stored.manifest not in waiting:
                continue
            package = spool.read(office.inbox, stored.manifest)
            try:
                settle(office, actor, manifest.verify_past(package.manifest, trust.signing_keys), stored.receipt, trust)
            except ExchangeError as error:
                if error.entry.exit != 6:
                    raise
    set_loading(office, actor, "")


def is_pending(connection: Connection) -> bool:
    """Whether a collection was cut short, so that the next command has to look into its sink."""
    return bool(documents.setting(connection, _LOADING))


def settle(office: Office, actor: Actor, verified: VerifiedManifest, envelope: bytes, trust: Trust) -> None:
    """Commit in the home what the sink has committed: the edition is loaded, and answered with the receipt that stands in the sink.

    Raises:
        ExchangeError: E-SIG, E-SIGNER, E-RECEIPT-*: it is no receipt of ours for this edition.
    """
    receipt.verify(envelope, verified, trust.signing_keys)
    with office.unit(actor) as work:
        given = receipting.keep(work, verified, envelope)
        arrivals.settle(work.connection, verified.digest, "loaded", given.digest, given.rows)
        work.record("edition.loaded", manifest=f"sha256:{verified.digest}", rows=given.rows, receipt=f"sha256:{given.digest}")


def set_loading(office: Office, actor: Actor, url: str) -> None:
    """Remember the sink that is being loaded into, under an address that holds in any folder; "" when the run is through."""
    with office.unit(actor) as work:
        documents.set_setting(work.connection, _LOADING, absolute(url, Path.cwd()))
