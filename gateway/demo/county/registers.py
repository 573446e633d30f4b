"""Lists about what happened: deaths, exits of the past year, the month's changes, delayed exits."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.households import SHARES
from gateway.demo.county.world import CATEGORY, World, residents

_REASON = {
    "INCOME": "家庭人均收入超过标准", "PROPERTY": "名下有机动车辆", "VOLUNTARY": "主动放弃", "MOVED_OUT": "户口迁出", "DEATH": "死亡",
    "MARRIED_OUT": "婚嫁迁出", "TO_TEKUN": "转特困供养",
}
_ROSTERS = ["RURAL", "URBAN", "TEKUN", *[kind for kind in SHARES if kind == "MARGIN"]]
_DEATH = ("name", "id_number", "sex", "death_date", "cremation_date", "place", "remark")
_EXIT = ("category", "name", "id_number", "head_name", "head_id", "relation", "exit_month", "reason_text", "reason", "town", "village")
_CHANGE = (
    "change_type", "category", "name", "id_number", "old_id_number", "head_name", "head_id", "old_place", "new_place", "reason_text",
    "exit_reason", "effective_month",
)
_TAPER = (
    "head_name", "head_id", "household_size", "worker_name", "worker_id", "cause_text", "cause", "start_month", "income_per_capita", "town",
    "village",
)


def death(made: World, month: int) -> pl.DataFrame:
    """DEATH of the month: people of rosters and of the monitoring list, strangers, one namesake and one notice without a date."""
    on = pl.col("pid")
    period = made.calendar.periods[month]
    gone = made.folk.filter((pl.col("dead_at") == month) & (pl.col("role") == "member"))
    day = pl.lit(period.start) + pl.duration(days=made.draws.below("died", on, 20))
    burnt = day + pl.duration(days=3)
    revoked = made.draws.chance("revoked", on, 0.02)
    undated = made.draws.chance("undated", on, 0.02)
    return gone.with_columns(
        sex=pl.when("male").then(pl.lit("1")).otherwise(pl.lit("2")),
        death_date=pl.when(~undated).then(day.dt.to_string("%Y-%m-%d")), cremation_date=burnt.dt.to_string("%Y-%m-%d"),
        place=pl.lit(f"{made.place.name}殡仪馆"), remark=pl.when(revoked).then(pl.lit("登记有误，已撤销")),
    ).select("pid", *_DEATH)


def _leavers(made: World, before: pl.DataFrame, month: int) -> pl.DataFrame:
    """Covered people on a roster a month ago who are not any more, with `reason`."""
    now = made.homes.select("hid", home_leave="leave", home_reason="leave_reason", moved_to_tekun="tekun_at")
    rows = before.filter(pl.col("covered") & pl.col("kind").is_in(_ROSTERS)).join(now, on="hid", how="left", maintain_order="left")
    dead = (pl.col("dead_at") < month) & (pl.col("leave") == month)
    reason = (
        pl.when(pl.col("home_leave") == month).then("home_reason").when(dead).then(pl.lit("DEATH"))
        .when(pl.col("leave") == month).then(pl.lit("MARRIED_OUT")).when(pl.col("moved_to_tekun") == month).then(pl.lit("TO_TEKUN"))
    )
    return rows.with_columns(reason=reason).filter(pl.col("reason").is_not_null())


def exit_register(made: World, month: int) -> pl.DataFrame:
    """EXIT_REGISTER: exits of the year up to the month, oldest first."""
    former = made.homes.filter("former").select("hid", "village", "left_month", "leave_reason")
    old = made.folk.join(former, on="hid", how="inner", maintain_order="left").filter("covered").with_columns(
        kind=pl.lit("RURAL"), exit_index=pl.col("left_month"), reason=pl.col("leave_reason"))
    areas = made.areas.with_row_index("village_row")
    old = old.rename({"village": "village_row"}).join(areas, on="village_row", how="left", maintain_order="left")
    heads = old.unique("hid", keep="first", maintain_order=True).select("hid", head_name="name", head_id="id_number")
    parts = [_exit_rows(made, old.join(heads, on="hid", how="left", maintain_order="left"))]
    for later in range(1, month + 1):
        gone = _leavers(made, residents(made, later - 1), later)
        parts.append(_exit_rows(made, gone.with_columns(exit_index=pl.lit(made.calendar.first + later))))
    return pl.concat(parts)


def _exit_rows(made: World, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        category=pl.col("kind").replace_strict(CATEGORY, default=None, return_dtype=pl.String),
        exit_month=made.calendar.month(pl.col("exit_index")), reason_text=pl.col("reason").replace_strict(_REASON, default=None),
    ).select("pid", *_EXIT)


def taper(made: World, now: pl.DataFrame, month: int) -> pl.DataFrame:
    """TAPER: households in delayed exit, with the member whose work raised the income."""
    homes = now.filter((pl.col("taper_at") <= month) & (pl.col("taper_at") > month - 3) & (pl.col("kind") == "RURAL") & pl.col("covered"))
    worker = homes.sort(pl.col("pid") == pl.col("head_pid"), maintain_order=True).unique("hid", keep="first", maintain_order=True)
    text = made.draws.pick("cause", pl.col("hid"), ("外出务工收入增加", "灵活就业", "家庭成员被事业单位招聘", "国有企业录用"))
    return worker.with_columns(
        worker_name=pl.col("name"), worker_id=pl.col("id_number"), cause_text=text,
        cause=pl.when(text.str.contains("事业单位|国有企业")).then(pl.lit("RECRUITED")).otherwise(pl.lit("OTHER_WORK")),
        start_month=made.calendar.month(pl.lit(made.calendar.first) + pl.col("taper_at")),
        income_per_capita=(60_000 + made.draws.below("taper income", pl.col("hid"), 400) * 100).cast(pl.Int64),
    ).select("pid", *_TAPER)


def change_list(made: World, before: pl.DataFrame, now: pl.DataFrame, month: int) -> pl.DataFrame:
    """CHANGE_LIST: who came, left, moved, was corrected between two months."""
    place = pl.concat_str("town", "village")
    was = before.select("pid", was_kind="kind", was_id="id_number", was_name="name", was_place=place, was_head="head_id")
    rows = now.filter(pl.col("covered") & pl.col("kind").is_in(_ROSTERS)).join(was, on="pid", how="left", maintain_order="left")
    fresh = pl.col("was_kind").is_null()
    former = pl.col("start_index") == pl.lit(made.calendar.first + month)
    moved = ~fresh & (pl.col("was_place") != place)
    kinds: list[tuple[str, pl.Expr, str]] = [
        ("REINCLUDED", fresh & pl.col("former"), "重新申请纳入"),
        ("NEW_PERSON", fresh & ~former, "新出生"),
        ("NEW_HOUSEHOLD", fresh & former & ~pl.col("former"), "新申请纳入"),
        ("TRANSFER", ~fresh & (pl.col("was_kind") != pl.col("kind")), "转特困供养"),
        ("MOVE", moved, "易地搬迁"),
        ("ID_CORRECTION", ~fresh & (pl.col("was_id") != pl.col("id_number")), "原身份证号码有误"),
        ("NAME_CHANGE", ~fresh & (pl.col("was_name") != pl.col("name")), "更名"),
        ("HEAD_CHANGE", ~fresh & (pl.col("was_head") != pl.col("head_id")) & (pl.col("pid") == pl.col("head_pid")) & (pl.col("pos") > 0),
         "原户主死亡"),
        ("TAPER_START", (pl.col("taper_at") == month) & (pl.col("pid") == pl.col("head_pid")) & (pl.col("kind") == "RURAL"), "外出务工"),
    ]
    parts = [_change_rows(made, rows.filter(condition), code, month, pl.lit(text)) for code, condition, text in kinds]
    gone = _leavers(made, before, month).filter(pl.col("reason") != "TO_TEKUN").with_columns(was_place=place, was_id=pl.col("id_number"))
    parts.append(_change_rows(made, gone, "EXIT", month, pl.col("reason").replace_strict(_REASON, default=None)))
    return pl.concat(parts)


def _change_rows(made: World, rows: pl.DataFrame, code: str, month: int, text: pl.Expr) -> pl.DataFrame:
    none = pl.lit(None, dtype=pl.String)
    move, correction = code == "MOVE", code == "ID_CORRECTION"
    return rows.with_columns(
        change_type=pl.lit(code), category=pl.col("kind").replace_strict(CATEGORY, default=None, return_dtype=pl.String),
        old_id_number=pl.col("was_id") if correction else none, old_place=pl.col("was_place") if move else none,
        new_place=pl.concat_str("town", "village") if move else none, reason_text=text,
        exit_reason=pl.col("reason") if code == "EXIT" else none, effective_month=pl.lit(str(made.calendar.periods[month])),
    ).select("pid", *_CHANGE)
