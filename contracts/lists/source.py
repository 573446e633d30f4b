"""Source lists as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypedDict, cast, get_args

import polars as pl

from contracts.errors import ExchangeError
from contracts.values.members import MEMBERS

FieldType = Literal[
    "account",
    "amount",
    "certificate",
    "code",
    "count",
    "date",
    "derived",
    "former-id",
    "is-word",
    "members",
    "month",
    "months",
    "name",
    "number-text",
    "other-id",
    "own-certificate",
    "own-id",
    "place",
    "quarter",
    "remark",
    "sequence",
    "text",
    "village-code",
    "yes-no",
]
Grain = Literal["person", "household", "subject", "payment", "reference"]

_DTYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "amount": pl.Int64(),
        "count": pl.Int32(),
        "sequence": pl.Int32(),
        "months": pl.Int32(),
        "yes-no": pl.Boolean(),
        "is-word": pl.Boolean(),
        "members": MEMBERS,
    }
)
_DERIVED_DTYPES: Mapping[str, pl.DataType] = MappingProxyType({"in-school": pl.Boolean()})
PERSONAL: frozenset[str] = frozenset(
    {
        "account",
        "certificate",
        "former-id",
        "members",
        "name",
        "number-text",
        "other-id",
        "own-certificate",
        "own-id",
        "remark",
        "text",
    }
)
"""Types whose values are never shown in a finding."""


class _FieldRow(TypedDict, total=False):
    type: FieldType
    table: str
    word: str
    words: list[str]
    only: list[str]
    by: str
    means: str
    required: bool
    # `from` and `with` are keywords of the language and are read by name


class _Decides(TypedDict):
    field: str
    code: str


class _ListRow(TypedDict, total=False):
    like: str
    title: str
    title_en: str
    grain: Grain
    contract: str
    id: str
    id_empty: str
    name: str
    own: list[str]
    titles: list[str]
    decides: _Decides
    checks: list[str]
    size: str
    month: str
    household: str
    carry: list[str]
    not_carried: list[str]
    fields: dict[str, _FieldRow]


@dataclass(frozen=True, slots=True)
class ListField:
    """One field of a source list.

    Attributes:
        headers: what its column is called; `upper > lower` under a two-level header, `header#2` for the second of two equal ones.
            Empty for a derived field.
        partner: headers of the second column that a field of type `members` is read with.
        table: code table of a code or yes/no field.
        only: codes of the table that this list allows; all when empty.
        word: for `is-word`, the word that means yes.
        words: the only texts allowed, all when empty.
        by: for `derived`, the name of the derivation.
        means: what its column means, where its headers alone do not say it: `role concept` or `concept`, several with a comma.
        required: an empty cell rejects the row.
    """

    name: str
    type: FieldType
    headers: tuple[str, ...]
    partner: tuple[str, ...] = ()
    table: str | None = None
    only: tuple[str, ...] = ()
    word: str | None = None
    words: tuple[str, ...] = ()
    by: str | None = None
    means: str = ""
    required: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """Type of the field's column in the canonical frame."""
        return (_DERIVED_DTYPES.get(self.by) if self.by else None) or _DTYPES.get(self.type) or pl.String()

    @property
    def personal(self) -> bool:
        """Whether its values must not be shown."""
        return self.type in PERSONAL


@dataclass(frozen=True, slots=True)
class SourceList:
    """A kind of table that staff have.

    Attributes:
        code: such as `DIBAO_RURAL_PERSON`.
        contract: name of the contract that its rows fill, "" when they serve rules only.
        id_field: field of the row's own ID; name_field likewise. Their columns are the needed ones.
        id_empty: finding for an empty own ID.
        own: roles of header words that mean the row's own person.
        titles: what a title of this list holds (expressions over `contracts.lists.titles`), to tell it from another with equal headers.
        decides: (field, code): most rows having that code tells this list from another with equal headers.
        checks: names of the checks of `contracts.checks` beyond those of the field types, in order.
        size: field compared with the persons listed; month: field that states the month; household: field that begins a
            household's block, and carry: fields that hold for every row of the block.
        not_carried: headers that are known and not read.
    """

    code: str
    title_zh: str
    title_en: str
    grain: Grain
    contract: str
    id_field: str
    id_empty: str
    name_field: str
    own: tuple[str, ...]
    titles: tuple[str, ...]
    decides: tuple[str, str] | None
    checks: tuple[str, ...]
    size: str | None
    month: str | None
    household: str | None
    carry: tuple[str, ...]
    not_carried: tuple[str, ...]
    fields: Mapping[str, ListField]

    def schema(self) -> dict[str, pl.DataType]:
        """Columns of the canonical frame: place of the row, then the fields."""
        return {"_sheet": pl.String(), "_row": pl.Int32(), "_file": pl.String(), **{f.name: f.dtype for f in self.fields.values()}}


@cache
def load_lists() -> Mapping[str, SourceList]:
    """Every source list, by code."""
    raw: dict[str, _ListRow] = {}
    for source in sorted(files("contracts.lists").iterdir(), key=lambda p: p.name):
        if source.name.endswith(".toml") and source.name[0].isupper():
            raw[source.name.removesuffix(".toml")] = cast("_ListRow", tomllib.loads(source.read_text("utf-8")))
    return MappingProxyType(
        {code: _list(code, cast("_ListRow", {**raw[row["like"]], **row}) if "like" in row else row) for code, row in raw.items()}
    )


def source_list(code: str) -> SourceList:
    """One list.

    Raises:
        ExchangeError: E-LIST, no such list.
    """
    found = load_lists().get(code)
    if found is None:
        raise ExchangeError("E-LIST", list=code[:40])
    return found


def _list(code: str, row: _ListRow) -> SourceList:
    decides = row.get("decides")
    return SourceList(
        code,
        row["title"],
        row["title_en"],
        row["grain"],
        row["contract"],
        row["id"],
        row.get("id_empty", "E-REQ"),
        row["name"],
        tuple(row.get("own", ())),
        tuple(row["titles"]),
        (decides["field"], decides["code"]) if decides else None,
        tuple(row["checks"]),
        row.get("size"),
        row.get("month"),
        row.get("household"),
        tuple(row.get("carry", ())),
        tuple(row["not_carried"]),
        MappingProxyType({name: _field(name, f) for name, f in row["fields"].items()}),
    )


def _field(name: str, row: _FieldRow) -> ListField:
    kind = row["type"]
    if kind not in get_args(FieldType):
        raise ValueError(f"{name}: no such type {kind}")
    headers = cast("Mapping[str, list[str]]", row)
    return ListField(
        name,
        kind,
        tuple(headers.get("from", ())),
        tuple(headers.get("with", ())),
        row.get("table"),
        tuple(row.get("only", ())),
        row.get("word"),
        tuple(row.get("words", ())),
        row.get("by"),
        row.get("means", ""),
        row.get("required", False),
    )
