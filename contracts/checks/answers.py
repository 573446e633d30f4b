"""Codes that follow from a text, and answers that must be complete."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from contracts.checks.table import Table
from contracts.codes import load_tables
from contracts.values.cells import Mark, marks, nulls
from contracts.values.text import squeeze


def _by_word(text: pl.Series, of: Callable[[str], str | None]) -> pl.Series:
    words = text.drop_nulls().unique().to_list()
    if not words:
        return nulls(len(text), pl.String)
    return text.replace_strict(words, [of(w) for w in words], default=None, return_dtype=pl.String)


def in_school(table: Table) -> None:
    """In school: a school is named, or the employment says 在校学生. Null where the file has neither column."""
    if not (table.has("school_name") or table.has("employment")):
        return
    named = table.value("school_name").is_not_null()
    table.values["student"] = named | (table.value("employment") == "在校学生").fill_null(value=False)


def exit_reason(table: Table) -> None:
    """Reason for leaving, by keyword of the text."""
    codes = load_tables()["exit-reason"]
    table.values["reason"] = _by_word(table.value("reason_text"), codes.code_of)


def exit_reason_of_exits(table: Table) -> None:
    """Reason for leaving, only where the change is an exit."""
    codes = load_tables()["exit-reason"]
    leaving = (table.value("change_type") == "EXIT").fill_null(value=False)
    found = _by_word(table.value("reason_text"), codes.code_of)
    table.values["exit_reason"] = found.zip_with(leaving, nulls(table.length, pl.String))


def taper_cause(table: Table) -> None:
    """Cause of a delayed exit: recruited, other work, both, or another."""
    codes = {c.code: c.holds for c in load_tables()["taper-cause"].codes}

    def of(text: str) -> str:
        recruited, other = (any(k in text for k in codes[c]) for c in ("RECRUITED", "OTHER_WORK"))
        return "BOTH" if recruited and other else "RECRUITED" if recruited else "OTHER_WORK" if other else "OTHER_CAUSE"

    table.values["cause"] = _by_word(table.value("cause_text"), of)


def answer(table: Table) -> None:
    """The answer's code; outside the list: E-DICT at the text."""
    codes = load_tables()["answer"]
    text = table.value("answer_text")
    found = _by_word(text, lambda w: codes.code_of(squeeze(w), table.period))
    table.values["answer"] = found
    table.add("answer_text", marks("E-DICT", text.is_not_null() & found.is_null(), suggestion=codes.suggestion("")))


def answer_complete(table: Table) -> None:
    """W-NO-ANSWER where a person has none; an income that reached the standard must be named (E-REQ)."""
    if table.has("answer_text"):
        table.add("answer_text", marks("W-NO-ANSWER", table.value("answer_text").is_null()))
    above = (table.value("answer") == "INCOME_ABOVE").fill_null(value=False)
    missing = (above & table.value("verified_income").is_null()).arg_true()
    if len(missing):
        table.add("verified_income", (Mark("E-REQ", missing),))
