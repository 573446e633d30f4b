"""The assistance rosters of a month, in the canonical columns of their lists."""

from __future__ import annotations

import polars as pl

from gateway.demo.county.world import CATEGORY, World

CLASS_AMOUNT = 6_000
"""分类施保 of one severely disabled person, in 分."""

_PERSON = (
    "name", "id_number", "head_id", "relation", "sex", "birth_date", "category", "start_month", "labour_ability", "employment", "disabled",
    "disability_cert_no", "disability_type", "disability_level", "student", "school_name", "household_amount", "class_amount",
    "total_amount", "cert_no", "town", "village", "village_code", "address", "bank_account", "remark",
)
_HOUSEHOLD = (
    "head_name", "head_id", "household_size", "covered_size", "income_year", "income_per_capita", "household_amount", "class_household",
    "class_person", "total_amount", "phone", "address", "town", "village", "village_code", "cert_no", "start_month", "reason",
    "bank_name", "bank_account_name", "bank_account", "members",
)
_TEKUN = (
    "name", "id_number", "sex", "birth_date", "support_mode", "institution", "selfcare", "disabled", "disability_cert_no",
    "disability_type", "disability_level", "carer_name", "carer_id", "phone", "start_month", "basic_amount", "care_amount", "cert_no",
    "town", "village", "village_code", "bank_account", "remark",
)
_MARGIN_HOUSEHOLD = (
    "head_name", "head_id", "covered_size", "reason", "hukou_type", "phone", "address", "town", "village", "village_code",
    "start_month", "members",
)
_MARGIN_PERSON = (
    "name", "id_number", "head_id", "relation", "sex", "income_month", "employment", "labour_ability", "disabled", "disability_cert_no",
    "start_month", "town", "village", "village_code", "remark",
)
_CHILD = (
    "name", "id_number", "phone", "sex", "address", "health", "student", "category", "father_name", "father_id", "father_reason",
    "mother_name", "mother_id", "mother_reason", "guardian_name", "guardian_id", "guardian_relation", "payee_name", "payee_relation",
    "standard_amount", "start_month", "town", "village", "village_code", "remark",
)
_RETIREE = (
    "name", "sex", "id_number", "former_unit", "work_start", "retired_on", "relief_type", "monthly_amount", "bank_account", "phone",
    "address", "village_code", "remark",
)


def listed(kind: str) -> pl.Expr:
    """Covered persons of a kind."""
    return (pl.col("kind") == kind) & pl.col("covered") & (pl.col("role") == "member")


def personal() -> list[pl.Expr]:
    """Columns that every person list derives alike."""
    return [
        pl.when("male").then(pl.lit("1")).otherwise(pl.lit("2")).alias("sex"),
        pl.col("birth").dt.to_string("%Y-%m-%d").alias("birth_date"),
        pl.col("kind").replace_strict(CATEGORY, default=None, return_dtype=pl.String).alias("category"),
        pl.col("account").alias("bank_account"),
    ]


def _class_amount() -> pl.Expr:
    return pl.when(pl.col("disability_level").is_in(["1", "2"]).fill_null(value=False)).then(CLASS_AMOUNT).otherwise(0).cast(pl.Int64)


def _remark(made: World) -> pl.Expr:
    words = made.draws.weighted("remark", pl.col("pid"), {"独居": 2, "长期患病": 2, "已入户核查": 3, "联系人为村干部": 1})
    return pl.when(made.draws.chance("remarked", pl.col("pid"), 0.04)).then(words)


def dibao_person(made: World, residents: pl.DataFrame, kind: str) -> pl.DataFrame:
    """DIBAO_RURAL_PERSON or DIBAO_URBAN_PERSON: covered persons."""
    amount = (pl.col("a_head") * pl.col("covered_size")).cast(pl.Int64)
    return residents.filter(listed(kind)).with_columns(
        *personal(), household_amount=amount, class_amount=_class_amount(), total_amount=amount + _class_amount(), remark=_remark(made),
    ).select("pid", *_PERSON)


def dibao_household(residents: pl.DataFrame) -> pl.DataFrame:
    """DIBAO_RURAL_HOUSEHOLD: members with those not covered."""
    rural = residents.filter((pl.col("kind") == "RURAL") & (pl.col("role") == "member"))
    frame = _grouped(rural, class_person=(_class_amount() * pl.col("covered")).sum())
    amount = (pl.col("a_head") * pl.col("covered_size")).cast(pl.Int64)
    return frame.filter(pl.col("covered_size") > 0).with_columns(
        income_year=(pl.col("income_month") * 12 * pl.col("household_size")).cast(pl.Int64),
        income_per_capita=pl.col("income_month") * 12,
        household_amount=amount, class_household=pl.lit(0, dtype=pl.Int64), total_amount=amount + pl.col("class_person"),
        bank_name=pl.col("bank"), bank_account_name=pl.col("head_name"), bank_account=pl.col("account"),
    ).select("pid", *_HOUSEHOLD)


