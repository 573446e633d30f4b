"""Pseudonyms: who can join what, and that nothing leaks through errors."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import AgencyId
from security.pseudonyms import pair_key, tokens

CA, EDU, BANK = (AgencyId("522722", code) for code in ("civil-affairs", "education", "bank"))
ROOT = bytes(range(32))
CONTRACT = "c" * 64
ONE = "522722199003079119"


def test_the_key_is_hkdf_expand_of_the_named_pair() -> None:
    info = b"cx/pseud/v1\0" + CONTRACT.encode() + b"\x00522722/civil-affairs\x00522722/education\x002026"
    assert pair_key(ROOT, CONTRACT, CA, EDU, "2026") == hmac.digest(ROOT, info + b"\1", "sha256")


def test_every_part_of_the_name_makes_another_key() -> None:
    keys = {
        pair_key(ROOT, CONTRACT, CA, EDU, "2026"),
        pair_key(ROOT, CONTRACT, EDU, CA, "2026"),
        pair_key(ROOT, CONTRACT, CA, BANK, "2026"),
        pair_key(ROOT, CONTRACT, CA, EDU, "2027"),
        pair_key(ROOT, "d" * 64, CA, EDU, "2026"),
        pair_key(bytes(32), CONTRACT, CA, EDU, "2026"),
    }
    assert len(keys) == 6


def test_two_recipients_cannot_join() -> None:
    education, bank = (pair_key(ROOT, CONTRACT, CA, other, "2026") for other in (EDU, BANK))
    assert not set(tokens(education, [ONE])) & set(tokens(bank, [ONE]))
    assert tokens(education, [ONE]) == tokens(education, [ONE])
    assert [len(each) for each in tokens(bank, [ONE, ONE])] == [16, 16]


def test_a_token_is_no_plain_hash() -> None:
    token = tokens(pair_key(ROOT, CONTRACT, CA, EDU, "2026"), [ONE])[0]
    assert token not in {hashlib.sha256(ONE.encode()).digest()[:16], hashlib.md5(ONE.encode()).digest()}  # noqa: S324  # a plain hash is what it must not be


@given(st.text(max_size=20))
def test_what_is_not_an_id_number_gets_no_token_and_is_not_repeated(text: str) -> None:
    normal = len(text) == 18 and text.isascii() and text[:17].isdecimal() and text[0] != "0" and text[17] in "0123456789X"
    if not normal:
        with pytest.raises(ValueError, match=r"^an ID number is not normalised$"):
            tokens(ROOT, [text])


@pytest.mark.parametrize(
    ("root", "contract", "epoch"), [(b"", CONTRACT, "1"), (ROOT, CONTRACT, ""), (ROOT, CONTRACT, "a\0b"), (ROOT, "c\0d", "1")]
)
def test_names_cannot_run_into_each_other(root: bytes, contract: str, epoch: str) -> None:
    with pytest.raises(ValueError, match="root, contract or epoch"):
        pair_key(root, contract, CA, EDU, epoch)
