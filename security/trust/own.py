"""A home's own side of trust: its keys, its card, its prekeys, out of its key store."""

from __future__ import annotations

from datetime import datetime

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import encoding
from security.keys import PublicKey, Signer
from security.keystore import labels
from security.keystore.port import KeyStore
from security.trust import card, prekeys
from security.trust.card import CardDocument
from security.trust.entry import Use
from security.trust.prekeys import AHEAD, Prekeys, PrekeysDocument, sealing_month
from security.trust.role import Holder

PURPOSES: tuple[tuple[str, Use], ...] = (("sign", "sign"), ("log", "log"))


def generate_pair(store: KeyStore, purpose: str) -> None:
    """The first Ed25519 and ML-DSA-65 keys of `sign`, `log`, `root` or `registry`; those there already stay."""
    if store.latest(purpose) is None:
        store.generate(f"{purpose}/1", "ed25519")
    if store.latest(f"{purpose}-pq") is None:
        store.generate(f"{purpose}-pq/1", "ml-dsa-65")


def check_there(store: KeyStore) -> None:
    """See that the keys that an agency signs with are there, before anything is begun without them.

    Raises:
        ExchangeError: E-KEY-MISSING.
    """
    for purpose, _ in PURPOSES:
        _labels(store, purpose)


def pair(store: KeyStore, purpose: str) -> tuple[PublicKey, PublicKey]:
    """The newest Ed25519 and ML-DSA-65 keys of a purpose.

    Raises:
        ExchangeError: E-KEY-MISSING.
    """
    first, second = (store.find(label) for label in _labels(store, purpose))
    if first is None or second is None:
        raise ExchangeError("E-KEY-MISSING", key=purpose)
    return first, second


def signers(store: KeyStore, purpose: str) -> list[Signer]:
    """The newest pair of a purpose, ready to sign.

    Raises:
        ExchangeError: E-KEY-MISSING.
    """
    return [store.signer(label) for label in _labels(store, purpose)]


def log_keys(store: KeyStore) -> list[tuple[PublicKey, Signer]]:
    """The newest `log` pair with its public halves: what checkpoint.sign wants.

    Raises:
        ExchangeError: E-KEY-MISSING.
    """
    return list(zip(pair(store, "log"), signers(store, "log"), strict=True))


def holder(store: KeyStore, purpose: str, name: str) -> Holder:
    """This store's pair as a holder of the root or registry role."""
    return Holder(name, pair(store, purpose))


def card_document(store: KeyStore, agency: AgencyId) -> CardDocument:
    """What this home's card says."""
    keys = [(use, key) for purpose, use in PURPOSES for key in pair(store, purpose)]
    return CardDocument(agency, tuple(sorted(keys, key=lambda each: each[1].kid)))


def card_file(store: KeyStore, agency: AgencyId, prekeys_envelope: bytes) -> bytes:
    """What `gateway trust export` prints."""
    everyone = [signer for purpose, _ in PURPOSES for signer in signers(store, purpose)]
    return card.sign(card_document(store, agency), everyone, prekeys_envelope)


def prekeys_envelope(store: KeyStore, agency: AgencyId, at: datetime, previous: Prekeys | None) -> bytes:
    """Prekeys for the month of `at` and the four after it, the keys made where missing and durable on return.

    As long as `previous` says the same, its very bytes. Months whose key was destroyed are left out.
    """
    month = sealing_month(at)
    months = [month.shift(ahead) for ahead in range(AHEAD + 1)]
    gone = store.destroyed()
    keys = {each: store.generate(labels.wrap(each), "x-wing") for each in months if labels.wrap(each) not in gone}
    if previous is not None and previous.agency == agency and dict(previous.document.months) == keys:
        return previous.envelope
    return prekeys.sign(PrekeysDocument(agency, encoding.whole_second(at), keys), signers(store, "sign"))


def _labels(store: KeyStore, purpose: str) -> tuple[str, str]:
    found = store.latest(purpose), store.latest(f"{purpose}-pq")
    if found[0] is None or found[1] is None:
        raise ExchangeError("E-KEY-MISSING", key=purpose)
    return found[0], found[1]