def _grouped(rows: pl.DataFrame, **more: pl.Expr) -> pl.DataFrame:
    """One row a household: everything of its head's row, `members`, and sums."""
    first = rows.filter(pl.col("pid") == pl.col("head_pid"))
    grouped = rows.group_by("hid", maintain_order=True).agg(members=pl.struct("name", "id_number"), **more)
    return first.join(grouped, on="hid", how="inner", maintain_order="left")


def tekun_person(made: World, residents: pl.DataFrame) -> pl.DataFrame:
    """TEKUN_PERSON; a scattered person who cannot manage alone has a carer."""
    on = pl.col("pid")
    central = made.draws.chance("central", on, 0.28)
    carers = residents.filter(pl.col("role") == "carer").select("hid", carer_name="name", carer_id="id_number")
    frame = residents.filter(listed("TEKUN")).join(carers, on="hid", how="left", maintain_order="left")
    home = pl.when(central).then(pl.lit(f"{made.place.name}中心敬老院"))
    cared = ~central & (pl.col("selfcare") != "FULL")
    return frame.with_columns(
        *personal(), support_mode=pl.when(central).then(pl.lit("CENTRAL")).otherwise(pl.lit("SCATTERED")), institution=home,
        carer_name=pl.when(cared).then("carer_name"), carer_id=pl.when(cared).then("carer_id"),
        basic_amount=pl.lit(65_000, dtype=pl.Int64),
        care_amount=pl.col("selfcare").replace_strict({"FULL": 12_000, "PARTIAL": 35_000, "NONE": 70_000}, return_dtype=pl.Int64),
        remark=_remark(made),
    ).select("pid", *_TEKUN)


def margin_household(residents: pl.DataFrame) -> pl.DataFrame:
    """MARGIN_HOUSEHOLD."""
    frame = _grouped(residents.filter(listed("MARGIN")))
    return frame.with_columns(hukou_type=pl.lit("农业")).select("pid", *_MARGIN_HOUSEHOLD)


def margin_person(made: World, residents: pl.DataFrame) -> pl.DataFrame:
    """MARGIN_PERSON."""
    frame = residents.filter(listed("MARGIN")).with_columns(*personal(), remark=_remark(made))
    return frame.with_columns(pl.col("income_month").cast(pl.Int64)).select("pid", *_MARGIN_PERSON)


def child(made: World, residents: pl.DataFrame) -> pl.DataFrame:
    """CHILD: orphans and de-facto unsupported children with father, mother, guardian."""
    on = pl.col("pid")
    frame = residents.filter(listed("CHILD"))
    for role in ("father", "mother", "guardian"):
        part = residents.filter(pl.col("role") == role).select(
            "hid", pl.col("name").alias(f"{role}_name"), pl.col("id_number").alias(f"{role}_id"), pl.col("relation").alias(f"{role}_rel"))
        frame = frame.join(part, on="hid", how="left", maintain_order="left")
    orphan = made.draws.chance("orphan", on, 0.45)
    others = {"失联": 2, "服刑在押": 2, "重残": 3, "重病": 2, "死亡": 3}
    guardian = pl.col("guardian_rel").replace_strict({"61": "祖父", "62": "祖母"}, default="其他亲属")
    dead = pl.lit("死亡")
    return frame.with_columns(
        *personal(), health=pl.when("disabled").then(pl.lit("残疾")).otherwise(pl.lit("健康"))).with_columns(
        category=pl.when(orphan).then(pl.lit("ORPHAN")).otherwise(pl.lit("DEFACTO_CHILD")),
        father_reason=pl.when(orphan).then(dead).otherwise(made.draws.weighted("father", on, others)),
        mother_reason=pl.when(orphan).then(dead).otherwise(made.draws.weighted("mother", on, others | {"死亡": 1})),
        guardian_relation=guardian, payee_name=pl.col("guardian_name"), payee_relation=guardian,
        standard_amount=pl.when(orphan).then(105_000).otherwise(84_000).cast(pl.Int64), remark=pl.lit(None, dtype=pl.String),
    ).select("pid", *_CHILD)


def retiree(made: World, residents: pl.DataFrame) -> pl.DataFrame:
    """RETIREE: workers sent home in the 1960s."""
    on = pl.col("pid")
    year = pl.col("birth").dt.year()
    work = pl.format("{}-{}", year + 19, (made.draws.below("work month", on, 12) + 1).cast(pl.String).str.zfill(2))
    retired = pl.format("{}-{}", (year + 24).clip(1961, 1965), (made.draws.below("retired", on, 12) + 1).cast(pl.String).str.zfill(2))
    return residents.filter(listed("RETIREE")).with_columns(
        *personal(), former_unit=made.draws.pick("unit", on, ("省地质队", "县农机厂", "都匀铁路局", "县粮食局", "州水泥厂")),
        work_start=work, retired_on=retired, relief_type=made.draws.pick("relief", on, ("定期救济", "40%救济")),
        monthly_amount=pl.lit(40_000, dtype=pl.Int64), remark=_remark(made),
    ).select("pid", *_RETIREE)
