"""The poverty-monitoring list (防止返贫监测对象) of a month: whole households, some of them on civil affairs' rosters."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.households import OWN_SUBJECTS, SUBJECTS
from gateway.demo.county.rosters import personal
from gateway.demo.county.world import World

_FIELDS = (
    "household_no", "person_no", "name", "id_number", "household_size", "relation", "monitor_type", "risk_cleared", "risk_identified_on",
    "risk_cleared_on", "first_identified_on", "person_identified_on", "student", "labour_skill", "income_per_capita", "hukou_county",
    "town", "village", "village_code", "remark",
)
_FROM_ROSTERS = {"RURAL": 0.2, "TEKUN": 0.03, "CHILD": 0.03, "MARGIN": 0.06}
"""Kind -> share of the subjects that live in its households; the rest is on no roster."""


def monitor_person(made: World, residents: pl.DataFrame, month: int) -> pl.DataFrame:
    """MONITOR_PERSON: every member of a monitored household, with the household's risk and the odd cases of real lists."""
    seen = (pl.col("role") == "member") | (pl.col("role") == "guardian")
    rows = residents.filter(seen).join(_chosen(made), on="hid", how="inner", maintain_order="left")
    rows = rows.with_columns(household_size=pl.len().over("hid").cast(pl.Int32), nth=pl.int_range(pl.len()).over("hid") + 1)
    return _risk(made, _numbered(made, rows), month).select("pid", *_FIELDS)


def _chosen(made: World) -> pl.DataFrame:
    """`hid` of monitored households; those of rosters are picked once, from the first month's."""
    wanted = made.persons * SUBJECTS
    homes = made.homes.filter(pl.col("enter") == 0)
    picked = [made.homes.filter(pl.col("kind") == "MONITOR").select("hid")]
    for kind, share in _FROM_ROSTERS.items():
        pool = homes.filter((pl.col("kind") == kind) & ((pl.col("size") > 1) | (kind not in {"RURAL", "MARGIN"})))
        if pool.is_empty():
            continue
        members = {"CHILD": 2.0}.get(kind, float(pool.select(pl.col("size").mean()).item()))
        count = round(wanted * share / members)
        order = made.draws.bits("monitored", pl.col("hid"))
        picked.append(pool.sort(order).head(count).select("hid"))
    assert OWN_SUBJECTS + sum(_FROM_ROSTERS.values()) <= 1
    return pl.concat(picked).sort("hid").with_row_index("home_no")


def _numbered(made: World, rows: pl.DataFrame) -> pl.DataFrame:
    household = pl.format("{}{}", pl.lit(f"10{made.place.code}"), pl.col("home_no").cast(pl.String).str.zfill(5))
    newborn = (pl.col("age") < 1) & (pl.col("kind") == "MONITOR")
    return rows.with_columns(household_no=household, id_number=pl.when(~newborn).then("id_number")).with_columns(
        person_no=pl.concat_str("household_no", pl.col("nth").cast(pl.String).str.zfill(2)))


def _risk(made: World, rows: pl.DataFrame, month: int) -> pl.DataFrame:
    """Three identification dates and the state of the risk; of a hundred households a few lack or contradict something."""
    on, person, draws = pl.col("hid"), pl.col("pid"), made.draws
    period = made.calendar.periods[0]
    this_year = draws.chance("this year", on, 0.3) | (pl.col("enter_home") > 0)
    found = pl.when(pl.col("enter_home") > 0).then(pl.lit(period.start).dt.offset_by("1mo") + pl.duration(days=draws.below("found", on, 20)))
    found = found.when(this_year).then(pl.date(period.year, 1, 3) + pl.duration(days=draws.below("found a", on, 75)))
    found = found.otherwise(pl.date(period.year - 2, 2, 1) + pl.duration(days=draws.below("found b", on, 660))).cast(pl.Date)
    odd = draws.below("odd", on, 100)
    cleared_at = draws.month("cleared", on, 0.02)
    cleared = ~this_year & (draws.chance("cleared before", on, 0.42) | (cleared_at <= month))
    contrary, unknown, undated = odd == 0, odd == 1, odd == 2
    ended = pl.min_horizontal(found + pl.duration(days=200 + draws.below("after", on, 120)), pl.lit(period.start))
    rows = rows.with_columns(found=found)
    text = pl.col("found").dt.to_string("%Y-%m-%d")
    return rows.with_columns(
        *[column for column in personal() if column.meta.output_name() == "sex"],
        monitor_type=draws.weighted("monitor", on, {"UNSTABLE": 4, "MARGINAL": 4, "SUDDEN": 2}),
        risk_cleared=pl.when(unknown).then(None).when(contrary).then(pl.lit(value=False)).otherwise(cleared),
        risk_identified_on=pl.when(~undated).then(text),
        risk_cleared_on=pl.when((cleared & ~unknown) | contrary).then(ended.dt.to_string("%Y-%m-%d")),
        first_identified_on=text, person_identified_on=text,
        labour_skill=pl.col("labour_ability").replace_strict({"FULL": "普通劳动力", "PARTIAL": "弱劳动力或半劳动力", "NONE": "无劳动力"}),
        income_per_capita=(600_000 + draws.below("earned", on, 5000) * 100).cast(pl.Int64),
        hukou_county=pl.when(draws.chance("elsewhere", person, 0.006)).then(pl.lit("独山县")).otherwise(pl.lit(made.place.name)),
        remark=pl.lit(None, dtype=pl.String),
    )
