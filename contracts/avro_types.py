"""The part of Avro that contracts use, and its counterpart in Polars.

A contract's schema is *strict*: it says which fields may be null. What travels is its *wire* form, the same names, docs and
properties with every type made nullable, because that is the shape in which Polars writes columns. Resolving wire against
strict refuses a null where the contract has none (Avro 1.12, schema resolution).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TypeAlias, TypeGuard

import polars as pl
from polars.datatypes import DataTypeClass

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = "dict[str, Json]"

NAMESPACE = "cn.gov.county.roster"

_POLARS: Mapping[tuple[str, str | None], pl.DataType] = {
    ("string", None): pl.String(),
    ("int", None): pl.Int32(),
    ("long", None): pl.Int64(),
    ("boolean", None): pl.Boolean(),
    ("int", "date"): pl.Date(),
}
_AVRO: Mapping[pl.DataType, Json] = {
    pl.String(): "string",
    pl.Int32(): "int",
    pl.Int64(): "long",
    pl.Boolean(): "boolean",
    pl.Date(): {"type": "int", "logicalType": "date"},
}


def canonical_json(value: Json) -> bytes:
    """One byte string for one value: keys sorted, no blanks, UTF-8 (strings, integers, booleans and null only)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def fields_of(schema: Schema) -> list[Schema]:
    """The fields of a record schema, in order.

    Raises:
        ValueError: it is no record schema.
    """
    fields = schema.get("fields")
    if schema.get("type") != "record" or not isinstance(fields, list):
        raise ValueError("not a record schema")
    return [field for field in fields if isinstance(field, dict)]


def name_of(schema: Schema) -> str:
    """The name of a record or field."""
    name = schema["name"]
    if not isinstance(name, str):
        raise ValueError("a name is a string")
    return name


def is_union(kind: Json) -> TypeGuard[list[Json]]:
    """Whether a type is a union."""
    return isinstance(kind, list)


def strip_null(kind: Json) -> tuple[Json, bool]:
    """A type without its null branch, and whether it had one.

    Raises:
        ValueError: a union of anything else than null and one type.
    """
    if not is_union(kind):
        return kind, False
    rest = [branch for branch in kind if branch != "null"]
    if len(rest) != 1 or len(kind) != 2:
        raise ValueError("a union here is null and one other type")
    return rest[0], True


def nullable_fields(schema: Schema) -> frozenset[str]:
    """Names of the fields that may be null."""
    return frozenset(name_of(f) for f in fields_of(schema) if strip_null(f["type"])[1])


def polars_type(kind: Json) -> pl.DataType:
    """The column type that carries an Avro type (null branches aside).

    Raises:
        ValueError: a type outside the part of Avro that contracts use.
    """
    bare, _ = strip_null(kind)
    if isinstance(bare, str) and (bare, None) in _POLARS:
        return _POLARS[(bare, None)]
    if isinstance(bare, dict):
        if bare.get("type") == "array":
            return pl.List(polars_type(bare["items"]))
        if bare.get("type") == "record":
            return pl.Struct({name_of(f): polars_type(f["type"]) for f in fields_of(bare)})
        key = (str(bare.get("type")), None if bare.get("logicalType") is None else str(bare["logicalType"]))
        if key in _POLARS:
            return _POLARS[key]
    raise ValueError(f"no column type for {bare!r}")


def polars_schema(schema: Schema) -> dict[str, pl.DataType]:
    """Column names and types of a record schema, in order."""
    return {name_of(f): polars_type(f["type"]) for f in fields_of(schema)}


def wire(schema: Schema) -> Schema:
    """The wire form of a strict record schema: `["null", T]` everywhere, the shape of what Polars writes.

    Names, docs and properties stay; a field's default becomes null (a default must match the first branch of its union).
    Idempotent.
    """
    return {**schema, "fields": [_wire_field(f) for f in fields_of(schema)]}


def _wire_field(field: Schema) -> Schema:
    return {**{k: v for k, v in field.items() if k != "default"}, "type": _wire_type(field["type"]), "default": None}


def _wire_type(kind: Json) -> Json:
    bare, _ = strip_null(kind)
    if isinstance(bare, dict) and bare.get("type") == "array":
        bare = {**bare, "items": _wire_type(bare["items"])}
    elif isinstance(bare, dict) and bare.get("type") == "record":
        bare = wire(bare)
    return ["null", bare]


def avro_type(dtype: pl.DataType, names: Iterator[str]) -> Json:
    """The nullable Avro type of a column type; `names` gives nested records their names.

    Raises:
        ValueError: a column type that no contract uses (Categorical, Null, Float …).
    """
    if dtype in _AVRO:
        return ["null", _AVRO[dtype]]
    if isinstance(dtype, pl.List):
        return ["null", {"type": "array", "items": avro_type(_instance(dtype.inner), names)}]
    if isinstance(dtype, pl.Struct):
        name = next(names)
        fields: list[Json] = [{"name": f.name, "type": avro_type(_instance(f.dtype), names), "default": None} for f in dtype.fields]
        return ["null", {"type": "record", "name": name, "fields": fields}]
    raise ValueError(f"no Avro type for {dtype}")


def _instance(dtype: pl.DataType | DataTypeClass) -> pl.DataType:
    return dtype() if isinstance(dtype, DataTypeClass) else dtype


def canonical_form(schema: Schema) -> bytes:
    """Avro's parsing canonical form: what two readers must agree on; docs, defaults and properties do not count."""
    from fastavro.schema import to_parsing_canonical_form

    return to_parsing_canonical_form(schema).encode()


def logical_types(kind: Json) -> tuple[Json, ...]:
    """Every logical type in a schema, in order: the canonical form drops them, though a day count is no day without one."""
    if isinstance(kind, list):
        return tuple(found for branch in kind for found in logical_types(branch))
    if not isinstance(kind, dict):
        return ()
    if kind.get("type") == "record":
        return tuple(found for field in fields_of(kind) for found in logical_types(field["type"]))
    return (kind.get("logicalType"), *logical_types(kind.get("items")), *logical_types(kind.get("type")))


def digest(schema: Schema) -> str:
    """SHA-256 of the parsing canonical form, hex: `schema` in chunk headers."""
    return hashlib.sha256(canonical_form(schema)).hexdigest()
