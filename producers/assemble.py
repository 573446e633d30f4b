"""From source lists to the rows of a feed's contract, before anything is cut.

One row per person and category, nothing merged (a person on two rosters is civil affairs' own case); what the lists do not
say stays null, never guessed. Frames carry, beside the contract's fields, `_list`: the source list that a row came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from contracts.avro_types import polars_schema
from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.schemas import load_schema
from producers.households import LIST, TOWN_DIGITS, households

_MANY_HEADS = 50_000
"""Heads beyond which a table is sorted once and searched, since a join goes through all of it for every batch."""
_HEADS = pl.Schema({"head_id": pl.String(), "head_name": pl.String()})
_STRAYS = pl.Schema({"id_number": pl.String(), "category": pl.String(), LIST: pl.String()})


@dataclass(frozen=True, slots=True)
class Survey:
    """What assembling a batch must know of the lists as wholes.

    Attributes:
        heads: `head_id`, `head_name`: heads of household who have a row of their own, once each.
        strays: `id_number`, `category`, `_list`: rows that state a category which is another list's, once each. Such a row
            takes the place of the one in that other list, so that a person has one row per category.
    """

    heads: pl.DataFrame
    strays: pl.DataFrame


def survey(feed: Feed, batches: Iterable[ListFrames]) -> Survey:
    """One pass over all lists of a person feed in batches of any size; keeps two strings a household, not the rows.

    The result depends on the order of `batches` only where a person stands twice.
    """
    heads, strays = [pl.DataFrame(schema=_HEADS)], [pl.DataFrame(schema=_STRAYS)]
    for batch in batches:
        rows, categories = batch.accepted, _categories(feed, batch.list)
        if categories and "head_id" in rows.columns:
            heads.append(rows.filter(pl.col("id_number") == pl.col("head_id")).select("head_id", head_name="name"))
        if categories and "category" in rows.columns:
            foreign = rows.filter(~pl.col("category").is_in(categories)).select("id_number", "category", pl.lit(batch.list).alias(LIST))
            strays.append(foreign)
    named = pl.concat(heads).unique("head_id", keep="first", maintain_order=True)
    return Survey(
        heads=named.sort("head_id") if named.height > _MANY_HEADS else named,
        strays=pl.concat(strays).unique(["id_number", "category"], keep="first", maintain_order=True),
    )


def assemble(
    feed: Feed, lists: Mapping[str, ListFrames], *, whole: Survey | None = None, changes: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Contract rows of a feed's grain from accepted rows.

    Person and subject feeds work batch by batch: give the frames of one list at a time, cut as you like, and `whole` from
    `survey`; the batches' results together are the whole's. Household feeds need all their lists at once (a household's
    persons may stand in any batch).

    Args:
        feed: of the catalogue.
        lists: by source-list code; codes that the feed does not draw on are passed over.
        whole: needed when `lists` is a batch; worked out from `lists` when not given.
        changes: `id_number`, `category`, `change_type`: who is new and how (R11). An increment is exactly these rows; a
            snapshot shows the change where there is one and null elsewhere.

    Returns:
        The contract's columns in its order and `_list`, in the order of the feed's sources and their rows.

    Raises:
        ValueError: an increment without `changes` (a programming error).
    """
    if feed.grain == "household":
        return households(feed, lists)
    if feed.kind == "increment" and changes is None:
        raise ValueError(f"{feed.name} is an increment and needs changes")
    columns = polars_schema(load_schema(feed.contract))
    there = [lists[code] for code in feed.row_sources if code in lists and lists[code].state != "missing"]
    known = whole if whole is not None else survey(feed, there)
    parts = [_part(feed, frames, columns, known) for frames in there]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema={**columns, LIST: pl.String()})
    if changes is None:
        return rows
    told = changes.select("id_number", "category", "change_type").unique(["id_number", "category"], keep="first")
    joined = rows.drop("change_type").join(
        told, on=["id_number", "category"], how="inner" if feed.kind == "increment" else "left", maintain_order="left"
    )
    return joined.select(*columns, LIST)


def _categories(feed: Feed, code: str) -> tuple[str, ...]:
    return next((s.categories for s in feed.drawn_from if s.list == code and s.role == "rows"), ())


def _part(feed: Feed, frames: ListFrames, columns: Mapping[str, pl.DataType], whole: Survey) -> pl.DataFrame:
    """The rows of one list under the contract's columns."""
    rows = frames.accepted
    if "head_name" in columns and "head_name" not in rows.columns and "head_id" in rows.columns:
        rows = rows.with_columns(_head_names(rows, whole.heads))
    derived = _derived(frames, _categories(feed, frames.list))
    chosen = [
        derived[name].cast(dtype).alias(name)
        if name in derived
        else pl.col(name).cast(dtype)
        if name in rows.columns
        else pl.lit(None, dtype).alias(name)
        for name, dtype in columns.items()
    ]
    part = rows.select(*chosen, pl.lit(frames.list).alias(LIST))
    return _one_a_category(part, whole.strays, frames.list) if whole.strays.height else part


def _head_names(rows: pl.DataFrame, heads: pl.DataFrame) -> pl.Series:
    """`head_name` of every row; looked up beside the rows, because a join would copy all their columns."""
    if heads.height <= _MANY_HEADS:
        return rows.select("head_id").join(heads, on="head_id", how="left", maintain_order="left")["head_name"]
    place = heads["head_id"].search_sorted(rows["head_id"].fill_null("")).clip(0, heads.height - 1)
    found = (heads["head_id"].gather(place) == rows["head_id"]).fill_null(value=False)
    return pl.select(pl.when(found).then(heads["head_name"].gather(place)).alias("head_name")).to_series()


def _derived(frames: ListFrames, categories: tuple[str, ...]) -> dict[str, pl.Expr]:
    """Fields that follow from the list and from other fields of the row."""
    columns = frames.accepted.columns
    derived: dict[str, pl.Expr] = {}
    if categories:
        derived["category"] = pl.col("category").fill_null(categories[0]) if "category" in columns else pl.lit(categories[0])
    if "village_code" in columns and "town_code" not in columns:
        derived["town_code"] = pl.col("village_code").str.slice(0, TOWN_DIGITS)
    if frames.list == "MONITOR_PERSON":
        # Whoever has no number at the sender is known by file and row: the answer comes back under the same words.
        derived["person_no"] = pl.coalesce("person_no", pl.format("{}#{}", "_file", "_row"))
    return derived


def _one_a_category(part: pl.DataFrame, strays: pl.DataFrame, code: str) -> pl.DataFrame:
    """Drop the rows whose person and category are told by a stray row of another list."""
    elsewhere = strays.filter(pl.col(LIST) != code)
    return part.join(elsewhere.select("id_number", "category"), on=["id_number", "category"], how="anti", maintain_order="left")
