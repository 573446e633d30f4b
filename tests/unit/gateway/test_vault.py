"""Rows at rest: sealed to the home's own key, opened only as what they are, dead with the key."""

from __future__ import annotations

import base64
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from gateway import spool
from gateway.vault import Vault
from security.keystore.files import FileKeyStore
from security.strict_json import encode, parse
from security.trust import own

AT = datetime(2026, 11, 2, tzinfo=UTC)
MARCH = Period(2023, 3)
COLUMNS: dict[str, pl.DataType] = {"name": pl.String(), "rows": pl.Int64(), "codes": pl.List(pl.String())}
ROWS = pl.DataFrame({"name": ["覃大山", None], "rows": [1, None], "codes": [["E-ID-CHK"], []]}, schema=COLUMNS)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    keys = FileKeyStore.create(tmp_path / "keys", None, os.urandom)
    own.generate_pair(keys, "sign")
    return Vault(tmp_path / "vault", AgencyId("522722", "civil-affairs"), keys, os.urandom)


def seal(vault: Vault, frame: pl.DataFrame = ROWS, what: str = "rural.p0.accepted", label: str = "self/2023-03") -> str:
    vault.shelf.mkdir(exist_ok=True)
    return vault.seal(what, label, MARCH, [frame], COLUMNS, AT)


def code_of(vault: Vault, name: str) -> str:
    with pytest.raises(ExchangeError) as refusal:
        vault.frame(name, COLUMNS)
    return refusal.value.code


def test_what_is_sealed_is_opened(vault: Vault) -> None:
    name = seal(vault)
    assert vault.frame(name, COLUMNS).equals(ROWS)
    vault.verify(name)


def test_nobody_is_a_frame_without_rows(vault: Vault) -> None:
    assert vault.frame(seal(vault, ROWS.clear()), COLUMNS).equals(ROWS.clear())


def test_some_columns_alone(vault: Vault) -> None:
    assert vault.frame(seal(vault), COLUMNS, only=["rows"]).get_column("rows").to_list() == [1, None]


def test_the_same_rows_twice_are_two_packages(vault: Vault) -> None:
    """Sealing is random, so that equal packages tell nobody that two months are alike."""
    assert seal(vault) != seal(vault)


def test_nothing_of_the_rows_stands_in_the_files(vault: Vault) -> None:
    seal(vault)
    assert not [path for path in vault.shelf.rglob("*") if path.is_file() and "覃大山".encode() in path.read_bytes()]


def test_one_package_in_the_place_of_another(vault: Vault) -> None:
    """Both are ours and both open: the name tells which was wanted."""
    wanted, other = seal(vault), seal(vault, ROWS.clear())
    shutil.rmtree(vault.shelf / wanted)
    (vault.shelf / other).rename(vault.shelf / wanted)
    assert code_of(vault, wanted) == "E-MANIFEST-RECORD"
    with pytest.raises(ExchangeError) as refusal:
        vault.verify(wanted)
    assert refusal.value.code == "E-VAULT-OTHER"


def test_a_changed_byte_of_a_chunk(vault: Vault) -> None:
    name = seal(vault)
    path = vault.shelf / name / "chunks" / "000000.cxc"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert code_of(vault, name) == "E-PACKAGE-ROOT"


def test_a_changed_statement_is_not_the_one_on_record(vault: Vault) -> None:
    """The database knows the package by the digest of what was stated, so that a true signature over another month helps nobody."""
    name = seal(vault)
    path = vault.shelf / name / spool.MANIFEST
    envelope = parse(path.read_bytes(), limit=1 << 20, code="E-ENVELOPE-FORM")
    payload = base64.b64decode(str(envelope["payload"])).replace(b'"period":"2023-03"', b'"period":"2023-04"')
    path.write_bytes(encode({**envelope, "payload": base64.b64encode(payload).decode()}))
    assert code_of(vault, name) == "E-MANIFEST-RECORD"


def test_a_chunk_that_is_gone(vault: Vault) -> None:
    name = seal(vault)
    (vault.shelf / name / "chunks" / "000000.cxc").unlink()
    assert code_of(vault, name) in {"E-CHUNK-MISSING", "E-PACKAGE-COUNT"}


def test_a_month_dies_with_its_key_and_others_live(vault: Vault) -> None:
    march, lasting = seal(vault), seal(vault, what="registrations.x", label="self/lasting")
    vault.keys.destroy("self/2023-03")
    assert code_of(vault, march) == "E-KEY-DESTROYED"
    assert vault.frame(lasting, COLUMNS).equals(ROWS)
    vault.verify(march)
    with pytest.raises(ExchangeError) as refusal:
        seal(vault)
    assert refusal.value.code == "E-KEY-DESTROYED"


def test_another_home_cannot_open_it(vault: Vault, tmp_path: Path) -> None:
    name = seal(vault)
    keys = FileKeyStore.create(tmp_path / "other", None, os.urandom)
    own.generate_pair(keys, "sign")
    other = Vault(vault.shelf, vault.agency, keys, os.urandom)
    assert code_of(other, name) == "E-KEY-MISSING"
    with pytest.raises(ExchangeError) as refusal:
        other.verify(name)
    assert refusal.value.code == "E-SIGNER"
