"""Identity numbers: rule 6, 7 and 8, attacked."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.cells import Cells, Kind, Read
from contracts.values.ids import (
    holds_id,
    is_valid,
    read_certificate,
    read_former_id,
    read_other_id,
    read_own_certificate,
    read_own_id,
    tidy_ids,
)
from tests.unit.contracts.values.people import id_of, ids

END = date(2023, 3, 31)
GOOD = id_of("522722", date(1978, 1, 14), 949)
NOISE = ["\u00a0", "\u3000", "\u200b", "\ufeff", "\u2060", " ", "\n", "\t", "\u200d"]


def cells(*texts: str | None, kinds: list[Kind] | None = None) -> Cells:
    return Cells(pl.Series(texts, dtype=pl.String), None if kinds is None else pl.Series(kinds, dtype=pl.UInt8))


def said(read: Read) -> dict[int, str]:
    return {row: mark.code for mark in read.marks for row in mark.rows.to_list()}


@given(ids())
def test_a_right_number_passes_unchanged_and_in_silence(number: str) -> None:
    read = read_own_id(cells(number), END)
    assert read.values.to_list() == [number]
    assert read.marks == ()


@given(ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(number: str, at: int, other: str) -> None:
    wrong = number[:at] + other + number[at + 1 :]
    if wrong == number:
        return
    read = read_own_id(cells(wrong), END)
    assert read.values.to_list() == [None]
    assert said(read)[0] in {"E-ID-CHK", "E-ID-CHAR", "E-ID-BIRTH"}


@given(ids(), st.lists(st.tuples(st.integers(0, 18), st.sampled_from(NOISE)), min_size=1, max_size=4), st.booleans())
def test_noise_is_removed_and_said(number: str, noise: list[tuple[int, str]], apostrophe: bool) -> None:
    text = number
    for at, what in sorted(noise, reverse=True):
        text = text[:at] + what + text[at:]
    read = read_own_id(cells(("'" if apostrophe else "") + text), END)
    assert read.values.to_list() == [number]
    assert said(read) == {0: "I-FIXED"}


def test_full_width_digits_and_a_small_x_are_written_as_they_should_be() -> None:
    wide = "52272219780114949ｘ".translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    assert tidy_ids(pl.Series([wide]))[0].to_list() == [GOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "E-REQ"),
        ("   ", "E-REQ"),
        ("\u200b", "E-REQ"),
        ("5.22722E+17", "E-ID-NUM"),
        ("5.22722e+17", "E-ID-NUM"),
        ("522722********946X", "E-ID-CHAR"),
        ("X52272219780114949", "E-ID-CHAR"),
        ("522722720618918", "E-ID-15"),
        ("52272272061891X", "E-ID-LEN"),
        (GOOD[:-1], "E-ID-LEN"),
        ("1" + GOOD, "E-ID-LEN"),
        (GOOD + "1", "E-ID-CHAR"),
        ("X", "E-ID-CHAR"),
        ("522722197801149490", "E-ID-CHK"),
        ("②" + GOOD[1:], "E-ID-CHAR"),
        ("٥٢٢٧٢٢١٩٧٨٠١١٤٩٤٩٠", "E-ID-CHAR"),
    ],
)
def test_the_first_fault_counts(text: str | None, code: str) -> None:
    read = read_own_id(cells(text), END)
    assert said(read) == {0: code}
    assert read.values.to_list() == [None]


def test_impossible_and_future_births_are_refused_though_the_check_digit_is_right() -> None:
    february = _with_birth("19880231")
    read = read_own_id(cells(february, id_of("522722", date(2023, 4, 1), 901), id_of("522722", date(2023, 3, 31), 901)), END)
    assert said(read) == {0: "E-ID-BIRTH", 1: "E-ID-BIRTH"}
    assert is_valid(id_of("522722", date(2031, 5, 6), 924))
    assert not is_valid(id_of("522722", date(2031, 5, 6), 924), END)


def _with_birth(birth: str) -> str:
    head = f"522722{birth}902"
    total = sum(int(d) * w for d, w in zip(head, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return head + "10X98765432"[total % 11]


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.DATE, Kind.BOOL])
def test_a_number_cell_is_never_taken_even_when_its_digits_would_pass(kind: Kind) -> None:
    number = next(n for n in (id_of("522722", date(1980, 1, d), 901) for d in range(1, 20)) if n[-1] != "X")
    read = read_own_id(cells(number, GOOD, kinds=[kind, Kind.TEXT]), END)
    assert said(read) == {0: "E-ID-NUM"}
    assert read.values.to_list() == [None, GOOD]


def test_the_length_that_was_found_is_told() -> None:
    mark = read_own_id(cells(GOOD[:-1], GOOD[:-2]), END).marks[0]
    assert [dict(e) for e in mark.each or ()] == [{"length": 17}, {"length": 16}]


def test_somebody_else_s_number_never_rejects() -> None:
    read = read_other_id(cells("123", "不详", None, GOOD.lower(), " "), END)
    assert read.values.to_list() == [None, None, None, GOOD, None]
    assert said(read) == {0: "W-MEMBER-ID", 3: "I-FIXED"}


def test_a_former_number_may_be_wrong() -> None:
    read = read_former_id(cells("52272219780114949", "52272219780114949 "))
    assert read.values.to_list() == ["52272219780114949"] * 2
    assert said(read) == {1: "I-FIXED"}


def test_a_newborn_without_number_is_a_warning_where_the_list_says_so() -> None:
    assert said(read_own_id(cells(None), END, "W-NO-ID")) == {0: "W-NO-ID"}


def test_certificates() -> None:
    read = read_own_certificate(cells(GOOD + "41", GOOD + "4", GOOD[:-1] + "141", None, GOOD + "41B1", "5.2E+19"), END)
    assert read.values.to_list() == [GOOD + "41", None, None, None, GOOD + "41B1", None]
    assert said(read) == {1: "E-CERT", 2: "E-ID-CHK", 3: "E-REQ", 5: "E-ID-NUM"}
    assert read_certificate(cells(GOOD.lower() + "41")).values.to_list() == [GOOD + "41"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (f"配偶{GOOD}", True),
        (f"配偶{GOOD.lower()}。", True),
        ("配偶522722197801149490", False),
        ("旧号522722780114949未更", True),
        ("账号6299991184283146115", False),
        ("手机19900017445", False),
        ("５２２７２２１９７８０１１４９４９Ｘ", True),
    ],
)
def test_numbers_inside_text(text: str, held: bool) -> None:
    assert holds_id(text) is held


def test_a_column_is_not_changed_by_reading_it() -> None:
    column = cells(GOOD.lower(), " " + GOOD)
    before = column.text.to_list()
    read_own_id(column, END)
    assert column.text.to_list() == before
