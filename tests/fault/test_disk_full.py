"""Disks that fill up in the middle: a code a person can act on, nothing half done, and the next run goes on."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.sink import open_sink
from contracts.errors import ExchangeError
from gateway.carriers.opening import open_carrier
from tests.conformance.editions import Loader, facts, person
from tests.conformance.items import CIVIL_AFFAIRS, EDUCATION, Made, arrived, package, records
from tests.conformance.partners import MAKERS
from tests.conformance.refusals import refusal

MANY = [person(number, name=hashlib.sha512(b"%d" % number).hexdigest() * 2) for number in range(8000)]
"""Too much for the small disk however well it is packed."""
FEW = [person(1), person(2)]


@contextlib.contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes: EFBIG, which is how quotas and some network disks say full."""
    sys.dont_write_bytecode = True  # bytecode cut by the limit would stand in the tree
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_sink_on_a_full_disk(small_disk: Path, kind: str) -> None:
    partner = MAKERS[kind](small_disk)
    with open_sink(partner.url) as sink:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), FEW)
        before = partner.current()
        with pytest.raises(ExchangeError) as refused:
            loader.load(facts(2, "2023-04"), MANY, batch=500)
        assert refused.value.code == "E-SINK-FULL"
        assert partner.current() == before
        assert sink.find(facts(2, "2023-04").manifest) is None
        assert not list(small_disk.rglob(".incoming-*"))
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    with open_sink(partner.url) as sink:
        Loader(sink).load(facts(2, "2023-04"), MANY, batch=500)
        assert len(partner.current()) == len(MANY)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_sink_with_a_quota(tmp_path: Path, kind: str) -> None:
    partner = MAKERS[kind](tmp_path)
    with open_sink(partner.url) as sink:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), FEW)
        before = partner.current()
        with files_at_most(200_000), pytest.raises(ExchangeError) as refused:
            loader.load(facts(2, "2023-04"), MANY, batch=500)
        assert refused.value.code == ("E-SINK-STORE" if kind == "sqlite" else "E-SINK-FULL")  # SQLite does not say why a write failed
        assert partner.current() == before
        loader.load(facts(2, "2023-04"), MANY, batch=500)
        assert len(partner.current()) == len(MANY)


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind != "sqlite"])
@pytest.mark.parametrize("nth", range(1, 8))
def test_a_disk_that_says_full_only_when_it_is_flushed(tmp_path: Path, kind: str, nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As network disks do. Before the rename nothing is kept; after it the edition is there, and said to be, at the next start."""
    partner = MAKERS[kind](tmp_path)
    flush, count = os.fsync, 0

    def failing(fd: int) -> None:
        nonlocal count
        count += 1
        if count == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(fd)

    with open_sink(partner.url) as sink:
        loader = Loader(sink)
        loader.load(facts(1, "2023-03"), FEW)
        monkeypatch.setattr(os, "fsync", failing)
        code = refusal(lambda: loader.load(facts(2, "2023-04"), FEW[:1]))
        assert code == ("E-SINK-FULL" if nth <= count else None)
    monkeypatch.setattr(os, "fsync", flush)
    with open_sink(partner.url) as sink:
        kept = sink.find(facts(2, "2023-04").manifest)
        assert len(partner.current()) == (1 if kept else 2)
        again = Loader(sink).load(facts(2, "2023-04"), FEW[:1])
        assert kept in {None, again}
        assert len(partner.current()) == 1


def test_a_carrier_on_a_full_disk(small_disk: Path) -> None:
    url = f"dir:{small_disk / 'mail'}"
    small, large = package("small"), package("large", Made(4, 400_000))
    done = open_carrier(url, CIVIL_AFFAIRS).post([small, large, package("after")])
    assert [one.outcome for one in done] == ["posted", "failed", "posted"]
    assert [one.error.code for one in done if one.error] == ["E-CARRIER-FULL"]
    assert arrived(open_carrier(url, EDUCATION).poll(None)) == [*records(small), *records(package("after"))]
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert [one.outcome for one in open_carrier(url, CIVIL_AFFAIRS).post([small, large])] == ["present", "posted"]


def test_a_carrier_with_a_quota(tmp_path: Path) -> None:
    with files_at_most(100_000):
        [done] = open_carrier(f"dir:{tmp_path / 'mail'}", CIVIL_AFFAIRS).post([package("large", Made(2, 80_000))])
    assert (done.outcome, done.error and done.error.code) == ("failed", "E-CARRIER-FULL")
    assert not [path for path in (tmp_path / "mail").rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_flushed_promises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("gateway.carriers.mailing.sync_directory", failing)
    with contextlib.suppress(ExchangeError):
        done = open_carrier(f"dir:{tmp_path / 'mail'}", CIVIL_AFFAIRS).post([package("a")])
        assert [one.outcome for one in done] == ["failed"]
