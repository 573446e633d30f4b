"""What one home believes: its pinned root chain, every trust list it has seen, the newest prekeys of each agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.errors import ExchangeError
from contracts.findings import Finding
from contracts.ids import AgencyId
from security.keys import PublicKey
from security.trust import fingerprint, prekeys, root, trust_list
from security.trust.bundle import TrustBundle
from security.trust.prekeys import Prekeys, sealing_month
from security.trust.root import Root
from security.trust.trust_list import TrustList


@dataclass(frozen=True, slots=True)
class Trust:
    """An immutable state of belief; `accept` gives the next one.

    Attributes:
        roots: the chain from the pinned root on, oldest first; empty before the first import.
        lists: ascending by rank.
        prekeys: the newest of each agency.
        dropped: agencies whose stored prekeys no longer stand (their signer was revoked or left the list).
    """

    roots: tuple[Root, ...] = ()
    lists: tuple[TrustList, ...] = ()
    prekeys: Mapping[AgencyId, Prekeys] = field(default_factory=dict)
    dropped: tuple[AgencyId, ...] = ()

    @property
    def root(self) -> Root:
        """The newest root.

        Raises:
            ExchangeError: E-TRUST-NONE.
        """
        if not self.roots:
            raise ExchangeError("E-TRUST-NONE")
        return self.roots[-1]

    @property
    def newest(self) -> TrustList:
        """The newest list: what is published by.

        Raises:
            ExchangeError: E-TRUST-NONE.
        """
        if not self.lists:
            raise ExchangeError("E-TRUST-NONE")
        return self.lists[-1]

    def list_of_day(self, created: datetime) -> TrustList:
        """The list that was in force when something was made: the newest one issued by then, else the oldest there is.

        Its keys are judged with the revocations of `newest`: see `signing_keys`.

        Raises:
            ExchangeError: E-TRUST-NONE.
        """
        by_then = [each for each in self.lists if each.document.created <= created]
        return by_then[-1] if by_then else self._oldest()

    def is_stale(self, created: datetime) -> bool:
        """Whether the list of that day had expired by then."""
        return created >= self.list_of_day(created).document.expires

    def warnings(self, created: datetime) -> tuple[Finding, ...]:
        """What to tell a person who collects something made at `created`: W-TRUST-STALE, or nothing."""
        if not self.is_stale(created):
            return ()
        return (Finding(None, None, "W-TRUST-STALE", facts={"version": self.list_of_day(created).version}),)

    def signing_keys(self, owner: AgencyId, at: datetime, /) -> tuple[PublicKey, ...]:
        """Keys with which `owner` could sign at `at`: of the list of that day or the newest, none that the newest revokes.

        What manifest.verify and receipt.verify ask for. The newest counts too, for a sender may have had a list we got later.
        """
        revoked = {entry.key.kid for entry in self.newest.document.entries if entry.revoked is not None}
        keys = {key.kid: key for each in (self.list_of_day(at), self.newest) for key in each.signing_keys(owner, at)}
        return tuple(key for kid, key in keys.items() if kid not in revoked)

    def recipient_key(self, agency: AgencyId, at: datetime) -> PublicKey:
        """The key to seal to at `at`.

        1. the newest list may be used for publishing
        2. the agency has live signing keys in it
        3. its prekeys have a key for the calendar month of `at` that the list does not revoke

        Raises:
            ExchangeError: E-TRUST-NONE, E-TRUST-EXPIRED, E-TRUST-FUTURE, E-TRUST-AGENCY, E-PREKEY-NONE.
        """
        self.newest.check_for_publishing(at)
        if not self.newest.signing_keys(agency, at):
            raise ExchangeError("E-TRUST-AGENCY", agency=agency.code)
        month = sealing_month(at)
        found = self.prekeys.get(agency)
        if found is None or self.newest.is_revoked(found.key(month).kid):
            raise ExchangeError("E-PREKEY-NONE", agency=agency.code, month=str(month))
        return found.key(month)

    def accept(self, bundle: TrustBundle, at: datetime) -> Trust:
        """This belief and what `bundle` adds to it; with an error, nothing.

        1. its first root is one of ours, or follows our newest; without any root of ours it is pinned
        2. each further root follows the one before (root.verify)
        3. each list stands under one of the roots and is one of ours or follows our newest (trust_list.verify)
        4. prekeys that verify and are newer take the place of ours; others are left out, and named in `dropped` unless just old
        5. prekeys of ours whose signer the newest list no longer bears are dropped

        The caller owes, when nothing was pinned before: to show the root's fingerprint, and a person to compare it.

        Raises:
            ExchangeError: E-TRUST-*, E-KEY-FORM, E-ENVELOPE-*, E-SIG.
        """
        found = self
        for envelope in bundle.roots:
            found = found.with_root(envelope, at)
        for envelope in bundle.lists:
            found = found.with_list(envelope, at)
        kept, dropped = _judged(found, (*(each.envelope for each in found.prekeys.values()), *bundle.prekeys), at)
        return replace(found, prekeys=kept, dropped=dropped)

    def with_prekeys(self, envelope: bytes, at: datetime) -> Trust:
        """This belief with an agency's newer prekeys; the same ones change nothing.

        Raises:
            ExchangeError: E-PREKEY-OLD, and whatever prekeys.verify raises.
        """
        previous = self.prekeys.get(prekeys.peek(envelope).agency)
        if previous is not None and previous.envelope == envelope:
            return self
        found = prekeys.verify(envelope, self.newest, previous, at)
        dropped = tuple(agency for agency in self.dropped if agency != found.agency)
        return replace(self, prekeys={**self.prekeys, found.agency: found}, dropped=dropped)

    def bundle(self, *, whole: bool = False) -> TrustBundle:
        """What others need to believe the same: root chain, newest list and prekeys; `whole`: all lists (how a home stores it)."""
        lists = self.lists if whole else self.lists[-1:]
        return TrustBundle(
            tuple(each.envelope for each in self.roots),
            tuple(each.envelope for each in lists),
            tuple(self.prekeys[agency].envelope for agency in sorted(self.prekeys)),
        )

    @classmethod
    def load(cls, stored: TrustBundle, at: datetime) -> Trust:
        """What `bundle(whole=True)` stored, verified again from the pinned root on; prekeys as of their own date."""
        return cls().accept(stored, at)

    def with_root(self, envelope: bytes, at: datetime) -> Trust:
        """One root more: pinned if it is the first, else ours already or the next of the chain."""
        if any(each.envelope == envelope for each in self.roots):
            return self
        if not self.roots:
            return replace(self, roots=(root.verify(envelope, None, at),))
        alone = root.verify(envelope, None, at)
        if any(each.digest == alone.digest for each in self.roots):
            return self
        if alone.document.version <= self.root.document.version or alone.document.prev != self.root.digest:
            raise ExchangeError("E-TRUST-ROOT", given=fingerprint.of(alone.digest), pinned=fingerprint.of(self.root.digest))
        return replace(self, roots=(*self.roots, root.verify(envelope, self.root, at)))

    def with_list(self, envelope: bytes, at: datetime) -> Trust:
        """One list more, ours already or the next."""
        document = trust_list.peek(envelope)
        if any(each.document == document for each in self.lists):
            return self
        previous = self.lists[-1] if self.lists else None
        found = trust_list.verify(envelope, self._root_named(document.root), previous, at)
        return replace(self, lists=(*self.lists, found))

    def _root_named(self, named: str) -> Root:
        pinned = self.root
        found = next((each for each in self.roots if each.digest == named), None)
        if found is None:
            raise ExchangeError("E-TRUST-ROOT", given=fingerprint.of(named), pinned=fingerprint.of(pinned.digest))
        return found

    def _oldest(self) -> TrustList:
        if not self.lists:
            raise ExchangeError("E-TRUST-NONE")
        return self.lists[0]


def _judged(trust: Trust, envelopes: Sequence[bytes], at: datetime) -> tuple[dict[AgencyId, Prekeys], tuple[AgencyId, ...]]:
    """The newest good prekeys of each agency, and the agencies of which there are only bad ones."""
    kept: dict[AgencyId, Prekeys] = {}
    dropped: set[AgencyId] = set()
    for envelope in envelopes:
        agency = prekeys.peek(envelope).agency
        try:
            each = prekeys.verify_stored(envelope, trust.newest, at)
            if agency in kept:
                prekeys.check_newer(each, kept[agency])
        except ExchangeError as error:
            if error.code != "E-PREKEY-OLD":
                dropped.add(agency)
        else:
            kept[agency] = each
    return kept, tuple(sorted(dropped - kept.keys()))


def agencies_without_keys(trust: Trust, wanted: Sequence[AgencyId], at: datetime) -> dict[AgencyId, ExchangeError]:
    """Those of `wanted` that nothing can be sealed to at `at`, each with the reason."""
    missing: dict[AgencyId, ExchangeError] = {}
    for agency in wanted:
        try:
            trust.recipient_key(agency, at)
        except ExchangeError as error:
            missing[agency] = error
    return missing
