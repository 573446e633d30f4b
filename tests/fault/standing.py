"""What stands in three homes, in the partner's tables and in the mail, read by other means than the program's own.

Databases are read from copies: opening one would finish what a killed process left, and that is the program's to do.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl
import zstandard

Row = tuple[str, ...]
Standing = dict[str, list[Row]]
"""What is there, by `home.table`: sorted rows without times, digests and random values, so that two lives can be compared."""

HOMES = ("ca", "edu", "rr")
MAGIC = b"\x28\xb5\x2f\xfd"
_TABLES: Mapping[str, str] = {
    "import": "list, period, part, state, nil, complete, accepted, rejected, sender, reason",
    "edition": "id, seq, kind, state, rows, unconfirmed, chunks, sources, reason",
    "arrival": "edition, revision, seq, sender, kind, state, code, rows",
    "refusal": "edition, code",
    "receipt": "direction, edition, revision, party, stage, result, rows, posted",
    "proposal": "as_of, period, counts, signed",
    "confirmation": "side, by, document",
    "registration": "state, since",
}
_RANDOM = re.compile(r"(?:sha256:)?[0-9a-f]{64}")


def standing(folder: Path) -> Standing:
    """Everything that must be the same however often a process was killed on the way."""
    found: Standing = {}
    for home in HOMES:
        with _database(folder / home / "state.db") as database:
            if database is None or not (folder / home / "gateway.toml").exists():
                continue
            for table, columns in _TABLES.items():
                found[f"{home}.{table}"] = _rows(database.execute(f'SELECT {columns} FROM "{table}"'))  # noqa: S608 (our own text)
            found[f"{home}.ledger"] = _ledger(database)
        found[f"{home}.keys"] = sorted((path.name,) for path in (folder / home / "keys").iterdir())
    found |= {f"sink.{name}": rows for name, rows in tables(folder / "edu.db").items()}
    found |= {f"sink.{name}": rows for name, rows in tables(folder / "rr.db").items()}
    mail = [path.relative_to(folder).as_posix() for path in (folder / "mail").rglob("*") if path.is_file()]
    found["mail"] = sorted((_RANDOM.sub("…", name),) for name in mail)
    return found


def tables(database: Path) -> Standing:
    """The months of a partner's database, by `feed period`."""
    found: Standing = {}
    with _database(database) as opened:
        if opened is None:
            return {}
        names = [str(name) for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        for name in names:
            if name == "gateway_inbox":
                found["inbox"] = _rows(opened.execute("SELECT edition, revision, kind, standing, rows, unconfirmed FROM gateway_inbox"))
                continue
            columns = [str(row[1]) for row in opened.execute(f'PRAGMA table_info("{name}")') if row[1] not in {"_id", "_inbox"}]
            wanted = ", ".join(f'"{column}"' for column in columns)
            for (period,) in opened.execute(f'SELECT DISTINCT _period FROM "{name}"').fetchall():  # noqa: S608 (the sink's own names)
                query = f'SELECT {wanted} FROM "{name}" WHERE _period = ?'  # noqa: S608 (the sink's own names)
                found[f"{name} {period}"] = _rows(opened.execute(query, (period,)))
    return found


def files(folder: Path) -> Standing:
    """The months of a partner's folder as its programs open them, by path; values as text."""
    found: Standing = {}
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_dir() or path.name.startswith(".") or "editions" in path.relative_to(folder).parts:
            continue
        found[path.relative_to(folder).as_posix()] = sorted(_of_file(path))
    return found


def kept_receipts(folder: Path) -> dict[str, bytes]:
    """Manifest -> receipt of everything that education's sinks have committed; one of several sinks must not differ from another."""
    found: dict[str, bytes] = {}
    with _database(folder / "edu.db") as database:
        if database is not None and database.execute("SELECT 1 FROM sqlite_master WHERE name = 'gateway_inbox'").fetchone():
            found |= {str(manifest): bytes(body) for manifest, body in database.execute("SELECT manifest, receipt FROM gateway_inbox")}
    for path in folder.glob("edu-*/editions/*/receipt.dsse.json"):
        if not path.parent.name.startswith("."):
            body = path.read_bytes()
            assert found.setdefault(path.parent.name, body) == body, "two sinks hold two receipts for one edition"
    return found


def given(folder: Path, home: str, stage: str) -> dict[str, bytes]:
    """Manifest -> envelope of the receipts that a home has given at a stage; there is never a second one."""
    return _receipts(folder / home / "state.db", "out", stage)


def taken(folder: Path, home: str, stage: str) -> dict[str, bytes]:
    """Manifest -> envelope of the receipts that a home has taken in at a stage; there is never a second one."""
    return _receipts(folder / home / "state.db", "in", stage)


def shelves(folder: Path, home: str) -> dict[str, set[str]]:
    """Names of what lies in a home's vault, outbox and inbox."""
    return {shelf: {entry.name for entry in (folder / home / shelf).iterdir()} for shelf in ("vault", "outbox", "inbox")}


def exposed(folder: Path, numbers: frozenset[str], names: frozenset[str]) -> list[str]:
    """Files of homes and mail in which a person's number or name can be read, also under a compression or in another encoding.

    Args:
        names: of three characters at least; two of them meet by chance in sealed bytes.
    """
    found: list[str] = []
    for home in (*HOMES, "mail"):
        for path in (folder / home).rglob("*"):
            if path.is_file() and any(_names(data, numbers, names) for data in _layers(path.read_bytes())):
                found.append(path.relative_to(folder).as_posix())
            if _names(path.name.encode(), numbers, names):
                found.append(path.relative_to(folder).as_posix())
    return found


_NUMBER = re.compile(rb"[0-9]{17}[0-9Xx]")
_HAN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){3,}")
_WIDE = re.compile(rb"(?:[0-9Xx]\x00){18}|(?:\x00[0-9Xx]){18}")


