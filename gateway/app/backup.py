"""Backup and restore: one consistent file of a home; restored into an empty place or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from contracts.errors import ExchangeError
from gateway import config
from gateway.app import checkpoints, restored
from gateway.app.actor import Actor
from gateway.app.office import COPY, Office
from gateway.config import sync_directory
from gateway.state import database
from gateway.state.unit import canonical

KIND = "gateway-backup"
_CONTENTS = "backup.json"
_STATE = "state.db"
_NAME = re.compile(
    r"gateway\.toml|state\.db|keys/[a-z0-9][a-z0-9.-]{0,80}"
    r"|(?:vault|outbox|inbox)/[0-9a-f]{64}/(?:manifest\.dsse\.json|chunks/[0-9]{6}\.cxc)"
)
_MOST_CONTENTS = 256 << 20
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup, made or restored.

    Attributes:
        agency: `county/code`.
        at: when it was made, `2026-11-22T09:05:00Z`.
        size: bytes of what is in it.
        locked: whether the private keys in it need a passphrase.
    """

    agency: str
    at: str
    files: int
    size: int
    locked: bool


def backup(office: Office, actor: Actor, out: Path) -> Kept:
    """`backup OUT`: configuration, state, keys, vault, outbox and inbox as of one moment, under the home's lock.

    The state is SQLite's own online copy; the file appears whole or not at all, and nobody but its owner may read it.

    Raises:
        ExchangeError: E-BACKUP-EXISTS, that file is there already; E-DISK.
    """
    with office.changing("backup"):
        if out.exists():
            raise ExchangeError("E-BACKUP-EXISTS", file=out.name)
        with office.unit(actor) as work:
            work.record("home.backed-up")
            checkpoints.keep(office, work)
            at = work.now
        draft = out.with_name(f".{out.name}.new")
        copy = office.place / COPY
        try:
            database.copy(office.engine, copy)
            kept = _write(office, draft, copy, at)
            draft.replace(out)
            sync_directory(out.parent)
        finally:
            copy.unlink(missing_ok=True)
            draft.unlink(missing_ok=True)
    return kept


def restore(place: Path, archive: Path, open_office: Callable[[Path], Office], actor: Actor) -> Kept:
    """`restore IN`: a home out of a backup, whole or not at all. Every file is compared with the backup's list of contents.

    It is put together beside the place, opened there, its ledger told, and renamed last: a restore that was cut short left nothing at
    the place and is done again.

    Raises:
        ExchangeError: E-RESTORE-PLACE, there is something at the place; E-FILE-NONE; E-BACKUP-DAMAGED; E-DISK; what `open_office` raises.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise ExchangeError("E-RESTORE-PLACE", home=str(place))
    if not archive.is_file():
        raise ExchangeError("E-FILE-NONE", file=archive.name)
    draft = place.with_name(f".{place.name}.restoring")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        try:
            kept = _read(archive, draft)
            for shelf in ("vault", "outbox", "inbox"):
                (draft / shelf).mkdir(exist_ok=True)
            office = open_office(draft)
            with office.changing("restore"), office.unit(actor) as work:
                work.record("home.restored", made=kept.at)
                restored.mark(work, kept.at)
                checkpoints.keep(office, work)
            for folder in sorted(draft.rglob("*"), reverse=True):
                if folder.is_dir():
                    sync_directory(folder)
            sync_directory(draft)
            draft.rename(place)
            sync_directory(place.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise ExchangeError("E-DISK", why=error.strerror or type(error).__name__) from error
    return kept


def _write(office: Office, draft: Path, copy: Path, at: str) -> Kept:
    contents: list[list[str | int]] = []
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, path in _members(office.place, copy):
                contents.append([name, *_add(archive, name, path)])
            document = {"v": 1, "kind": KIND, "agency": str(office.agency), "at": at, "locked": office.keys.locked, "files": contents}
            body = canonical(document)
            entry = tarfile.TarInfo(_CONTENTS)
            entry.size, entry.mode = len(body), 0o600
            archive.addfile(entry, io.BytesIO(body))
        file.flush()
        os.fsync(file.fileno())
    return Kept(str(office.agency), at, len(contents), sum(int(size) for _, size, _ in contents), office.keys.locked)


def _members(place: Path, copy: Path) -> Iterator[tuple[str, Path]]:
    """Files of the home by the name they have in a backup; whatever else lies there is not of the home."""
    yield config.FILE, place / config.FILE
    yield _STATE, copy
    for folder in ("keys", "vault", "outbox", "inbox"):
        for path in sorted((place / folder).rglob("*")):
            name = path.relative_to(place).as_posix()
            if path.is_file() and not path.is_symlink() and _NAME.fullmatch(name):
                yield name, path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    with path.open("rb") as source:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
        digest = hashlib.sha256()
        archive.addfile(entry, _Digesting(source, digest))
    return entry.size, digest.hexdigest()


class _Digesting(io.RawIOBase):
    """A file that is digested while it is read."""

    def __init__(self, source: IO[bytes], digest: hashlib._Hash) -> None:
        self._source = source
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self._digest.update(block)
        return block


def _read(archive: Path, draft: Path) -> Kept:
    """Take a backup apart into `draft`; its list of contents comes last, so a backup that was cut off has none."""
    found: dict[str, tuple[int, str]] = {}
    try:
        with tarfile.open(archive, mode="r:") as source:
            for entry in source:
                if _CONTENTS in found or entry.name in found or not entry.isreg():
                    raise _damaged("order")
                if entry.name == _CONTENTS:
                    return _checked(source, entry, found)
                if not _NAME.fullmatch(entry.name):
                    raise _damaged("names")
                found[entry.name] = _extract(source, entry, draft / entry.name)
    except (tarfile.TarError, EOFError):
        raise _damaged("form") from None
    raise _damaged("cut off")


def _extract(source: tarfile.TarFile, entry: tarfile.TarInfo, goal: Path) -> tuple[int, str]:
    stream = source.extractfile(entry)
    if stream is None:
        raise _damaged("form")
    goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as target:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def _checked(source: tarfile.TarFile, entry: tarfile.TarInfo, found: dict[str, tuple[int, str]]) -> Kept:
    stream = source.extractfile(entry) if entry.size <= _MOST_CONTENTS else None
    try:
        document = json.loads(stream.read()) if stream is not None else {}
        listed = {str(name): (int(size), str(digest)) for name, size, digest in document["files"]}
        made = Kept(
            str(document["agency"]), str(document["at"]), len(listed), sum(size for size, _ in listed.values()), bool(document["locked"])
        )
        form = (document["v"], document["kind"])
    except (KeyError, TypeError, ValueError):
        raise _damaged("contents") from None
    if form != (1, KIND) or listed != found or not {config.FILE, _STATE} <= found.keys():
        raise _damaged("contents")
    return made


def _damaged(why: str) -> ExchangeError:
    return ExchangeError("E-BACKUP-DAMAGED", why=why)
