"""One document, one spelling."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from security.strict_json import MAX_INTEGER, Json, encode, parse
from tests.unit.security.sealed_world import code_of, refused

CODE = "E-ENVELOPE-FORM"
SAFE_TEXT = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(0, MAX_INTEGER) | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE_TEXT, inner, max_size=4),
    max_leaves=12,
)


def read(data: bytes, limit: int = 100_000) -> dict[str, Json]:
    return parse(data, limit=limit, code=CODE)


@settings(deadline=None)
@given(st.dictionaries(SAFE_TEXT, VALUES, max_size=5))
def test_what_is_written_is_read_back(value: dict[str, Json]) -> None:
    try:
        data = encode(value)
    except ValueError:  # deeper than eight levels
        return
    assert read(data) == value


@settings(deadline=None)
@given(st.dictionaries(SAFE_TEXT, VALUES, max_size=5), st.data())
def test_whatever_parses_re_encodes_to_the_same_bytes(value: dict[str, Json], data: st.DataObject) -> None:
    """The malleability law, on documents one byte away from good ones."""
    good = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    place = data.draw(st.integers(0, len(good)))
    changed = good[:place] + data.draw(st.binary(max_size=2)) + good[place + data.draw(st.integers(0, 2)) :]
    code = code_of(lambda: read(changed))
    assert code == CODE or (code is None and encode(read(changed)) == changed)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b"\xef\xbb\xbf{}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-1}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\n"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\x7f"}',
        '{"a":"\u202eabc"}'.encode(),
        '{"a":"\u200b"}'.encode(),
        '{"\u2028":1}'.encode(),
        b"[1]",
        b'"a"',
        b"null",
        b"",
        b"{",
        b'{"a":1}{}',
        b'{"a":1,}',
        b'{"a":true}garbage',
        b'{"a":\x00}',
        b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
        b'{"a":' * 100_000,
        b"[" * 1_000_000,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with refused(CODE):
        read(data, limit=2_000_000)


def test_depth_eight_is_the_last_that_passes() -> None:
    deep: Json = 1
    for _ in range(7):
        deep = [deep]
    assert read(encode({"a": deep})) == {"a": deep}
    with pytest.raises(ValueError, match="too deep"):
        encode({"a": [deep]})


def test_a_document_over_its_limit_is_not_parsed() -> None:
    data = encode({"a": "b" * 100})
    assert read(data, limit=len(data))
    with refused(CODE):
        read(data, limit=len(data) - 1)


@pytest.mark.parametrize("value", [1.0, -1, MAX_INTEGER + 1, "\x00", "\u202e", "\ud800", b"bytes", {"a\n": 1}, (1,)])
def test_nothing_unreadable_is_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode({"a": value})  # type: ignore[dict-item]  # that is the point


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_in_the_one_refusal(data: bytes) -> None:
    assert code_of(lambda: read(data)) in {CODE, None}