def _names(data: bytes, numbers: frozenset[str], names: frozenset[str]) -> bool:
    if any(hit.decode().upper() in numbers for hit in _NUMBER.findall(data)):
        return True
    if any(hit.replace(b"\x00", b"").decode().upper() in numbers for hit in _WIDE.findall(data)):
        return True
    longest = max(map(len, names), default=0)
    for run in _HAN.findall(data):
        text = run.decode()
        if any(text[at:at + size] in names for at in range(len(text)) for size in range(3, longest + 1)):
            return True
    return False


def _layers(data: bytes) -> Iterator[bytes]:
    """The bytes, and what lies in them as a zstd frame."""
    yield data
    at = data.find(MAGIC)
    while at >= 0:
        with suppress(zstandard.ZstdError):
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[at:])
        at = data.find(MAGIC, at + 1)


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A copy of a database with its journals, opened; None where there is none."""
    if not path.exists() or not path.stat().st_size:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, folder)
        connection = sqlite3.connect(Path(folder, path.name))
        try:
            yield connection
        finally:
            connection.close()


def _rows(found: sqlite3.Cursor) -> list[Row]:
    return sorted(tuple("" if value is None else str(value) for value in row) for row in found)


def _receipts(database: Path, direction: str, stage: str) -> dict[str, bytes]:
    query = ("SELECT receipt.manifest, document.body FROM receipt LEFT JOIN document USING (digest) "
             "WHERE direction = ? AND stage = ?")
    with _database(database) as opened:
        rows = opened.execute(query, (direction, stage)).fetchall() if opened is not None else []
    doubled = [manifest for manifest, count in Counter(manifest for manifest, _ in rows).items() if count > 1]
    assert not doubled, f"two receipts of one stage for {doubled}"
    return {str(manifest): bytes(body) for manifest, body in rows}


def _ledger(database: sqlite3.Connection) -> list[Row]:
    """Events with their facts, but for times, people and digests."""
    entries = [json.loads(body) for (body,) in database.execute("SELECT body FROM ledger_entry")]
    kept = [{name: value for name, value in entry.items() if name not in {"at", "by"} and not _RANDOM.fullmatch(str(value))}
            for entry in entries]
    return sorted((json.dumps(entry, ensure_ascii=False, sort_keys=True),) for entry in kept)


def _of_file(path: Path) -> Iterator[Row]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (tuple(row) for row in csv.reader(file))
    elif path.suffix == ".parquet":
        for row in pl.read_parquet(path).iter_rows():
            yield tuple("" if value is None else str(value) for value in row)
    else:
        import openpyxl

        for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True):
            yield tuple("" if value is None else str(value) for value in row)
