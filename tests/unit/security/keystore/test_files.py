"""The file key store: what it promises, and what whoever holds its directory can and cannot do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import Period
from security import suite
from security.keys import Algorithm, PublicKey, kid_of, verify_signature
from security.keystore import labels
from security.keystore.files import FileKeyStore


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore.create(tmp_path / "keys", None, os.urandom)


def reopened(tmp_path: Path, passphrase: str | None = None) -> FileKeyStore:
    return FileKeyStore.open(tmp_path / "keys", passphrase, os.urandom)


def code_of(error: pytest.ExceptionInfo[ExchangeError]) -> str:
    return error.value.code


def test_a_key_signs_and_survives_reopening(store: FileKeyStore, tmp_path: Path) -> None:
    pairs: tuple[tuple[str, Algorithm], ...] = (("sign/1", "ed25519"), ("sign-pq/1", "ml-dsa-65"))
    for label, alg in pairs:
        key = store.generate(label, alg)
        again = reopened(tmp_path)
        assert again.find(label) == key
        verify_signature(key, again.sign(label, b"data"), b"data")
        with pytest.raises(ExchangeError) as error:
            verify_signature(key, again.sign(label, b"data"), b"date")
        assert code_of(error) == "E-SIG"


def test_generating_twice_gives_the_same_key(store: FileKeyStore) -> None:
    assert store.generate("sign/1", "ed25519") == store.generate("sign/1", "ed25519")


def test_a_label_keeps_its_algorithm(store: FileKeyStore) -> None:
    store.generate("sign/1", "ed25519")
    with pytest.raises(ExchangeError) as error:
        store.generate("sign/1", "ml-dsa-65")
    assert code_of(error) == "E-KEY-ALG"


def test_unwrap_opens_only_its_own_wraps(store: FileKeyStore) -> None:
    key = store.generate(labels.wrap(Period(2026, 11)), "x-wing")
    other = store.generate(labels.wrap(Period(2026, 12)), "x-wing")
    wrap = suite.wrap(bytes(range(32)), key, b"info")
    assert store.unwrap(key.kid, wrap, b"info") == bytes(range(32))
    for kid, bad_wrap, info in (
        (other.kid, wrap, b"info"),
        (key.kid, wrap, b"other"),
        (key.kid, wrap[:-1], b"info"),
        (key.kid, b"", b"info"),
        (key.kid, bytes(len(wrap)), b"info"),
    ):
        with pytest.raises(ExchangeError) as error:
            store.unwrap(kid, bad_wrap, info)
        assert code_of(error) == "E-CHUNK-KEY"


def test_unknown_keys_are_missing(store: FileKeyStore) -> None:
    acts: list[Callable[[], object]] = [
        partial(store.unwrap, "0" * 32, b"", b""),
        partial(store.sign, "sign/9", b""),
        partial(store.mac, "mac/lasting", b""),
    ]
    for act in acts:
        with pytest.raises(ExchangeError) as error:
            act()
        assert code_of(error) == "E-KEY-MISSING"


def test_mac_is_hmac_sha256_and_stays_the_same(store: FileKeyStore, tmp_path: Path) -> None:
    store.generate_mac("mac/lasting")
    first = store.mac_many("mac/lasting", [b"a", b"b"])
    assert len(first[0]) == 32
    assert first[0] != first[1]
    assert reopened(tmp_path).mac("mac/lasting", b"a") == first[0]
    with pytest.raises(ExchangeError) as error:
        store.sign("mac/lasting", b"")
    assert code_of(error) == "E-KEY-ALG"


def test_keys_are_used_for_their_purpose_only(store: FileKeyStore) -> None:
    signing, wrapping = store.generate("sign/1", "ed25519"), store.generate("wrap/2026-11", "x-wing")
    acts: list[Callable[[], object]] = [
        partial(store.unwrap, signing.kid, b"", b""),
        partial(store.sign, "wrap/2026-11", b""),
        partial(store.mac, "sign/1", b""),
    ]
    for act in acts:
        with pytest.raises(ExchangeError) as error:
            act()
        assert code_of(error) == "E-KEY-ALG"
    assert store.label_of(wrapping.kid) == "wrap/2026-11"


def test_latest_is_by_number(store: FileKeyStore) -> None:
    assert store.latest("sign") is None
    for number in (1, 2, 10):
        store.generate(f"sign/{number}", "ed25519")
    store.generate("sign-pq/11", "ed25519")
    assert store.latest("sign") == "sign/10"
    assert store.labels() == ("sign-pq/11", "sign/1", "sign/10", "sign/2")


def test_a_destroyed_key_is_gone_for_ever(store: FileKeyStore, tmp_path: Path) -> None:
    key = store.generate("wrap/2026-11", "x-wing")
    wrap = suite.wrap(b"k" * 32, key, b"")
    running = reopened(tmp_path)
    running.unwrap(key.kid, wrap, b"")
    store.destroy("wrap/2026-11")
    store.destroy("wrap/2026-11")
    for each in (store, running, reopened(tmp_path)):
        assert each.find("wrap/2026-11") is None
        assert each.labels() == ()
        assert each.destroyed() == {"wrap/2026-11": key.kid}
        acts: list[Callable[[], object]] = [partial(each.unwrap, key.kid, wrap, b""), partial(each.generate, "wrap/2026-11", "x-wing")]
        for act in acts:
            with pytest.raises(ExchangeError) as error:
                act()
            assert code_of(error) == "E-KEY-DESTROYED"


def test_a_destruction_cut_short_is_finished_on_opening(store: FileKeyStore, tmp_path: Path) -> None:
    key = store.generate("self/2023-03", "x-wing")
    (tmp_path / "keys" / "self.2023-03.gone").write_text(key.kid)
    assert reopened(tmp_path).find("self/2023-03") is None
    assert not (tmp_path / "keys" / "self.2023-03.key").exists()


def test_a_key_cut_short_while_written_is_made_anew(store: FileKeyStore, tmp_path: Path) -> None:
    (tmp_path / "keys" / ".sign.1.key.tmp").write_bytes(b"half")
    assert reopened(tmp_path).labels() == ()
    assert store.generate("sign/1", "ed25519").alg == "ed25519"


def test_no_secret_stands_in_the_clear(tmp_path: Path) -> None:
    """Every 32 bytes of randomness drawn for keys must be absent from every file of a store with a passphrase."""
    drawn: list[bytes] = []

    def recorded(count: int) -> bytes:
        drawn.append(os.urandom(count))
        return drawn[-1]

    store = FileKeyStore.create(tmp_path / "keys", "一个口令", recorded)
    store.generate("sign/1", "ed25519")
    store.generate("wrap/2026-11", "x-wing")
    store.generate_mac("mac/lasting")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    secrets = [value for value in drawn if len(value) == 32]
    assert len(secrets) == 4
    assert not [value for value in secrets if value in everything]


def test_files_are_for_the_owner_only(store: FileKeyStore, tmp_path: Path) -> None:
    store.generate("sign/1", "ed25519")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    (tmp_path / "keys" / "master").chmod(0o640)
    with pytest.raises(ExchangeError) as error:
        reopened(tmp_path)
    assert code_of(error) == "E-STORE-OPEN"


def test_passphrases(tmp_path: Path) -> None:
    key = FileKeyStore.create(tmp_path / "keys", "Ångström 口令", os.urandom).generate("sign/1", "ed25519")
    assert reopened(tmp_path, "A\u030angstro\u0308m 口令").find("sign/1") == key  # the same text, typed decomposed
    for passphrase, code in (("口令", "E-STORE-PASSPHRASE"), (None, "E-STORE-PASSPHRASE-MISSING"), ("", "E-STORE-PASSPHRASE-EMPTY")):
        with pytest.raises(ExchangeError) as error:
            reopened(tmp_path, passphrase)
        assert code_of(error) == code
    with pytest.raises(ExchangeError) as error:
        FileKeyStore.create(tmp_path / "other", "", os.urandom)
    assert code_of(error) == "E-STORE-PASSPHRASE-EMPTY"
    assert not FileKeyStore.exists(tmp_path / "other")


def test_a_passphrase_can_be_changed(tmp_path: Path) -> None:
    store = FileKeyStore.create(tmp_path / "keys", None, os.urandom)
    key = store.generate("sign/1", "ed25519")
    store.lock("new")
    with pytest.raises(ExchangeError):
        reopened(tmp_path)
    assert reopened(tmp_path, "new").find("sign/1") == key
    assert store.locked
    store.lock(None)
    assert reopened(tmp_path).find("sign/1") == key


def test_a_hostile_master_file_cannot_ask_for_all_memory(tmp_path: Path) -> None:
    import hashlib
    import struct

    FileKeyStore.create(tmp_path / "keys", "p", os.urandom)
    path = tmp_path / "keys" / "master"
    body = bytearray(path.read_bytes()[:-32])
    body[21:25] = struct.pack(">I", 0xFFFFFFFF)
    path.write_bytes(bytes(body) + hashlib.sha256(body).digest())
    with pytest.raises(ExchangeError) as error:
        reopened(tmp_path, "p")
    assert code_of(error) == "E-STORE-DAMAGED"


def test_every_changed_byte_of_the_store_is_noticed(store: FileKeyStore, tmp_path: Path) -> None:
    store.generate("sign/1", "ed25519")
    for name in ("master", "sign.1.key"):
        path = tmp_path / "keys" / name
        original = path.read_bytes()
        for position in range(len(original)):
            path.write_bytes(original[:position] + bytes((original[position] ^ 1,)) + original[position + 1 :])
            with pytest.raises(ExchangeError) as error:
                reopened(tmp_path).sign("sign/1", b"")
            assert code_of(error) == "E-STORE-DAMAGED"
            assert error.value.facts == {"file": name}
        path.write_bytes(original[:-1])
        with pytest.raises(ExchangeError):
            reopened(tmp_path).sign("sign/1", b"")
        path.write_bytes(original)


def test_a_public_key_put_in_front_is_not_handed_out(store: FileKeyStore, tmp_path: Path) -> None:
    """An attacker who may only write wants us to publish a prekey of theirs."""
    store.generate("wrap/2026-11", "x-wing")
    thief = FileKeyStore.create(tmp_path / "thief", None, os.urandom)
    theirs = thief.generate("wrap/2026-11", "x-wing")
    path = tmp_path / "keys" / "wrap.2026-11.key"
    data = path.read_bytes()
    path.write_bytes(data[:5] + theirs.public + data[5 + 1216 :])
    with pytest.raises(ExchangeError) as error:
        reopened(tmp_path).find("wrap/2026-11")
    assert code_of(error) == "E-STORE-DAMAGED"


def test_a_key_file_belongs_to_its_label_and_store(store: FileKeyStore, tmp_path: Path) -> None:
    store.generate("sign/1", "ed25519")
    shutil.copy(tmp_path / "keys" / "sign.1.key", tmp_path / "keys" / "root.1.key")
    with pytest.raises(ExchangeError) as error:
        reopened(tmp_path).sign("root/1", b"")
    assert code_of(error) == "E-STORE-DAMAGED"


@pytest.mark.parametrize(
    "label",
    ["", "sign", "sign/", "/1", "../x/1", "sign/1/2", "sign/..", "Sign/1", "sign/1.key", "sign/1\n", "s" * 40 + "/1"],
)
def test_labels_cannot_leave_the_directory(store: FileKeyStore, label: str) -> None:
    with pytest.raises(ExchangeError) as error:
        store.generate(label, "ed25519")
    assert code_of(error) == "E-KEY-LABEL"


def test_creating_never_overwrites(store: FileKeyStore, tmp_path: Path) -> None:
    key = store.generate("sign/1", "ed25519")
    with pytest.raises(ExchangeError) as error:
        FileKeyStore.create(tmp_path / "keys", None, os.urandom)
    assert code_of(error) == "E-STORE-EXISTS"
    assert FileKeyStore.ensure(tmp_path / "keys", None, os.urandom).find("sign/1") == key
    with pytest.raises(ExchangeError) as error:
        FileKeyStore.open(tmp_path / "nowhere", None, os.urandom)
    assert code_of(error) == "E-STORE-NONE"


def test_the_kid_is_that_of_the_public_key(store: FileKeyStore) -> None:
    key = store.generate("log/1", "ed25519")
    assert key.kid == kid_of("ed25519", key.public)
    assert PublicKey.of("ed25519", key.public) == key
