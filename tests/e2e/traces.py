"""What a home holds, piece by piece, so that "nothing changed" can be said and shown."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

LEDGER = frozenset({"ledger_entry", "ledger_node"})
_PASSING = frozenset({"lock", "state.db", "state.db-wal", "state.db-shm", ".lock"})


def held(home: Path) -> dict[str, str]:
    """File or table -> digest. The database counts by its rows: where SQLite keeps them is its own affair."""
    found = {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name not in _PASSING
    }
    if (home / "state.db").exists():
        found |= tables(home / "state.db")
    return found


def tables(database: Path) -> dict[str, str]:
    """`table NAME` -> digest over its rows."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {f"table {name}": _digest(sorted(repr(row) for row in opened.execute(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608 (names out of the schema)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """What is not as it was."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    """Rows of a query, read only."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        return [tuple(row) for row in opened.execute(query)]


def _digest(lines: Iterable[str]) -> str:
    made = hashlib.sha256()
    for line in lines:
        made.update(line.encode())
        made.update(b"\n")
    return made.hexdigest()
