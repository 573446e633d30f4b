"""The names in a shared folder, and reading it without trusting it.

`ROOT/<county>/<recipient or _all>/<county>-<sender>/<number>-<purpose>-<digest>.<cxp|json>`: a lane for each sender and recipient,
so that each has one writer and an order of its own. Nothing is followed out of the folder: every step is opened relative to the
one before, links are never followed, and only plain files are read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import get_args

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from gateway.carriers.port import Purpose

EVERYONE = "_all"
"""Begins as no agency's code can."""
HIGHEST = 10**12
"""Numbers beyond this were not given by us: they sort last and are not counted on from."""

_SENDER = re.compile(r"([0-9]{6})-([a-z][a-z0-9-]{1,39})")
_NAME = re.compile(r"([0-9]{10,15})-(package|receipt|prekeys|trust)-([0-9a-f]{64})\.(cxp|json)")
_PURPOSES: dict[str, Purpose] = {purpose: purpose for purpose in get_args(Purpose)}
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, order=True, slots=True)
class Entry:
    """A file of the exchange, as its name says. Orders by number, then name.

    Attributes:
        seen: 8 bytes that tell it from what lay under the same name before: place, size and time of change.
    """

    number: int
    name: str
    purpose: Purpose
    digest: str
    size: int
    seen: bytes


def file_name(number: int, purpose: Purpose, digest: str) -> str:
    return f"{number:010d}-{purpose}-{digest}.{'cxp' if purpose == 'package' else 'json'}"


def lane_path(sender: AgencyId, recipient: AgencyId | None) -> tuple[str, str, str]:
    """The three folders below the root."""
    county, whom = (sender.county, EVERYONE) if recipient is None else (recipient.county, recipient.code)
    return county, whom, f"{sender.county}-{sender.code}"


def sender_of(folder: str) -> AgencyId | None:
    match = _SENDER.fullmatch(folder)
    return None if match is None else AgencyId(match[1], match[2])


@contextmanager
def opened(path: str, below: int | None = None) -> Iterator[int]:
    """A directory, not through a link unless it is the root that the operator named.

    Raises:
        OSError: not there, no directory, or a link.
    """
    fd = os.open(path, _DIRECTORY if below is not None else _DIRECTORY & ~os.O_NOFOLLOW, dir_fd=below)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def plain_file(name: str, lane: int) -> Iterator[int]:
    """A plain file for reading. A pipe does not make us wait.

    Raises:
        ExchangeError: E-CARRIER-LINK, anything but a plain file.
        OSError: not there, or no permission.
    """
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=lane)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise ExchangeError("E-CARRIER-LINK", name=name) from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ExchangeError("E-CARRIER-LINK", name=name)
        yield fd
    finally:
        os.close(fd)


def entries(lane: int, place: str) -> Iterator[Entry | None]:
    """The files of a lane in no order; None for each thing that is not of the exchange. Our own half-written ones are left out."""
    with os.scandir(lane) as found:
        for item in found:
            if item.name.startswith("."):
                continue
            match = _NAME.fullmatch(item.name)
            if match is None or (match[4] == "cxp") != (match[2] == "package"):
                yield None
                continue
            try:
                facts = item.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            seen = hashlib.blake2b(f"{place}/{item.name}\0{facts.st_size}\0{facts.st_mtime_ns}".encode(), digest_size=8).digest()
            yield Entry(int(match[1]), item.name, _PURPOSES[match[2]], match[3], facts.st_size, seen)
