"""Source lists as data, and the meaning of headers."""

from __future__ import annotations

from typing import get_args

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.checks import CHECKS, DERIVATIONS
from contracts.codes import load_tables
from contracts.errors import ExchangeError
from contracts.lists import FieldType, load_lists
from contracts.lists.aliases import aliases
from contracts.lists.headers import LEVEL, canonical, canonical_path, match
from contracts.lists.source import source_list

CODES = sorted(load_lists())


def test_every_list_that_is_known() -> None:
    assert set(CODES) == {
        "AREA_TABLE",
        "CHANGE_LIST",
        "CHILD",
        "DEATH",
        "DIBAO_RURAL_HOUSEHOLD",
        "DIBAO_RURAL_PERSON",
        "DIBAO_URBAN_PERSON",
        "DISABILITY",
        "EXIT_REGISTER",
        "MARGIN_HOUSEHOLD",
        "MARGIN_PERSON",
        "MONITOR_PERSON",
        "MONITOR_TOWN",
        "PAYMENT_RESULT",
        "RETIREE",
        "REVIEW_DIBAO",
        "REVIEW_LOWINCOME",
        "REVIEW_TEKUN",
        "TAPER",
        "TEKUN_PERSON",
        "VERIFY_ANSWER",
    }


@pytest.mark.parametrize("code", CODES)
def test_what_a_list_names_exists(code: str) -> None:
    listing = load_lists()[code]
    assert listing.id_field in listing.fields
    assert listing.name_field in listing.fields
    assert set(listing.checks) <= set(CHECKS)
    for field in listing.fields.values():
        assert field.type in get_args(FieldType)
        assert bool(field.headers) or field.type in ("derived", "village-code")
        assert field.by is None or field.by in DERIVATIONS
        if field.type in ("code", "yes-no"):
            table = load_tables()[field.table or ""]
            assert set(field.only) <= {c.code for c in table.codes}
    assert {*listing.carry, *filter(None, (listing.size, listing.month, listing.household))} <= set(listing.fields)


def test_every_check_and_derivation_is_used() -> None:
    assert {c for lst in load_lists().values() for c in lst.checks} == set(CHECKS)
    assert {f.by for lst in load_lists().values() for f in lst.fields.values() if f.by} == set(DERIVATIONS)


@pytest.mark.parametrize("code", CODES)
def test_no_header_stands_for_two_fields(code: str) -> None:
    known = aliases(code)
    assert not set(known.fields) & set(known.partners)
    assert not (set(known.fields) | set(known.partners)) & known.not_carried


@pytest.mark.parametrize("code", CODES)
def test_a_list_recognises_its_own_headers_in_any_order_and_best(code: str) -> None:
    listing = load_lists()[code]
    headers = [h for f in listing.fields.values() for h in (*f.headers[:1], *f.partner[:1])]
    paths = [canonical_path(h.partition("#")[0].split(LEVEL)) for h in headers]
    own = match(paths, listing)
    assert set(own.fields) == {f.name for f in listing.fields.values() if f.headers}
    assert own.unknown == ()
    others = {c: match(paths, lst).score for c, lst in load_lists().items() if c != code}
    equals = {c for c, score in others.items() if score >= own.score}
    assert equals <= {"DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON"}
    back = match(list(reversed(paths)), listing)
    assert set(back.fields) == set(own.fields)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("身份证号", "公民身份号码"),
        ("身份证号", "身 份 证\n号码"),
        ("户主身份证号", "户主公民身份号码"),
        ("户月保障金额（元）", "户月保障金额(元)"),
        ("户月保障金额（元）", "户月保障金额"),
        ("银行帐号", "银行账号"),
        ("*姓名", "姓名"),
        ("姓名：", "姓名"),
        ("3月保障人口", "*月保障人口"),
        ("身份证", "身份证号"),
        ("姓 名", "姓名"),
    ],
)
def test_headers_that_mean_the_same(a: str, b: str) -> None:
    assert canonical(a) == canonical(b)


@pytest.mark.parametrize(
    ("a", "b"), [("身份证号", "户主身份证号"), ("月收入（元）", "月收入（万元）"), ("乡", "乡镇"), ("姓名", "户主姓名")]
)
def test_headers_that_do_not(a: str, b: str) -> None:
    assert canonical(a) != canonical(b)


@given(st.text(max_size=20))
def test_one_spelling_is_its_own_spelling(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once or "证" in text or "帐" in text


def test_two_equal_headers_are_the_first_and_the_second() -> None:
    listing = source_list("REVIEW_DIBAO")
    paths = [canonical(h) for h in ("姓名", "身份证号", "*月保障人口", "*月保障金/元", "*月保障人口", "*月保障金/元", "*月保障人口")]
    found = match(paths, listing)
    assert (found.fields["covered_before"], found.fields["covered_after"]) == (2, 4)
    assert found.unknown == (6,)


def test_a_second_column_of_one_name_is_not_taken() -> None:
    found = match(["姓名", "身份证号", "身份证号"], source_list("TEKUN_PERSON"))
    assert found.fields["id_number"] == 1
    assert found.unknown == (2,)


def test_types_of_the_canonical_frame() -> None:
    schema = source_list("DIBAO_RURAL_HOUSEHOLD").schema()
    assert schema["household_amount"] == pl.Int64()
    assert schema["household_size"] == pl.Int32()
    assert schema["members"] == pl.List(pl.Struct({"name": pl.String, "id_number": pl.String}))
    assert source_list("DIBAO_RURAL_PERSON").schema()["student"] == pl.Boolean()
    assert list(schema)[:3] == ["_sheet", "_row", "_file"]


def test_an_unknown_list() -> None:
    with pytest.raises(ExchangeError, match="E-LIST"):
        source_list("NOBODY")
