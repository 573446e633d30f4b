"""Labels of records and positions: what we write we read, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from gateway.carriers.kafka.headers import Label
from gateway.carriers.kafka.position import Position
from gateway.carriers.port import Purpose
from tests.conformance.items import CIVIL_AFFAIRS, digest
from tests.conformance.refusals import refusal

PURPOSES: dict[str, Purpose] = {"manifest": "package", "chunk": "package", "receipt": "receipt", "prekeys": "prekeys", "trust": "trust"}
LABELS = st.one_of(
    st.builds(Label, st.just("manifest"), st.just(digest("a")), st.just(CIVIL_AFFAIRS), st.just("0123456789abcdef"), st.none(),
              st.integers(0, 65_000), st.sampled_from([None, "assistance-persons"])),
    st.builds(Label, st.just("chunk"), st.just(digest("a")), st.just(CIVIL_AFFAIRS), st.just("0123456789abcdef"), st.integers(0, 65_000),
              st.just(0), st.just("assistance-persons"), st.sampled_from([None, b"", bytes(32), bytes(96)])),
    st.builds(Label, st.sampled_from(["receipt", "prekeys", "trust"]), st.just(digest("a")), st.just(CIVIL_AFFAIRS), st.just("f" * 16)),
)


@given(LABELS)
def test_a_label_is_read_as_it_was_written(label: Label) -> None:
    assert Label.read(label.headers(), PURPOSES[label.kind], "here") == label


@given(LABELS, st.data())
def test_a_label_that_is_damaged_is_refused_or_another(label: Label, data: st.DataObject) -> None:
    """Never any other exception: whatever a stranger writes, the poll goes on."""
    headers = label.headers()
    at = data.draw(st.integers(0, len(headers) - 1))
    headers[at] = (headers[at][0], data.draw(st.binary(max_size=80)))
    assert refusal(lambda: Label.read(headers, PURPOSES[label.kind], "here")) in {None, "E-KAFKA-FOREIGN"}


def test_a_label_of_another_purpose_does_not_belong_here() -> None:
    label = Label("receipt", digest("a"), CIVIL_AFFAIRS, "0" * 16)
    with pytest.raises(ExchangeError, match="E-KAFKA-FOREIGN"):
        Label.read(label.headers(), "package", "here")


def test_headers_are_cloudevents_and_name_nobody() -> None:
    headers = dict(Label("chunk", digest("a"), CIVIL_AFFAIRS, "0" * 16, 3, 0, "assistance-persons", bytes(64)).headers())
    assert headers == {
        "content-type": b"application/octet-stream", "ce_specversion": b"1.0", "ce_type": b"roster.v1.chunk",
        "ce_source": b"/522722/civil-affairs", "ce_id": f"{digest('a')}/3".encode(), "ce_delivery": b"0" * 16,
        "ce_subject": b"assistance-persons", "ce_index": b"3", "proof": bytes(64),
    }  # fmt: skip


@given(st.dictionaries(st.text(max_size=20), st.integers(0, 2**62), max_size=5))
def test_a_position_is_read_as_it_was_stored(offsets: dict[str, int]) -> None:
    assert Position.read(Position("cluster", offsets).stored(), "cluster") == Position("cluster", offsets)


@pytest.mark.parametrize("stored", [
    None, b"", b"dir1abcdefgh", b"kaf1", b"kaf1null", b"kaf1[1]", b'kaf1["cluster",[]]', b'kaf1["cluster",{"a":-1}]',
    b'kaf1["cluster",{"a":"1"}]', b'kaf1["other",{"a":1}]', b"kaf1\xff",
])  # fmt: skip
def test_what_is_no_position_here_is_the_beginning(stored: bytes | None) -> None:
    assert Position.read(stored, "cluster") == Position("cluster", {})


def test_a_position_is_the_same_bytes_every_time() -> None:
    assert Position("c", {"b": 1}).at("a", 2).stored() == Position("c", {"a": 2}).at("b", 1).stored()
    assert json.loads(Position("c", {"b": 1}).stored()[4:]) == ["c", {"b": 1}]
