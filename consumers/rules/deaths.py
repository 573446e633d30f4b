"""R4 Death -> review of the household within three months; R5 dead head -> new head and account in the month after (死亡核查)."""

from __future__ import annotations

from datetime import date

import polars as pl

from consumers.rules.coverage import DIBAO, Rosters, by_person, rosters
from consumers.rules.frames import PLACE, Lists, Schema, accepted, among, not_null, rejected
from consumers.rules.namesakes import namesakes, unreadable_notices, unreadable_rows
from consumers.rules.parameters import RuleParameters, Window, parameters

NOTICE: Schema = {**PLACE, "id_number": pl.String, "name": pl.String, "sex": pl.String, "death_date": pl.String, "remark": pl.String}
CASE: Schema = {
    "rule": pl.String, "case": pl.String, "id_number": pl.String, "reason": pl.String, "clause": pl.String,
    "category": pl.String, "household": pl.String, "death_date": pl.String,
    "r4_due": pl.String, "r4_overdue": pl.Boolean, "r5_due": pl.String, "r5_overdue": pl.Boolean, "payee_hold_from": pl.String,
    "row": pl.String, "file": pl.String,
}  # fmt: skip
DIBAO_CATEGORIES = ("DIBAO_RURAL", "DIBAO_URBAN")
ORDER = ("STOP", "RECHECK", "NEEDS_REVIEW", "OTHER_CATEGORY", "MONITOR_SUBJECT", "NONE")


def death_cases(lists: Lists, county: str, as_of: date, rule: RuleParameters | None = None) -> pl.DataFrame:
    """Cases from the funeral list (`DEATH`) against the rosters of the month, one a person, columns `CASE`.

    `case`: STOP (the only covered person of the household: a proposal, a second source is asked for before payment ends),
    RECHECK (others are covered too; for a dead head with R5's dates), NEEDS_REVIEW (`reason` DEATH_DATE_MISSING,
    DEATH_AFTER_AS_OF, NOTICE_REVOKED, NOTICE_ROW_REJECTED, ID_INVALID_NAME_MATCH, ROSTER_ROW_REJECTED, RULE_INACTIVE),
    OTHER_CATEGORY (the clause speaks of dibao households), MONITOR_SUBJECT (on no roster, but monitored), NONE (a namesake).
    Dates are days, `payee_hold_from` a month. Pure. Clauses: 黔民发〔2023〕2号 二（一）三 and, for heads, its prefecture's notice.
    """
    rule = rule or parameters("R4")
    window = rule.at(county, as_of)
    notices = _notices(lists, county, as_of)
    sure = notices.filter(pl.col("id_number").is_not_null())
    month = _people(lists, notices)
    people = _persons(lists, month)
    known = sure.join(people, on="id_number", how="inner", maintain_order="left")
    strangers = sure.join(people.select("id_number"), on="id_number", how="anti", maintain_order="left")
    parts = [
        _of_recipients(known, rule, window, as_of),
        unreadable_notices(notices.filter(pl.col("id_number").is_null()), people),
        unreadable_rows(strangers, month.held),
        _of_monitored(lists, strangers),
        namesakes(strangers, people),
    ]
    return _one_a_person(parts)


def revoked(county: str, as_of: date) -> pl.Expr:
    """Whether the `remark` of a death notice takes it back (误报, 健在 ...)."""
    window = parameters("R4").at(county, as_of)
    if window is None:
        return pl.lit(value=False)
    return pl.col("remark").str.contains_any(window.words("revoked_words")).fill_null(value=False)


def _notices(lists: Lists, county: str, as_of: date) -> pl.DataFrame:
    """Accepted and rejected notices: `held`, `revoked`, `raw`; an exact duplicate of an accepted one is none."""
    good = accepted(lists, ("DEATH",), NOTICE).with_columns(pl.lit(value=False).alias("held"), pl.lit(None, dtype=pl.String).alias("raw"))
    bad = rejected(lists, ("DEATH",), NOTICE).with_columns(pl.lit(value=True).alias("held"), pl.col("_raw").alias("raw"))
    duplicate = pl.col("_codes").list.contains("E-ID-DUP")
    bad = bad.join(good.select("id_number", "name"), on=["id_number", "name"], how="anti", maintain_order="left")
    bad = bad.with_columns(pl.when(~duplicate).then("id_number").alias("id_number")).drop("_codes", "_raw")
    both = pl.concat([good, bad])
    first = not_null(both, "id_number").unique("id_number", keep="first", maintain_order=True)
    rest = both.filter(pl.col("id_number").is_null())
    return pl.concat([first, rest]).with_columns(revoked(county, as_of).alias("revoked"))


def _people(lists: Lists, notices: pl.DataFrame) -> Rosters:
    """Roster rows about whose ID or name there is a notice; of the held ones all, but for duplicates."""
    month = rosters(lists, keep=among("id_number", notices["id_number"]) | among("name", notices["name"]))
    return Rosters(month.rows, month.held.filter(~pl.col("_codes").list.contains("E-ID-DUP")))


