"""R1 Monitoring subject -> low-income-margin household member (监测对象直接认定为低保边缘家庭人口)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from consumers.rules.coverage import COVERING, DIBAO, by_person, rosters, tapering
from consumers.rules.deaths import revoked
from consumers.rules.frames import Lists, accepted, among, missing, not_null
from consumers.rules.parameters import RuleParameters, parameters
from consumers.rules.subjects import subjects

COLUMNS = ("subject", "household", "row", "id_number", "outcome", "reason", "flags", "clause", "list", "file", "codes")
COVERED_AS = {
    "DIBAO_RURAL": "COVERED_DIBAO", "DIBAO_URBAN": "COVERED_DIBAO", "TEKUN": "COVERED_TEKUN",
    "ORPHAN": "COVERED_ORPHAN", "DEFACTO_CHILD": "COVERED_DEFACTO",
}  # fmt: skip
NOT_APPLICABLE = (*dict.fromkeys(COVERED_AS.values()), "RISK_CLEARED_PRIOR_YEAR")
CANDIDATE = ("NEW_THIS_YEAR", "RISK_OPEN_PRIOR_YEAR")


@dataclass(frozen=True, slots=True)
class County:
    """The county whose bureau decides.

    Attributes:
        code: six digits.
        name: as hukou columns write it, such as 荔波县; None where unknown, then nobody is of another county.
    """

    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """What R1 says about a month's monitoring subjects.

    Attributes:
        rows: one row a subject, columns `COLUMNS`: `subject` String (unique), `household` String, `row` (`sheet!row`),
            `id_number` (internal, never shown), `outcome` CANDIDATE, NOT_APPLICABLE or NEEDS_REVIEW, `reason`, `flags`
            List(String), `clause`, `list`, `file`, `codes` List(String) (findings of a rejected row).
        households: `household`, `flag` (SINGLE_PERSON or HOUSEHOLD_GAP: candidates live beside dibao members), `members`,
            `candidates` Int32.
        missing: rosters of the month that nobody delivered.
    """

    rows: pl.DataFrame
    households: pl.DataFrame
    missing: tuple[str, ...]


def decide(lists: Lists, county: County, as_of: date, rule: RuleParameters | None = None) -> Decisions:
    """Decide on every subject of `MONITOR_PERSON` and `MONITOR_TOWN` by the rosters among the lists of the month.

    Pure. The tests run in the order of TRUTH.md §7 and the first hit names the reason; a person is covered by an accepted
    roster row with the same ID. Clause: 黔民发〔2023〕2号 二（三）二.
    """
    rule = rule or parameters("R1")
    window = rule.at(county.code, as_of)
    absent = tuple(missing(lists, COVERING))
    facts = _facts(lists, county, as_of)
    reason = pl.lit("RULE_INACTIVE") if window is None else _reason(as_of)
    if absent and window is not None and window.word("missing_roster") == "review":
        reason = pl.when(reason.is_in(CANDIDATE)).then(pl.lit("ROSTER_MISSING")).otherwise(reason)
    decided = (
        facts.with_columns(reason.alias("reason"))
        .with_columns(_outcome().alias("outcome"), pl.lit(rule.clause).alias("clause"), pl.col("_file").alias("file"))
        .with_columns(_flags(bool(absent)).alias("flags"))
    )
    return Decisions(decided.select(COLUMNS), _households(decided), absent)


def _facts(lists: Lists, county: County, as_of: date) -> pl.DataFrame:
    """The subjects with what the lists say about each: one Boolean or category a test."""
    found = subjects(lists)
    ours = among("id_number", found["id_number"])
    month = rosters(lists, (*COVERING, "MARGIN_PERSON"), ours)
    margin = pl.col("list") == "MARGIN_PERSON"
    rows = month.rows.filter(~margin)
    category = pl.col("category").replace_strict(COVERED_AS, return_dtype=pl.String)
    cover = by_person(rows).select("id_number", category.alias("cover"))
    notices = accepted(lists, ("DEATH",), {"id_number": pl.String, "remark": pl.String}, ours)
    places = found["hukou_county"].unique()
    foreign = pl.Series([place for place in places if elsewhere(county, place)], dtype=pl.String)
    dead = notices.group_by("id_number").agg(revoked(county.code, as_of).all().alias("revoked"))
    return (
        found.join(cover, on="id_number", how="left", maintain_order="left")
        .join(dead, on="id_number", how="left", maintain_order="left")
        .with_columns(
            pl.col("revoked").is_not_null().alias("dead"),
            pl.col("revoked").fill_null(value=False),
            among("id_number", _in_delayed_exit(lists, rows, tapering(lists, as_of, county.code))).alias("tapering"),
            among("id_number", month.rows.filter(margin)["id_number"]).alias("margin"),
            among("id_number", _held(found, month.held.filter(~margin))).alias("cover_held"),
            _claimed().alias("claimed"),
            among("hukou_county", foreign).alias("other_county"),
            (pl.col("cover").is_not_null() & pl.col("household").is_not_null()).sum().over("household").alias("covered_members"),
            _without_id().sum().over("household").alias("unmatched_members"),
        )
    )


def _in_delayed_exit(lists: Lists, rows: pl.DataFrame, heads: pl.DataFrame) -> pl.Series:
    """IDs of dibao rows of households in delayed exit; a row whose head is unreadable is met by the household's certificate."""
    dibao = rows.filter(pl.col("list").is_in(DIBAO))
    ours = among("head_id", heads["head_id"])
    headless = dibao.filter(pl.col("head_id").is_null(), pl.col("cert_no").is_not_null())
    if headless.height:
        certificates = accepted(lists, DIBAO, {"cert_no": pl.String}, ours)
        headless = headless.filter(among("cert_no", certificates["cert_no"]))
    return pl.concat([dibao.filter(ours)["id_number"], headless["id_number"]])


