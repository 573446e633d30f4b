"""Who is absent from a snapshot and yet not known to have left: the *unconfirmed* rows that a recipient keeps from last month.

A row that was held for a typing error must never end somebody's aid at another department. Held rows are matched to last
month's; whoever they may stand for stays on the recipient's list, marked so. Everyone else who is absent is gone.
Where it is in doubt, a row is kept: a stale row is put right next month, an aid that ended is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from contracts.feeds import Feed, Source
from contracts.ids import Period
from contracts.views import View
from producers.households import LIST, TOWN_DIGITS
from producers.views import passes

Towns = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One way to recognise a row: columns of the held row, columns of the contract row.

    `name` is the contract's column that must equal the held row's name before a row that is *present* counts as recognised:
    an ID typed into another person's row is no proof that this other person is the one who is held.
    """

    held: tuple[str, ...]
    known: tuple[str, ...]
    name: str | None = None


_RULES: Mapping[str, Sequence[_Rule]] = {
    "person": (
        _Rule(("id_number",), ("id_number",), "name"),
        _Rule(("name", "cert_no"), ("name", "cert_no")),
        _Rule(("name", "head_id"), ("name", "head_id")),
    ),
    "household": (
        _Rule(("head_id",), ("head_id",)),
        _Rule(("id_number",), ("head_id",), "head_name"),
        _Rule(("cert_no",), ("cert_no",)),
    ),
    "subject": (
        _Rule(("person_no",), ("person_no",)),
        _Rule(("id_number",), ("id_number",), "name"),
        _Rule(("name", "household_no"), ("name", "household_no")),
    ),
}


def unconfirmed(
    feed: Feed,
    view: View,
    period: Period,
    *,
    current: pl.DataFrame,
    last: pl.DataFrame,
    held: Mapping[str, pl.DataFrame],
    waiting: Mapping[str, Towns | None],
    held_before: Mapping[str, pl.DataFrame] = MappingProxyType({}),
) -> pl.DataFrame:
    """Keys of last month's rows that the recipient of a snapshot keeps, unconfirmed.

    Matching, in this order: ID; else name and certificate number; else name and head (households: head's ID, own ID as a
    head's, certificate number; subjects: person number, ID, name and household number). A held row that matches nobody keeps
    the absent of its town; without a readable town, the absent of its categories.

    Args:
        feed: of the catalogue; only snapshots have absent rows.
        view: of the recipient. A row that it would not show this month any more (its age) is gone, held or not.
        period: of the edition; `last` is of the month before.
        current: this month's contract rows of all lists (`assemble`), before any view.
        last: what the recipient may have: last month's contract rows, with those of earlier months that were unconfirmed then.
        held: rejected rows by source list; such as were held whole with their file belong here too.
        held_before: last month's rejected rows by source list. Who was held then and is held again stands for himself, and
            not for whoever else of his town is absent. Without them more is kept than need be.
        waiting: lists of which nobody is gone yet: a missing one with None, a partial one with the names or codes of the
            towns still to come.

    Returns:
        The view's key columns, sorted, no row twice.
    """
    if feed.kind != "snapshot":
        return last.clear().select(view.key)
    sent = last.filter(passes(view, period.previous) & passes(view, period))
    absent = sent.join(current, on=list(view.key), how="anti", maintain_order="left").with_row_index("_n")
    kept = [pl.Series("_n", [], pl.UInt32)]
    for source in feed.drawn_from:
        if source.role != "rows":
            continue
        mine = absent.filter(_of(source))
        if source.list in waiting:
            kept.append(mine.filter(in_towns(waiting[source.list]))["_n"])
        rows = held.get(source.list)
        if rows is not None and rows.height:
            rules = _RULES[feed.grain]
            still_held = held_before.get(source.list, rows.clear())
            kept.append(_claimed(rows, mine, current.filter(_of(source)), rules, still_held))
    chosen = absent.filter(pl.col("_n").is_in(pl.concat(kept).implode()))
    return chosen.select(view.key).unique().sort(view.key)


def _of(source: Source) -> pl.Expr:
    """Contract rows that a list answers for: its own, and those of its categories."""
    mine = pl.col(LIST) == source.list
    return mine | pl.col("category").is_in(source.categories) if source.categories else mine


def in_towns(towns: Towns | None) -> pl.Expr:
    """Rows of the towns; of every town where it is None. A row whose town is unknown may be of any."""
    if towns is None:
        return pl.lit(value=True)
    names, code = sorted(towns), pl.col("village_code").str.slice(0, TOWN_DIGITS)
    unknown = pl.col("town").is_null() & code.is_null()
    return unknown | pl.col("town").is_in(names).fill_null(value=False) | code.is_in(names).fill_null(value=False)


def _claimed(
    rows: pl.DataFrame, absent: pl.DataFrame, present: pl.DataFrame, rules: Sequence[_Rule], still_held: pl.DataFrame
) -> pl.Series:
    """`_n` of the absent rows that held rows of one list may stand for."""
    open_rows, kept = rows.with_row_index("_held"), [pl.Series("_n", [], pl.UInt32)]
    for rule in rules:
        if not set(rule.held) <= set(rows.columns):
            continue
        found = _pairs(open_rows, absent, rule, "_n")
        kept.append(found["_n"])
        again = _pairs(open_rows, present.with_row_index("_p"), rule, "_p")
        if rule.name is not None:
            again = again.filter(pl.col("name") == pl.col("_name")) if "name" in again.columns else again.clear()
        done = pl.concat([found["_held"], again["_held"]])
        open_rows = open_rows.filter(~pl.col("_held").is_in(done.implode()))
    for rule in rules:
        same = list(rule.held) if rule.name is None else [*rule.held, "name"]
        if set(same) <= set(rows.columns) & set(still_held.columns):
            open_rows = open_rows.join(still_held, on=same, how="anti", nulls_equal=False)
    kept.append(_of_their_towns(open_rows, absent))
    return pl.concat(kept)


def _pairs(rows: pl.DataFrame, known: pl.DataFrame, rule: _Rule, index: str) -> pl.DataFrame:
    """Held rows beside the contract rows that a rule recognises in them; null equals nothing."""
    name = [pl.col(rule.name).alias("_name")] if rule.name is not None else []
    right = known.select(index, *name, *(pl.col(c).alias(f"_k{n}") for n, c in enumerate(rule.known)))
    return rows.join(right, left_on=list(rule.held), right_on=[f"_k{n}" for n in range(len(rule.known))], how="inner", nulls_equal=False)


def _of_their_towns(rows: pl.DataFrame, absent: pl.DataFrame) -> pl.Series:
    """`_n` of the absent of the towns of held rows that nobody was recognised in."""
    if not rows.height:
        return absent["_n"].clear()
    nothing = pl.lit(None, pl.String)
    town = pl.col("town") if "town" in rows.columns else nothing
    code = pl.col("village_code").str.slice(0, TOWN_DIGITS) if "village_code" in rows.columns else nothing
    places = rows.select(town.alias("town"), code.alias("code"))
    if places.filter(pl.col("town").is_null() & pl.col("code").is_null()).height:
        return absent["_n"]
    return absent.filter(in_towns(frozenset(places["town"].drop_nulls()) | frozenset(places["code"].drop_nulls())))["_n"]
