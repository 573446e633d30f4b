"""Backup and restore: the home as it was, into an empty place, from a file that nobody has touched."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import bootstrap
from gateway.app import backup, fsck, rosters
from gateway.app.office import Office
from tests.unit.gateway.app.offices import CIVIL, CLERK, DIBAO, EDU, MARCH, Offices, persons


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    made = Offices(tmp_path_factory.mktemp("offices"))
    made.found(EDU)
    made.keep(DIBAO, MARCH, persons(5))
    made.publish()
    return made


@pytest.fixture(scope="module")
def archive(offices: Offices) -> Path:
    out = offices.root / "backup.tar"
    backup.backup(offices.open(CIVIL), CLERK, out)
    return out


def opened(place: Path) -> Office:
    return bootstrap.open_office(place, clock=lambda: Offices(place).at, environment={})


def restore(place: Path, archive: Path) -> backup.Kept:
    return backup.restore(place, archive, opened, CLERK)


def test_a_restored_home_is_the_home(archive: Path, tmp_path: Path) -> None:
    made = restore(tmp_path / "ca", archive)
    office = opened(tmp_path / "ca")
    assert (made.agency, made.at) == ("522722/civil-affairs", "2023-04-05T08:00:00Z")
    assert fsck.fsck(office).faults == ()
    with office.reading() as connection:
        assert rosters.frames_of_month(office, connection, MARCH, [DIBAO])[DIBAO].accepted.height == 5


def test_nobody_else_may_read_a_backup_or_what_it_becomes(archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    restore(tmp_path / "ca", archive)
    assert (tmp_path / "ca").stat().st_mode & 0o077 == 0
    assert not [path for path in (tmp_path / "ca" / "keys").iterdir() if path.stat().st_mode & 0o077]


def test_a_backup_is_not_written_over(offices: Offices, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(ExchangeError, match="E-BACKUP-EXISTS"):
        backup.backup(offices.open(CIVIL), CLERK, archive)
    assert archive.read_bytes() == before


def test_only_an_empty_place_is_restored_into(archive: Path, tmp_path: Path) -> None:
    place = tmp_path / "ca"
    place.mkdir()
    (place / "something").write_text("else")
    with pytest.raises(ExchangeError, match="E-RESTORE-PLACE"):
        restore(place, archive)
    (place / "something").unlink()
    restore(place, archive)
    assert (place / "state.db").exists()


def rewritten(archive: Path, goal: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], more: dict[str, bytes]) -> Path:
    """The backup with members changed, left out (None) or added."""
    with tarfile.open(archive) as source, tarfile.open(goal, "w") as target:
        members = {entry.name: (source.extractfile(entry) or io.BytesIO()).read() for entry in source}
        for name, data in [*more.items(), *(found for each in members.items() if (found := change(*each)) is not None)]:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            target.addfile(entry, io.BytesIO(data))
    return goal


def flip(name: str, data: bytes) -> tuple[str, bytes]:
    return (name, bytes([data[0] ^ 1]) + data[1:]) if name == "state.db" else (name, data)


def lose(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name.startswith("keys/sign.") else (name, data)


def same(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data


@pytest.mark.parametrize(
    ("change", "more"),
    [
        (flip, {}),
        (lose, {}),
        (lambda name, data: None if name == "backup.json" else (name, data), {}),
        (same, {"../outside": b"x"}),
        (same, {"/tmp/outside": b"x"}),
        (same, {"keys/../../outside": b"x"}),
        (same, {"vault/" + "0" * 64 + "/manifest.dsse.json": b"x"}),
    ],
    ids=["changed", "lost", "no contents", "above", "absolute", "through", "added"],
)
def test_a_backup_that_was_touched_restores_nothing(
    archive: Path, tmp_path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], more: dict[str, bytes]
) -> None:
    touched = rewritten(archive, tmp_path / "touched.tar", change, more)
    with pytest.raises(ExchangeError, match="E-BACKUP-DAMAGED"):
        restore(tmp_path / "homes" / "ca", touched)
    assert [path.name for path in tmp_path.rglob("*")] in (["touched.tar", "homes"], ["homes", "touched.tar"])


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.99])
def test_a_backup_that_was_cut_off_restores_nothing(archive: Path, tmp_path: Path, part: float) -> None:
    data = archive.read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[: int((len(data) - 11_000) * part)])
    with pytest.raises(ExchangeError, match="E-BACKUP-DAMAGED"):
        restore(tmp_path / "ca", tmp_path / "cut.tar")
    assert not (tmp_path / "ca").exists()


def test_a_link_in_a_backup_is_not_followed(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "link.tar", "w") as target:
        entry = tarfile.TarInfo("gateway.toml")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        target.addfile(entry)
    with pytest.raises(ExchangeError, match="E-BACKUP-DAMAGED"):
        restore(tmp_path / "ca", tmp_path / "link.tar")


def test_a_restore_that_was_cut_short_left_nothing_and_is_done_again(archive: Path, tmp_path: Path) -> None:
    def killed(_: Path) -> Office:
        raise KeyboardInterrupt

    (tmp_path / ".ca.restoring" / "keys").mkdir(parents=True)  # what a kill before that one left
    with pytest.raises(KeyboardInterrupt):
        backup.restore(tmp_path / "ca", archive, killed, CLERK)
    assert not (tmp_path / "ca").exists()
    restore(tmp_path / "ca", archive)
    with opened(tmp_path / "ca").reading() as connection:
        body = connection.exec_driver_sql("SELECT body FROM ledger_entry ORDER BY i DESC LIMIT 1").scalar()
    assert body is not None
    assert b'"event":"home.restored"' in body
    assert [path.name for path in tmp_path.iterdir()] == ["ca"]


def test_what_is_no_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="E-FILE-NONE"):
        restore(tmp_path / "ca", tmp_path / "nothing.tar")
