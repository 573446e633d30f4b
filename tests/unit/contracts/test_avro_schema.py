"""Schemas of frames, digests of schemas, and reading a few columns of own bytes."""

from __future__ import annotations

import io

import fastavro
import polars as pl
import pytest

from contracts import avro
from contracts.avro_types import Schema, canonical_form, digest, wire
from tests.unit.contracts.test_avro import COLUMNS, ROWS, SCHEMA


def test_schema_of_frame_takes_what_lists_hold_and_nothing_else() -> None:
    members = pl.List(pl.Struct({"name": pl.String(), "id_number": pl.String()}))
    columns = {"_row": pl.Int32(), "amount": pl.Int64(), "ok": pl.Boolean(), "members": members, "_codes": pl.List(pl.String())}
    schema = avro.schema_of_frame("List", columns)
    assert wire(schema) == schema
    frame = pl.DataFrame(
        {
            "_row": [1, 2],
            "amount": [None, 5],
            "ok": [True, None],
            "members": [[{"name": "甲", "id_number": None}], None],
            "_codes": [[], ["E-REQ"]],
        },
        schema=columns,
    )
    data = avro.encode(frame, schema, {})
    assert avro.decode(data, schema).frame.equals(frame)
    assert list(fastavro.reader(io.BytesIO(data), reader_schema=schema)) == frame.to_dicts()
    for odd in (pl.Null(), pl.Categorical(), pl.Float64(), pl.UInt8(), pl.Datetime("us")):
        with pytest.raises(ValueError, match="no Avro type"):
            avro.schema_of_frame("List", {"x": odd})


def test_digest_ignores_docs_and_sees_types() -> None:
    bare: Schema = {**SCHEMA, "doc": "another"}
    assert digest(bare) == digest(SCHEMA)
    assert digest(wire(SCHEMA)) != digest(SCHEMA)
    assert b"doc" not in canonical_form(SCHEMA)


def test_columns_may_be_left_out_of_own_bytes_alone() -> None:
    data = avro.encode(ROWS, SCHEMA, {})
    some = {"amount", "flags"}
    assert avro.decode(data, SCHEMA, own=True, only=some).frame.equals(ROWS.select("amount", "flags"))
    assert avro.decode(avro.encode(ROWS.clear(), SCHEMA, {}), SCHEMA, own=True, only=some).frame.columns == ["amount", "flags"]
    assert list(COLUMNS) == avro.decode(data, SCHEMA).frame.columns
    with pytest.raises(ValueError, match="own bytes"):
        avro.decode(data, SCHEMA, only=some)
