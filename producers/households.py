"""Households out of persons: a household is its head's ID number and a category.

The person list says which households there are, so that a family whose two lists name different heads is not counted twice;
the household list fills in size, phone and address, and says it all while the person list is missing. A tekun person or a
child is a household of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from contracts.avro_types import polars_schema
from contracts.feeds import Feed, Source
from contracts.frames import ListFrames
from contracts.schemas import load_schema

LIST = "_list"
TOWN_DIGITS = 9  # of a 12-digit statistical division code
OWN_HOUSEHOLD = ("TEKUN", "ORPHAN", "DEFACTO_CHILD")
_HEAD = "02"  # 户主, GB/T 4761
_UNABLE = "NONE"  # 完全丧失生活自理能力
_SETTLEMENT = {"DIBAO_RURAL": "RURAL", "DIBAO_URBAN": "URBAN"}
_HUKOU = {
    **dict.fromkeys(("农业", "农业户口", "农村", "农业家庭户口"), "RURAL"),
    **dict.fromkeys(("非农业", "非农业户口", "非农", "城镇", "城市", "非农业家庭户口"), "URBAN"),
}
_CARRIED = ("hukou_type", "support_mode", "phone", "address", "town", "village", "village_code", "start_month", "cert_no")
_COUNTS = ("household_size", "covered_size")
_KEY = ["head_id", "category"]
# All that households are made from. Who reads whole lists for them need not keep more of a row than this.
COLUMNS = frozenset({*_CARRIED, *_COUNTS, "id_number", "head_id", "name", "head_name", "category", "relation", "selfcare"})


def households(feed: Feed, lists: Mapping[str, ListFrames]) -> pl.DataFrame:
    """Contract rows of a household feed; needs all its lists at once.

    Args:
        feed: with grain household.
        lists: by source-list code; `narrow` ones do.

    Returns:
        The contract's columns and `_list`, one row per head and category: lists in the feed's order, households in the
        order in which their first person stands. Persons whose head is unknown belong to no household. `covered_size` is
        the household list's; without one, the rows of the person list that name the head, held rows included.
    """
    columns = polars_schema(load_schema(feed.contract))
    parts = [_fit(part, columns) for source in feed.drawn_from if source.role == "rows" for part in _parts(feed, source, lists)]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema={**columns, LIST: pl.String()})
    return rows.unique(_KEY, keep="first", maintain_order=True)


def narrow(frames: ListFrames) -> ListFrames:
    """A batch of a list without the columns that households are not made from, so that whole lists fit into memory."""
    accepted = [c for c in frames.accepted.columns if c in COLUMNS]
    rejected = [c for c in frames.rejected.columns if c in COLUMNS]
    return replace(frames, accepted=frames.accepted.select(accepted), rejected=frames.rejected.select(rejected))


def _parts(feed: Feed, source: Source, lists: Mapping[str, ListFrames]) -> Iterator[pl.DataFrame]:
    """The households that one person list says, or the household lists of its category in its place."""
    there = {code: frames for code, frames in lists.items() if frames.state != "missing"}
    details = [
        there[other.list]
        for other in feed.drawn_from
        if other.role == "details" and other.list in there and set(other.categories) & set(source.categories)
    ]
    category = source.categories[0]
    if source.list in there:
        formed = _grouped(_headed(_labelled(there[source.list], category)), _held(there[source.list]))
        for frames in details:
            formed = _detailed(formed, frames, category)
        yield formed
    else:
        yield from (_labelled(frames, category).filter(pl.col("head_id").is_not_null()) for frames in details)


def _labelled(frames: ListFrames, category: str) -> pl.DataFrame:
    rows = frames.accepted
    stated = pl.col("category").fill_null(category) if "category" in rows.columns else pl.lit(category)
    return rows.with_columns(stated.alias("category"), pl.lit(frames.list).alias(LIST))


def _headed(rows: pl.DataFrame) -> pl.DataFrame:
    """Every person with the head of the household that the feed counts him to."""
    head = pl.col("id_number")
    if "head_id" in rows.columns:
        stated = pl.col("head_id")
        if "relation" in rows.columns:  # the row says that it is the head's own; what its head column said was unreadable
            stated = pl.when(stated.is_null() & (pl.col("relation") == _HEAD)).then("id_number").otherwise(stated)
        head = pl.when(pl.col("category").is_in(OWN_HOUSEHOLD)).then("id_number").otherwise(stated)
    return rows.with_columns(head.alias("head_id")).filter(pl.col("head_id").is_not_null())


def _held(frames: ListFrames) -> pl.DataFrame:
    """`head_id`, `_held`: how many held rows name a head and are not a further row of an accepted person."""
    held, accepted = frames.rejected, frames.accepted
    if not {"head_id", "id_number"} <= set(held.columns):
        return pl.DataFrame(schema={"head_id": pl.String(), "_held": pl.UInt32()})
    again = pl.col("id_number").is_in(accepted["id_number"].implode()).fill_null(value=False)
    return held.filter(pl.col("head_id").is_not_null() & ~again).group_by("head_id").agg(pl.len().alias("_held"))


def _grouped(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """One row a household: the head's own values first, else those of the first person who has one."""
    carried = [c for c in _CARRIED if c in rows.columns]
    selfcare = pl.col("selfcare") if "selfcare" in rows.columns else pl.lit(None, pl.String)
    formed = (
        rows.with_columns((selfcare == _UNABLE).alias("_unable"))
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.len().alias("covered_size"),
            pl.when(pl.col("_unable").null_count() == 0).then(pl.col("_unable").sum()).alias("unable_selfcare"),
            pl.col(LIST).first(),
            pl.col(carried).first(ignore_nulls=True),
        )
    )
    own = rows.filter(pl.col("id_number") == pl.col("head_id")).unique(_KEY, keep="first", maintain_order=True)
    own = own.select(*_KEY, pl.col("name").alias("head_name"), *(pl.col(c).alias(f"_{c}") for c in carried))
    alone = pl.col("category").is_in(OWN_HOUSEHOLD)
    return (
        formed.join(own, on=_KEY, how="left", maintain_order="left")
        .join(held, on="head_id", how="left", maintain_order="left")
        .with_columns(
            *(pl.coalesce(f"_{c}", c).alias(c) for c in carried),
            pl.when(alone).then(1).otherwise(pl.col("covered_size") + pl.col("_held").fill_null(0)).alias("covered_size"),
            pl.when(alone).then(1).alias("household_size"),
        )
        .drop(f"_{c}" for c in carried)
    )


