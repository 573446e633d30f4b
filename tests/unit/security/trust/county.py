"""A small county for the trust tests: stores in memory's place, a root, a list, cards."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.ids import AgencyId
from security.keystore.files import FileKeyStore
from security.trust import card, issue, own, root, trust_list
from security.trust.bundle import TrustBundle
from security.trust.card import Card
from security.trust.entry import Entry
from security.trust.role import Role
from security.trust.root import Root
from security.trust.trust import Trust
from security.trust.trust_list import TrustList

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
CA, EDU = AgencyId("522722", "civil-affairs"), AgencyId("522722", "education")


@dataclass(frozen=True)
class Office:
    """One agency with its keys."""

    agency: AgencyId
    store: FileKeyStore

    def card(self, at: datetime = NOW) -> Card:
        return card.verify(own.card_file(self.store, self.agency, own.prekeys_envelope(self.store, self.agency, at, None)), at)

    def entries(self, at: datetime = NOW) -> tuple[Entry, ...]:
        return self.card(at).entries(at, at + issue.KEY_LIFETIME)


def office(directory: Path, agency: AgencyId) -> Office:
    store = FileKeyStore.create(directory, None, os.urandom)
    for purpose in ("sign", "log"):
        own.generate_pair(store, purpose)
    return Office(agency, store)


@dataclass(frozen=True)
class County:
    """Civil affairs with the root, education as a partner."""

    ca: Office
    edu: Office
    root: Root

    def root_role(self) -> Role:
        return Role(1, (own.holder(self.ca.store, "root", str(CA)),))

    def registry_role(self) -> Role:
        return Role(1, (own.holder(self.ca.store, "registry", str(CA)),))

    def issue(
        self,
        previous: TrustList | None = None,
        added: Iterable[Entry] = (),
        at: datetime = NOW,
        revoked: dict[str, datetime] | None = None,
    ) -> TrustList:
        document = issue.next_list(self.root, previous, added, at, revoked)
        envelope = trust_list.sign(document, own.signers(self.ca.store, "registry"))
        return trust_list.verify(envelope, self.root, previous, at)

    def first_list(self, at: datetime = NOW) -> TrustList:
        return self.issue(None, (*self.ca.entries(at), *self.edu.entries(at)), at)

    def bundle(self, newest: TrustList, at: datetime = NOW) -> TrustBundle:
        envelopes = tuple(own.prekeys_envelope(each.store, each.agency, at, None) for each in (self.ca, self.edu))
        return TrustBundle((self.root.envelope,), (newest.envelope,), envelopes)

    def trust(self, at: datetime = NOW) -> Trust:
        return Trust().accept(self.bundle(self.first_list(at), at), at)


def county(directory: Path, at: datetime = NOW) -> County:
    ca, edu = office(directory / "ca", CA), office(directory / "edu", EDU)
    for purpose in ("root", "registry"):
        own.generate_pair(ca.store, purpose)
    roles = [Role(1, (own.holder(ca.store, purpose, str(CA)),)) for purpose in ("root", "registry")]
    document = issue.first_root("522722", roles[0], roles[1], at)
    return County(ca, edu, root.verify(root.sign(document, own.signers(ca.store, "root")), None, at))


def days(count: float) -> timedelta:
    return timedelta(days=count)
