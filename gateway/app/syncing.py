"""Sync: hand over what waits, take in what is there, exchange keys."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from gateway.app import posting, restored
from gateway.app.actor import Actor
from gateway.app.catching_up import catch_up
from gateway.app.fetching import Fetched, fetch
from gateway.app.office import Office
from gateway.app.posting import Posting
from gateway.app.trust import believe, believed
from gateway.carriers.port import Outgoing
from gateway.state.unit import UnitOfWork
from security.trust import own
from security.trust.trust import Trust


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did."""

    fetched: Fetched
    posted: Posting


def sync(office: Office, actor: Actor) -> Synced:
    """Post the outbox, receipts, prekeys and (the registry) the trust list; take in receipts, editions, prekeys, trust lists.

    Raises:
        ExchangeError: E-TRUST-NONE; E-CARRIER-*; E-SINK-*, a collection was cut short and its sink cannot be read.
    """
    with office.changing("sync"):
        catch_up(office, actor)
        fetched = fetch(office, actor)
        restored.look(office, actor, fetched.refused)
        posted = posting.post(office, actor, _letters(office, actor))
    return Synced(fetched, posted)


def _letters(office: Office, actor: Actor) -> tuple[Outgoing, ...]:
    """Own prekeys, for everyone in the county; the trust file too where this home issues it."""
    with office.unit(actor) as work:
        trust = believed(work.connection, work.at)
        if not trust.lists:
            return ()
        letters: list[Outgoing] = []
        if trust.newest.signing_keys(office.agency, work.at):
            trust = _fresh_prekeys(office, work, trust)
            mine = trust.prekeys[office.agency]
            letters.append(Outgoing("prekeys", mine.digest, office.agency, None, mine.envelope))
        if office.keys.find("registry/1") is not None:  # everyone's prekeys too: who was not on a list yet was not believed then
            file = trust.bundle().to_bytes()
            letters.append(Outgoing("trust", hashlib.sha256(file).hexdigest(), office.agency, None, file))
        return tuple(letters)


def _fresh_prekeys(office: Office, work: UnitOfWork, trust: Trust) -> Trust:
    """Belief with our own prekeys reaching four months ahead; made anew only when a month is missing."""
    envelope = own.prekeys_envelope(office.keys, office.agency, work.at, trust.prekeys.get(office.agency))
    after = trust.with_prekeys(envelope, work.at)
    if after is not trust:
        believe(work, after)
        work.record("prekeys.posted", prekeys=f"sha256:{after.prekeys[office.agency].digest}")
    return after
