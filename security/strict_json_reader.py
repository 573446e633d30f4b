"""Taking a parsed object apart: exact fields, exact types, one refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from contracts.errors import ExchangeError
from contracts.ids import AgencyId, Period
from security import encoding
from security.strict_json import MAX_INTEGER, Json


class Fields:
    """An object whose members must be exactly `names`; each taker checks one of them.

    Raises:
        ExchangeError: `code`, with `why` naming the field (never its value).
    """

    __slots__ = ("_code", "_members")

    def __init__(self, members: Json, names: Sequence[str], code: str) -> None:
        self._code = code
        if not isinstance(members, dict):
            raise self._refusal("an object is missing")
        if members.keys() != set(names):
            missing = sorted(set(names) - members.keys())
            raise self._refusal(f"field {missing[0]} is missing" if missing else "a field too many")
        self._members: Mapping[str, Json] = members

    def text(self, name: str, longest: int = 200) -> str:
        """A string of 1 to `longest` characters."""
        value = self._members[name]
        if not isinstance(value, str) or not 1 <= len(value) <= longest:
            raise self.wrong(name)
        return value

    def match(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._members[name]
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.wrong(name)
        return value

    def digest(self, name: str) -> str:
        """64 lower-case hex digits."""
        return self.match(name, encoding.DIGEST)

    def digest_or_null(self, name: str) -> str | None:
        return None if self.is_null(name) else self.digest(name)

    def integer(self, name: str, low: int, high: int = MAX_INTEGER) -> int:
        value = self._members[name]
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(name)
        return value

    def constant(self, name: str, expected: str | int) -> None:
        value = self._members[name]
        if type(value) is not type(expected) or value != expected:
            raise self.wrong(name)

    def time(self, name: str) -> datetime:
        try:
            return encoding.time_of(self.text(name))
        except ValueError:
            raise self.wrong(name) from None

    def agency(self, name: str) -> AgencyId:
        return AgencyId.parse(self.match(name, encoding.AGENCY))

    def period(self, name: str) -> Period:
        return Period.parse(self.match(name, encoding.PERIOD))

    def members(self, name: str, names: Sequence[str]) -> Fields:
        """The object in field `name`."""
        if not isinstance(self._members[name], dict):
            raise self.wrong(name)
        return Fields(self._members[name], names, self._code)

    def items(self, name: str, longest: int) -> list[Json]:
        """The array in field `name`, at most `longest` long."""
        value = self._members[name]
        if not isinstance(value, list) or len(value) > longest:
            raise self.wrong(name)
        return value

    def one_of(self, name: str, words: Sequence[str]) -> str:
        value = self._members[name]
        if not isinstance(value, str) or value not in words:
            raise self.wrong(name)
        return value

    def is_text(self, name: str) -> bool:
        return isinstance(self._members[name], str)

    def is_null(self, name: str) -> bool:
        return self._members[name] is None

    def wrong(self, name: str) -> ExchangeError:
        """The refusal of field `name`."""
        return self._refusal(f"field {name}")

    def _refusal(self, why: str) -> ExchangeError:
        return ExchangeError(self._code, why=why)
