"""The one JSON of everything signed or sealed: RFC 8785 (JCS) with integers only, refused unless it re-encodes to itself.

Normative text: docs/spec/manifest.md, "Canonical JSON". `parse` gives an object, `strict_json_reader.Fields` takes it apart.
"""

from __future__ import annotations

import json
import re

from contracts.errors import ExchangeError

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

MAX_DEPTH = 8
MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785 §3.2.2.3)."""

_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]")
"""Controls, invisible and direction-changing characters, surrogates: nothing a person should be shown, and exactly those whose
escaping differs between JSON writers."""


class _RefusedError(ValueError):
    """The reason, in a few technical words."""


def encode(value: Json) -> bytes:
    """Canonical bytes: UTF-8, keys sorted, no blanks, `"` and `\\` alone escaped.

    Raises:
        ValueError: the value has a float, a number outside 0…2^53-1, a forbidden character or more than eight levels.
    """
    _check(value, 1)
    return _dump(value)


def is_showable(text: str, longest: int) -> bool:
    """Whether `text` has 1 to `longest` characters and none of the forbidden ones."""
    return 1 <= len(text) <= longest and not _FORBIDDEN.search(text)


def parse(data: bytes, *, limit: int, code: str) -> dict[str, Json]:
    """The object in `data`, a document of at most `limit` bytes.

    1. not longer than `limit`
    2. UTF-8 and JSON, no duplicate names, no floats, no NaN; whatever the parser raises, RecursionError too
    3. an object, at most eight levels, integers in 0…2^53-1, no forbidden characters
    4. re-encodes to the bytes received

    Raises:
        ExchangeError: `code`, with `why`.
    """
    try:
        if len(data) > limit:
            raise _RefusedError("too long")
        value: Json = json.loads(
            data.decode("utf-8"), object_pairs_hook=_pairs, parse_int=_integer, parse_float=_number, parse_constant=_number
        )
        if not isinstance(value, dict):
            raise _RefusedError("not an object")
        _check(value, 1)
        if _dump(value) != data:
            raise _RefusedError("not canonical")
    except _RefusedError as refused:
        raise ExchangeError(code, why=str(refused)) from None
    except (ValueError, RecursionError):
        raise ExchangeError(code, why="not JSON") from None
    return value


def _dump(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _check(value: Json, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif type(value) is int:
        if not 0 <= value <= MAX_INTEGER:
            raise _RefusedError("integer out of range")
    elif isinstance(value, list | dict):
        if depth > MAX_DEPTH:
            raise _RefusedError("too deep")
        if isinstance(value, dict):
            for name in value:
                _check_text(name)
        for member in value.values() if isinstance(value, dict) else value:
            _check(member, depth + 1)
    elif value is not None and type(value) is not bool:
        raise _RefusedError("not a JSON value")


def _check_text(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise _RefusedError("forbidden character")


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError("duplicate name")
    return found


def _integer(text: str) -> int:
    if len(text) > 16:
        raise _RefusedError("integer out of range")
    return int(text)


def _number(_text: str) -> int:
    raise _RefusedError("not an integer")
