"""Rows as Avro: what encode accepts, and what decode never believes."""

from __future__ import annotations

import io
import json
from datetime import date

import fastavro
import polars as pl
import pytest

from contracts import avro
from contracts.avro_container import read_container, read_header, write_header, write_long
from contracts.avro_types import Schema, wire
from contracts.errors import ExchangeError

SCHEMA: Schema = {
    "type": "record",
    "name": "Row",
    "namespace": "test",
    "doc": "一行 / a row",
    "fields": [
        {"name": "id_number", "type": "string", "doc": "号码", "class": ["id-number"]},
        {"name": "size", "type": ["null", "int"], "default": None},
        {"name": "amount", "type": "long"},
        {"name": "student", "type": ["null", "boolean"], "default": None},
        {"name": "on", "type": ["null", {"type": "int", "logicalType": "date"}], "default": None},
        {"name": "flags", "type": {"type": "array", "items": "string"}},
    ],
}
COLUMNS = {
    "id_number": pl.String(),
    "size": pl.Int32(),
    "amount": pl.Int64(),
    "student": pl.Boolean(),
    "on": pl.Date(),
    "flags": pl.List(pl.String()),
}
ROWS = pl.DataFrame(
    {
        "id_number": ["甲", "乙", ""],
        "size": [1, None, -3],
        "amount": [0, -(2**63), 2**63 - 1],
        "student": [True, None, False],
        "on": [date(2023, 3, 31), None, date(1969, 12, 31)],
        "flags": [["PARTIAL"], [], ["A", ""]],
    },
    schema=COLUMNS,
)


def encoded() -> bytes:
    return avro.encode(ROWS, SCHEMA, {"sources": b"{}"})


def refused(data: bytes, schema: Schema = SCHEMA, *, max_bytes: int = avro.MAX_BYTES, max_rows: int = avro.MAX_ROWS) -> str:
    with pytest.raises(ExchangeError) as caught:
        avro.decode(data, schema, max_bytes=max_bytes, max_rows=max_rows)
    assert caught.value.code == "E-AVRO"
    return str(caught.value.facts["why"])


def test_what_is_written_is_read() -> None:
    decoded = avro.decode(encoded(), SCHEMA)
    assert decoded.frame.equals(ROWS)
    assert decoded.frame.schema == pl.Schema(COLUMNS)
    assert decoded.metadata == {"sources": b"{}"}


def test_the_same_rows_give_the_same_bytes() -> None:
    assert encoded() == encoded()


def test_no_rows_is_a_file_too() -> None:
    data = avro.encode(ROWS.clear(), SCHEMA, {})
    assert avro.decode(data, SCHEMA).frame.equals(ROWS.clear())
    assert list(fastavro.reader(io.BytesIO(data), reader_schema=SCHEMA)) == []


def test_the_header_carries_the_contract_with_its_docs_and_classes() -> None:
    metadata, _ = read_header(encoded())
    carried = json.loads(metadata["avro.schema"])
    assert carried["namespace"] == "test"
    assert carried["doc"] == "一行 / a row"
    assert carried["fields"][0]["class"] == ["id-number"]
    assert carried["fields"][0]["type"] == ["null", "string"]
    assert wire(carried) == carried


def test_frames_of_several_chunks_are_written_whole() -> None:
    frame = pl.concat([ROWS, ROWS.slice(1), ROWS], rechunk=False)
    assert avro.decode(avro.encode(frame, SCHEMA, {}), SCHEMA).frame.equals(frame)
    part = pl.concat([ROWS, ROWS]).slice(2, 3)
    assert avro.decode(avro.encode(part, SCHEMA, {}), SCHEMA).frame.equals(part)


