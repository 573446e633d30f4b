"""After a whole month, nothing outside the partner's own tables names a person or can be matched to one by guessing.

Homes (database, spool, keys, logs), the mail folder and everything printed are searched for ID numbers, names, and every digest of an ID
number that an outsider could compute: there are only some 10⁵ ID numbers a county and birth year, so an unkeyed digest is the number.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.ids import Period
from gateway.demo.county import county
from tests.docs.workbook import PERSONS, SEED
from tests.e2e.conftest import Played

LIST = "DIBAO_RURAL_PERSON"
GUESSES = 25
"""Persons whose digests are searched in every form; their numbers are searched for all."""

IDS = re.compile(rb"(?<![0-9])[1-8][0-9]{16}[0-9Xx](?![0-9])")


def persons() -> list[tuple[str, str]]:
    """Name and ID number of everybody in the READMEs' roster."""
    rows = county(lambda size: SEED[:size], PERSONS, [Period(2023, 3)]).rows(LIST, Period(2023, 3))
    return list(zip(rows["name"].to_list(), rows["id_number"].to_list(), strict=True))


def forms(number: str) -> Iterator[bytes]:
    """The number and its unkeyed digests, as bytes, hex in both cases, and base64."""
    for text in (number, number.lower()):
        yield text.encode()
        yield text.encode("utf-16-le")
        for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.sha512, hashlib.sha3_256, hashlib.blake2b):
            raw = digest(text.encode()).digest()
            yield from (raw, raw.hex().encode(), raw.hex().upper().encode(), base64.b64encode(raw).rstrip(b"="))
    yield base64.b64encode(number.encode()).rstrip(b"=")


@pytest.fixture(scope="module")
def month(played: Callable[[str], Played]) -> Path:
    """A folder in which two offices have done March."""
    return played("01-two-offices").folder


def kept(folder: Path) -> dict[str, bytes]:
    """Every file but the workbook that went in and the partner's tables that came out."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: p.read_bytes() for name, p in files.items() if not name.endswith(".xlsx") and not name.startswith("edu.db")}


def test_the_search_would_find_them(month: Path) -> None:
    """The persons are really there: in the partner's tables, in the clear, as they must be."""
    table = (month / "edu.db").read_bytes()
    assert any(number.encode() in table for _, number in persons())
    assert {name.partition("/")[0] for name in kept(month)} >= {"ca", "edu", "mail"}


def test_no_id_number_stands_anywhere(month: Path) -> None:
    known = {number.encode() for _, number in persons()}
    found = {name for name, data in kept(month).items() if known & {hit.upper() for hit in IDS.findall(data)}}
    assert found == set()


def test_no_name_stands_anywhere(month: Path) -> None:
    names = {name.encode() for name, _ in persons() if len(name) >= 3}
    assert len(names) > 100
    found = {file for file, data in kept(month).items() if any(name in data for name in names)}
    assert found == set()


def test_no_digest_that_can_be_guessed_stands_anywhere(month: Path) -> None:
    needles = [form for _, number in persons()[:GUESSES] for form in forms(number)]
    found = {file for file, data in kept(month).items() if any(needle in data for needle in needles)}
    assert found == set()


def test_no_file_is_named_after_a_person(month: Path) -> None:
    names = "\n".join(kept(month))
    assert not [number for _, number in persons() if number in names or hashlib.sha256(number.encode()).hexdigest()[:16] in names]
