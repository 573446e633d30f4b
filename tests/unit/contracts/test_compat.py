"""May a version follow another? The verdict, its reasons, and fastavro as witness."""

from __future__ import annotations

import io

import fastavro
import pytest
from fastavro.schema import parse_schema
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.avro_types import Json, Schema
from contracts.compat import history_obstacles, obstacles


def record(*fields: Schema, name: str = "R") -> Schema:
    listed: list[Json] = list(fields)
    return {"type": "record", "name": name, "namespace": "n", "fields": listed}


def field(name: str, kind: Json, **properties: Json) -> Schema:
    return {"name": name, "type": kind, **properties}


def opt(name: str, kind: Json, **properties: Json) -> Schema:
    return field(name, ["null", kind], default=None, **properties)


def classed(*classes: str) -> Schema:
    return {"name": "a", "type": "string", "class": list(classes)}


A = field("a", "string")
B = opt("b", "int")


def told(old: Schema, new: Schema) -> set[tuple[str, str]]:
    return {(o.direction, o.field) for o in obstacles(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (record(A), record(A), set()),
        (record(A), record(A, B), set()),  # a new field that may be null
        (record(A, B), record(A), set()),  # and its end
        (record(A, B), record(B, A), set()),  # order does not matter
        (record(A), record(A, field("c", "int")), {("backward", "c")}),
        (record(A, field("c", "int")), record(A), {("forward", "c")}),
        (record(A), record(A, field("c", "int", default=0)), set()),
        (record(B), record(field("b", "int")), {("backward", "b")}),  # null no longer allowed
        (record(field("b", "int")), record(B), {("forward", "b")}),
        (record(field("n", "int")), record(field("n", "long")), {("forward", "n")}),  # long cannot go back to int
        (record(field("n", "long")), record(field("n", "int")), {("backward", "n")}),
        (record(A), record(field("a", "int")), {("backward", "a"), ("forward", "a")}),
        (record(A), record(A, name="S"), {("backward", ""), ("forward", "")}),
        (record(A), record(field("z", "string", aliases=["a"])), {("forward", "a")}),  # old readers do not know the new name
        (
            record(field("l", {"type": "array", "items": "int"})),
            record(field("l", {"type": "array", "items": "long"})),
            {("forward", "l[]")},
        ),
        (record(classed("id-number")), record(classed("name")), {("meaning", "a")}),
        (record(classed("name")), record(classed("name", "minor")), set()),
        (record(field("a", "string", table="sex")), record(field("a", "string", table="relation")), {("meaning", "a")}),
        (record(field("a", "int")), record(field("a", {"type": "int", "logicalType": "date"})), {("meaning", "a")}),
        (record(field("a", "string", mask="id")), record(field("a", "string")), {("meaning", "a")}),
    ],
)
def test_verdicts(old: Schema, new: Schema, expected: set[tuple[str, str]]) -> None:
    assert told(old, new) == expected


def test_reasons_are_sentences_in_both_languages() -> None:
    (found,) = obstacles(record(A), record(A, field("c", "int")))
    assert found.zh == "写入方没有此字段，读取方又没有默认值"
    assert found.en == "the writer lacks it and the reader has no default"


def test_every_pair_counts_and_not_neighbours_alone() -> None:
    first = record(A, field("c", "string"))
    second = record(A, field("c", "string", default=""))
    third = record(A)
    assert obstacles(first, second) == obstacles(second, third) == ()
    assert [(a, b, o.direction, o.field) for a, b, o in history_obstacles([first, second, third])] == [(0, 2, "forward", "c")]


KINDS: list[Json] = ["string", "int", "long", "boolean"]
VALUES = {"string": st.text(max_size=4), "int": st.integers(-9, 9), "long": st.integers(2**40, 2**41), "boolean": st.booleans()}
fields = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(KINDS), st.booleans()).map(lambda t: opt(t[0], t[1]) if t[2] else field(t[0], t[1])),
    min_size=1,
    max_size=3,
    unique_by=lambda f: str(f["name"]),
)


def readable(writer: Schema, reader: Schema, row: dict[str, object]) -> bool:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, parse_schema(writer), row)
    out.seek(0)
    try:
        fastavro.schemaless_reader(out, parse_schema(writer), parse_schema(reader))
    except Exception:  # noqa: BLE001 - fastavro raises many kinds where schemas do not resolve
        return False
    return True


@given(fields, fields, st.data())
def test_where_nothing_stands_in_the_way_fastavro_reads_both_ways(old: list[Schema], new: list[Schema], data: st.DataObject) -> None:
    before, after = record(*old), record(*new)
    found = {o.direction for o in obstacles(before, after)}
    assume("meaning" not in found)
    for writer, reader, direction in ((before, after, "backward"), (after, before, "forward")):
        written = old if writer is before else new
        row: dict[str, object] = {}
        for f in written:
            kind = f["type"]
            bare = str(kind[1]) if isinstance(kind, list) else str(kind)
            row[str(f["name"])] = data.draw(st.none() | VALUES[bare]) if isinstance(kind, list) else data.draw(VALUES[bare])
        if direction not in found:
            assert readable(writer, reader, row)
        elif not any(isinstance(f["type"], list) for f in (*old, *new)):
            assert not readable(writer, reader, row)