def test_columns_are_put_in_order_cast_and_others_left_out() -> None:
    loose = ROWS.select(
        pl.lit("secret").alias("remark"),
        *(pl.col(c) for c in reversed(ROWS.columns) if c not in ("size", "student")),
        pl.col("size").cast(pl.Int64),
        pl.lit(None).alias("student"),
    )
    frame = avro.decode(avro.encode(loose, SCHEMA, {}), SCHEMA).frame
    assert frame.columns == list(COLUMNS)
    assert frame["student"].null_count() == 3
    assert frame["size"].to_list() == [1, None, -3]


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        (pl.lit(None, pl.String).alias("id_number"), "id_number", "null"),
        (pl.Series("flags", [["A"], [None], []], dtype=pl.List(pl.String())), "flags", "null item"),
        (pl.lit(2**40).alias("size"), "size", "not Int32"),
        (pl.lit("many").alias("amount"), "amount", "not Int64"),
    ],
)
def test_rows_that_break_the_contract_are_not_written(change: pl.Expr, field: str, why: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        avro.encode(ROWS.with_columns(change), SCHEMA, {})
    assert (caught.value.code, caught.value.facts["field"], caught.value.facts["why"]) == ("E-CONTRACT-ROWS", field, why)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ExchangeError) as caught:
        avro.encode(ROWS.drop("amount"), SCHEMA, {})
    assert (caught.value.code, caught.value.facts["field"]) == ("E-CONTRACT-ROWS", "amount")


def test_metadata_cannot_pose_as_the_formats_own() -> None:
    with pytest.raises(ValueError, match="avro"):
        avro.encode(ROWS, SCHEMA, {"avro.codec": b"deflate"})
    with pytest.raises(ValueError, match="utf-8"):
        avro.encode(ROWS, SCHEMA, {"sources": b"\xff"})


def test_another_contract_is_refused_though_its_columns_fit() -> None:
    for change in ({"name": "Other"}, {"namespace": "elsewhere"}):
        assert refused(encoded(), {**SCHEMA, **change}) == "another schema"


def test_a_null_where_the_contract_has_none_is_refused() -> None:
    loose: Schema = {**SCHEMA, "fields": wire(SCHEMA)["fields"]}
    data = avro.encode(ROWS.with_columns(pl.lit(None, pl.String).alias("id_number")), loose, {})
    assert refused(data) == "id_number: null"
    data = avro.encode(ROWS.with_columns(pl.Series("flags", [["A"], [None], []], dtype=pl.List(pl.String()))), loose, {})
    assert refused(data) == "flags: null item"


def test_a_writer_may_lay_out_the_schema_as_it_likes() -> None:
    metadata, at = read_header(encoded())
    first = pl.concat([ROWS, ROWS.slice(1)], rechunk=False)
    blocks = avro.encode(first, SCHEMA, {})[read_header(avro.encode(first, SCHEMA, {}))[1] :]
    spaced = json.dumps(json.loads(metadata["avro.schema"]), indent=4, sort_keys=True).encode()
    assert avro.decode(write_header({"avro.schema": spaced}) + encoded()[at:], SCHEMA).frame.equals(ROWS)
    sync, other = blocks[:16], b"0123456789abcdef"
    assert avro.decode(write_header({"avro.schema": spaced}) + blocks.replace(sync, other), SCHEMA).frame.equals(first)


def with_header(**changes: bytes) -> bytes:
    metadata, at = read_header(encoded())
    return write_header({**metadata, **{k.replace("_", "."): v for k, v in changes.items()}}) + encoded()[at:]


@pytest.mark.parametrize("schema", [b"", b"null", b"[]", b"{", b'"string"', b"[" * 100_000, b'{"type":"record"}', b"1e999"])
def test_a_schema_that_is_none_is_one_refusal(schema: bytes) -> None:
    assert "schema" in refused(with_header(avro_schema=schema))


def test_a_codec_inside_a_chunk_is_refused() -> None:
    assert refused(with_header(avro_codec=b"deflate")) == "a codec inside a chunk"


def test_limits() -> None:
    assert refused(encoded(), max_bytes=100) == "too long"
    assert refused(encoded(), max_rows=2) == "too many rows"


def test_a_block_cannot_announce_more_rows_than_it_has_bytes_for() -> None:
    data = encoded()
    at = read_container(data, fields=6, row_limit=10).blocks
    for count in (4, 40, 2**31, 2**62, -1, -(2**63)):
        bomb = data[:at] + write_long(count) + data[at + 1 :]
        assert refused(bomb)