def _held(found: pl.DataFrame, held: pl.DataFrame) -> pl.Series:
    """IDs of persons whom a rejected roster row would cover.

    The same readable ID, else the same name and as head somebody of the household. The ID of a duplicate is another row's: it does
    not tell who its row is about.
    """
    nameless = held.filter(pl.col("id_number").is_null() | pl.col("_codes").list.contains("E-ID-DUP"))
    homes = not_null(found.select("household", pl.col("id_number").alias("head_id")), "household", "head_id")
    rows = not_null(nameless, "name", "head_id").join(homes, on="head_id").select("household", "name").unique()
    by_name = found.join(rows, on=["household", "name"], how="semi")
    return pl.concat([held["id_number"], by_name["id_number"]])


def _claimed() -> pl.Expr:
    """Two households list the same ID."""
    homes = pl.col("household").drop_nulls().n_unique().over("id_number")
    return pl.col("id_number").is_not_null() & (homes > 1)


def _without_id() -> pl.Expr:
    return pl.col("household").is_not_null() & pl.col("id_number").is_null() & ~pl.col("held")


def _invalid() -> pl.Expr:
    """The row has a number that is no ID: rejected for it, or not of its shape."""
    return pl.col("id_broken") | ~pl.col("id_number").str.contains(r"^[0-9]{17}[0-9X]$").fill_null(value=True)


def elsewhere(county: County, hukou: str | None) -> bool:
    """Whether a household register's place (户籍) lies in another county; an empty cell says nothing."""
    place = "".join((hukou or "").split())
    if county.name is None or not place:
        return False
    # 三都水族自治县 is 三都县 in most hands; the names of autonomous counties begin with two characters of their own.
    short = county.name[:2] if "自治" in county.name or len(county.name) == 2 else county.name.rstrip("县市区旗")
    return not (county.name in place or f"{short}县" in place or place == short or place.startswith(county.code))


