"""Exchanging public keys: cards out and in, the county's trust list, what this home believes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.state import documents
from gateway.state.unit import UnitOfWork
from security.keystore.port import KeyStore
from security.trust import card, fingerprint, issue, own, root, trust_list
from security.trust.bundle import TrustBundle, kind_of
from security.trust.card import Card
from security.trust.role import Role
from security.trust.trust import Trust

REGISTRY_AGENCY = "civil-affairs"
_RENEW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to hand over, and the fingerprint to read out on the phone."""

    file: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TrustImported:
    """What an import of a card or a trust file changed.

    Attributes:
        kind: agency-card | trust-bundle.
        agency: whose card it is; None for a trust file.
        fingerprint: of the card, or of the root that is pinned.
        pinned: the root was pinned just now.
        version: of the newest trust list known.
        changed: whether anything is new.
    """

    kind: str
    agency: str | None
    fingerprint: str
    pinned: bool
    version: int | None
    changed: bool


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """One agency as this home knows it."""

    agency: str
    fingerprint: str | None
    listed: bool
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustShown:
    """The belief of a home, for people."""

    root: str | None
    version: int | None
    expires: str | None
    agencies: tuple[KnownAgency, ...]


def believed(connection: Connection, at: datetime) -> Trust:
    """What this home believes, verified again from its pinned root; an empty belief before the first import."""
    body = documents.belief_body(connection)
    return Trust() if body is None else _verified(body, at.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=16)
def _verified(body: bytes, hour: datetime) -> Trust:
    """A stored belief, verified: once a process for the same bytes within an hour, for it costs some 10 ms an agency."""
    return Trust.load(TrustBundle.of_bytes(body), hour)


def believe(work: UnitOfWork, trust: Trust) -> None:
    """Store a belief."""
    documents.set_belief(work.connection, trust.bundle(whole=True).to_bytes())


def make_keys(keys: KeyStore, *, registry: bool) -> None:
    """Make an agency's keys: signing and log pairs, lasting keys; root and registry pairs too if asked."""
    for purpose in ("sign", "log", *(("root", "registry") if registry else ())):
        own.generate_pair(keys, purpose)
    keys.generate_mac("mac/lasting")
    keys.generate("self/lasting", "x-wing")


def own_card(office: Office, at: datetime, trust: Trust) -> Card:
    """This home's card, with the prekeys it has posted as long as they are good."""
    prekeys = own.prekeys_envelope(office.keys, office.agency, at, trust.prekeys.get(office.agency))
    return card.verify(own.card_file(office.keys, office.agency, prekeys), at)


def note_lists(work: UnitOfWork, before: Trust, after: Trust) -> None:
    """Enter every trust list that is new into the ledger: what was signed before a revocation shows by its place there."""
    known = {each.digest for each in before.lists}
    for each in after.lists:
        if each.digest not in known:
            work.record("trust.imported", root=f"sha256:{after.root.digest}", version=each.version, list=f"sha256:{each.digest}")


def export_card(office: Office) -> Exported:
    """`trust export`: this home's public keys."""
    at = office.clock()
    with office.reading() as connection:
        mine = own_card(office, at, believed(connection, at))
    return Exported(mine.file, fingerprint.of(mine.digest))


def export_root(office: Office) -> Exported:
    """`trust export --root`: the root chain that `verify --root` wants.

    Raises:
        ExchangeError: E-TRUST-NONE.
    """
    with office.reading() as connection:
        trust = believed(connection, office.clock())
    newest = trust.root
    return Exported(TrustBundle(roots=tuple(each.envelope for each in trust.roots)).to_bytes(), fingerprint.of(newest.digest))


def found_county(office: Office, work: UnitOfWork) -> None:
    """A 1-of-1 root, a registry, and a first list that names this home alone: what the first civil-affairs home begins with."""
    name = str(office.agency)
    roles = [Role(1, (own.holder(office.keys, purpose, name),)) for purpose in ("root", "registry")]
    document = issue.first_root(office.agency.county, roles[0], roles[1], work.at)
    pinned = root.verify(root.sign(document, own.signers(office.keys, "root")), None, work.at)
    work.record("root.created", root=f"sha256:{pinned.digest}")
    _issue(office, work, Trust(roots=(pinned,)), [own_card(office, work.at, Trust())])


