"""R12 The answer owed for every subject (核实结果): the town's where it gave one, else what registration and R1 say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from consumers.rules.coverage import rosters
from consumers.rules.deaths import revoked
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, not_null, pick, rejected
from consumers.rules.margin import COVERED_AS
from consumers.rules.parameters import RuleParameters, parameters

ANSWER: Schema = {
    **PLACE, "household_no": pl.String, "person_no": pl.String, "name": pl.String, "id_number": pl.String, "answer": pl.String,
    "answer_text": pl.String, "reason_text": pl.String, "verified_income": pl.Int64, "verified_on": pl.String,
}  # fmt: skip
OUTCOME: Schema = {
    "subject": pl.String, "household": pl.String, "answer": pl.String, "check": pl.String, "why": pl.String, "final": pl.Boolean,
    "source": pl.String, "answer_text": pl.String, "reason_text": pl.String, "verified_income": pl.Int64, "verified_on": pl.String,
    "id_number": pl.String, "clause": pl.String,
}  # fmt: skip
DECIDED: Schema = {"subject": pl.String, "household": pl.String, "id_number": pl.String, "outcome": pl.String, "reason": pl.String}
BY_RULE = {**dict.fromkeys(COVERED_AS.values(), "ALREADY_COVERED"), "RISK_CLEARED_PRIOR_YEAR": "NOT_IN_RULE"}


def outcomes(
    decisions: pl.DataFrame, lists: Lists, confirmed: Sequence[str], *, county: str, at: date, rule: RuleParameters | None = None
) -> pl.DataFrame:
    """One answer a subject, columns `OUTCOME`: every subject of R1's decisions and every person the towns answered for.

    Without a town's answer (`VERIFY_ANSWER`): RECOGNISED_MARGIN where both bureaus confirmed, else by R1 ALREADY_COVERED or
    NOT_IN_RULE, else VERIFYING. `check` (`why`): INCOMPLETE (PERSON_WITHOUT_ANSWER), REJECTED (the finding's code),
    NEEDS_SECOND_SOURCE (NOT_IN_FUNERAL_LIST), CONFLICT (NOT_ON_ANY_ROSTER, ON_ROSTER, REGISTERED), else OK. VERIFYING and
    TEMP_RELIEF are never final, and what a town left out or wrote unreadably neither. Pure.

    Args:
        decisions: `Decisions.rows` of R1.
        lists: the towns' answers, the funeral list and the rosters that the answers are held against.
        confirmed: subjects whose registration both bureaus confirmed.
    """
    rule = rule or parameters("R12")
    window = rule.at(county, at)
    open_answers = window.words("not_final") if window else ["VERIFYING", "TEMP_RELIEF"]
    own = pick(decisions, DECIDED)
    answered = (
        _asked(own, _towns(lists, own), lists, confirmed, county=county, at=at)
        .with_columns(_check().alias("check"))
        .with_columns(_answer(open_answers).alias("answer"), _source(open_answers).alias("source"))
    )
    final = ~pl.col("answer").is_in(open_answers) & ~pl.col("check").is_in(["INCOMPLETE", "REJECTED"])
    told = answered.with_columns(_why().alias("why"), final.alias("final"), pl.lit(rule.clause).alias("clause"))
    return told.select(*OUTCOME)


def _asked(own: pl.DataFrame, towns: pl.DataFrame, lists: Lists, confirmed: Sequence[str], *, county: str, at: date) -> pl.DataFrame:
    """Every subject with the town's row about it and what the other lists say: `registered`, `on_roster`, `in_funeral_list`."""
    joined = own.join(towns, on="subject", how="full", coalesce=True, maintain_order="left_right").with_columns(
        pl.coalesce("household", "household_no").alias("household"), pl.coalesce("id_number", "id_town").alias("id_number")
    )
    ours = among("id_number", joined["id_number"])
    month = rosters(lists, keep=ours)
    notices = accepted(lists, ("DEATH",), {"id_number": pl.String, "remark": pl.String}, ours)
    return joined.with_columns(
        pl.col("subject").is_in(list(confirmed)).alias("registered"),
        (pl.col("reason") == "COVERAGE_ROW_REJECTED").fill_null(value=False).alias("cover_held"),
        among("id_number", pl.concat([month.rows["id_number"], month.held["id_number"]])).alias("on_roster"),
        among("id_number", notices.filter(~revoked(county, at))["id_number"]).alias("in_funeral_list"),
    )


def _towns(lists: Lists, own: pl.DataFrame) -> pl.DataFrame:
    """The towns' rows, one a subject (an accepted one first): `subject`, `row_state` (ACCEPTED or REJECTED), `codes`, `town_answer`
    and the answer's fields. A row without the sender's person number is met by ID; else it is a subject of its own."""
    good = accepted(lists, ("VERIFY_ANSWER",), ANSWER).with_columns(
        pl.lit([], dtype=pl.List(pl.String)).alias("codes"), pl.lit("ACCEPTED").alias("row_state")
    )
    bad = rejected(lists, ("VERIFY_ANSWER",), ANSWER).rename({"_codes": "codes"}).with_columns(pl.lit("REJECTED").alias("row_state"))
    by_id = (
        not_null(own, "id_number")
        .unique("id_number", keep="first", maintain_order=True)
        .select("id_number", pl.col("subject").alias("_by_id"))
    )
    numbered = pl.when(pl.col("person_no").is_in(own["subject"].to_list())).then("person_no")
    place = pl.format("{}#{}", pl.col("_file").fill_null(""), "_row")
    return (
        pl.concat([good, bad.drop("_raw")])
        .join(by_id, on="id_number", how="left", maintain_order="left")
        .with_columns(pl.coalesce(numbered, "_by_id", "person_no", place).alias("subject"))
        .unique("subject", keep="first", maintain_order=True)
        .rename({"answer": "town_answer", "id_number": "id_town"})
        .drop("_by_id", "person_no", "name", "list", *PLACE)
    )


def _check() -> pl.Expr:
    said = pl.col("town_answer")
    covered = pl.col("on_roster") | pl.col("cover_held")
    conflict = (
        ((said == "ALREADY_COVERED") & ~covered)
        | ((said == "NOT_FOUND") & pl.col("on_roster"))
        | (pl.col("registered") & ~said.is_in(["RECOGNISED_MARGIN", "VERIFYING", "TEMP_RELIEF"]))
    )
    return (
        pl.when(pl.col("row_state") == "REJECTED").then(pl.lit("REJECTED"))
        .when((pl.col("row_state") == "ACCEPTED") & said.is_null()).then(pl.lit("INCOMPLETE"))
        .when((said == "DEAD") & ~pl.col("in_funeral_list")).then(pl.lit("NEEDS_SECOND_SOURCE"))
        .when(conflict).then(pl.lit("CONFLICT"))
        .otherwise(pl.lit("OK"))
    )  # fmt: skip


def _by_registration(open_answers: list[str]) -> pl.Expr:
    """Both bureaus' confirmation answers where no town said anything final."""
    said = pl.col("town_answer")
    return pl.col("registered") & (said.is_null() | said.is_in(open_answers)) & ~pl.col("check").is_in(["INCOMPLETE", "REJECTED"])


def _answer(open_answers: list[str]) -> pl.Expr:
    by_rule = pl.col("reason").replace_strict(BY_RULE, default="VERIFYING", return_dtype=pl.String)
    town = pl.when(pl.col("row_state").is_not_null()).then(pl.coalesce("town_answer", pl.lit("VERIFYING")))
    return (
        pl.when(_by_registration(open_answers)).then(pl.lit("RECOGNISED_MARGIN")).otherwise(pl.coalesce(town, by_rule, pl.lit("VERIFYING")))
    )


def _source(open_answers: list[str]) -> pl.Expr:
    return (
        pl.when(_by_registration(open_answers)).then(pl.lit("REGISTRATION"))
        .when(pl.col("row_state").is_not_null()).then(pl.lit("TOWN"))
        .otherwise(pl.lit("RULE"))
    )  # fmt: skip


def _why() -> pl.Expr:
    """The reason of a check that is not OK; of an answer by rule, R1's reason."""
    said = pl.col("town_answer")
    why = {
        "PERSON_WITHOUT_ANSWER": pl.col("check") == "INCOMPLETE",
        "NOT_IN_FUNERAL_LIST": pl.col("check") == "NEEDS_SECOND_SOURCE",
        "NOT_ON_ANY_ROSTER": (pl.col("check") == "CONFLICT") & (said == "ALREADY_COVERED"),
        "ON_ROSTER": (pl.col("check") == "CONFLICT") & (said == "NOT_FOUND") & pl.col("on_roster"),
        "REGISTERED": pl.col("check") == "CONFLICT",
    }
    rejected_for = pl.when(pl.col("check") == "REJECTED").then(pl.coalesce(pl.col("codes").list.first(), pl.lit("ROW_REJECTED")))
    by_rule = pl.when(pl.col("source") == "RULE").then("reason")
    return pl.coalesce(rejected_for, *(pl.when(test).then(pl.lit(name)) for name, test in why.items()), by_rule)
