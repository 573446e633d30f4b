"""After two months of a whole county, seven agencies and every kind of list: what an outsider finds in homes and mail.

Everything that was written (databases, spools, keys, logs, the shared folder, evidence, and what the commands printed) is searched
for every ID number, name, telephone, account and certificate of everybody, as bytes and as UTF-16, and for the digests of ID numbers
that an outsider could compute, of which there are few enough to try them all.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import polars as pl
import pytest

from gateway.cli.main import run
from gateway.demo.county import County, county
from gateway.demo.run import play
from gateway.demo.run.cast import CIVIL, RURAL, SINKS
from gateway.demo.run.play import MONTHS

SEED = b"a county that was never"
PERSONS = 300
FIELDS: Mapping[str, tuple[str, ...]] = {
    "ID number": ("id_number", "head_id", "father_id", "mother_id", "guardian_id", "carer_id", "worker_id", "old_id_number"),
    "name": ("name", "head_name", "father_name", "mother_name", "guardian_name", "carer_name", "payee_name", "worker_name"),
    "telephone": ("phone",),
    "account": ("bank_account",),
    "certificate": ("cert_no", "disability_cert_no"),
    "person number": ("person_no", "household_no"),
    "address": ("address",),
}
SHORTEST = {"name": 3}
"""Characters of the shortest value that is searched for: two characters stand together by chance."""

READABLE = {"files", "sinks"}
"""Folders of the county that hold rows in the clear because they must: the workbooks that went in, the partners' own tables."""


@pytest.fixture(scope="module")
def people() -> County:
    return county(lambda size: hashlib.shake_256(SEED).digest(size), PERSONS, MONTHS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months, played, and then looked at in every way that prints something."""
    root = tmp_path_factory.mktemp("county")
    play(root, PERSONS, SEED, lambda *_step: None)
    below = io.BytesIO()
    printed = io.TextIOWrapper(below, "utf-8", write_through=True)  # as a terminal is, with bytes below
    with redirect_stdout(printed), redirect_stderr(printed):
        for agency in (CIVIL, RURAL, *SINKS):
            for words in (["status"], ["edition", "list"], ["receipt", "list"], ["fsck"], ["trust", "show"], ["intake", "list"]):
                for json in ([], ["--json"]):
                    assert run(["--home", str(root / "homes" / agency), *json, *words]) == 0
        civil = ["--home", str(root / "homes" / CIVIL)]
        for words in (["cases"], ["intake", "decide"], ["intake", "outcomes", "--dry-run"], ["registrations", "list"],
                      ["publish", "--period", "2023-04", "--dry-run"]):  # fmt: skip
            for json in ([], ["--json"]):
                assert run([*civil, *json, *words]) == 0
        for path in sorted((root / "files").iterdir()):
            run([*civil, *(["--json"] if path.suffix == ".csv" else []), "check", str(path)])
    (root / "printed.txt").write_bytes(below.getvalue())
    return root


@pytest.fixture(scope="module")
def written(place: Path) -> dict[str, bytes]:
    """Every file that must not tell, name and content; the database also as SQLite would give it back from its free pages."""
    files = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name.partition("/")[0] not in READABLE}


@pytest.fixture(scope="module")
def values(people: County) -> dict[str, set[str]]:
    """Every personal value of every list of both months, by kind; rows that were held too, as they stood in the file."""
    found: dict[str, set[str]] = {kind: set() for kind in FIELDS}
    for period in MONTHS:
        for code in people.codes(period):
            rows = people.rows(code, period)
            for kind, fields in FIELDS.items():
                for field in set(fields) & set(rows.columns):
                    found[kind] |= {str(value) for value in rows[field].drop_nulls() if len(str(value)) >= SHORTEST.get(kind, 6)}
    return found


def search(written: Mapping[str, bytes], wanted: Iterable[str]) -> set[str]:
    """Files in which any of the values stands: as UTF-8, as UTF-16 of either order, as the GB 18030 of a county's tables."""
    return find(written, [value.encode(encoding) for value in wanted for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")])


def find(written: Mapping[str, bytes], needles: Iterable[bytes]) -> set[str]:
    """Files that hold any of the byte strings. All are looked for in one pass (Aho-Corasick): each byte stands for one character."""
    patterns = [needle.decode("latin-1") for needle in needles]
    texts = pl.Series([data.decode("latin-1") for data in written.values()])
    hit = texts.str.contains_any(patterns)
    return {name for name, found in zip(written, hit, strict=True) if found}


def test_the_search_would_find_them(place: Path, values: dict[str, set[str]]) -> None:
    """The same search over what is readable on purpose finds every kind of value: it is not blind."""
    readable = {path.name: path.read_bytes() for path in [*(place / "files").glob("*.csv"), *(place / "sinks").glob("*.db")]}
    assert {kind for kind, found in values.items() if search(readable, found)} == set(FIELDS)
    assert {kind for kind, found in values.items() if len(found) < 8} == set()
    assert search({"x": b"...." + next(iter(values["ID number"])).encode("utf-16-le")}, values["ID number"]) == {"x"}


def test_the_month_was_a_whole_one(place: Path, written: dict[str, bytes]) -> None:
    """Every home took part, and there are decisions, registrations and owed persons that could have leaked."""
    assert {name.split("/")[1] for name in written if name.startswith("homes/")} == {CIVIL, *SINKS}
    with closing(sqlite3.connect(place / "homes" / CIVIL / "state.db")) as database:
        for table in ("import", "edition", "proposal", "registration"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0  # noqa: S608 (the names above)
    assert len(written["printed.txt"]) > 50_000


@pytest.mark.parametrize("kind", FIELDS)
def test_no_value_stands_anywhere(kind: str, written: dict[str, bytes], values: dict[str, set[str]]) -> None:
    searched = written
    if kind == "person number":  # the subject of a decision is the sender's person number, on purpose, where a clerk looks at it
        searched = {name: data for name, data in written.items() if name != "printed.txt"}
    assert search(searched, values[kind]) == set()


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5", "sha512", "sha3_256", "blake2b"])
def test_no_digest_of_an_id_number_stands_anywhere(algorithm: str, written: dict[str, bytes], values: dict[str, set[str]]) -> None:
    """Bytes, hex, and hex in capitals; of the number as it stands and with a line end."""
    raw = {hashlib.new(algorithm, number.encode()).digest() for number in values["ID number"]}
    raw |= {hashlib.new(algorithm, f"{number}\n".encode()).digest() for number in sorted(values["ID number"])[:50]}
    needles = [*raw, *(digest.hex().encode() for digest in raw), *(digest.hex().upper().encode() for digest in raw)]
    assert find(written, needles) == set()


def test_no_file_or_folder_is_named_after_anybody(place: Path, values: dict[str, set[str]]) -> None:
    names = "\n".join(path.relative_to(place).as_posix() for path in place.rglob("*") if path.relative_to(place).parts[0] not in READABLE)
    assert not [value for kind in ("ID number", "name", "telephone", "account") for value in values[kind] if value in names]