def import_file(office: Office, actor: Actor, file: bytes) -> TrustImported:
    """`trust import`: a card of another agency, or a trust file.

    A card is kept until `sign_list` takes it up. The first trust file pins the county's root.

    Raises:
        ExchangeError: E-TRUST-*, E-CARD-OWNER, E-SIG ...; nothing changed.
    """
    with office.changing("trust import"), office.unit(actor) as work:
        if kind_of(file) == card.KIND:
            return _take_card(office, work, file)
        before = believed(work.connection, work.at)
        after = before.accept(TrustBundle.of_bytes(file), work.at)
        if after.root.document.county != office.agency.county:
            raise ExchangeError("E-TRUST-COUNTY", given=after.root.document.county, wanted=office.agency.county)
        changed = after.bundle(whole=True) != before.bundle(whole=True)
        if changed:
            believe(work, after)
            note_lists(work, before, after)
        version = after.newest.version if after.lists else None
        return TrustImported("trust-bundle", None, fingerprint.of(after.root.digest), not before.roots, version, changed)


def sign_list(office: Office, actor: Actor) -> Exported:
    """`trust sign`: a new list with every card taken in, as a file for all agencies. Without news it prints the list there is,
    renewed when less than a week of it is left.

    Raises:
        ExchangeError: E-TRUST-REGISTRY, this home does not hold the registry key.
    """
    if office.keys.find("registry/1") is None:
        raise ExchangeError("E-TRUST-REGISTRY", agency=office.agency.code)
    with office.changing("trust sign"), office.unit(actor) as work:
        trust = believed(work.connection, work.at)
        cards = [card.verify(each.body, work.at) for each in documents.of_kind(work.connection, "card")]
        fresh = [each for each in cards if not each.is_listed(trust.newest, work.at)]
        if fresh or trust.newest.document.expires - work.at < _RENEW:
            trust = _issue(office, work, trust, fresh)
        return Exported(trust.bundle().to_bytes(), fingerprint.of(trust.root.digest))


def show(office: Office) -> TrustShown:
    """`trust show`: root, list, agencies and the months for which something can be sealed to them."""
    at = office.clock()
    with office.reading() as connection:
        trust = believed(connection, at)
        cards = {found.agency: found for found in (card.verify(each.body, at) for each in documents.of_kind(connection, "card"))}
    if not trust.roots:
        return TrustShown(None, None, None, ())
    listed = trust.newest.agencies() if trust.lists else ()
    agencies = sorted({*listed, *cards, *trust.prekeys})
    known = tuple(_known(trust, cards, agency, agency in listed) for agency in agencies)
    newest = trust.newest if trust.lists else None
    expires = newest.document.expires.date().isoformat() if newest else None
    return TrustShown(fingerprint.of(trust.root.digest), newest.version if newest else None, expires, known)


def _known(trust: Trust, cards: dict[AgencyId, Card], agency: AgencyId, listed: bool) -> KnownAgency:
    months = trust.prekeys[agency].document.months if agency in trust.prekeys else {}
    found = cards.get(agency)
    return KnownAgency(agency.code, fingerprint.of(found.digest) if found else None, listed, tuple(str(month) for month in sorted(months)))


def _take_card(office: Office, work: UnitOfWork, file: bytes) -> TrustImported:
    found = card.verify(file, work.at)
    if found.agency.county != office.agency.county:
        raise ExchangeError("E-TRUST-COUNTY", given=found.agency.county, wanted=office.agency.county)
    known = documents.find(work.connection, found.digest) is not None
    if not known:
        documents.keep(work.connection, "card", found.digest, file, work.now)
        work.record("card.imported", agency=str(found.agency), card=f"sha256:{found.digest}")
    return TrustImported("agency-card", found.agency.code, fingerprint.of(found.digest), pinned=False, version=None, changed=not known)


def _issue(office: Office, work: UnitOfWork, trust: Trust, fresh: Sequence[Card]) -> Trust:
    """A new list: the entries of the last one and those of `fresh` cards, for 35 days."""
    added = [entry for each in fresh for entry in each.entries(work.at - timedelta(days=1), work.at + issue.KEY_LIFETIME)]
    document = issue.next_list(trust.root, trust.newest if trust.lists else None, added, work.at)
    after = trust.accept(TrustBundle(lists=(trust_list.sign(document, own.signers(office.keys, "registry")),)), work.at)
    for each in fresh:
        after = after.with_prekeys(each.prekeys.envelope, work.at)
    believe(work, after)
    work.record("trust.signed", version=document.version, list=f"sha256:{after.newest.digest}", agencies=len(after.newest.agencies()))
    return after
