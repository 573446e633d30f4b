"""What the rest of the gateway may ask of a key store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from security.keys import Algorithm, PublicKey, Signer


class KeyStore(Protocol):
    """Private keys by label. Everything but the public half stays inside.

    Every method raises ExchangeError: E-KEY-LABEL for a malformed label, E-KEY-MISSING for an absent key, E-KEY-DESTROYED for
    one that was destroyed, E-KEY-ALG when the key is of another kind, E-STORE-DAMAGED for a changed file.
    """

    @property
    def id(self) -> str:
        """Tells this store from every other; no secret."""

    @property
    def locked(self) -> bool:
        """Whether it takes a passphrase to open it; else the operating system's permissions guard it."""

    def generate(self, label: str, alg: Algorithm) -> PublicKey:
        """The key of that label, made if it is not there; durable on return."""

    def generate_mac(self, label: str) -> None:
        """As `generate`, for a symmetric key that only `mac` uses."""

    def find(self, label: str) -> PublicKey | None:
        """The public half; None when there is no such key (destroyed ones included)."""

    def labels(self) -> tuple[str, ...]:
        """Labels of all live keys, sorted."""

    def label_of(self, kid: str) -> str | None:
        """The label of a live key by its name."""

    def destroyed(self) -> Mapping[str, str]:
        """Labels of destroyed keys -> kid ("" for a MAC key)."""

    def latest(self, purpose: str) -> str | None:
        """The label with the highest number: `sign/2` for `sign`; None when there is none."""

    def signer(self, label: str) -> Signer:
        """The power to sign with that key."""

    def sign(self, label: str, data: bytes) -> bytes:
        """Raw signature over `data`."""

    def unwrap(self, kid: str, wrap: bytes, info: bytes) -> bytes:
        """HPKE-open a wrap made for the key named `kid`. Also E-CHUNK-KEY."""

    def mac(self, label: str, data: bytes) -> bytes:
        """HMAC-SHA-256, 32 B."""

    def mac_many(self, label: str, items: Iterable[bytes]) -> list[bytes]:
        """HMAC-SHA-256 of each item, in order."""

    def destroy(self, label: str) -> None:
        """Make the key unusable for ever; harmless when it is so already. The label is never used again."""
