"""Packages on a shelf: wholly there or not at all, and nobody else's things are touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import spool
from security.chunk import MAX_CHUNK

NAME, OTHER = "ab" * 32, "cd" * 32


def test_what_is_written_is_read(tmp_path: Path) -> None:
    spool.write(tmp_path, NAME, b"statement", [b"one", b"two"])
    package = spool.read(tmp_path, NAME)
    assert (package.manifest, package.chunks) == (b"statement", 2)
    assert [package.read(index) for index in range(3)] == [b"one", b"two", None]
    assert spool.names(tmp_path) == {NAME}


def test_a_package_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Sealing is random: the same name with other bytes would break what was signed."""
    spool.write(tmp_path, NAME, b"statement", [b"one"])
    spool.write(tmp_path, NAME, b"another", [b"other"])
    assert spool.read(tmp_path, NAME).manifest == b"statement"


def test_a_writer_that_stops_leaves_nothing(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        spool.write(tmp_path, NAME, b"statement", chunks())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_no_package(tmp_path: Path) -> None:
    (tmp_path / f".draft-{NAME}" / "chunks").mkdir(parents=True)
    (tmp_path / f"{spool.INCOMING}{OTHER}").mkdir()
    assert spool.names(tmp_path) == set()
    spool.write(tmp_path, NAME, b"statement", [b"one"])
    assert spool.read(tmp_path, NAME).chunks == 1
    spool.tidy(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {NAME}


def test_what_nobody_names_is_swept_and_nothing_else(tmp_path: Path) -> None:
    spool.write(tmp_path, NAME, b"statement", [b"one"])
    spool.write(tmp_path, OTHER, b"statement", [b"one"])
    (tmp_path / "readme.txt").write_text("somebody's note")
    (tmp_path / "my own folder").mkdir()
    (tmp_path / ("ef" * 32)).symlink_to(tmp_path / "my own folder")
    assert spool.sweep(tmp_path, {NAME}) == 1
    assert {path.name for path in tmp_path.iterdir()} == {NAME, "readme.txt", "my own folder", "ef" * 32}


def test_nothing_there(tmp_path: Path) -> None:
    assert spool.names(tmp_path / "none") == set()
    assert spool.sweep(tmp_path / "none", set()) == 0
    with pytest.raises(ExchangeError) as refusal:
        spool.read(tmp_path, NAME)
    assert refusal.value.code == "E-PACKAGE-GONE"


def test_no_more_than_a_chunk_can_be_is_read(tmp_path: Path) -> None:
    spool.write(tmp_path, NAME, b"x" * (spool.MAX_MANIFEST + 10), [b"y" * (MAX_CHUNK + 10)])
    package = spool.read(tmp_path, NAME)
    assert len(package.manifest) == spool.MAX_MANIFEST
    assert len(package.read(0) or b"") == MAX_CHUNK + 1
