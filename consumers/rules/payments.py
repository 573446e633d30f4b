"""R14 Payments that came late or failed, R15 accounts that nobody draws from (代发结果)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from consumers.rules.cases import made, nothing
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, not_null
from consumers.rules.parameters import RuleParameters, Window, parameters

PAYMENT: Schema = {
    **PLACE, "period": pl.String, "item": pl.String, "recipient_name": pl.String, "recipient_id": pl.String, "account_name": pl.String,
    "status": pl.String, "paid_on": pl.String, "idle_months": pl.Int32, "balance": pl.Int64, "remark": pl.String,
    "amount_due": pl.Int64,
}  # fmt: skip
LATE_FIELDS: Schema = {"period": pl.String, "state": pl.String, "due": pl.String, "paid_on": pl.String, "repaid_on": pl.String}
IDLE_FIELDS: Schema = {"period": pl.String, "idle_months": pl.Int32, "balance": pl.Int64}


def payments(lists: Lists, month: str) -> pl.DataFrame:
    """Accepted rows of `PAYMENT_RESULT`; one that names no month is of the list's."""
    rows = accepted(lists, ("PAYMENT_RESULT",), PAYMENT)
    return rows.with_columns(pl.col("period").fill_null(month), pl.col("recipient_id").alias("id_number"))


def payment_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """R14, one case a payment row.

    `case` FAILED: `due` (last day of its month), `state` OPEN, or CLOSED with `repaid_on` when a later row made it good (补发);
    LATE: a successful payment after the pay day that makes nothing good. `reason` is null. Pure.
    Clause: 黔南州民政局2021年度低保核查通知 二.
    """
    rule = rule or parameters("R14")
    window = rule.at(county, as_of)
    if window is None:
        return nothing(LATE_FIELDS)
    rows = payments(lists, f"{as_of:%Y-%m}")
    month = pl.col("period").str.to_date("%Y-%m", strict=False)
    rows = rows.with_columns(month.alias("_month"), pl.col("paid_on").str.to_date("%Y-%m-%d", strict=False).alias("_paid"))
    failed, good = rows.filter(pl.col("status") == "FAILED"), rows.filter(pl.col("status") == "SUCCESS")
    again = good.filter(_is_repayment(failed, window))
    pay_day = pl.col("_month").dt.offset_by(f"{window.number('pay_day') - 1}d")
    late = good.filter(pl.col("_paid") > pay_day).join(again, on=[*PLACE], how="anti", nulls_equal=True, maintain_order="left")
    due = pl.col("_month").dt.month_end()
    parts = [
        _made_good(failed, again).with_columns(pl.lit("FAILED").alias("case"), due.dt.to_string("iso").alias("due")),
        late.with_columns(pl.lit("LATE").alias("case"), pay_day.dt.to_string("iso").alias("due")),
    ]
    return pl.concat([made(part, "R14", rule.clause, LATE_FIELDS) for part in parts])


def _is_repayment(failed: pl.DataFrame, window: Window) -> pl.Expr:
    """A row that says so, or that pays what failed for the same person, item and month."""
    said = pl.col("remark").str.contains_any(window.words("repaid_words")).fill_null(value=False)
    key = pl.struct("recipient_id", "item", "period")
    owed = not_null(failed, "recipient_id").select(key.alias("key"))["key"]
    return said | (pl.col("recipient_id").is_not_null() & key.is_in(owed.implode()))


def _made_good(failed: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    key = ["recipient_id", "item", "period"]
    first = again.sort("_paid", nulls_last=True).unique(key, keep="first", maintain_order=True)
    told = failed.join(first.select(*key, pl.col("paid_on").alias("repaid_on"), pl.lit("CLOSED").alias("state")), on=key, how="left",
                       nulls_equal=True, maintain_order="left")  # fmt: skip
    return told.with_columns(pl.col("state").fill_null("OPEN"))


def idle_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """R15, one case a payment row whose account lies idle or is full.

    `case`: REMIND (more than `remind_after_months` undrawn), ANALYSE (`analyse_from_months` and more: IDLE; or a large balance:
    LARGE_BALANCE), WHITELISTED (INSTITUTION_ACCOUNT). Pure. Clause: 黔南州民政局2021年度低保核查通知 二.
    """
    rule = rule or parameters("R15")
    window = rule.at(county, as_of)
    if window is None:
        return nothing(IDLE_FIELDS)
    idle, large = pl.col("idle_months"), pl.col("balance") >= window.number("large_balance")
    long = idle >= window.number("analyse_from_months")
    rows = payments(lists, f"{as_of:%Y-%m}").filter((idle > window.number("remind_after_months")).fill_null(value=False) | large)
    rows = rows.with_columns(is_institution(lists, window.words("institution_words")).alias("_house"))
    case = (
        pl.when("_house").then(pl.lit("WHITELISTED"))
        .when(long | large).then(pl.lit("ANALYSE"))
        .otherwise(pl.lit("REMIND"))
    )  # fmt: skip
    reason = (
        pl.when("_house").then(pl.lit("INSTITUTION_ACCOUNT"))
        .when(long).then(pl.lit("IDLE_LONG"))
        .when(large).then(pl.lit("LARGE_BALANCE"))
        .otherwise(pl.lit("IDLE"))
    )  # fmt: skip
    return made(rows.with_columns(case.alias("case"), reason.alias("reason")), "R15", rule.clause, IDLE_FIELDS)


def is_institution(lists: Lists, words: Sequence[str]) -> pl.Expr:
    """Whether `account_name` is a house that keeps people: one that the tekun roster names, or one whose name says it."""
    houses = accepted(lists, ("TEKUN_PERSON",), {"institution": pl.String})["institution"]
    named = pl.col("account_name").str.contains_any(list(words)).fill_null(value=False) & (pl.col("account_name").str.len_chars() >= 4)
    return named | among("account_name", houses)
