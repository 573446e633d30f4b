"""Read feed files. Whatever the reader does not know, or a view may not show, is refused when the file is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from contracts.errors import ExchangeError
from contracts.feeds.feed import Feed, Grain, Kind, Role, Source, Worker
from contracts.feeds.policy import fault_of
from contracts.views import FILTERS, AgeBetween, AgeOrStudent, CategoryIn, RowFilter, SupportModeIn, View, ViewField

Table = Mapping[str, object]
Choice = TypeVar("Choice", bound=str)

_KINDS: Mapping[str, Kind] = {"snapshot": "snapshot", "increment": "increment", "event": "event"}
_GRAINS: Mapping[str, Grain] = {"person": "person", "household": "household", "subject": "subject"}
_WORKERS: Mapping[str, Worker] = {"sink": "sink", "intake": "intake"}
_ROLES: Mapping[str, Role] = {"rows": "rows", "details": "details", "explains": "explains"}


@cache
def load_feeds() -> Mapping[str, Feed]:
    """Every feed of the catalogue by name, in the order of their files.

    Raises:
        ExchangeError: E-FEED-FILE, a feed file is wrong; the fact says where.
    """
    found: dict[str, Feed] = {}
    for entry in sorted((e for e in files(__package__).iterdir() if e.name.endswith(".toml")), key=lambda e: e.name):
        feed = parse_feed(entry.read_text("utf-8"), file=entry.name)
        if entry.name != f"{feed.name}.toml":
            raise ExchangeError("E-FEED-FILE", file=entry.name, why="name differs from the file's")
        found[feed.name] = feed
    return MappingProxyType(found)


def find_feed(name: str) -> Feed:
    """A feed by name.

    Raises:
        ExchangeError: E-FEED, there is none of that name.
    """
    feed = load_feeds().get(name)
    if feed is None:
        raise ExchangeError("E-FEED", feed=name[:60])
    return feed


def parse_feed(text: str, *, file: str) -> Feed:
    """A feed from the text of its file.

    Raises:
        ExchangeError: E-FEED-FILE, it is no TOML, a key is missing, unknown or of the wrong type, or a view shows what its
            recipient may not see (`contracts.feeds.policy`).
    """
    try:
        return _feed(_Reader(tomllib.loads(text), file))
    except tomllib.TOMLDecodeError as fault:
        raise ExchangeError("E-FEED-FILE", file=file, why=f"TOML: {fault}") from None


class _Reader:
    """A TOML table that knows its file and which of its keys were asked for."""

    def __init__(self, table: Table, where: str) -> None:
        self._table, self._where, self._read = table, where, set[str]()

    def fail(self, why: str) -> ExchangeError:
        return ExchangeError("E-FEED-FILE", file=self._where, why=why)

    def _get(self, key: str) -> object:
        self._read.add(key)
        if key not in self._table:
            raise self.fail(f"{key} is missing")
        return self._table[key]

    def has(self, key: str) -> bool:
        return key in self._table

    def text(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key} is no text")
        return value

    def choice(self, key: str, allowed: Mapping[str, Choice]) -> Choice:
        value = self.text(key)
        if value not in allowed:
            raise self.fail(f"{key} is none of {', '.join(allowed)}")
        return allowed[value]

    def word(self, key: str) -> str:
        value = self.text(key)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_/-]*", value):
            raise self.fail(f"{key} is no name")
        return value

    def number(self, key: str) -> int:
        value = self._get(key)
        if type(value) is not int or not 0 <= value <= 200:
            raise self.fail(f"{key} is no number from 0 to 200")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value) or len(set(value)) != len(value):
            raise self.fail(f"{key} is no list of different words")
        return tuple(value)

    def tables(self, key: str, *, optional: bool = False) -> list[_Reader]:
        if optional and not self.has(key):
            return []
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.fail(f"{key} is no list of tables")
        return [_Reader(v, f"{self._where} {key}[{n}]") for n, v in enumerate(value)]

    def done(self) -> None:
        if unknown := sorted(set(self._table) - self._read):
            raise self.fail(f"unknown key {unknown[0]}")


def _feed(top: _Reader) -> Feed:
    name, contract = top.word("name"), top.word("contract")
    views = tuple(_view(v, name, contract) for v in top.tables("view"))
    feed = Feed(
        name=name,
        title_zh=top.text("title_zh"),
        title_en=top.text("title_en"),
        duties=top.words("duties"),
        sender=top.word("sender"),
        kind=top.choice("kind", _KINDS),
        grain=top.choice("grain", _GRAINS),
        contract=contract,
        drawn_from=tuple(_source(s) for s in top.tables("source", optional=True)),
        due_day=top.number("due_day"),
        purpose=top.word("purpose"),
        purpose_zh=top.text("purpose_zh"),
        purpose_en=top.text("purpose_en"),
        clause=top.text("clause"),
        worked_by=top.choice("worked_by", _WORKERS),
        views=views,
    )
    top.done()
    if not 1 <= feed.due_day <= 28:
        raise top.fail("due_day is from 1 to 28")
    if not views or len(set(feed.recipients)) != len(views) or feed.sender in feed.recipients:
        raise top.fail("one view a recipient, and none for the sender")
    if len({s.list for s in feed.drawn_from}) != len(feed.drawn_from):
        raise top.fail("a source list stands twice")
    return feed


def _source(table: _Reader) -> Source:
    source = Source(table.word("list"), table.choice("role", _ROLES), table.words("categories"))
    table.done()
    return source


def _view(table: _Reader, feed: str, contract: str) -> View:
    view = View(
        feed=feed,
        to=table.word("to"),
        contract=contract,
        fields=tuple(_field(f) for f in table.tables("fields")),
        row_filter=tuple(_filter(f) for f in table.tables("rows")),
        key=table.words("key"),
        purpose=table.word("purpose"),
        purpose_zh=table.text("purpose_zh"),
        purpose_en=table.text("purpose_en"),
        clause=table.text("clause"),
    )
    table.done()
    if fault := fault_of(view):
        raise table.fail(fault)
    return view


def _field(table: _Reader) -> ViewField:
    field = ViewField(table.word("name"), table.word("mask") if table.has("mask") else None)
    table.done()
    return field


def _filter(table: _Reader) -> RowFilter:
    name = table.choice("filter", {known: known for known in FILTERS})
    made: RowFilter
    if name == "category-in":
        made = CategoryIn(table.words("categories"))
    elif name == "support-mode-in":
        made = SupportModeIn(table.word("category"), table.words("modes"))
    elif name == "age-between":
        made = AgeBetween(table.number("low"), table.number("high"))
    else:
        made = AgeOrStudent(table.number("low"), table.number("high"))
    table.done()
    if isinstance(made, AgeBetween | AgeOrStudent) and made.low > made.high:
        raise table.fail("low is above high")
    return made
