"""Views (视图): what one recipient gets of a feed: which rows, which fields, how masked, for which purpose.

A view is data of a feed file. Its digest is what header and manifest call `contract`: whatever changes in it, a word of the
purpose too, makes another view. Row filters are a closed set of named ones; `producers.views` gives them their meaning.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TypeAlias, cast

from contracts.avro_types import Json, Schema, canonical_json, digest, fields_of, name_of
from contracts.schemas import load_schema


@dataclass(frozen=True, slots=True)
class CategoryIn:
    """Rows of these categories."""

    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBetween:
    """Persons who are `low` to `high` full years old at the period's end, by the birth date in their ID number."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class AgeOrStudent:
    """Persons of `low` to `high` full years at the period's end, and whoever the list says is in school."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class SupportModeIn:
    """Of one category only rows with these modes of support; rows of other categories all pass."""

    category: str
    modes: tuple[str, ...]


RowFilter: TypeAlias = CategoryIn | AgeBetween | AgeOrStudent | SupportModeIn

FILTERS: dict[str, type[CategoryIn] | type[AgeBetween] | type[AgeOrStudent] | type[SupportModeIn]] = {
    "category-in": CategoryIn,
    "age-between": AgeBetween,
    "age-or-student": AgeOrStudent,
    "support-mode-in": SupportModeIn,
}


@dataclass(frozen=True, slots=True)
class ViewField:
    """A field of the contract as this recipient sees it; `mask` is None or a name of `contracts.masks`."""

    name: str
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one recipient gets of a feed.

    Attributes:
        feed: name of the feed.
        to: agency code of the recipient.
        contract: of the rows, `assistance-person/1`.
        fields: in the order of the recipient's columns.
        row_filter: all of them must hold; none means every row.
        key: fields that name a row for good; never masked, never null.
        purpose: short name that header and manifest carry (PIPL art. 23: the recipient is bound to it).
        purpose_zh, purpose_en: the same as a sentence.
        clause: what the hand-over rests on.
    """

    feed: str
    to: str
    contract: str
    fields: tuple[ViewField, ...]
    row_filter: tuple[RowFilter, ...]
    key: tuple[str, ...]
    purpose: str
    purpose_zh: str
    purpose_en: str
    clause: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def schema(self) -> Schema:
        """Strict Avro schema of just these fields; not to be changed by the caller."""
        return _schema(self)

    @property
    def schema_digest(self) -> str:
        """SHA-256 of the parsing canonical form, hex: `schema` of chunk header and manifest."""
        return digest(_schema(self))

    @property
    def key_schema(self) -> Schema:
        """Strict Avro schema of the key alone, for lists of unconfirmed rows."""
        return _schema(self, keys_only=True)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole view's canonical JSON, hex: `contract` of chunk header and manifest."""
        return hashlib.sha256(canonical_json(self.document)).hexdigest()

    @property
    def document(self) -> dict[str, Json]:
        """The whole view as JSON, its schema included."""
        names = {kind: name for name, kind in FILTERS.items()}
        filters: list[Json] = [{"filter": names[type(f)], **_plain(asdict(f))} for f in self.row_filter]
        return {
            "feed": self.feed,
            "to": self.to,
            "contract": self.contract,
            "fields": [{"name": f.name, "mask": f.mask} for f in self.fields],
            "row_filter": filters,
            "key": list(self.key),
            "purpose": {"name": self.purpose, "zh": self.purpose_zh, "en": self.purpose_en},
            "clause": self.clause,
            "schema": self.schema,
        }


def _plain(parameters: dict[str, str | int | tuple[str, ...]]) -> dict[str, Json]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in parameters.items()}


@lru_cache(maxsize=512)
def _schema(view: View, *, keys_only: bool = False) -> Schema:
    """The contract's schema cut down to the view; a masked field says so, since its values are no longer what they were."""
    whole = load_schema(view.contract)
    by_name = {name_of(f): f for f in fields_of(whole)}
    chosen = [f for f in view.fields if not keys_only or f.name in view.key]
    fields: list[Json] = [{**by_name[f.name], **({"mask": f.mask} if f.mask else {})} for f in chosen]
    record = name_of(whole) + ("Key" if keys_only else "") + "For" + "".join(part.capitalize() for part in view.to.split("-"))
    return cast("Schema", {**whole, "name": record, "fields": fields})
