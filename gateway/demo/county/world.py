"""The county as it really is, month by month; the lists are what staff write down of it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from gateway.demo.county.draws import Draws
from gateway.demo.county.households import Calendar, households
from gateway.demo.county.people import people
from gateway.demo.county.place import Place, villages

CATEGORY = {"RURAL": "DIBAO_RURAL", "URBAN": "DIBAO_URBAN", "TEKUN": "TEKUN", "MARGIN": "MARGIN", "RETIREE": "RETIREE_60S"}


@dataclass(frozen=True, slots=True)
class World:
    """Everybody and every household, with the months in which things happen to them.

    Attributes:
        persons: people on rosters in the first month.
        homes: see `households.households`.
        folk: see `people.people`.
        areas: the village table.
    """

    place: Place
    persons: int
    calendar: Calendar
    draws: Draws
    homes: pl.DataFrame
    folk: pl.DataFrame
    areas: pl.DataFrame


def world(draws: Draws, persons: int, calendar: Calendar, place: Place) -> World:
    """Make the county of one seed."""
    homes = households(draws, persons, calendar, place)
    return World(place, persons, calendar, draws, homes, people(draws, homes, calendar), villages(place))


def residents(made: World, month: int) -> pl.DataFrame:
    """Everybody of month index `month`, by household and position, with the household's facts of that month.

    Adds `hid`'s columns, `town`, `village`, `village_code`, `address`, `head_name`, `head_id`, `cert_no`, `household_size`,
    `covered_size`; `kind` is that of the month (a transferred person is TEKUN), names and numbers are as they were known then.
    """
    here = present(made.homes, month).with_columns(
        kind=pl.when(pl.col("tekun_at") <= month).then(pl.lit("TEKUN")).otherwise("kind"))
    folk = present(made.folk.drop("kind", "household_enter"), month).with_columns(
        name=pl.when(later("rename_at", made, month)).then("old_name").otherwise("name"),
        id_number=pl.when(later("correct_at", made, month)).then("old_number").otherwise("id_number"),
    )
    homes = _located(made, here, month).select(
        pl.exclude("covered", "enter", "leave", "size"), pl.col("enter").alias("enter_home"))
    joined = folk.join(homes, on="hid", how="inner", maintain_order="left")
    member = pl.col("role") == "member"
    counts = joined.group_by("hid", maintain_order=True).agg(
        household_size=member.sum().cast(pl.Int32), covered_size=(member & pl.col("covered")).sum().cast(pl.Int32))
    heads = joined.filter(member).sort(pl.col("covered"), descending=True, maintain_order=True).unique(
        "hid", keep="first", maintain_order=True).select("hid", head_pid="pid", head_name="name", head_id="id_number")
    joined = joined.join(counts, on="hid", how="left", maintain_order="left").join(heads, on="hid", how="left", maintain_order="left")
    head = pl.col("pid") == pl.col("head_pid")
    return joined.with_columns(
        relation=pl.when(head).then(pl.lit("02")).otherwise(pl.when(pl.col("relation") == "02").then(pl.lit("10")).otherwise("relation")))


def present(frame: pl.DataFrame, month: int) -> pl.DataFrame:
    """Rows that have come and not gone."""
    return frame.filter((pl.col("enter") <= month) & (pl.col("leave") > month))


def later(column: str, made: World, month: int) -> pl.Expr:
    """Rows whose month in `column` is still to come, within this county's months."""
    return pl.col(column).is_between(month + 1, len(made.calendar.periods) - 1)


def _located(made: World, homes: pl.DataFrame, month: int) -> pl.DataFrame:
    """Village, address, certificate number and start month as they stand in that month."""
    areas = made.areas.with_row_index("row")
    at = homes.with_columns(row=pl.when(later("move_at", made, month)).then("moved_from").otherwise("village")).drop("village")
    at = at.join(areas, on="row", how="left", maintain_order="left").drop("row")
    prefix = pl.col("kind").replace_strict({"RURAL": "NB", "URBAN": "CB", "TEKUN": "TK"}, default="SH")
    raised = pl.when(pl.col("raise_at") <= month).then(3000).otherwise(0)
    started = pl.when(pl.col("tekun_at") <= month).then(pl.lit(made.calendar.first) + pl.col("tekun_at")).otherwise("start_index")
    urban = pl.format("{}{}{}{}栋{}室", pl.lit(made.place.name), "town", "village", "address_number", pl.col("address_number") + 100)
    rural = pl.format("{}{}{}{}组{}号", pl.lit(made.place.name), "town", "village", "address_group", "address_number")
    return at.with_columns(
        address=pl.when(pl.col("kind") == "URBAN").then(urban).otherwise(rural),
        cert_no=pl.concat_str(prefix, pl.lit(made.place.code), pl.col("hid").cast(pl.String).str.zfill(7)),
        start_month=made.calendar.month(started),
        a_head=29_500 + (pl.col("hid").cast(pl.Int64) % 40) * 500 + raised,
    )
