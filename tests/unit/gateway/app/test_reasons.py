"""Reasons are kept as they stand, so nobody's number may stand in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from gateway.app.reasons import MOST, plain, plain_if_given


@pytest.mark.parametrize("text", ["青松镇补报", "民政〔2023〕12号", "2023-03 至 2023-04", "第 1234567890 号", "x" * MOST])
def test_a_sentence_is_kept(text: str) -> None:
    assert plain(f"  {text} ") == text


@pytest.mark.parametrize("text", ["", "   ", "x" * (MOST + 1), "两\n行", "响\x07"])
def test_no_sentence_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError, match="E-REASON-NONE"):
        plain(text)


@pytest.mark.parametrize("number", ["19900012345", "522722198503109", "52272219850310903X", "6299990000000000"])
def test_numbers_of_persons_are_refused_wherever_they_stand(number: str) -> None:
    for text in (number, f"更正{number}的姓名", f"{number} 迁出"):
        with pytest.raises(ExchangeError, match="E-REASON-PERSON") as refusal:
            plain(text)
        assert number not in str(refusal.value)


def test_none_stays_none() -> None:
    assert plain_if_given(None) is None


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_what_is_kept_is_kept_again(text: str) -> None:
    try:
        kept = plain(text)
    except ExchangeError:
        return
    assert plain(kept) == kept
