"""Effective-dated parameters, and words for every code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import consumers.rules
from consumers.rules import answers, deaths, margin, words
from consumers.rules.parameters import parameters, read_parameters

TWO = """
rule = "R0"
clause = "c"
[[window]]
jurisdiction = ""
valid_from = 2021-01-01
valid_to = 2025-12-31
text = "wide"
months = 3
[[window]]
jurisdiction = "5227"
valid_from = 2023-01-01
text = "narrow"
months = 6
words = ["a"]
"""


@pytest.mark.parametrize(
    ("county", "day", "text"),
    [
        ("522722", date(2022, 12, 31), "wide"), ("522722", date(2023, 1, 1), "narrow"), ("522722", date(2030, 1, 1), "narrow"),
        ("320600", date(2023, 6, 1), "wide"), ("320600", date(2026, 1, 1), None), ("522722", date(2020, 12, 31), None),
    ],
)  # fmt: skip
def test_the_longest_jurisdiction_that_holds(county: str, day: date, text: str | None) -> None:
    window = read_parameters(TWO).at(county, day)
    assert (window.text if window else None) == text


def test_a_value_of_another_type_is_a_programming_error() -> None:
    window = read_parameters(TWO).windows[1]
    assert (window.number("months"), window.words("words")) == (6, ["a"])
    for read in (window.word, window.words, window.numbers):
        with pytest.raises(TypeError, match="another type"):
            read("months")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"5227"\nvalid_from = 2023-01-01', '""\nvalid_from = 2025-12-31', "overlap"),
        ("valid_to = 2025-12-31", "valid_to = 2020-12-31", "ends before"),
    ],
)
def test_windows_that_overlap_or_end_early_are_refused(before: str, after: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_parameters(TWO.replace(before, after))


@pytest.mark.parametrize("rule", ["R1", "R2", "R4", "R6", "R8", "R12", "R14", "R15", "R16", "R18", "STANDARD"])
def test_released_parameters_are_read(rule: str) -> None:
    found = parameters(rule)
    assert found.rule == rule
    assert found.at("522722", date(2023, 3, 31)) is not None
    assert any(word in found.clause for word in ("号", "通知", "办法", "标准"))


def test_every_code_that_a_rule_can_say_has_words() -> None:
    """Codes are the upper-case strings of the modules that decide; every one of them is somewhere in words, and none besides."""
    tables = [t for name, t in vars(words).items() if name.isupper()]
    said = {code for table in tables for code in table}
    folder = Path(consumers.rules.__file__).parent
    deciding = ("margin", "deaths", "namesakes", "answers", "coverage", "lowincome", "taper", "disability", "payments", "payees",
                "crossings", "monitored")  # fmt: skip
    source = "".join((folder / f"{name}.py").read_text("utf-8") for name in deciding)
    source += (folder / "parameters" / "r12.toml").read_text("utf-8")
    used = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*) ?"', source))
    towns_only = {"ENTER_DIBAO", "ENTER_TEKUN", "REFERRED", "INCOME_ABOVE", "PROPERTY_FAILED"}
    lists = {n for n in used if n.endswith(("_PERSON", "_HOUSEHOLD"))} | {"DEATH", "TAPER", "CHILD", "RETIREE", "VERIFY_ANSWER"}
    other = {"R1", "R4", "R6", "R12", "DIBAO_RURAL", "DIBAO_URBAN", "ACCEPTED", "TOWN", "RULE", "REGISTRATION", "MONITOR_TOWN"}
    other |= {"R2", "R8", "R14", "R15", "R16", "R18", "MONITOR", "STANDARD", "RURAL", "URBAN", "DISABILITY", "PAYMENT_RESULT", "SUCCESS",
              "REVIEW_LOWINCOME", "BOTH", "EXPIRED", "SUSPENDED", "CANCELLED", "VALID", "DIBAO"}  # fmt: skip
    used |= {*parameters("R6").windows[0].numbers("months")}
    assert used - lists - other <= said
    assert said - used <= towns_only
    assert {*margin.COVERED_AS.values()} <= words.REASONS.keys()
    assert set(deaths.ORDER) <= words.CASES.keys()
    assert {*answers.BY_RULE.values()} <= words.ANSWERS.keys()


def test_words_are_in_both_languages() -> None:
    tables = [t for name, t in vars(words).items() if name.isupper()]
    for table in tables:
        for entry in table.values():
            assert entry.text("zh")
            assert entry.text("en").isascii()
            assert not entry.text("zh").isascii()
