"""Putting items into a shared folder, each whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from contracts.errors import ExchangeError
from gateway.carriers.lanes import HIGHEST, Entry, entries, file_name, lane_path, opened, plain_file
from gateway.carriers.package_file import PackageFile, write_package
from gateway.carriers.port import RECORD_LIMIT, Outgoing, Posted

_HIDDEN = ".part-"


@dataclass(slots=True)
class Lane:
    """A lane this home writes to.

    Attributes:
        there: what lies in it, by purpose and digest.
        number: given to the next file.
        touched: this run promises something that lies in it, so the folder has to be flushed.
    """

    fd: int
    there: dict[tuple[str, str], Entry]
    number: int
    touched: bool = False


@dataclass(slots=True)
class Mailing:
    """One run of `post`: the open root and the lanes opened below it."""

    root: int
    place: str
    stack: ExitStack
    lanes: dict[tuple[str, str, str], Lane] = field(default_factory=dict)

    def lane(self, item: Outgoing) -> Lane:
        path = lane_path(item.sender, item.recipient)
        if path not in self.lanes:
            self.lanes[path] = self._open(path)
        return self.lanes[path]

    def _open(self, path: tuple[str, str, str]) -> Lane:
        steps = [self.root]
        for part in path:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=steps[-1])
            steps.append(self.stack.enter_context(opened(part, steps[-1])))
        fd = steps.pop()
        names = os.listdir(fd)  # noqa: PTH208 (by descriptor, so that no link is followed)
        for name in names:
            if name.startswith(_HIDDEN):  # left by a run that was killed: a lane has one writer, and its home's lock is ours now
                os.unlink(name, dir_fd=fd)
        if not names:  # made now, or by a run that was killed before it could flush
            for step in steps:
                sync_directory(step)
        found = sorted(entry for entry in entries(fd, "/".join(path)) if entry is not None)
        there: dict[tuple[str, str], Entry] = {(entry.purpose, entry.digest): entry for entry in found}
        numbers = [entry.number for entry in there.values() if entry.number < HIGHEST]
        return Lane(fd, there, max(numbers, default=0) + 1)


def mail(mailing: Mailing, items: Sequence[Outgoing], in_time: Callable[[], None]) -> list[Posted]:
    """Post items in order; the folders are flushed once, at the end, before anything is reported as posted."""
    outcomes = [_one(mailing, item, in_time) for item in items]
    failed: dict[int, ExchangeError] = {}
    for lane in mailing.lanes.values():
        if lane.touched:
            try:
                sync_directory(lane.fd)
            except OSError as error:
                failed[lane.fd] = translated(error, mailing.place)
    if not failed:
        return outcomes
    return [Posted(done.name, "failed", failed[mailing.lane(item).fd])
            if done.outcome != "failed" and mailing.lane(item).fd in failed else done for item, done in zip(items, outcomes, strict=True)]


def _one(mailing: Mailing, item: Outgoing, in_time: Callable[[], None]) -> Posted:
    try:
        in_time()
        if len(item.body) > RECORD_LIMIT:
            raise ExchangeError("E-CARRIER-SIZE", name=item.purpose, size=len(item.body), limit=RECORD_LIMIT)
        lane = mailing.lane(item)
        lane.touched = True
        there = lane.there.get((item.purpose, item.name))
        if there is not None and _same(lane, there, item):
            return Posted(item.name, "present")
        _put(lane, there, item)
    except ExchangeError as error:
        return Posted(item.name, "failed", error)
    except OSError as error:
        return Posted(item.name, "failed", translated(error, mailing.place))
    return Posted(item.name, "posted")


def _put(lane: Lane, there: Entry | None, item: Outgoing) -> None:
    """Write hidden, flush, rename. A spoilt file of that name is replaced in its place."""
    name = file_name(lane.number, item.purpose, item.name) if there is None else there.name
    hidden = f"{_HIDDEN}{item.purpose}-{item.name}"
    fd = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=lane.fd)
    try:
        with os.fdopen(fd, "w+b") as file:
            if item.purpose == "package":
                write_package(file, item.body, item.chunks)
            else:
                file.write(item.body)
            file.flush()
            os.fsync(file.fileno())
        os.rename(hidden, name, src_dir_fd=lane.fd, dst_dir_fd=lane.fd)
    except BaseException:
        with suppress(OSError):
            os.unlink(hidden, dir_fd=lane.fd)
        raise
    lane.number += there is None
    lane.there[item.purpose, item.name] = there or Entry(lane.number - 1, name, item.purpose, item.name, 0, b"")


def _same(lane: Lane, there: Entry, item: Outgoing) -> bool:
    """Whether the file that is there holds just this item. It is then shown anew, for whoever asks for it a second time."""
    try:
        with plain_file(there.name, lane.fd) as fd:
            same = _same_package(fd, item) if item.purpose == "package" else os.pread(fd, RECORD_LIMIT + 1, 0) == item.body
    except ExchangeError:
        return False
    if same and item.purpose in {"package", "receipt"}:
        os.utime(there.name, dir_fd=lane.fd, follow_symlinks=False)
    return same


def _same_package(fd: int, item: Outgoing) -> bool:
    package = PackageFile.of(fd, item.name)
    manifest, *chunks = package.members
    return (package.indices == tuple(range(len(item.chunks))) and package.read(manifest) == item.body
            and all(package.read(member) == item.chunks[index] for index, member in enumerate(chunks)))


def sync_directory(fd: int) -> None:
    """Flush a folder; file systems that cannot (some network mounts) say EINVAL and have done what they can."""
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise


def translated(error: OSError, place: str) -> ExchangeError:
    """E-CARRIER-FULL where there is no room, else E-CARRIER-REACH with the system's short name for the reason."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return ExchangeError("E-CARRIER-FULL", place=place)
    return ExchangeError("E-CARRIER-REACH", place=place, why=errno.errorcode.get(error.errno or 0, "OSError"))
