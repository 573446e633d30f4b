"""How somebody is new (新增户、户内新增人、重新纳入、类别转换): rosters and registers say it, and the change list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from producers.increments.month import Month, absent, among, not_null, present, same_person

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
    numbered = rows.with_row_index("_n")
    moved = pl.concat([evidence.others["id_number"], _said(changes, "TRANSFER")])
    returned = pl.concat([exits["id_number"], _said(changes, "REINCLUDED")])
    unreadable = same_person(numbered, exits.filter(pl.col("id_number").is_null()))
    kind = (
        pl.when(among("id_number", moved)).then(pl.lit("TRANSFER"))
        .when(among("id_number", returned) | among("_n", unreadable["_n"])).then(pl.lit("REINCLUDED"))
        .when(_of_known_household(rows, evidence.base, evidence.current)).then(pl.lit("NEW_PERSON"))
        .otherwise(pl.lit("NEW_HOUSEHOLD"))
    )  # fmt: skip
    return numbered.with_columns(kind.alias("change_type")).drop("_n")


def _said(changes: pl.DataFrame, kind: str) -> pl.Series:
    return changes.filter(pl.col("change_type") == kind)["id_number"]


def _of_known_household(rows: pl.DataFrame, base: Month, current: Month) -> pl.Expr:
    """Whether the household was there: its head stands in the base, or one of its present members does.

    A row whose head is unreadable is met by the household's certificate.
    """
    asked = rows["head_id"]
    heads = base.rows.filter(among("head_id", asked))["head_id"]
    persons = base.ids.filter(among("id_number", asked))["id_number"]
    stayed = present(current.rows.filter(among("head_id", asked)), base.ids)["head_id"]
    known = among("head_id", pl.concat([heads, persons, stayed]))
    headless = rows.filter(pl.col("head_id").is_null())
    if headless.is_empty():
        return known
    certificates = not_null(base.rows.filter(among("cert_no", headless["cert_no"])), "head_id")["cert_no"]
    return known | (pl.col("head_id").is_null() & among("cert_no", certificates))


def left_related(name: str, base: Mapping[str, Month], current: Mapping[str, Month]) -> pl.DataFrame:
    """`id_number` of last month's rows of the related rosters that are gone from them; of a roster missing this month all are."""
    parts = [pl.DataFrame(schema={"id_number": pl.String})]
    for other in RELATED:
        if other != name and other in base:
            ids = base[other].ids
            parts.append(absent(ids, current[other].ids) if other in current else ids)
    return pl.concat(parts)
