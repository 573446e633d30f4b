"""Headers: what can be built can be read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.ids import AgencyId, Period
from security.chunk_layout import MAX_BUCKET, MAX_CHUNK, MAX_HEADER, body_length
from security.header import CHUNK_FIELDS, MAX_CHUNKS, ChunkHeader, EditionHeader, HeaderTemplate
from security.strict_json import MAX_INTEGER, encode, parse
from security.strict_json_reader import Fields
from security.suite import WRAP_LENGTH
from tests.unit.security.sealed_world import NOW, header, refused

AGENCY_IDS = st.builds(AgencyId, st.from_regex(r"[0-9]{6}", fullmatch=True), st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True))
PURPOSES = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=200)


@st.composite
def headers(draw: st.DrawFn) -> EditionHeader:
    sender, recipient = draw(AGENCY_IDS), draw(AGENCY_IDS)
    created = draw(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))).replace(microsecond=0, tzinfo=UTC)  # noqa: DTZ001  # the zone follows
    return EditionHeader(
        contract=draw(st.binary(min_size=32, max_size=32)).hex(),
        schema=draw(st.binary(min_size=32, max_size=32)).hex(),
        edition=draw(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,127}", fullmatch=True)),
        revision=draw(st.integers(1, 9999)),
        sequence=draw(st.integers(1, MAX_INTEGER)),
        sender=sender,
        recipient=recipient,
        recipient_kid=draw(st.binary(min_size=16, max_size=16)).hex(),
        county=draw(st.sampled_from([sender.county, recipient.county])),
        feed=draw(st.from_regex(r"[a-z][a-z0-9-]{1,63}", fullmatch=True)),
        period=Period(draw(st.integers(1990, 2199)), draw(st.integers(1, 12))),
        purpose=draw(PURPOSES),
        created=created,
        expires=created + timedelta(seconds=draw(st.integers(1, 400 * 86_400))),
    )


@settings(deadline=None)
@given(headers(), st.integers(1, MAX_CHUNKS), st.data())
def test_a_header_is_read_back(edition: EditionHeader, total: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, total - 1))
    encoded = ChunkHeader(edition, index, total).to_bytes()
    fields = Fields(parse(encoded, limit=MAX_HEADER, code="E-CHUNK-FORM"), CHUNK_FIELDS, "E-CHUNK-FORM")
    assert EditionHeader.read(fields, "E-CHUNK-FORM") == edition
    assert HeaderTemplate(edition, total).at(index) == encoded


def test_the_longest_header_fits_and_so_does_the_largest_chunk_under_it() -> None:
    agency = AgencyId("990101", "a" * 40)
    longest = header(
        edition="e" * 128, revision=9999, sequence=MAX_INTEGER, sender=agency, recipient=agency, feed="f" * 64, purpose='"' * 200
    )
    for purpose in ('"' * 200, "𠀀" * 200):
        size = len(ChunkHeader(replace(longest, purpose=purpose), MAX_CHUNKS - 1, MAX_CHUNKS).to_bytes())
        assert size <= MAX_HEADER
    assert 12 + MAX_HEADER + WRAP_LENGTH + body_length(MAX_BUCKET) <= MAX_CHUNK


@pytest.mark.parametrize(
    "changed",
    [
        {"contract": "AB" * 32},
        {"schema": "ab" * 31},
        {"edition": "2023 03"},
        {"edition": "../../etc"},
        {"edition": ""},
        {"revision": 0},
        {"revision": 10_000},
        {"revision": True},
        {"sequence": 0},
        {"sequence": MAX_INTEGER + 1},
        {"recipient_kid": "0" * 31 + "\n"},
        {"county": "110101"},
        {"feed": "Assistance"},
        {"feed": "a" * 65},
        {"purpose": ""},
        {"purpose": "a" * 201},
        {"purpose": "a\nb"},
        {"purpose": "\u202egnp"},
        {"created": datetime(2023, 4, 3)},  # noqa: DTZ001  # a time without a zone is the attack
        {"created": NOW + timedelta(microseconds=1)},
        {"expires": NOW},
        {"expires": NOW - timedelta(seconds=1)},
        {"expires": NOW + timedelta(days=400, seconds=1)},
    ],
    ids=str,
)
def test_a_value_that_the_wire_cannot_carry_is_refused(changed: dict[str, object]) -> None:
    with refused("E-HEADER-FIELD"):
        header(**changed)


@pytest.mark.parametrize(("index", "total"), [(-1, 1), (1, 1), (0, 0), (0, MAX_CHUNKS + 1), (True, 2)])
def test_no_chunk_stands_outside_its_edition(index: int, total: int) -> None:
    with refused("E-HEADER-FIELD"):
        ChunkHeader(header(), index, total)


@pytest.mark.parametrize("index", [-1, 3])
def test_the_template_knows_its_end(index: int) -> None:
    with refused("E-HEADER-FIELD"):
        HeaderTemplate(header(), 3).at(index)


@pytest.mark.parametrize(("name", "value"), [("v", 2), ("v", True), ("codec", "none"), ("pad", "none"), ("to", []), ("to", [1])])
def test_another_version_codec_or_padding_is_refused(name: str, value: object) -> None:
    members = {**header().wire(), "i": 0, "n": 1, name: value}
    fields = Fields(parse(encode(members), limit=MAX_HEADER, code="E-CHUNK-FORM"), CHUNK_FIELDS, "E-CHUNK-FORM")  # type: ignore[arg-type]  # values are the attack
    with refused("E-CHUNK-FORM"):
        EditionHeader.read(fields, "E-CHUNK-FORM")