def _detailed(formed: pl.DataFrame, details: ListFrames, category: str) -> pl.DataFrame:
    """Fill in what the household list says: its counts win, that is what it is for; of the rest the person list's."""
    wanted = [c for c in ("head_name", *_COUNTS, *_CARRIED) if c in details.accepted.columns]
    told = details.accepted.select("head_id", pl.lit(category).alias("category"), *(pl.col(c).alias(f"_{c}") for c in wanted))
    told = told.unique(_KEY, keep="first", maintain_order=True)
    joined = formed.join(told, on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(
        (
            pl.coalesce(f"_{c}", c) if c in _COUNTS else pl.coalesce(c, f"_{c}") if c in formed.columns else pl.col(f"_{c}")
        ).alias(c)
        for c in wanted
    ).drop(f"_{c}" for c in wanted)


def _fit(rows: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The contract's columns: what is derived from others, and null for what no list says."""
    nothing = pl.lit(None, pl.String)
    hukou = pl.col("hukou_type") if "hukou_type" in rows.columns else nothing
    village = pl.col("village_code") if "village_code" in rows.columns else nothing
    derived = {
        "settlement": pl.coalesce(
            pl.col("category").replace_strict(_SETTLEMENT, default=None, return_dtype=pl.String),
            hukou.replace_strict(_HUKOU, default=None, return_dtype=pl.String),
        ),
        "town_code": village.str.slice(0, TOWN_DIGITS),
    }
    fitted = [
        (derived[c] if c in derived else pl.col(c) if c in rows.columns else pl.lit(None, t)).cast(t).alias(c) for c, t in columns.items()
    ]
    return rows.select(*fitted, pl.col(LIST))
