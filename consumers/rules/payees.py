"""R16 The account is in another name than the recipient's (账户与对象姓名不一致)."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.cases import first_that_holds, made, nothing
from consumers.rules.coverage import DIBAO
from consumers.rules.frames import Lists, Schema, accepted, among, not_null
from consumers.rules.parameters import RuleParameters, Window, parameters
from consumers.rules.payments import is_institution, payments

FIELDS: Schema = {"period": pl.String}
LONGEST = 40  # characters of a name that are compared
GUARDIANS = ("payee_name", "guardian_name", "father_name", "mother_name")
_LEGITIMATE = ("INSTITUTION", "DELEGATED", "MINOR_GUARDIAN", "HOUSEHOLD_HEAD")


def payee_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """One case a payment row whose account name is not the recipient's name.

    `case`: LEGITIMATE (INSTITUTION, DELEGATED, MINOR_GUARDIAN: a minor paid by an adult's account, where the children's list names
    somebody one of those; HOUSEHOLD_HEAD: the account of the head of the household on dibao) or REVIEW (BLANK_NAME, SIMILAR_NAME:
    one character differs, OTHER_PERSON). A bank that reports no account names gives no case. Pure.
    """
    rule = rule or parameters("R16")
    window = rule.at(county, as_of)
    idle = parameters("R15").at(county, as_of)
    if window is None or "PAYMENT_RESULT" not in lists or "account_name" not in lists["PAYMENT_RESULT"].accepted.columns:
        return nothing(FIELDS)
    rows = payments(lists, f"{as_of:%Y-%m}").filter(pl.col("account_name").ne_missing(pl.col("recipient_name")))
    rows = rows.with_columns(_near(pl.col("account_name"), pl.col("recipient_name"), rows).alias("_near"))
    house = is_institution(lists, idle.words("institution_words") if idle else ())
    tests = {
        "BLANK_NAME": pl.col("account_name").is_null(),
        "INSTITUTION": house,
        "DELEGATED": pl.col("remark").str.contains_any(window.words("delegated_words")),
        "MINOR_GUARDIAN": _of_minor(lists, rows, window, as_of),
        "HOUSEHOLD_HEAD": _of_head(lists, rows),
        "SIMILAR_NAME": pl.col("_near"),
    }
    reason = first_that_holds(tests).fill_null("OTHER_PERSON")
    told = rows.with_columns(reason.alias("reason")).with_columns(
        pl.when(pl.col("reason").is_in(_LEGITIMATE)).then(pl.lit("LEGITIMATE")).otherwise(pl.lit("REVIEW")).alias("case")
    )
    return made(told, "R16", rule.clause, FIELDS)


def _of_minor(lists: Lists, rows: pl.DataFrame, window: Window, as_of: date) -> pl.Expr:
    """The recipient is under age, and the children's list, where it names anybody for him, names the account's holder."""
    born = pl.col("id_number").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    minor = born.dt.offset_by(f"{window.number('adult_from_years')}y") > as_of
    schema: Schema = {"id_number": pl.String, **dict.fromkeys(GUARDIANS, pl.String)}
    children = accepted(lists, ("CHILD",), schema, among("id_number", rows["id_number"]))
    named = not_null(children.unpivot(GUARDIANS, index="id_number", value_name="holder"), "holder")
    pair = pl.struct(pl.col("id_number"), pl.col("holder"))
    mine = pl.struct(pl.col("id_number"), pl.col("account_name").alias("holder"))
    is_named = mine.is_in(named.select(pair.alias("pair"))["pair"].implode())
    return minor & (~among("id_number", named["id_number"]) | is_named)


def _of_head(lists: Lists, rows: pl.DataFrame) -> pl.Expr:
    """The account is that of the head of the recipient's household, by the dibao rosters."""
    who: Schema = {"id_number": pl.String, "head_id": pl.String, "name": pl.String}
    members = not_null(accepted(lists, DIBAO, who, among("id_number", rows["id_number"])), "head_id")
    heads = accepted(lists, DIBAO, who, among("id_number", members["head_id"])).select(head_id="id_number", holder="name")
    known = members.join(heads, on="head_id", how="inner").filter(pl.col("id_number") != pl.col("head_id"))
    pairs = known.select(pl.struct("id_number", "holder").alias("pair"))["pair"]
    return pl.struct(pl.col("id_number"), pl.col("account_name").alias("holder")).is_in(pairs.implode())


def _near(left: pl.Expr, right: pl.Expr, rows: pl.DataFrame) -> pl.Expr:
    """Names of two and more characters that are one character apart: another one, one more or one less."""
    longest = rows.select(pl.max_horizontal(left.str.len_chars().max(), right.str.len_chars().max())).item() or 0
    count = range(1, min(int(longest), LONGEST) + 1)
    a, b = left.str.len_chars().cast(pl.Int64), right.str.len_chars().cast(pl.Int64)
    short = pl.min_horizontal(a, b)
    if not count:
        return pl.lit(value=False)
    head = pl.sum_horizontal((left.str.head(n) == right.str.head(n)) & (short >= n) for n in count)
    tail = pl.sum_horizontal((left.str.tail(n) == right.str.tail(n)) & (short >= n) for n in count)
    room = pl.max_horizontal(a, b) - 1
    return (short >= 2) & ((a - b).abs() <= 1) & (pl.min_horizontal(head, short) + pl.min_horizontal(tail, short) >= room)
