"""Three attacks on what lies in the shared folder, by somebody who can write there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ExchangeError
from gateway.app import collecting, recalling
from gateway.carriers.package_file import PackageFile, write_package
from gateway.demo.run.cast import CIVIL, COUNTY, Cast, actor
from gateway.state.editions import Edition


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attack and how the recipient refused it.

    Attributes:
        case: what was done, in English as `demo --json` says it; `case_zh` for the terminal.
        error: the refusal; `healed`: whether the true package came in afterwards.
    """

    case: str
    case_zh: str
    error: ExchangeError
    healed: bool

    @property
    def code(self) -> str:
        return self.error.code


@dataclass(frozen=True, slots=True)
class Parcel:
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


def parcel(cast: Cast, edition: Edition) -> Parcel:
    """Find an edition's file in its recipient's lane."""
    lane = cast.mail / COUNTY / edition.recipient / f"{COUNTY}-{CIVIL}"
    path = next(lane.glob(f"*-package-{edition.manifest}.cxp"))
    fd = os.open(path, os.O_RDONLY)
    try:
        package = PackageFile.of(fd, path.name)
        manifest, *chunks = (package.read(member) for member in package.members)
    finally:
        os.close(fd)
    return Parcel(path, manifest, tuple(chunks))


def attack(cast: Cast, editions: dict[str, Edition]) -> list[Refusal]:
    """Change, cut and misdirect editions that nobody has collected yet; each recipient refuses, and takes the true one after.

    Args:
        editions: recipient -> its uncollected edition.
    """
    flipped = parcel(cast, editions["education"])
    flipped.rewrite(flipped.path, (_flip(flipped.chunks[0]), *flipped.chunks[1:]))
    cut = parcel(cast, editions["medical-insurance"])
    cut.rewrite(cut.path, cut.chunks[:-1])
    strayed = parcel(cast, editions["emergency"])
    strayed.rewrite(cast.mail / COUNTY / "housing" / f"{COUNTY}-{CIVIL}" / strayed.path.name, strayed.chunks)
    cases = (
        ("one bit of a chunk changed", "改动数据块中的一位", "education", editions["education"]),
        ("chunk missing", "缺少一个数据块", "medical-insurance", editions["medical-insurance"]),
        ("delivered to another department", "投到了别的部门", "housing", editions["emergency"]),
    )
    return [Refusal(case, zh, _refused_as(cast, who, edition), _heal(cast, edition)) for case, zh, who, edition in cases]


def _flip(chunk: bytes) -> bytes:
    middle = len(chunk) // 2
    return chunk[:middle] + bytes([chunk[middle] ^ 1]) + chunk[middle + 1 :]


def _refused_as(cast: Cast, recipient: str, edition: Edition) -> ExchangeError:
    """Collect at the recipient, who must refuse just this edition."""
    done = collecting.collect(cast.office(recipient), actor(recipient), cast.sink(recipient))
    refused = [each.error for each in done.refused if each.edition == edition.id]
    if len(refused) != 1 or any(each.edition == edition.id for each in done.collected):
        raise AssertionError(f"{edition.id} at {recipient}: refused {len(refused)} times")
    return refused[0]


def _heal(cast: Cast, edition: Edition) -> bool:
    """The sender posts the true package again; its recipient takes it."""
    recalling.resend(cast.office(CIVIL), actor(CIVIL), edition.id)
    done = collecting.collect(cast.office(edition.recipient), actor(edition.recipient), cast.sink(edition.recipient))
    return any(each.edition == edition.id and each.result == "loaded" for each in done.collected)
