"""The people of the county, on rosters or beside them: members, carers, parents, guardians."""

from __future__ import annotations

from datetime import date

import polars as pl

from gateway.demo.county import names, numbers
from gateway.demo.county.draws import NEVER, Draws
from gateway.demo.county.households import Calendar

_HEAD_AGE = {  # kind -> youngest and span, in years
    "TEKUN": (58, 34), "CHILD": (3, 14), "RETIREE": (78, 16), "OTHER": (55, 40),
}


def people(draws: Draws, households: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """One row a person, ordered by household and position, with `id_number`, `name`, `birth`, `relation`, health and fate.

    `role` is member, carer, father, mother or guardian; `covered` says whether the household's roster lists the person.
    """
    rows = _positions(draws, households, calendar)
    rows = _ages(draws, rows, calendar.periods[0].start)
    rows = numbers.issued(draws, rows)
    rows = _called(draws, rows)
    return _fates(draws, _health(draws, rows))


def _positions(draws: Draws, households: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Members by position, the relatives a list names, and children born into a household later."""
    core = _heads(draws, households.select("hid", "kind", "size", "covered", "former", pl.col("enter").alias("household_enter")))
    members = core.with_columns(pos=pl.int_ranges(0, "size", dtype=pl.Int32)).explode("pos", empty_as_null=False).with_columns(
        role=pl.lit("member"), enter=pl.col("household_enter"))
    extra = [members]
    for kind, roles in (("TEKUN", ("carer",)), ("CHILD", ("father", "mother", "guardian"))):
        single = core.filter(pl.col("kind") == kind)
        extra += [single.with_columns(pos=pl.lit(10 + i, dtype=pl.Int32), role=pl.lit(role), enter=pl.col("household_enter"))
                  for i, role in enumerate(roles)]
    born = core.filter((pl.col("kind") == "RURAL") & (pl.col("household_enter") == 0) & (pl.col("size") > 1)).with_columns(
        enter=draws.month("born", pl.col("hid"), 0.003)).filter(pl.col("enter") < len(calendar.periods))
    extra.append(born.with_columns(pos=pl.lit(9, dtype=pl.Int32), role=pl.lit("member")))
    wide = pl.concat(extra, how="diagonal_relaxed").sort("hid", "pos").with_row_index("pid")
    member = pl.col("role") == "member"
    return wide.with_columns(
        covered=member & ((pl.col("pos") < pl.col("covered")) | (pl.col("pos") == 9)) & ~pl.col("kind").is_in(["MONITOR", "OTHER"]),
    )


def _heads(draws: Draws, homes: pl.DataFrame) -> pl.DataFrame:
    """`head_age` in years, `head_male`, and `couple`: whether the second person is the spouse."""
    home, kind = pl.col("hid"), pl.col("kind")
    youngest, span = (
        kind.replace_strict({name: ages[i] for name, ages in _HEAD_AGE.items()}, default=None, return_dtype=pl.Int64) for i in (0, 1))
    usual = pl.when(pl.col("size") == 1).then(48 + draws.below("age 1", home, 42)).otherwise(26 + draws.below("age n", home, 48))
    return homes.with_columns(
        head_age=pl.coalesce(youngest + draws.below("age x", home, 1000) % span, usual), head_male=draws.chance("head male", home, 0.6),
        couple=draws.chance("couple", home, 0.8))


def _ages(draws: Draws, rows: pl.DataFrame, first_day: date) -> pl.DataFrame:
    """`male`, `birth` and `relation`: everybody's age follows from the head's."""
    on, pos, head, role = pl.col("pid"), pl.col("pos"), pl.col("head_age"), pl.col("role")
    rows = rows.with_columns(spouse=(pos == 1) & pl.col("couple"), parent=(pos == 4) & (head < 56), grandchild=(pos == 4) & (head >= 56))
    years = (
        pl.when(pos == 9).then(0).when(pos == 0).then(head).when(role == "guardian").then(head + 50)
        .when(role.is_in(["father", "mother"]) | pl.col("parent")).then(head + 24 + draws.below("gap p", on, 9))
        .when(role == "carer").then(34 + draws.below("carer", on, 30))
        .when("spouse").then((head - 4 + draws.below("gap s", on, 8)).clip(20))
        .when("grandchild").then((head - 50 - draws.below("gap g", on, 6)).clip(1))
        .otherwise((head - 21 - draws.below("gap c", on, 12)).clip(0))
    )
    male = (
        pl.when(pos == 0).then("head_male").when("spouse").then(~pl.col("head_male")).when(role == "father").then(pl.lit(value=True))
        .when(role == "mother").then(pl.lit(value=False)).otherwise(draws.chance("male", on, 0.5))
    )
    rows = rows.with_columns(male=male, age=years.cast(pl.Int32))
    newborn = -(pl.col("enter") - 1) * 30 + 5 + draws.below("baby", on, 20).cast(pl.Int32)
    grown = pl.col("age") * 365 + 40 + draws.below("day", on, 365).cast(pl.Int32)
    first = (first_day - date(1970, 1, 1)).days
    days = pl.when(pos == 9).then(newborn).otherwise(grown)
    return rows.with_columns(birth=(first - days).cast(pl.Date), relation=_relation()).drop("head_age", "head_male", "couple")


def _relation() -> pl.Expr:
    """GB/T 4761 code toward the household's first person."""
    male = pl.col("male")
    return (
        pl.when(pl.col("pos") == 0).then(pl.lit("02")).when("spouse").then(pl.lit("10"))
        .when("parent").then(pl.when(male).then(pl.lit("51")).otherwise(pl.lit("52")))
        .when("grandchild").then(pl.when(male).then(pl.lit("41")).otherwise(pl.lit("42")))
        .when(pl.col("role") == "guardian").then(pl.when(male).then(pl.lit("61")).otherwise(pl.lit("62")))
        .otherwise(pl.when(male).then(pl.lit("20")).otherwise(pl.lit("30")))
    )


def _called(draws: Draws, rows: pl.DataFrame) -> pl.DataFrame:
    """`name`: children and fathers bear the head's surname."""
    own = pl.col("relation").is_in(["10", "52"]) | pl.col("role").is_in(["mother", "carer", "guardian"])
    on = pl.when(own).then(pl.col("pid").cast(pl.UInt64) + (1 << 40)).otherwise(pl.col("hid").cast(pl.UInt64))
    return rows.with_columns(
        name=names.name(draws, pl.col("pid"), names.surname(draws, "family", on), pl.col("male")),
    ).with_columns(old_name=pl.col("name").str.slice(0, 1) + draws.pick("old", pl.col("pid"), ("小毛", "老五", "阿花", "石头")))


def _health(draws: Draws, rows: pl.DataFrame) -> pl.DataFrame:
    """Disability, ability to work and to care for oneself, school and work."""
    on, age = pl.col("pid"), pl.col("age")
    disabled = draws.chance("disabled", on, 0.11) & (age > 2)
    kind = draws.weighted("disability", on, {"1": 1, "2": 1, "3": 1, "4": 5, "5": 2, "6": 2, "7": 1})
    level = draws.weighted("level", on, {"1": 2, "2": 3, "3": 3, "4": 3})
    rows = rows.with_columns(disabled=disabled).with_columns(
        disability_type=pl.when("disabled").then(kind), disability_level=pl.when("disabled").then(level))
    severe = pl.col("disability_level").is_in(["1", "2"])
    school = age.is_between(6, 21) & (draws.chance("school", on, 0.9) | (age < 15))
    rows = rows.with_columns(
        disability_cert_no=pl.when("disabled").then(pl.concat_str("id_number", "disability_type", "disability_level")),
        school_name=pl.when(school).then(_school(draws, on, age)),
        labour_ability=pl.when((age < 16) | (age >= 60) | severe.fill_null(value=False)).then(pl.lit("NONE"))
        .when("disabled").then(pl.lit("PARTIAL")).otherwise(draws.weighted("labour", on, {"FULL": 7, "PARTIAL": 2})),
        selfcare=draws.weighted("selfcare", on, {"FULL": 6, "PARTIAL": 3, "NONE": 1}),
    )
    work = draws.weighted("work", on, {"务农": 6, "灵活就业": 2, "无业": 2, "外出务工": 1})
    employment = pl.when(school).then(pl.lit("在校学生")).when(age < 16).then(pl.lit("无业")).otherwise(work)
    return rows.with_columns(employment=employment, student=school)


def _school(draws: Draws, on: pl.Expr, age: pl.Expr) -> pl.Expr:
    return (
        pl.when(age < 12).then(draws.pick("primary", on, ("县第一小学", "县第二小学", "朝阳镇中心小学", "茂兰镇中心小学")))
        .when(age < 15).then(draws.pick("middle", on, ("县民族中学", "县第二中学", "甲良镇中学")))
        .when(age < 18).then(draws.pick("high", on, ("荔波高级中学", "县中等职业学校")))
        .otherwise(draws.pick("college", on, ("黔南民族师范学院", "贵州大学", "黔南民族职业技术学院")))
    )


def _fates(draws: Draws, rows: pl.DataFrame) -> pl.DataFrame:
    """Death, marriage, a corrected number, another name: month indices; `old_number` is the number before the correction."""
    on, age = pl.col("pid"), pl.col("age")
    listed = (pl.col("role") == "member") & (pl.col("enter") == 0) & ~pl.col("former")
    pool = pl.col("kind") == "OTHER"
    old = listed & (age >= 60) & pl.col("kind").is_in(["RURAL", "URBAN", "TEKUN", "MONITOR"])

    def when(condition: pl.Expr, month: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(month).otherwise(NEVER).cast(pl.Int32)

    bride = listed & ~pl.col("male") & age.is_between(20, 30) & (pl.col("relation") == "30") & (pl.col("kind") == "RURAL")
    plain = listed & pl.col("covered") & pl.col("kind").is_in(["RURAL", "TEKUN"])
    old_sequence = 900 + draws.below("old number", on, 48) * 2 + pl.col("male").cast(pl.Int64)
    rows = rows.with_columns(
        dead_at=pl.when(pool).then(pl.lit(0)).otherwise(when(old, draws.month("dead", on, 0.004, first=0))).cast(pl.Int32),
        marry_at=when(bride, draws.month("marry", on, 0.02)),
        correct_at=when(plain & ~pl.col("disabled"), draws.month("corrected", on, 0.0007)),
        rename_at=when(plain, draws.month("renamed", on, 0.0004)),
        _old_stem=numbers.stem(pl.lit(numbers.OLD_PREFIX), pl.col("birth"), old_sequence),
    )
    late = 1 + draws.chance("late", on, 0.3).cast(pl.Int32)
    dead = pl.when(pl.col("dead_at") < NEVER).then(pl.col("dead_at") + late).otherwise(NEVER)
    return rows.with_columns(
        leave=pl.min_horizontal(dead, "marry_at").cast(pl.Int32), old_number=numbers.with_check(pl.col("_old_stem")),
    ).drop("_old_stem", "spouse", "parent", "grandchild", "size", "former")
