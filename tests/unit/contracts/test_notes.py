"""What stands beside the rows of a chunk: written, read again, and nothing else believed."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import notes
from contracts.errors import ExchangeError
from contracts.feeds import find_feed

VIEW = find_feed("assistance-persons").views[0]
GOOD: dict[str, str | int] = {"list": "DIBAO_RURAL_PERSON", "state": "partial", "held": 3}


def keys(count: int) -> pl.DataFrame:
    return pl.DataFrame({name: [f"{name}-{n}" for n in range(count)] for name in VIEW.key})


def test_what_is_written_is_read_again() -> None:
    written = notes.write([GOOD, {**GOOD, "list": "CHILD", "state": "missing", "held": 0}], VIEW, keys(3))
    assert notes.sources(written) == [GOOD, {"list": "CHILD", "state": "missing", "held": 0}]
    found = notes.unconfirmed(written, VIEW)
    assert found is not None
    assert found.equals(keys(3))


def test_a_chunk_without_keys_says_none() -> None:
    assert notes.unconfirmed(notes.write([GOOD], VIEW, None), VIEW) is None
    assert notes.unconfirmed(notes.write([GOOD], VIEW, keys(0)), VIEW) is None


@pytest.mark.parametrize(
    "sources",
    [
        None, {}, "x", [GOOD] * 65, [[]], [{}], [{**GOOD, "list": "\u001b[2J"}], [{**GOOD, "list": "dibao"}], [{**GOOD, "state": "gone"}],
        [{**GOOD, "held": -1}], [{**GOOD, "held": True}], [{**GOOD, "held": "3"}], [{**GOOD, "held": 1.5}], [{**GOOD, "list": 5}],
    ],
)  # fmt: skip
def test_other_sources_are_refused(sources: object) -> None:
    with pytest.raises(ExchangeError, match="E-AVRO"):
        notes.sources({notes.SOURCES: json.dumps(sources).encode()})


def test_a_chunk_must_say_its_sources() -> None:
    with pytest.raises(ExchangeError, match="E-AVRO"):
        notes.sources({})


@pytest.mark.parametrize(
    "columns",
    [[], {}, {"id_number": ["a"]}, {**{name: ["a"] for name in VIEW.key}, "name": ["a"]}, {name: [] for name in VIEW.key},
     {name: [None] for name in VIEW.key}, {name: ["a"] * (notes.MOST_KEYS + 1) for name in VIEW.key}, {name: [1] for name in VIEW.key},
     dict.fromkeys(VIEW.key, "a"), {key: [[]] for key in VIEW.key}, {key: ["\ud800"] for key in VIEW.key}],
)  # fmt: skip
def test_other_keys_are_refused(columns: object) -> None:
    with pytest.raises(ExchangeError, match="E-AVRO"):
        notes.unconfirmed({notes.UNCONFIRMED: json.dumps(columns).encode()}, VIEW)


def refusal(read: Callable[[], object]) -> str | None:
    try:
        read()
    except ExchangeError as error:
        return error.code
    return None


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(data: bytes) -> None:
    assert refusal(lambda: notes.sources({notes.SOURCES: data})) in {None, "E-AVRO"}
    assert refusal(lambda: notes.unconfirmed({notes.UNCONFIRMED: data}, VIEW)) in {None, "E-AVRO"}


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(st.sampled_from([*VIEW.key, "list", "state", "held"]), inner, max_size=4), max_leaves=12)  # fmt: skip


@given(JSON)
def test_no_document_ends_in_another_error(document: object) -> None:
    data = json.dumps(document).encode()
    assert refusal(lambda: notes.sources({notes.SOURCES: data})) in {None, "E-AVRO"}
    assert refusal(lambda: notes.unconfirmed({notes.UNCONFIRMED: data}, VIEW)) in {None, "E-AVRO"}


def test_deep_nesting_is_refused() -> None:
    for name in (notes.SOURCES, notes.UNCONFIRMED):
        data = {name: b"[" * 100_000}
        with pytest.raises(ExchangeError, match="E-AVRO"):
            (notes.sources(data) if name == notes.SOURCES else notes.unconfirmed(data, VIEW))
