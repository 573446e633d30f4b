"""The difference of a list to the month before (与上月相比): who is new, gone, changed; what a clerk looks at before anything goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from contracts.frames import ListFrames
from contracts.lists.source import SourceList, source_list
from producers.unconfirmed import Towns, in_towns

_EVENTS = ("DEATH", "VERIFY_ANSWER")
_KEY, _NOW = "_key", "_now"
_PLACE = ("_sheet", "_row", "_file")
_WAYS = (("name", "cert_no"), ("name", "head_id"))
"""How a held row is recognised whose own number cannot be read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A list against the month before, in rows.

    Attributes:
        before, now: accepted rows of both months, towns that are still to come left out of the first.
        new: accepted now, neither accepted nor held then; gone: the other way round.
        held: accepted then, held now, so not gone; mended: held then, accepted now, so not new.
        renumbered: the same name and certificate number under another ID; they are among the changed.
        changed: accepted in both months with another value in some field; fields: how many rows in which.
        lost: fields that most rows had a value in then and none has now: a column that is missing, most likely.
        waiting: rows of the month before whose town is still to come.
    """

    list: str
    before: int
    now: int
    new: int
    gone: int
    held: int
    mended: int
    renumbered: int
    changed: int
    fields: Mapping[str, int]
    lost: tuple[str, ...]
    waiting: int

    @property
    def nothing(self) -> bool:
        """Every row is as it was the month before."""
        return self.now > 0 and not (self.new or self.gone or self.held or self.mended or self.changed or self.lost)


def comparable(code: str) -> bool:
    """Whether a list's months can be held against each other: it names everybody once, and says who stands and not what happened."""
    return "id-once" in source_list(code).checks and code not in _EVENTS


def difference(before: ListFrames, now: ListFrames, waiting: Towns = frozenset()) -> Difference:
    """What changed from one month of a list to the next; pure.

    Rows are met by their own ID (monitoring subjects by the sender's person number), held ones also by name and certificate number or
    name and head.

    Args:
        waiting: codes and names of towns that have not answered yet this month: of their people nobody is gone.
    """
    listing = source_list(now.list)
    old, new = _keyed(listing, before.accepted), _keyed(listing, now.accepted)
    later = old.filter(in_towns(waiting)) if waiting and {"town", "village_code"} <= set(old.columns) else old.clear()
    old = old.join(later.select(_KEY), on=_KEY, how="anti", maintain_order="left") if later.height else old
    both = old.join(new, on=_KEY, how="inner", suffix=_NOW, maintain_order="left")
    gone, come = _without(old, new), _without(new, old)
    held, mended = _recognised(listing, gone, now.rejected), _recognised(listing, come, before.rejected)
    gone, come = gone.filter(~held), come.filter(~mended)
    pairs = _renumbered(gone, come)
    fields, lost = _compared(listing, old, new)
    changed, by_field = _changes(both, fields)
    return Difference(
        now.list, old.height, new.height,
        new=come.height - pairs, gone=gone.height - pairs, held=int(held.sum()), mended=int(mended.sum()), renumbered=pairs,
        changed=changed + pairs, fields=by_field | ({listing.id_field: pairs} if pairs else {}), lost=lost, waiting=later.height,
    )  # fmt: skip


def _keyed(listing: SourceList, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with what they are known by; one a person."""
    key = _key_of(listing, rows.columns)
    found = rows.with_columns(key.alias(_KEY))
    return found.filter(pl.col(_KEY).is_not_null()).unique(_KEY, keep="first", maintain_order=True)


def _key_of(listing: SourceList, columns: Sequence[str]) -> pl.Expr:
    if listing.grain == "subject" and "person_no" in columns:
        return pl.coalesce("person_no", listing.id_field)
    return pl.col(listing.id_field)


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others.select(_KEY), on=_KEY, how="anti", maintain_order="left")


def _recognised(listing: SourceList, rows: pl.DataFrame, held: pl.DataFrame) -> pl.Series:
    """Which rows a held row of the other month may be about."""
    if not held.height or not rows.height:
        return pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
    known = held.select(_key_of(listing, held.columns).alias(_KEY)).filter(pl.col(_KEY).is_not_null())
    unreadable = held.filter(pl.col(listing.id_field).is_null())
    ways = [list(way) for way in _WAYS if set(way) <= set(held.columns) & set(rows.columns)]
    numbered = rows.with_row_index("_n")
    found = [numbered.join(known, on=_KEY, how="semi")["_n"], *(numbered.join(unreadable, on=way, how="semi")["_n"] for way in ways)]
    return numbered.select(pl.col("_n").is_in(pl.concat(found).implode())).to_series()


def _renumbered(gone: pl.DataFrame, come: pl.DataFrame) -> int:
    """Pairs of somebody gone and somebody new with the same name and certificate number."""
    same = ["name", "cert_no"]
    if not set(same) <= set(gone.columns) & set(come.columns):
        return 0
    left, right = (frame.drop_nulls(same).unique(same, keep="none") for frame in (gone, come))
    return left.join(right.select(same), on=same, how="inner").height


def _compared(listing: SourceList, old: pl.DataFrame, new: pl.DataFrame) -> tuple[list[str], tuple[str, ...]]:
    """Fields to compare, and those that only the month before has; a column that has come says nothing about anybody's change."""
    filled = [name for name in listing.fields if name in old.columns and 2 * old[name].null_count() < old.height]
    lost = [name for name in filled if name not in new.columns or new[name].null_count() == new.height]
    known = [name for name in listing.fields if name in old.columns and name in new.columns and name not in lost]
    gained = {name for name in known if old[name].null_count() == old.height and 2 * new[name].null_count() < new.height}
    return [name for name in known if name not in gained], tuple(lost if new.height else ())


def _changes(both: pl.DataFrame, fields: Sequence[str]) -> tuple[int, dict[str, int]]:
    """Rows with any change, and rows by field, fields with most changes first."""
    if not fields or not both.height:
        return 0, {}
    other = [_plain(both, name).ne_missing(_plain(both, name + _NOW)).alias(name) for name in fields]
    differs = both.select(other)
    counts = {name: int(differs[name].sum()) for name in fields}
    order = sorted((name for name in fields if counts[name]), key=lambda name: -counts[name])
    return int(differs.select(pl.any_horizontal(pl.all()).sum()).item()), {name: counts[name] for name in order}


def _plain(frame: pl.DataFrame, name: str) -> pl.Expr:
    """A column that can be compared: members of a household as text."""
    column = pl.col(name)
    if not isinstance(frame.schema[name], pl.List):
        return column
    return column.list.eval(pl.element().struct.json_encode()).list.join("\n")
