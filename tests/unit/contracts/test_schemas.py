"""Released contracts: locked, complete, and told in two languages."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest
from fastavro.schema import parse_schema

from contracts.avro_types import fields_of, polars_schema, strip_null
from contracts.codes import load_tables
from contracts.compat import released_obstacles
from contracts.errors import ExchangeError
from contracts.feeds.policy import classes_of
from contracts.schemas import CLASSES, contract_names, load_schema, locked, released

CODE_LISTS_OUTSIDE_TABLES = {"divisions"}  # the county's own area table


def test_every_file_is_locked_and_every_lock_has_its_file() -> None:
    present = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files("contracts.schemas").iterdir() if p.name.endswith(".avsc")}
    assert {name.replace("/", ".v") + ".avsc": sha for name, sha in locked().items()} == present


def test_an_edited_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(released, "locked", lambda: {"child/1": "0" * 64})
    with pytest.raises(ExchangeError) as caught:
        released._load.__wrapped__("child/1")
    assert caught.value.code == "E-CONTRACT-LOCK"


@pytest.mark.parametrize("name", ["child", "child/2", "child/01", "../child/1", "child.v1/1", "", "child/1\n"])
def test_what_is_no_contract_is_refused_by_name(name: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        load_schema(name)
    assert caught.value.code == "E-CONTRACT"


def test_the_contracts_of_the_issue_are_there() -> None:
    assert {name.split("/")[0] for name in contract_names()} == {
        "assistance-person",
        "assistance-household",
        "child",
        "retiree",
        "monitoring-subject",
        "outcome",
        "receipt-counts",
    }


@pytest.mark.parametrize("name", contract_names())
def test_every_field_says_what_it_is(name: str) -> None:
    schema = load_schema(name)
    parse_schema(schema)
    polars_schema(schema)
    for field in fields_of(schema):
        zh, _, en = str(field["doc"]).partition(" / ")
        assert zh.startswith(str(field["zh"]))
        assert en.startswith(str(field["en"]))
        assert en.isascii() or "分" in en
        assert classes_of(field)
        assert classes_of(field) <= CLASSES.keys()
        if strip_null(field["type"])[1]:
            assert field["default"] is None


@pytest.mark.parametrize("name", contract_names())
def test_every_code_field_names_a_table_that_exists(name: str) -> None:
    for field in fields_of(load_schema(name)):
        if "code" in classes_of(field):
            assert field.get("values") or field.get("table") in load_tables().keys() | CODE_LISTS_OUTSIDE_TABLES, field["name"]
        else:
            assert "table" not in field
            assert "values" not in field


def test_amounts_are_whole_fen() -> None:
    for name in contract_names():
        for field in fields_of(load_schema(name)):
            if "money" in classes_of(field):
                assert strip_null(field["type"])[0] == "long"
                assert "分" in str(field["doc"])


def test_released_versions_can_read_one_another() -> None:
    assert released_obstacles() == ()
