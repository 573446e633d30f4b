"""How somebody is new (新增户、户内新增人、重新纳入、类别转换): rosters and registers say it, and the change list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from producers.increments.month import Month, absent, not_null, same_person

RELATED = ("DIBAO_RURAL_PERSON", "DIBAO_URBAN_PERSON", "TEKUN_PERSON")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells how somebody is new.

    Attributes:
        base, current: both months of the list.
        others: `id_number` of last month's rows of a related roster that are gone from it.
        exits: the exit register: `id_number`, `name`, `head_id`, `cert_no`.
        changes: the change list: `id_number`, `change_type`.
    """

    base: Month
    current: Month
    others: pl.DataFrame
    exits: pl.DataFrame
    changes: pl.DataFrame


def with_change_type(rows: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """`change_type` beside each row: the first of TRANSFER, REINCLUDED, NEW_PERSON, NEW_HOUSEHOLD that holds."""
    exits, changes = evidence.exits, evidence.changes
    marks = {
        "_transfer": rows.join(pl.concat([evidence.others, _said(changes, "TRANSFER")]), on="id_number", how="semi"),
        "_back": pl.concat([rows.join(_returned(exits, changes), on="id_number", how="semi"), _unreadable_exit(rows, exits)]),
        "_known_home": _of_known_household(rows, evidence.base, evidence.current),
    }
    place = ["_file", "_sheet", "_row"]
    for name, found in marks.items():
        marked = found.select(*place, pl.lit(value=True).alias(name)).unique()
        rows = rows.join(marked, on=place, how="left", nulls_equal=True, maintain_order="left")
    kind = (
        pl.when("_transfer").then(pl.lit("TRANSFER"))
        .when("_back").then(pl.lit("REINCLUDED"))
        .when("_known_home").then(pl.lit("NEW_PERSON"))
        .otherwise(pl.lit("NEW_HOUSEHOLD"))
    )  # fmt: skip
    return rows.with_columns(kind.alias("change_type")).drop(list(marks))


def _said(changes: pl.DataFrame, kind: str) -> pl.DataFrame:
    return not_null(changes.filter(pl.col("change_type") == kind), "id_number").select("id_number")


def _returned(exits: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([not_null(exits, "id_number").select("id_number"), _said(changes, "REINCLUDED")])


def _unreadable_exit(rows: pl.DataFrame, exits: pl.DataFrame) -> pl.DataFrame:
    """Rows whose person left in a row of the register without a readable number."""
    return same_person(rows, exits.filter(pl.col("id_number").is_null()))


def _of_known_household(rows: pl.DataFrame, base: Month, current: Month) -> pl.DataFrame:
    """Rows whose household was there: its head stands in the base, or one of its present members does."""
    heads = pl.concat([base.rows.select("head_id"), base.ids.rename({"id_number": "head_id"})])
    stayed = current.rows.join(base.ids, on="id_number", how="semi").select("head_id")
    known = not_null(pl.concat([heads, stayed]), "head_id").unique()
    by_head = rows.join(known, on="head_id", how="semi")
    certificates = not_null(base.rows, "cert_no", "head_id").select("cert_no").unique()
    headless = rows.filter(pl.col("head_id").is_null()).join(certificates, on="cert_no", how="semi")
    return pl.concat([by_head, headless])


def left_related(name: str, base: Mapping[str, Month], current: Mapping[str, Month]) -> pl.DataFrame:
    """`id_number` of last month's rows of the related rosters that are gone from them; of a roster missing this month all are."""
    parts = [pl.DataFrame(schema={"id_number": pl.String})]
    for other in RELATED:
        if other != name and other in base:
            rows = not_null(base[other].rows, "id_number")
            parts.append((absent(rows, current[other].ids) if other in current else rows).select("id_number"))
    return pl.concat(parts).unique()
