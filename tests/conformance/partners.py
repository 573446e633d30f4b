"""What a partner sees in each kind of sink, read with other means than the sink's own."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import openpyxl
import polars as pl

Seen = tuple[str | None, str | None, str | None, int | None, bool]
"""id_number, category, name, amount in 分, unconfirmed."""


class Partner(Protocol):
    """A place for a sink, and a look into it."""

    @property
    def url(self) -> str: ...

    def month(self, period: str) -> list[Seen] | None:
        """The rows of a month, sorted; None where nothing is shown of it, which a database cannot tell from no rows."""
        ...

    def current(self) -> list[Seen]:
        """The rows of the latest month."""
        ...


@dataclass(frozen=True, slots=True)
class Database:
    """A partner with SQL. `ask` runs a query and returns its rows."""

    url: str
    ask: Callable[[str], list[tuple[object, ...]]]

    def month(self, period: str) -> list[Seen] | None:
        return self._rows("assistance_persons", f" WHERE _period = '{period}'")

    def current(self) -> list[Seen]:
        return self._rows("assistance_persons_current")

    def _rows(self, table: str, where: str = "") -> list[Seen]:
        found = self.ask(f"SELECT id_number, category, name, amount, _unconfirmed FROM {table}{where}")  # noqa: S608 (the tests' own text)
        return _sorted([(_text(a), _text(b), _text(c), d if isinstance(d, int) else None, bool(e)) for a, b, c, d, e in found])


@dataclass(frozen=True, slots=True)
class Folder:
    """A partner with files. `read` gives a file's rows."""

    url: str
    root: Path
    suffix: str
    read: Callable[[Path], list[Seen]]

    def month(self, period: str) -> list[Seen] | None:
        return self._file(period)

    def current(self) -> list[Seen]:
        return self._file("current") or []

    def _file(self, name: str) -> list[Seen] | None:
        path = self.root / "assistance-persons" / "civil-affairs" / f"{name}.{self.suffix}"
        return _sorted(self.read(path)) if path.exists() else None


def sqlite(folder: Path) -> Database:
    path = folder / "edu.db"

    def ask(query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(path)
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise
        finally:
            connection.close()

    return Database(f"sqlite:///{path}", ask)


def csv_folder(folder: Path) -> Folder:
    return Folder(f"csv:{folder / 'csv'}", folder / "csv", "csv", read_csv)


def xlsx_folder(folder: Path) -> Folder:
    return Folder(f"xlsx:{folder / 'xlsx'}", folder / "xlsx", "xlsx", read_xlsx)


def parquet_folder(folder: Path) -> Folder:
    return Folder(f"parquet:{folder / 'parquet'}", folder / "parquet", "parquet", read_parquet)


MAKERS: dict[str, Callable[[Path], Partner]] = {
    "sqlite": sqlite, "csv": csv_folder, "xlsx": xlsx_folder, "parquet": parquet_folder,
}
"""The kinds that need no server."""


def read_csv(path: Path) -> list[Seen]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["id_number"], row["category"] or None, row["name"] or None, int(row["amount"]) if row["amount"] else None,
                 row["_unconfirmed"] == "true") for row in csv.DictReader(file)]


def read_xlsx(path: Path) -> list[Seen]:
    book = openpyxl.load_workbook(path)
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert heading == ("id_number", "category", "姓名", "amount", "未确认")
    return [(_text(a), _text(b), _text(c), round(d * 100) if isinstance(d, int | float) else None, e == "是") for a, b, c, d, e in rows]


def read_parquet(path: Path) -> list[Seen]:
    columns = ["id_number", "category", "name", "amount", "_unconfirmed"]
    return [(a, b, c, d, e) for a, b, c, d, e in pl.read_parquet(path, columns=columns).select(columns).iter_rows()]


def _text(value: object) -> str | None:
    assert value is None or isinstance(value, str), f"{value!r} is no text"
    return value


def _sorted(rows: list[Seen]) -> list[Seen]:
    return sorted(rows, key=lambda row: tuple(str(value) for value in row))
