"""The key store in a directory.

`master` opens everything (security/keystore/master.py), `<purpose>.<which>.key` is one key (sealed.py), `<purpose>.<which>.gone`
says that the key of that label was destroyed. Processes that write at the same time wait for one another; readers never wait.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from contracts.errors import ExchangeError
from security import keys, suite
from security.keys import Algorithm, PublicKey, Signer
from security.keystore import durable, labels, master, sealed
from security.keystore.master import Master
from security.keystore.sealed import Head, StoredAlgorithm

_MASTER = "master"


class FileKeyStore:
    """A `KeyStore` (port.py) in a directory of its own. Made by `create`, `open` or `ensure`."""

    def __init__(self, directory: Path, opened: Master, random: Callable[[int], bytes]) -> None:
        self._directory = directory
        self._master = opened
        self._random = random
        self._opened: dict[str, tuple[Head, bytes]] = {}
        self._unwrapping: dict[str, tuple[str, MLKEM768X25519PrivateKey]] = {}
        self._labels_by_kid: dict[str, str] = {}

    @classmethod
    def exists(cls, directory: Path) -> bool:
        """Whether a store was created there."""
        return (directory / _MASTER).exists()

    @classmethod
    def create(cls, directory: Path, passphrase: str | None, random: Callable[[int], bytes]) -> Self:
        """A new store; without a passphrase the file permissions are its lock.

        Raises:
            ExchangeError: E-STORE-EXISTS, E-STORE-PASSPHRASE-EMPTY.
        """
        if cls.exists(directory):
            raise ExchangeError("E-STORE-EXISTS")
        fresh = Master(random(16), random(32))
        data = master.encode(fresh, passphrase, random)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.alone(directory):
            if cls.exists(directory):
                raise ExchangeError("E-STORE-EXISTS")
            durable.write(directory / _MASTER, data)
        return cls(directory, fresh, random)

    @classmethod
    def open(cls, directory: Path, passphrase: str | None, random: Callable[[int], bytes]) -> Self:
        """An existing store. Finishes destructions that were cut short.

        Raises:
            ExchangeError: E-STORE-NONE, E-STORE-OPEN, E-STORE-DAMAGED, E-STORE-PASSPHRASE, E-STORE-PASSPHRASE-MISSING.
        """
        path = directory / _MASTER
        if not path.exists():
            raise ExchangeError("E-STORE-NONE")
        if durable.readable_by_others(path):
            raise ExchangeError("E-STORE-OPEN", file=_MASTER)
        store = cls(directory, master.decode(path.read_bytes(), passphrase, _MASTER), random)
        for label in store.destroyed():
            store._erase(label)
        return store

    @classmethod
    def ensure(cls, directory: Path, passphrase: str | None, random: Callable[[int], bytes]) -> Self:
        """The store there, created if there is none: what a repeated `init` wants."""
        return (cls.open if cls.exists(directory) else cls.create)(directory, passphrase, random)

    @property
    def id(self) -> str:
        """The store's name, 32 hex digits: tells it from every other, and no secret."""
        return self._master.store_id.hex()

    @property
    def locked(self) -> bool:
        """See KeyStore.locked."""
        return master.needs_passphrase((self._directory / _MASTER).read_bytes())

    def lock(self, passphrase: str | None) -> None:
        """Put the store under another passphrase, or none; no other file changes."""
        durable.write(self._directory / _MASTER, master.encode(self._master, passphrase, self._random))

    def generate(self, label: str, alg: Algorithm) -> PublicKey:
        """See KeyStore.generate."""
        head = self._generate(label, alg)
        return PublicKey(head.kid, alg, head.public)

    def generate_mac(self, label: str) -> None:
        """See KeyStore.generate_mac."""
        self._generate(label, "hmac-sha256")

    def find(self, label: str) -> PublicKey | None:
        """See KeyStore.find."""
        if not self._key_path(label).exists() or self._gone_path(label).exists():
            return None
        head, _ = self._secret(label)
        if head.alg == "hmac-sha256":
            raise ExchangeError("E-KEY-ALG", key=label, alg=head.alg)
        return PublicKey(head.kid, head.alg, head.public)

    def labels(self) -> tuple[str, ...]:
        """See KeyStore.labels."""
        gone = self.destroyed()
        found = (labels.of_stem(path.name.removesuffix(".key")) for path in self._directory.glob("*.key"))
        return tuple(sorted(label for label in found if label is not None and label not in gone))

    def label_of(self, kid: str) -> str | None:
        """See KeyStore.label_of."""
        label = self._labels_by_kid.get(kid)
        if label is None or not self._key_path(label).exists() or self._gone_path(label).exists():
            self._labels_by_kid = {self._peek(each).kid: each for each in self.labels()}
            self._labels_by_kid.pop("", None)
            label = self._labels_by_kid.get(kid)
        return label

    def destroyed(self) -> Mapping[str, str]:
        """See KeyStore.destroyed."""
        found: dict[str, str] = {}
        for path in sorted(self._directory.glob("*.gone")):
            label = labels.of_stem(path.name.removesuffix(".gone"))
            if label is not None:
                found[label] = path.read_text("ascii", errors="replace").strip()
        return MappingProxyType(found)

    def latest(self, purpose: str) -> str | None:
        """See KeyStore.latest."""
        parts = (label.split("/") for label in self.labels())
        numbers = [int(which) for name, which in parts if name == purpose and which.isdecimal()]
        return f"{purpose}/{max(numbers)}" if numbers else None

    def signer(self, label: str) -> Signer:
        """See KeyStore.signer."""
        head, secret = self._secret(label)
        if head.alg == "ed25519":
            return Signer(head.kid, head.alg, Ed25519PrivateKey.from_private_bytes(secret).sign)
        if head.alg == "ml-dsa-65":
            return Signer(head.kid, head.alg, MLDSA65PrivateKey.from_seed_bytes(secret).sign)
        raise ExchangeError("E-KEY-ALG", key=label, alg=head.alg)

    def sign(self, label: str, data: bytes) -> bytes:
        """See KeyStore.sign."""
        return self.signer(label).sign(data)

    def unwrap(self, kid: str, wrap: bytes, info: bytes) -> bytes:
        """See KeyStore.unwrap."""
        known = self._unwrapping.get(kid)
        if known is None or self._gone_path(known[0]).exists():
            label, seed = self._wrap_seed(kid)
            known = self._unwrapping[kid] = (label, keys.wrap_private(seed))
        return suite.unwrap(known[1], wrap, info)

    def mac(self, label: str, data: bytes) -> bytes:
        """See KeyStore.mac."""
        return self.mac_many(label, (data,))[0]

    def mac_many(self, label: str, items: Iterable[bytes]) -> list[bytes]:
        """See KeyStore.mac_many."""
        head, secret = self._secret(label)
        if head.alg != "hmac-sha256":
            raise ExchangeError("E-KEY-ALG", key=label, alg=head.alg)
        digest = hmac.digest
        return [digest(secret, item, "sha256") for item in items]

    def destroy(self, label: str) -> None:
        """See KeyStore.destroy. The tombstone comes first: a crash in between leaves a key that `open` erases."""
        with durable.alone(self._directory):
            if not self._gone_path(label).exists():
                kid = self._peek(label).kid if self._key_path(label).exists() else ""
                durable.write(self._gone_path(label), kid.encode())
        self._erase(label)

    def _generate(self, label: str, alg: StoredAlgorithm) -> Head:
        if self._gone_path(label).exists():
            raise ExchangeError("E-KEY-DESTROYED", key=label)
        if not self._key_path(label).exists():
            self._make(label, alg)
        head, _ = self._secret(label)
        if head.alg != alg:
            raise ExchangeError("E-KEY-ALG", key=label, alg=head.alg)
        return head

    def _make(self, label: str, alg: StoredAlgorithm) -> None:
        """Two processes that want the same key get the same key."""
        secret = self._random(keys.SEED_LENGTH)
        data = sealed.encode(Head(alg, _public(alg, secret)), secret, label, self._master)
        with durable.alone(self._directory):
            if not self._key_path(label).exists() and not self._gone_path(label).exists():
                durable.write(self._key_path(label), data)

    def _secret(self, label: str) -> tuple[Head, bytes]:
        """The opened key, kept for the life of this object, or until a tombstone appears."""
        if self._gone_path(label).exists():
            self._forget(label)
            raise ExchangeError("E-KEY-DESTROYED", key=label)
        if label not in self._opened:
            self._opened[label] = sealed.decode(self._read(label), label, self._master, self._key_path(label).name)
        return self._opened[label]

    def _wrap_seed(self, kid: str) -> tuple[str, bytes]:
        label = self.label_of(kid)
        if label is None:
            gone = next((label for label, name in self.destroyed().items() if name == kid), None)
            raise ExchangeError("E-KEY-MISSING" if gone is None else "E-KEY-DESTROYED", key=gone or kid[:32])
        head, secret = self._secret(label)
        if head.alg != "x-wing":
            raise ExchangeError("E-KEY-ALG", key=label, alg=head.alg)
        return label, secret

    def _peek(self, label: str) -> Head:
        return sealed.peek(self._read(label), self._key_path(label).name)

    def _read(self, label: str) -> bytes:
        try:
            return self._key_path(label).read_bytes()
        except FileNotFoundError:
            raise ExchangeError("E-KEY-MISSING", key=label) from None

    def _erase(self, label: str) -> None:
        path = self._key_path(label)
        if path.exists():
            durable.erase(path, self._random(4096))
        self._forget(label)

    def _forget(self, label: str) -> None:
        opened = self._opened.pop(label, None)
        if opened is not None:
            self._unwrapping.pop(opened[0].kid, None)

    def _key_path(self, label: str) -> Path:
        return self._directory / f"{labels.file_stem(label)}.key"

    def _gone_path(self, label: str) -> Path:
        return self._directory / f"{labels.file_stem(label)}.gone"


def _public(alg: StoredAlgorithm, secret: bytes) -> bytes:
    if alg == "ed25519":
        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    if alg == "ml-dsa-65":
        return MLDSA65PrivateKey.from_seed_bytes(secret).public_key().public_bytes_raw()
    return keys.wrap_public_of_seed(secret) if alg == "x-wing" else b""
