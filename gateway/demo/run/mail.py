"""What lies between the agencies of the demonstration: a shared folder or a cluster, and what somebody can do who may write there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.carriers.package_file import PackageFile, write_package
from gateway.state.editions import Edition


class Mail(Protocol):
    """The way between agencies, and its enemies' means."""

    @property
    def url(self) -> str:
        """The carrier of every home."""
        ...

    def prepare(self, civil: Office, actor: Actor) -> None:
        """Make what has to be there before anything is posted; the trust list is signed by then."""
        ...

    def damage(self, edition: Edition) -> None:
        """Change one bit of the first chunk of a posted edition."""
        ...

    def shorten(self, edition: Edition) -> None:
        """Take away its last chunk."""
        ...

    def misdirect(self, edition: Edition, to: str) -> None:
        """Deliver it to another department too."""
        ...


@dataclass(frozen=True, slots=True)
class FolderMail:
    """A shared folder."""

    folder: Path

    @property
    def url(self) -> str:
        return f"dir:{self.folder}"

    def prepare(self, civil: Office, actor: Actor) -> None:  # noqa: ARG002  (the folder is not theirs)
        self.folder.mkdir(parents=True)

    def damage(self, edition: Edition) -> None:
        package = self._package(edition)
        package.rewrite(package.path, (flipped(package.chunks[0]), *package.chunks[1:]))

    def shorten(self, edition: Edition) -> None:
        package = self._package(edition)
        package.rewrite(package.path, package.chunks[:-1])

    def misdirect(self, edition: Edition, to: str) -> None:
        package = self._package(edition)
        lane = package.path.parent
        package.rewrite(lane.parents[1] / to / lane.name / package.path.name, package.chunks)

    def _package(self, edition: Edition) -> _Package:
        """An edition's file in its recipient's lane."""
        path = next(self.folder.glob(f"*/{edition.recipient}/*/*-package-{edition.manifest}.cxp"))
        fd = os.open(path, os.O_RDONLY)
        try:
            package = PackageFile.of(fd, path.name)
            manifest, *chunks = (package.read(member) for member in package.members)
        finally:
            os.close(fd)
        return _Package(path, manifest, tuple(chunks))


@dataclass(frozen=True, slots=True)
class _Package:
    """A package's file in the shared folder."""

    path: Path
    manifest: bytes
    chunks: tuple[bytes, ...]

    def rewrite(self, path: Path, chunks: tuple[bytes, ...]) -> None:
        """Put a package with these chunks under a path, as anyone with the folder could."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with path.open("w+b") as file:
            write_package(file, self.manifest, chunks)


def flipped(chunk: bytes) -> bytes:
    """One bit in the middle changed."""
    middle = len(chunk) // 2
    return chunk[:middle] + bytes([chunk[middle] ^ 1]) + chunk[middle + 1 :]
