"""Carriers for the suite, with what an attacker or an operator can do behind a carrier's back."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from contracts.ids import AgencyId
from gateway.carriers.opening import open_carrier
from gateway.carriers.port import Carrier


class Mailroom(Protocol):
    """One carrier as several homes see it."""

    def door(self, agency: AgencyId) -> Carrier:
        """A new connection, as a new process would make it."""
        ...

    def lose_chunk(self, name: str, index: int) -> None:
        """Take one chunk out of a package that was posted."""
        ...

    @property
    def worker_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DirectoryMailroom:
    """A shared folder."""

    root: Path

    def door(self, agency: AgencyId) -> Carrier:
        return open_carrier(self.worker_url, agency)

    def lose_chunk(self, name: str, index: int) -> None:
        [path] = self.root.rglob(f"*{name}*")
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: archive.read(member) for member in archive.infolist()}
        del members[f"chunks/{index:06d}.cxc"]
        path.unlink()
        with zipfile.ZipFile(path, "w") as archive:
            for title, data in members.items():
                archive.writestr(title, data)

    @property
    def worker_url(self) -> str:
        return f"dir:{self.root}"
