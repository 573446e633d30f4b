"""The files that people and their programs open: `<feed>/<sender>/2023-03.csv`, and `current.csv` for the latest month.

They are names for files inside the editions' folders, made after an edition has become one and made again whenever the sink is
opened: what a crash left undone, or somebody deleted, comes back. They are read-only, since they are those very files.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from consumers.sinks.record import ROWS, Record
from contracts.ids import AgencyId

_OURS = re.compile(r"(?:[0-9]{4}-[0-9]{2}(?:-[0-9a-f]{12})?|current)\.(?:csv|xlsx|parquet)")


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are shown.

    Attributes:
        suffix: of the files.
        render: writes the shown file from the kept one; None where that is the kept one itself.
    """

    suffix: str
    render: Callable[[Path, Path, Record], None] | None

    @property
    def file(self) -> str:
        return ROWS if self.render is None else f"rows.{self.suffix}"


def rendered(form: Format, folder: Path, record: Record) -> Path:
    """The shown file of an edition's folder, made first if it is not there."""
    target = folder / form.file
    if form.render is not None and not target.exists():
        hidden = folder / f".{form.file}"
        form.render(folder / ROWS, hidden, record)
        hidden.rename(target)
    target.chmod(0o444)
    return target


def show(place: Path, form: Format, standing: Iterable[tuple[Record, Path]]) -> None:
    """Make the names in one folder fit what stands, and take away those that no longer do.

    Args:
        place: the folder of one feed and sender, see `place_of`.
        standing: their records that count at present, with the folders of the editions.

    Raises:
        FileNotFoundError: kept rows are gone.
    """
    records = [(record, folder) for record, folder in standing if record.shows_rows]
    names = {f"{_name(record)}.{form.suffix}": rendered(form, folder, record) for record, folder in records}
    latest = max((record for record, _ in records if record.kind == "snapshot"), key=lambda record: record.period, default=None)
    if latest is not None:
        names[f"current.{form.suffix}"] = names[f"{_name(latest)}.{form.suffix}"]
    if names:
        place.mkdir(parents=True, exist_ok=True)
    for name, file in names.items():
        _link(file, place / name)
    if place.is_dir():
        for other in place.iterdir():
            if _OURS.fullmatch(other.name) and other.name not in names:
                other.unlink()


def place_of(root: Path, feed: str, sender: str, recipient: str) -> Path:
    """`<feed>/<sender>`; the sender by its code alone where it is of the recipient's county, as it always is today."""
    agency = AgencyId.parse(sender)
    abroad = agency.county != AgencyId.parse(recipient).county
    return root / feed / (f"{agency.county}-{agency.code}" if abroad else agency.code)


def _name(record: Record) -> str:
    return f"{record.period}-{record.manifest[:12]}" if record.kind == "event" else record.period


def _link(file: Path, name: Path) -> None:
    """Let a name stand for a file, in one step; a copy where the file system knows no second names."""
    if name.exists() and (name.samefile(file) or _copied(file, name)):
        return
    hidden = name.with_name(f".{name.name}")
    hidden.unlink(missing_ok=True)
    try:
        os.link(file, hidden)
    except OSError:
        shutil.copy2(file, hidden)
    hidden.replace(name)


def _copied(file: Path, name: Path) -> bool:
    one, other = file.stat(), name.stat()
    return one.st_nlink == 1 and (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