def _persons(lists: Lists, month: Rosters) -> pl.DataFrame:
    """Persons on a roster, a held row with a readable ID included.

    Columns: `id_number`, `category`, `head_id`, `relation`, `person` (name), `covered` (persons of the household on the same dibao
    list, held rows and the household list's word counted; null where the household is not known).
    """
    found = pl.concat([month.rows, month.held.drop("_codes", "_raw")])
    ours = among("head_id", found["head_id"]) | among("cert_no", found["cert_no"])
    home: Schema = {"head_id": pl.String, "cert_no": pl.String}
    rows = pl.concat([accepted(lists, DIBAO, home, ours), month.held.filter(pl.col("list").is_in(DIBAO)).select("list", *home)])
    size: Schema = {"head_id": pl.String, "covered_size": pl.Int32}
    told = not_null(accepted(lists, ("DIBAO_RURAL_HOUSEHOLD",), size), "head_id").with_columns(pl.lit(DIBAO[0]).alias("list"))
    sizes = (
        (_count(rows, "head_id"), "head_id"),
        (_count(rows, "cert_no"), "cert_no"),
        (told.group_by("list", "head_id").agg(pl.col("covered_size").max().alias("told_head_id")), "head_id"),
    )
    for counted, key in sizes:
        found = found.join(counted, on=["list", key], how="left", maintain_order="left")
    covered = pl.max_horizontal("size_head_id", "size_cert_no", "told_head_id")
    each = by_person(found.with_columns(covered.alias("covered")))
    return each.select("id_number", "category", "head_id", "relation", pl.col("name").alias("person"), "covered")


def _count(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Dibao rows by household, as this key tells households apart."""
    return not_null(rows, key).group_by("list", key).agg(pl.len().cast(pl.Int32).alias(f"size_{key}"))


def _of_recipients(known: pl.DataFrame, rule: RuleParameters, window: Window | None, as_of: date) -> pl.DataFrame:
    """Cases of the dead whose ID stands on a roster."""
    if window is None:
        return known.with_columns(
            pl.lit("NEEDS_REVIEW").alias("case"), pl.lit("RULE_INACTIVE").alias("reason"), pl.lit(rule.clause).alias("clause")
        )
    day = pl.col("death_date").str.to_date("%Y-%m-%d", strict=False)
    dibao = pl.col("category").is_in(DIBAO_CATEGORIES)
    head = ((pl.col("id_number") == pl.col("head_id")) | (pl.col("relation") == "02")).fill_null(value=False)
    doubts = {
        "NOTICE_REVOKED": pl.col("revoked"),
        "DEATH_DATE_MISSING": day.is_null(),
        "DEATH_AFTER_AS_OF": day > as_of,
        "NOTICE_ROW_REJECTED": pl.col("held"),
    }
    doubt = pl.coalesce(pl.when(test).then(pl.lit(name)) for name, test in doubts.items())
    alone = pl.col("covered") == 1
    case = (
        pl.when(doubt.is_not_null()).then(pl.lit("NEEDS_REVIEW"))
        .when(~dibao).then(pl.lit("OTHER_CATEGORY"))
        .when(alone).then(pl.lit("STOP")).otherwise(pl.lit("RECHECK"))
    )  # fmt: skip
    sure = pl.coalesce(
        pl.when(~dibao).then("category"),
        pl.when(alone).then(pl.lit("ONLY_COVERED_PERSON")),
        pl.when(head).then(pl.lit("HEAD_DEAD")),
        pl.lit("MEMBER_DEAD"),
    )
    dated = known.with_columns(day.alias("_day"), case.alias("case"), pl.coalesce(doubt, sure).alias("reason"))
    reviewed, changed = pl.col("case").is_in(["STOP", "RECHECK"]), (pl.col("case") == "RECHECK") & head
    r4 = pl.col("_day").dt.offset_by(f"{window.number('review_months')}mo")
    r5 = pl.col("_day").dt.offset_by(f"{window.number('head_change_months')}mo").dt.month_end()
    clauses = pl.when(changed).then(pl.lit(f"{rule.clause}；{window.word('head_clause')}")).when(dibao).then(pl.lit(rule.clause))
    return dated.with_columns(
        clauses.alias("clause"),
        pl.col("head_id").alias("household"),
        pl.when(reviewed).then(r4.dt.to_string("iso")).alias("r4_due"),
        pl.when(reviewed).then(r4 < as_of).alias("r4_overdue"),
        pl.when(changed).then(r5.dt.to_string("iso")).alias("r5_due"),
        pl.when(changed).then(r5 < as_of).alias("r5_overdue"),
        pl.when(changed).then(pl.col("_day").dt.strftime("%Y-%m")).alias("payee_hold_from"),
    )


def _of_monitored(lists: Lists, strangers: pl.DataFrame) -> pl.DataFrame:
    """Dead monitoring subjects on no roster: R1 puts them under review."""
    who: Schema = {"id_number": pl.String}
    rows = (accepted(lists, ("MONITOR_PERSON",), who), rejected(lists, ("MONITOR_PERSON",), who))
    listed = pl.concat([frame.select("id_number") for frame in rows])
    found = strangers.filter(among("id_number", listed["id_number"]))
    return found.with_columns(pl.lit("MONITOR_SUBJECT").alias("case"), pl.lit("DEAD").alias("reason"))


def _one_a_person(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The cases in the columns `CASE`; of several about one person the most serious."""
    place = pl.format("{}!{}", pl.col("_sheet").fill_null(""), pl.col("_row"))
    placed = [p.with_columns(place.alias("row"), pl.col("_file").alias("file"), pl.lit("R4").alias("rule")) for p in parts]
    stacked = pl.concat([pl.DataFrame(schema=CASE), *(p.select(c for c in CASE if c in p.columns) for p in placed)], how="diagonal")
    order = pl.col("case").replace_strict({c: i for i, c in enumerate(ORDER)}, return_dtype=pl.Int8)
    return stacked.sort(order, maintain_order=True).unique("id_number", keep="first", maintain_order=True)
