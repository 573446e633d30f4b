"""Writing the county's next root or trust list. Collecting the signatures is gateway.app.trust's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from contracts.errors import ExchangeError
from security import encoding
from security.trust import trust_list
from security.trust.entry import Entry
from security.trust.role import Role
from security.trust.root import LIFETIME as ROOT_LIFETIME
from security.trust.root import Root, RootDocument
from security.trust.trust_list import TrustList, TrustListDocument

KEY_LIFETIME = timedelta(days=730)
"""How long an agency's signing and log keys are listed when nothing else is said."""
REMEMBERED = timedelta(days=400)
"""How long a key stays listed after its window: as long as an edition may live, so that late receipts can be judged."""


def first_root(county: str, root: Role, registry: Role, at: datetime) -> RootDocument:
    """Version 1, valid ten years; sign it by `root`'s holders."""
    created = encoding.whole_second(at)
    return RootDocument(county=county, version=1, created=created, expires=created + ROOT_LIFETIME, prev=None, root=root, registry=registry)


def next_root(previous: Root, root: Role, registry: Role, at: datetime) -> RootDocument:
    """The version after `previous`; sign it by the holders of both."""
    created = encoding.whole_second(at)
    return RootDocument(
        county=previous.document.county,
        version=previous.document.version + 1,
        created=created,
        expires=created + ROOT_LIFETIME,
        prev=previous.digest,
        root=root,
        registry=registry,
    )


def next_list(
    root: Root, previous: TrustList | None, added: Iterable[Entry], at: datetime, revoked: Mapping[str, datetime] | None = None
) -> TrustListDocument:
    """The list after `previous`: its entries and `added`, the kids in `revoked` revoked; valid 35 days from `at`.

    An entry of `added` that is listed already is left as it is. Keys long out of their window are forgotten.

    Raises:
        ExchangeError: E-TRUST-KEY, a key listed for another owner or use, or a kid in `revoked` that is not listed.
    """
    created = encoding.whole_second(at)
    before = () if previous is None else previous.document.entries
    entries = {entry.key.kid: entry for entry in before if entry.naf + REMEMBERED > created}
    for entry in added:
        known = entries.setdefault(entry.key.kid, entry)
        if (known.owner, known.use) != (entry.owner, entry.use):
            raise ExchangeError("E-TRUST-KEY", kid=entry.key.kid, why="another owner or use")
    for kid, when in (revoked or {}).items():
        if kid not in entries:
            raise ExchangeError("E-TRUST-KEY", kid=kid[:32], why="not in the list")
        if entries[kid].revoked is None:
            old = entries[kid]
            entries[kid] = Entry(key=old.key, owner=old.owner, use=old.use, nbf=old.nbf, naf=old.naf, revoked=encoding.whole_second(when))
    under_same_root = previous is not None and previous.document.root == root.digest
    return TrustListDocument(
        county=root.document.county,
        root=root.digest,
        version=previous.version + 1 if previous is not None and under_same_root else 1,
        created=created,
        expires=created + trust_list.LIFETIME,
        entries=tuple(entries[kid] for kid in sorted(entries)),
    )