def test_a_list_cannot_announce_more_items_than_there_are_bytes() -> None:
    schema: Schema = {"type": "record", "name": "L", "fields": [{"name": "f", "type": {"type": "array", "items": "string"}}]}
    frame = pl.DataFrame({"f": [["a"]]}, schema={"f": pl.List(pl.String())})
    data = avro.encode(frame, schema, {})
    container = read_container(data, fields=1, row_limit=10)
    for items in (2**20, 2**62, -5):
        body = b"\x02" + write_long(items) + b"\x02\x02a\x00"
        forged = data[: container.blocks] + b"\x02" + write_long(len(body)) + body + container.sync
        assert refused(forged, schema)


def test_every_truncation_is_refused_unless_a_whole_block_goes() -> None:
    data = encoded()
    blocks = read_container(data, fields=6, row_limit=10).blocks
    for length in range(len(data)):
        if length != blocks:  # there the file ends behind its header: no rows, and the manifest tells how many chunks there are
            refused(data[:length])


def test_bytes_behind_the_last_block_are_refused() -> None:
    assert refused(encoded() + b"\x00")


def read_or_none(data: bytes, *, own: bool = False) -> pl.DataFrame | None:
    try:
        return avro.decode(data, SCHEMA, own=own).frame
    except ExchangeError as fault:
        if fault.code != "E-AVRO":
            raise
        return None


def test_a_changed_bit_is_refused_or_read_as_the_reference_reads_it() -> None:
    data = encoded()
    accepted = loosely = 0
    for index in range(len(data)):
        for bit in range(8):
            forged = bytearray(data)
            forged[index] ^= 1 << bit
            loosely += read_or_none(bytes(forged), own=True) is not None
            frame = read_or_none(bytes(forged))
            if frame is None:
                continue
            accepted += 1
            assert frame.schema == pl.Schema(COLUMNS)
            assert frame.height == 3
            assert frame.to_dicts() == list(fastavro.reader(io.BytesIO(forged), reader_schema=SCHEMA))
    assert 0 < accepted < loosely  # values and docs are not protected here: the seal around the chunk does that


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\x02\x06\xe7\x94\xb2", b"\x04\x06\xe7\x94\xb2"),  # union branch 2, of two
        (b"\x02\x06\xe7\x94\xb2", b"\x03\x06\xe7\x94\xb2"),  # union branch -2: null, for a reader in Python
        (b"\x02\x01\x02\xee\xaf", b"\x02\x09\x02\xee\xaf"),  # a boolean of 9
        (b"\x02\x00\x02\x01", b"\x02\x80\x00\x02\x01"),  # a zero in two bytes
    ],
)
def test_bytes_that_two_readers_read_differently_are_refused(old: bytes, new: bytes) -> None:
    data = encoded()
    container = read_container(data, fields=6, row_limit=10)
    body = container.row_bytes(data)
    assert old in body
    body = body.replace(old, new, 1)
    forged = data[: container.blocks] + b"\x06" + write_long(len(body)) + body + container.sync
    assert read_or_none(forged, own=True) is not None
    assert refused(forged) == "rows are written in another way"


def test_rows_hidden_behind_the_last_are_refused() -> None:
    data = encoded()
    at = read_container(data, fields=6, row_limit=10).blocks
    assert refused(data[:at] + b"\x04" + data[at + 1 :]) == "rows are written in another way"


def test_metadata_that_is_no_text_is_refused() -> None:
    assert refused(with_header(sources=b"\xff")) == "metadata is no UTF-8"


def test_a_metadata_key_twice_is_refused() -> None:
    metadata, at = read_header(encoded())
    entry = write_long(1) + b"a" + write_long(1) + b"b"
    schema = metadata["avro.schema"]
    head = b"Obj\x01" + write_long(3) + entry + entry + write_long(11) + b"avro.schema" + write_long(len(schema)) + schema + b"\x00"
    assert refused(head + encoded()[at:]) == "metadata key twice"
