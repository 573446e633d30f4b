"""The table of patterns (domain.md §3), and what a mask must never let through."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.masks import MASKS as PROMISED
from security.masks import COMPOUND_SURNAMES, MASKS


def masked(mask: str, *values: str | None) -> list[str | None]:
    return pl.DataFrame({"v": pl.Series(values, dtype=pl.String)}).select(MASKS[mask](pl.col("v")))["v"].to_list()


def one(mask: str, value: str) -> str:
    (shown,) = masked(mask, value)
    assert shown is not None
    return shown


def test_every_promised_mask_has_its_one_definition() -> None:
    assert set(PROMISED) == set(MASKS)
    assert all(mask.zh and mask.en and mask.fits for mask in PROMISED.values())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马光", "司马*"),
        ("欧阳", "欧*"),  # two characters: 欧 with the name 阳
        ("买买提·艾力", "买**·**"),
        ("阿卜杜热合曼·图尔荪·买买提", "阿*****·***·***"),
        ("古·艾力", "古·**"),
        ("张", "*"),  # one character kept would be the whole name
        ("𠮷田", "𠮷*"),  # outside the basic plane: one character, not two
        ("·", "·"),
        ("", ""),
        ("东方不败", "东方**"),
    ],
)
def test_name(value: str, shown: str) -> None:
    assert one("name", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("52272219780114949X", "522722********949X"),
        ("522722197801149490", "522722********9490"),
        ("522722780114949", "522722*****4949"),
        ("52272219780114949x", "******************"),  # no number of the canonical form: hidden whole
        ("12345", "*****"),
        ("810000199408239014", "810000********9014"),
        ("", ""),
    ],
)
def test_id(value: str, shown: str) -> None:
    assert one("id", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("19900012345", "199****2345"),
        ("19900076749", "199****6749"),
        ("0854-3612345", "********2345"),
        ("08543612345", "*******2345"),
        ("(0854)3612345", "*********2345"),
        ("3612345", "***2345"),
        ("19900012345/19900012346", "***********************"),
        ("8619900012345", "*************"),
        ("不详", "**"),
        ("110", "***"),
    ],
)
def test_phone(value: str, shown: str) -> None:
    assert one("phone", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("52272219430222924853", "522722********9248**"),
        ("52272219430222924853B1", "522722********9248****"),
        ("52272219430222924X43", "522722********924X**"),
        ("522722194302229248", "522722********9248"),
        ("证号不详", "****"),
    ],
)
def test_disability_certificate_is_treated_as_the_id_inside_it(value: str, shown: str) -> None:
    assert one("certificate", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("6299991184283146115", "***************6115"), ("622848001234", "********1234"), ("12345678901", "***********"), ("1234", "****")],
)
def test_account(value: str, shown: str) -> None:
    assert one("account", value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("荔波县朝阳镇新寨村四组38号", "荔波县朝阳镇新寨村"),
        ("荔波县玉屏街道城东社区7栋1单元800室", "荔波县玉屏街道城东社区"),
        ("荔波县黎明关水族乡高吉村六组46号", "荔波县黎明关水族乡高吉村"),
        ("贵州省黔南布依族苗族自治州荔波县朝阳镇新寨村四组", "贵州省黔南布依族苗族自治州荔波县朝阳镇新寨村"),
        ("荔波县朝阳镇新村村三组1号", "荔波县朝阳镇新村村"),
        ("荔波县朝阳镇村头村三组1号", "荔波县朝阳镇村头村"),
        ("荔波县朝阳镇新寨村大坪自然村三组", "荔波县朝阳镇新寨村"),  # the natural village is narrower
        ("荔波县朝阳镇洞利三组22号", "荔波县朝阳镇"),
        ("荔波县朝阳镇建设路8号城东社区", "荔波县朝阳镇"),  # nothing behind a digit
        ("荔波县建设路8号", "荔波县"),
        ("新寨村四组38号", "新寨村"),
        ("幸福小区3栋201室", "****"),
        ("３组１２号", "****"),
        ("38号新寨村", "****"),
        ("", "****"),
    ],
)
def test_address_is_generalised_to_the_village(value: str, shown: str) -> None:
    assert one("address", value) == shown


@pytest.mark.parametrize("mask", sorted(MASKS))
def test_null_stays_null_and_rows_stay_in_place(mask: str) -> None:
    shown = masked(mask, None, "522722197801149490", None)
    assert shown[0] is None
    assert shown[2] is None
    assert shown[1] != "522722197801149490"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_lengths_are_kept_and_no_unfit_value_gets_through(value: str) -> None:
    for mask in ("id", "certificate", "phone", "account", "name"):
        shown = one(mask, value)
        assert len(shown) == len(value)
        assert not value or shown.count("*") > 0 or mask == "name"


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_no_run_of_digits_shows_more_than_ten_characters(value: str) -> None:
    assert sum(c != "*" for c in one("id", value)) <= 10
    assert sum(c != "*" for c in one("certificate", value)) <= 10
    assert sum(c != "*" for c in one("phone", value)) <= 7
    assert sum(c != "*" for c in one("account", value)) <= 4


@given(st.dates().map(lambda d: f"{d:%Y%m%d}".rjust(8, "0")), st.integers(0, 999), st.sampled_from("0123456789X"))
def test_an_id_number_never_tells_its_birth_date(birth: str, sequence: int, check: str) -> None:
    shown = one("id", f"522722{birth}{sequence:03d}{check}")
    assert shown[6:14] == "********"


@given(st.sampled_from(COMPOUND_SURNAMES), st.text(alphabet="甲乙丙丁·", min_size=1, max_size=6))
def test_a_name_shows_its_surname_and_dots_only(surname: str, given_name: str) -> None:
    assert one("name", surname + given_name) == surname + "".join("·" if c == "·" else "*" for c in given_name)


@given(st.text(alphabet="荔波县朝阳镇乡街道新寨村社区组号栋0123456789３市小", max_size=24))
def test_an_address_shows_a_beginning_without_digits(value: str) -> None:
    shown = one("address", value)
    assert shown == "****" or (value.startswith(shown) and not any(c.isdigit() for c in shown))
