"""Households out of persons: a household is its head's ID number and a category.

The person list says which households there are, so that a family whose two lists name different heads is not counted twice;
the household list fills in size, phone and address, and says it all while the person list is missing. A tekun person or a
child is a household of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from contracts.avro_types import polars_schema
from contracts.feeds import Feed
from contracts.frames import ListFrames
from contracts.schemas import load_schema

LIST = "_list"
HEAD_RELATION = "02"  # 户主, GB/T 4761
UNABLE = "NONE"  # 完全丧失生活自理能力
OWN_HOUSEHOLD = frozenset({"TEKUN", "ORPHAN", "DEFACTO_CHILD"})
_SETTLEMENT = {"DIBAO_RURAL": "RURAL", "DIBAO_URBAN": "URBAN"}
_HUKOU = {"农业": "RURAL", "农业户口": "RURAL", "农村": "RURAL", "非农业": "URBAN", "非农业户口": "URBAN", "城镇": "URBAN", "城市": "URBAN"}
_FROM_DETAILS = ("head_name", "household_size", "hukou_type", "phone", "address", "town", "village", "village_code", "start_month", "cert_no")


def households(feed: Feed, lists: Mapping[str, ListFrames]) -> pl.DataFrame:
    """Contract rows of a household feed; needs all its lists at once.

    Args:
        feed: with grain household.
        lists: by source-list code.

    Returns:
        The contract's columns and `_list`, one row per head and category: lists in the feed's order, households in the
        order in which their first person stands. Persons whose head is unknown belong to no household.
    """
    columns = polars_schema(load_schema(feed.contract))
    parts = []
    for source in feed.drawn_from:
        if source.role != "rows":
            continue
        details = [lists[s.list] for s in feed.drawn_from if s.role == "details" and s.list in lists and set(s.categories) & set(source.categories)]
        present = source.list in lists and lists[source.list].state != "missing"
        for frames in [lists[source.list]] if present else details:
            parts.append(_fit(_formed(frames, source.categories[0], details), columns))
    rows = pl.concat(parts) if parts else pl.DataFrame(schema={**columns, LIST: pl.String()})
    return rows.unique(["head_id", "category"], keep="first", maintain_order=True)


def _formed(frames: ListFrames, category: str, details: list[ListFrames]) -> pl.DataFrame:
    """Households of one list, details filled in."""
    rows = frames.accepted
    stated = pl.col("category").fill_null(category) if "category" in rows.columns else pl.lit(category)
    rows = rows.with_columns(stated.alias("category"), pl.lit(frames.list).alias(LIST))
    if "id_number" not in rows.columns:  # a household list: one row a household already
        return rows.filter(pl.col("head_id").is_not_null())
    formed = _grouped(_headed(rows))
    for other in details:
        formed = _detailed(formed, other, category)
    return formed


def _headed(rows: pl.DataFrame) -> pl.DataFrame:
    """Every person with the head of the household that the feed counts him to."""
    own = pl.col("category").is_in(list(OWN_HOUSEHOLD))
    if "head_id" in rows.columns:
        stated = pl.col("head_id")
        if "relation" in rows.columns:  # the row says itself that it is the head's; its head column was unreadable
            stated = pl.when(stated.is_null() & (pl.col("relation") == HEAD_RELATION)).then("id_number").otherwise(stated)
        head = pl.when(own).then(pl.col("id_number")).otherwise(stated)
    else:
        head = pl.col("id_number")
    return rows.with_columns(head.alias("head_id")).filter(pl.col("head_id").is_not_null())


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a household: the head's own values first, else those of the first person who has one."""
    own = pl.col("category").is_in(list(OWN_HOUSEHOLD))
    is_head = pl.col("id_number") == pl.col("head_id")
    carried = [c for c in ("hukou_type", "support_mode", "phone", "address", "town", "village", "village_code", "start_month", "cert_no", LIST) if c in rows.columns]
    unable = (pl.col("selfcare") == UNABLE).sum().cast(pl.Int32) if "selfcare" in rows.columns else pl.lit(None, pl.Int32)
    any_known = pl.col("selfcare").is_not_null().any() if "selfcare" in rows.columns else pl.lit(value=False)
    return (
        rows.with_columns(is_head.alias("_is_head"))
        .group_by("head_id", "category", maintain_order=True)
        .agg(
            pl.col("name").filter("_is_head").first().alias("head_name"),
            pl.len().cast(pl.Int32).alias("covered_size"),
            pl.when(any_known).then(unable).otherwise(None).alias("unable_selfcare"),
            *(pl.coalesce(pl.col(c).filter("_is_head").first(), pl.col(c).drop_nulls().first()).alias(c) for c in carried),
        )
        .with_columns(pl.when(own).then(pl.lit(1, pl.Int32)).alias("household_size"))
    )


def _detailed(formed: pl.DataFrame, details: ListFrames, category: str) -> pl.DataFrame:
    """Fill in what the household list says. Its counts win (that is what it is for); of the rest the person list's."""
    rows = details.accepted
    wanted = [c for c in (*_FROM_DETAILS, "covered_size") if c in rows.columns]
    told = rows.select("head_id", pl.lit(category).alias("category"), *(pl.col(c).alias(f"_{c}") for c in wanted)).unique(
        ["head_id", "category"], keep="first", maintain_order=True
    )
    joined = formed.join(told, on=["head_id", "category"], how="left", maintain_order="left")
    counts = [pl.coalesce(f"_{c}", c).alias(c) for c in ("covered_size", "household_size") if c in wanted]
    rest = [(pl.coalesce(c, f"_{c}") if c in formed.columns else pl.col(f"_{c}")).alias(c) for c in wanted if not c.endswith("_size")]
    return joined.with_columns(*counts, *rest).drop(f"_{c}" for c in wanted)


def _fit(rows: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The contract's columns: what is derived from others, and null for what no list says."""
    known = rows.columns
    by_category = pl.col("category").replace_strict(_SETTLEMENT, default=None, return_dtype=pl.String)
    by_hukou = pl.col("hukou_type").replace_strict(_HUKOU, default=None, return_dtype=pl.String) if "hukou_type" in known else pl.lit(None, pl.String)
    derived = {
        "settlement": pl.coalesce(by_category, by_hukou),
        "town_code": pl.col("village_code").str.slice(0, 9) if "village_code" in known else pl.lit(None, pl.String),
    }
    return rows.select(
        *(
            (derived[c] if c in derived else pl.col(c) if c in known else pl.lit(None, t)).cast(t).alias(c)
            for c, t in columns.items()
        ),
        pl.col(LIST),
    )
