"""The key store is killed at every durable step of everything it does; then it is opened again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from security.keystore.files import FileKeyStore


class KilledError(BaseException):
    """As SIGKILL: nothing that the code under test catches."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Die before the `step`-th durable call (from 0); the list tells which calls were made."""
    made: list[str] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if len(made) == step:
                raise KilledError(name)
            made.append(name)
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", counted("fsync", os.fsync))
        patch.setattr(Path, "replace", counted("replace", Path.replace))
        patch.setattr(Path, "unlink", counted("unlink", Path.unlink))
        yield made


def steps_of(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    with killed_at(-1, monkeypatch) as made:
        act()
    return len(made)


def reopened(directory: Path) -> FileKeyStore:
    return FileKeyStore.open(directory, None, os.urandom)


def test_creating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = steps_of(lambda: FileKeyStore.create(tmp_path / "whole", None, os.urandom), monkeypatch)
    assert total >= 4
    for step in range(total):
        directory = tmp_path / f"{step}"
        with killed_at(step, monkeypatch), pytest.raises(KilledError):
            FileKeyStore.create(directory, None, os.urandom)
        store = FileKeyStore.ensure(directory, None, os.urandom)
        assert reopened(directory).labels() == store.labels() == ()
        assert store.generate("sign/1", "ed25519") == reopened(directory).find("sign/1")


def test_generating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileKeyStore.create(tmp_path, None, os.urandom)
    total = steps_of(lambda: store.generate("sign/1", "ed25519"), monkeypatch)
    first = store.find("sign/1")
    for step in range(total):
        with killed_at(step, monkeypatch), pytest.raises(KilledError):
            store.generate(f"wrap/{2026 + step}-01", "x-wing")
        again = reopened(tmp_path)
        key = again.generate(f"wrap/{2026 + step}-01", "x-wing")
        assert reopened(tmp_path).find(f"wrap/{2026 + step}-01") == key
        assert again.find("sign/1") == first


def test_destroying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed anywhere, the key either works as before or is gone, and asking again ends it."""
    store = FileKeyStore.create(tmp_path, None, os.urandom)
    store.generate("self/2025-01", "x-wing")
    total = steps_of(lambda: store.destroy("self/2025-01"), monkeypatch)
    assert total >= 6
    for step in range(total):
        label = f"self/2026-{step + 1:02d}"
        key = store.generate(label, "x-wing")
        with killed_at(step, monkeypatch), pytest.raises(KilledError):
            store.destroy(label)
        again = reopened(tmp_path)
        assert again.find(label) in (key, None)
        again.destroy(label)
        assert reopened(tmp_path).destroyed()[label] == key.kid
        assert not (tmp_path / f"self.2026-{step + 1:02d}.key").exists()
        with pytest.raises(ExchangeError) as error:
            reopened(tmp_path).generate(label, "x-wing")
        assert error.value.code == "E-KEY-DESTROYED"


def test_changing_the_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either the old lock or the new one fits, never neither."""
    store = FileKeyStore.create(tmp_path, None, os.urandom)
    key = store.generate("sign/1", "ed25519")
    total = steps_of(lambda: store.lock(None), monkeypatch)
    for step in range(total):
        with killed_at(step, monkeypatch), pytest.raises(KilledError):
            store.lock("secret")
        assert FileKeyStore.open(tmp_path, "secret", os.urandom).find("sign/1") == key
        store.lock(None)
        assert reopened(tmp_path).find("sign/1") == key


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileKeyStore.create(tmp_path, None, os.urandom)
    key = store.generate("sign/1", "ed25519")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for act in (lambda: store.generate("sign/2", "ed25519"), lambda: store.destroy("sign/1"), lambda: store.lock("x")):
            with pytest.raises(ExchangeError) as error:
                act()
            assert error.value.code == "E-DISK"
            assert error.value.facts == {"why": "No space left on device"}
    assert reopened(tmp_path).labels() == ("sign/1",)
    assert reopened(tmp_path).find("sign/1") == key
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def full(_handle: int) -> None:
    raise OSError(28, "No space left on device")
