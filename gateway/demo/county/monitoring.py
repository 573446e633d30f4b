"""The poverty-monitoring list (防止返贫监测对象) of a month: whole households, some of them on civil affairs' rosters."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.households import SUBJECTS
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
    return pl.concat(picked).sort("hid").with_row_index("home_no")


def _numbered(made: World, rows: pl.DataFrame) -> pl.DataFrame:
    household = pl.format("{}{}", pl.lit(f"10{made.place.code}"), pl.col("home_no").cast(pl.String).str.zfill(5))
    newborn = (pl.col("age") < 1) & (pl.col("kind") == "MONITOR")
    return rows.with_columns(household_no=household, id_number=pl.when(~newborn).then("id_number")).with_columns(
        person_no=pl.concat_str("household_no", pl.col("nth").cast(pl.String).str.zfill(2)))


def _found(made: World, on: pl.Expr, this_year: pl.Expr, odd: pl.Expr) -> pl.Expr:
    """The day the risk was identified (Date): in a newcomer's month, earlier this year, or in the two years before."""
    draws, periods = made.draws, made.calendar.periods
    first = periods[0].start
    since_new_year = (first - first.replace(month=1, day=1)).days
    before = pl.date(first.year - 2, 2, 1) + pl.duration(days=draws.below("found before", on, 660))
    early = pl.date(first.year, 1, 1) + pl.duration(days=draws.below("found early", on, since_new_year + 18))
    ahead = pl.lit(periods[-1].end) + pl.duration(days=3)
    found = pl.when((odd == 3) & this_year).then(ahead).when(this_year).then(early).otherwise(before)
    for month, period in enumerate(periods[1:], 1):
        then = pl.lit(period.start) + pl.duration(days=draws.below("found new", on, 20))
        found = pl.when(pl.col("enter_home") == month).then(then).otherwise(found)
    return found.cast(pl.Date)


def _risk(made: World, rows: pl.DataFrame, month: int) -> pl.DataFrame:
    """Three identification dates and the state of the risk; of a hundred households a few lack or contradict something."""
    on, draws = pl.col("hid"), made.draws
    odd = draws.below("odd", on, 100)
    this_year = draws.chance("this year", on, 0.3) | (pl.col("enter_home") > 0)
    cleared = ~this_year & (draws.chance("cleared before", on, 0.42) | (draws.month("cleared", on, 0.02) <= month))
    contrary, unknown, undated = odd == 0, odd == 1, odd == 2
    rows = rows.with_columns(found=_found(made, on, this_year, odd))
    ended = pl.min_horizontal(pl.col("found") + pl.duration(days=200 + draws.below("after", on, 120)),
        pl.lit(made.calendar.periods[0].start))
    text = pl.col("found").dt.to_string("%Y-%m-%d")
    elsewhere = draws.chance("elsewhere", pl.col("pid"), 0.006)
    return rows.with_columns(
        monitor_type=draws.weighted("monitor", on, {"UNSTABLE": 4, "MARGINAL": 4, "SUDDEN": 2}),
        risk_cleared=pl.when(unknown).then(None).when(contrary).then(pl.lit(value=False)).otherwise(cleared),
        risk_identified_on=pl.when(~undated).then(text),
        risk_cleared_on=pl.when((cleared & ~unknown) | contrary).then(ended.dt.to_string("%Y-%m-%d")),
        first_identified_on=text, person_identified_on=text,
        labour_skill=pl.col("labour_ability").replace_strict({"FULL": "普通劳动力", "PARTIAL": "弱劳动力或半劳动力", "NONE": "无劳动力"}),
        income_per_capita=(600_000 + draws.below("earned", on, 5000) * 100).cast(pl.Int64),
        hukou_county=pl.when(elsewhere).then(pl.lit("独山县")).otherwise(pl.lit(made.place.name)),
        remark=pl.lit(None, dtype=pl.String),
    )
