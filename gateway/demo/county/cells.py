"""How staff write values: words for codes, yuan for amounts, and the small untidiness that a reader puts right by itself."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from gateway.demo.county import defects
from gateway.demo.county.draws import Draws

WORDS: Mapping[str, Mapping[str, str]] = {
    "category": {"DIBAO_RURAL": "农村低保", "DIBAO_URBAN": "城市低保", "TEKUN": "特困", "MARGIN": "低保边缘家庭", "ORPHAN": "孤儿",
                 "DEFACTO_CHILD": "事实无人抚养儿童", "RETIREE_60S": "精减退职老职工"},
    "sex": {"1": "男", "2": "女"},
    "relation": {"01": "本人", "02": "户主", "10": "配偶", "20": "子", "30": "女", "41": "孙子", "42": "孙女", "51": "父亲", "52": "母亲",
                 "61": "祖父", "62": "祖母"},
    "labour_ability": {"FULL": "有劳动能力", "PARTIAL": "部分丧失劳动能力", "NONE": "无劳动能力"},
    "selfcare": {"FULL": "具备生活自理能力", "PARTIAL": "部分丧失生活自理能力", "NONE": "完全丧失生活自理能力"},
    "support_mode": {"CENTRAL": "集中供养", "SCATTERED": "分散供养"},
    "disability_type": {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"},
    "disability_level": {"1": "一级", "2": "二级", "3": "三级", "4": "四级"},
    "monitor_type": {"UNSTABLE": "脱贫不稳定户", "MARGINAL": "边缘易致贫户", "SUDDEN": "突发严重困难户"},
    "change_type": {"NEW_HOUSEHOLD": "新增", "NEW_PERSON": "户内新增", "REINCLUDED": "重新纳入", "MOVE": "迁移",
        "ID_CORRECTION": "身份证更正",
                    "NAME_CHANGE": "更名", "EXIT": "退出", "TAPER_START": "渐退", "HEAD_CHANGE": "户主变更", "TRANSFER": "类别转换"},
}


def word(field: str) -> pl.Expr:
    """The word for a code."""
    return pl.col(field).replace_strict(WORDS[field], default=None, return_dtype=pl.String)


def yes(field: str, true: str = "是", false: str = "否") -> pl.Expr:
    """是 or 否, nothing where it is not known."""
    return pl.when(pl.col(field)).then(pl.lit(true)).when(~pl.col(field)).then(pl.lit(false))


def yuan(field: str) -> pl.Expr:
    """Whole yuan of 分 (the county's amounts have no 角)."""
    return pl.col(field) // 100


def typed_yuan(field: str, draws: Draws) -> pl.Expr:
    """Yuan as text, with the unit or a thousands separator typed along here and there."""
    value = yuan(field).cast(pl.String)
    slip = draws.below(f"typed {field}", pl.col("pid"), 25)
    comma = pl.concat_str(value.str.slice(0, 1), pl.lit(","), value.str.slice(1))
    parted = pl.when(value.str.len_chars() == 4).then(comma).otherwise(value)
    return pl.when(slip == 0).then(pl.concat_str(value, pl.lit("元"))).when(slip == 1).then(parted).otherwise(value)


def own_id(code: str, draws: Draws) -> pl.Expr:
    """The row's own ID as typed: damaged where the row is to be rejected, spaced or with a small x here and there."""
    value, how = pl.col(defects.OWN_ID.get(code, "id_number")), pl.col("_defect")
    last = value.str.slice(17)
    wrong = pl.concat_str(value.str.slice(0, 17), pl.when(last == "0").then(pl.lit("1")).otherwise(pl.lit("0")))
    spaced = pl.concat_str(value.str.slice(0, 6), pl.lit(" "), value.str.slice(6, 8), pl.lit(" "), value.str.slice(14))
    slip = draws.below("slip", pl.col("pid"), 300)
    return (
        pl.when(how == "E-ID-CHK").then(wrong).when(how == "E-ID-LEN").then(value.str.slice(0, 17))
        .when(how == "E-ID-NUM").then(pl.concat_str(value.str.slice(0, 1), pl.lit("."), value.str.slice(1, 5), pl.lit("E+17")))
        .when(slip == 0).then(spaced).when(slip == 1).then(value.str.to_lowercase()).otherwise(value)
    )


def own_name(code: str, draws: Draws) -> pl.Expr:
    """The row's own name as typed: missing where the row is to be rejected, two characters spread by a wide blank here and there."""
    value, how = pl.col(defects.OWN_NAME.get(code, "name")), pl.col("_defect")
    wide = (value.str.len_chars() == 2) & draws.chance("wide name", pl.col("pid"), 0.004)
    spread = pl.concat_str(value.str.slice(0, 1), pl.lit("\u3000"), value.str.slice(1))
    return pl.when(how == "E-REQ").then(None).when(wide).then(spread).otherwise(value)


def own_date(code: str) -> pl.Expr:
    """The list's date that a mistake may hit; months are written in three ways."""
    field = defects.dated(code)
    value = pl.col(field)
    style = pl.col("pid") % 16
    styled = value if code == "MONITOR_PERSON" else (
        pl.when(style == 0).then(value.str.replace("-", "/", literal=True))
        .when(style == 1).then(pl.concat_str(value.str.slice(0, 4), pl.lit("年"), value.str.slice(5), pl.lit("月"))).otherwise(value))
    return pl.when(pl.col("_defect") == "E-DATE").then(pl.lit("2019-13" if field == "start_month" else "2023-02-30")).otherwise(styled)


def members(part: str) -> pl.Expr:
    """Names or numbers of a household in one cell."""
    return pl.col("members").list.eval(pl.element().struct.field(part).fill_null("不详")).list.join("、")