def _reason(as_of: date) -> pl.Expr:
    """The first test that hits, in the order of TRUTH.md §7. Dates compare as text, so that a mere month is no later than its days."""
    identified = pl.col("risk_identified_on")
    this_year = identified.str.slice(0, 4) == str(as_of.year)
    cleared = pl.col("risk_cleared")
    tests: tuple[tuple[pl.Expr, pl.Expr], ...] = (
        (pl.col("id_number").is_null() & ~pl.col("held"), pl.lit("NO_ID")),
        (_invalid(), pl.lit("ID_INVALID")),
        (pl.col("claimed"), pl.lit("ID_CLAIMED_TWICE")),
        (pl.col("held"), pl.coalesce(pl.col("codes").list.first(), pl.lit("ROW_REJECTED"))),
        (pl.col("dead"), pl.lit("DEAD")),
        (pl.col("other_county"), pl.lit("OTHER_COUNTY")),
        (pl.col("cover").is_not_null(), pl.col("cover")),
        (pl.col("cover_held"), pl.lit("COVERAGE_ROW_REJECTED")),
        (identified.is_null(), pl.lit("RISK_DATE_MISSING")),
        (identified > as_of.isoformat(), pl.lit("DATE_AFTER_AS_OF")),
        (cleared.is_null(), pl.lit("RISK_STATUS_UNKNOWN")),
        (~cleared & pl.col("risk_cleared_on").is_not_null(), pl.lit("CONTRADICTION")),
        (this_year & cleared, pl.lit("CLEARED_SAME_YEAR")),
        (this_year, pl.lit("NEW_THIS_YEAR")),
        (cleared, pl.lit("RISK_CLEARED_PRIOR_YEAR")),
    )
    reason = pl.lit("RISK_OPEN_PRIOR_YEAR")
    for test, name in reversed(tests):
        reason = pl.when(test).then(name).otherwise(reason)
    return reason


def _outcome() -> pl.Expr:
    return (
        pl.when(pl.col("reason").is_in(CANDIDATE)).then(pl.lit("CANDIDATE"))
        .when(pl.col("reason").is_in(NOT_APPLICABLE)).then(pl.lit("NOT_APPLICABLE"))
        .otherwise(pl.lit("NEEDS_REVIEW"))
    )  # fmt: skip


def _flags(roster_missing: bool) -> pl.Expr:
    """Remarks on a decision, in this order; none of them changes it."""
    candidate = pl.col("outcome") == "CANDIDATE"
    covered = pl.col("reason").is_in(tuple(COVERED_AS.values()))
    marks = {
        "PARTIAL": candidate & (pl.col("covered_members") > 0) & pl.col("household").is_not_null(),
        "UNMATCHED_MEMBER": (pl.col("unmatched_members") - _without_id().cast(pl.Int32) > 0) & pl.col("household").is_not_null(),
        "TAPERING": covered & pl.col("tapering"),
        "ALREADY_MARGIN": pl.col("margin") & ~covered,
        "NOTICE_REVOKED": (pl.col("reason") == "DEAD") & pl.col("revoked"),
        "ROSTER_MISSING": candidate & pl.lit(roster_missing),
    }
    # Joined and taken apart again: a list of nullable marks costs four times as much.
    words = [pl.when(test).then(pl.lit(f"{name} ")) for name, test in marks.items()]
    return pl.concat_str(words, ignore_nulls=True).str.extract_all("[A-Z_]+")


def _households(decided: pl.DataFrame) -> pl.DataFrame:
    """Households with candidates beside dibao members: 单人保, or a gap within the household (户内漏保)."""
    homes = (
        not_null(decided.select("household", "cover", "outcome"), "household")
        .group_by("household", maintain_order=True)
        .agg(
            (pl.col("cover") == "COVERED_DIBAO").sum().cast(pl.Int32).alias("members"),
            (pl.col("outcome") == "CANDIDATE").sum().cast(pl.Int32).alias("candidates"),
        )
    )
    flag = pl.when(pl.col("members") == 1).then(pl.lit("SINGLE_PERSON")).otherwise(pl.lit("HOUSEHOLD_GAP"))
    found = homes.filter(pl.col("members") > 0, pl.col("candidates") > 0)
    return found.select("household", flag.alias("flag"), "members", "candidates")
