"""fastavro is the reference: it accepts every chunk that the fast path writes, and refuses what the fast path refuses."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

import fastavro
import polars as pl
import pytest
from fastavro.read import SchemaResolutionError
from fastavro.schema import parse_schema
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import avro
from contracts.avro_types import Json, Schema, canonical_form, digest, fields_of, nullable_fields, polars_schema, wire
from contracts.errors import ExchangeError
from contracts.feeds import load_feeds
from contracts.schemas import contract_names, load_schema
from contracts.views import View

VIEWS = [view for feed in load_feeds().values() for view in feed.views]

_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
_VALUES: Mapping[str, st.SearchStrategy[object]] = {
    "String": _TEXT,
    "Int32": st.integers(-(2**31), 2**31 - 1),
    "Int64": st.integers(-(2**63), 2**63 - 1),
    "Boolean": st.booleans(),
    "Date": st.dates(date(1900, 1, 1), date(2199, 12, 31)),
}


def column(dtype: pl.DataType, *, null: bool, rows: int) -> st.SearchStrategy[list[object]]:
    if isinstance(dtype, pl.List):
        value: st.SearchStrategy[object] = st.lists(_VALUES[str(dtype.inner)], max_size=4).map(lambda x: x)
    else:
        value = _VALUES[str(dtype)]
    return st.lists(st.none() | value if null else value, min_size=rows, max_size=rows)


@st.composite
def frames(draw: st.DrawFn, schema: Schema, *, nulls_anywhere: bool = False) -> pl.DataFrame:
    rows = draw(st.integers(0, 5))
    optional = nullable_fields(schema)
    data = {name: draw(column(t, null=nulls_anywhere or name in optional, rows=rows)) for name, t in polars_schema(schema).items()}
    return pl.DataFrame(data, schema=polars_schema(schema))


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = draw(st.lists(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), min_size=1, max_size=6, unique=True))
    base: list[Json] = ["string", "int", "long", "boolean", {"type": "int", "logicalType": "date"}, {"type": "array", "items": "string"}]
    fields: list[Json] = []
    for name in names:
        kind = draw(st.sampled_from(base))
        fields.append({"name": name, "type": ["null", kind], "default": None} if draw(st.booleans()) else {"name": name, "type": kind})
    return {"type": "record", "name": "R", "namespace": "n", "fields": fields}


def by_fastavro(data: bytes, schema: Schema) -> list[object]:
    return list(fastavro.reader(io.BytesIO(data), reader_schema=schema))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.feed}-{view.to}")
@given(data=st.data())
@settings(max_examples=25)
def test_fastavro_accepts_every_chunk_of_every_view(view: View, data: st.DataObject) -> None:
    frame = data.draw(frames(view.schema))
    chunk = avro.encode(frame, view.schema, {"sources": b"{}"})
    assert by_fastavro(chunk, view.schema) == frame.to_dicts()
    assert avro.decode(chunk, view.schema).frame.equals(frame)


@given(data=st.data())
def test_fast_path_and_reference_agree_on_any_contract(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    frame = data.draw(frames(schema))
    chunk = avro.encode(frame, schema, {})
    assert by_fastavro(chunk, schema) == frame.to_dicts() == avro.decode(chunk, schema).frame.to_dicts()


@given(data=st.data())
def test_both_refuse_a_null_where_the_contract_has_none(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    frame = data.draw(frames(wire(schema), nulls_anywhere=True))
    loose = wire(schema)
    chunk = avro.encode(frame, loose, {})
    broken = any(frame[name].null_count() for name in frame.columns if name not in nullable_fields(schema))
    if broken:
        with pytest.raises((SchemaResolutionError, TypeError, ValueError)):
            by_fastavro(chunk, schema)
        with pytest.raises(ExchangeError) as caught:
            avro.decode(chunk, schema)
        assert caught.value.code == "E-AVRO"
        with pytest.raises(ExchangeError) as kept:
            avro.encode(frame, schema, {})
        assert kept.value.code == "E-CONTRACT-ROWS"
    else:
        assert by_fastavro(chunk, schema) == avro.decode(chunk, schema).frame.to_dicts()


@given(data=st.data())
def test_what_fastavro_writes_under_the_wire_schema_is_read(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    frame = data.draw(frames(schema))
    out = io.BytesIO()
    fastavro.writer(out, parse_schema(wire(schema)), frame.to_dicts(), sync_interval=40)
    assert avro.decode(out.getvalue(), schema).frame.equals(frame)


def outcome(data: bytes, schema: Schema) -> str | pl.Schema:
    try:
        return avro.decode(data, schema).frame.schema
    except ExchangeError as fault:
        return fault.code


@given(junk=st.binary(max_size=400), data=st.data())
def test_junk_is_one_refusal(junk: bytes, data: st.DataObject) -> None:
    schema = data.draw(schemas())
    good = avro.encode(data.draw(frames(schema)), schema, {})
    at = data.draw(st.integers(0, len(good)))
    for forged in (junk, good[:at] + junk, good[:at] + junk + good[at + len(junk) :]):
        assert outcome(forged, schema) in ("E-AVRO", pl.Schema(polars_schema(schema)))


@pytest.mark.parametrize("contract", contract_names())
def test_the_wire_form_differs_from_the_contract_in_null_alone(contract: str) -> None:
    schema = load_schema(contract)
    parse_schema(schema)
    parse_schema(wire(schema))
    assert [f["name"] for f in fields_of(wire(schema))] == [f["name"] for f in fields_of(schema)]
    assert [f.get("doc") for f in fields_of(wire(schema))] == [f.get("doc") for f in fields_of(schema)]
    assert polars_schema(wire(schema)) == polars_schema(schema)
    assert wire(wire(schema)) == wire(schema)
    assert digest(schema) == digest({**schema, "doc": ""})
    assert canonical_form(schema) == canonical_form(schema)
